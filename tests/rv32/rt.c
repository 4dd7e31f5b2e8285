/*
 * What is rv32's own of the run-time support (tests/target/rt.c):
 *
 *  - the emulator's streams by semihosting calls,
 *  - memory protection: code and constants are read-only, RAM is not executable, and everything
 *    else, address 0 and the addresses below the stack among it, is inaccessible. On the chips a
 *    stray access there ends in an exception too; the bare emulator would let most of it pass,
 *  - a trap handler that says what happened and ends the run with status 139.
 *
 * Start-up is picolibc's crt0-semihost.o; this file hooks in as a constructor.
 */
#include "target/rt.h"

extern char __rv32_flash_start[], __rv32_flash_end[], __rv32_ram_start[];

/* ---- semihosting ---- */

enum {
    SYS_OPEN = 1,
    SYS_WRITE = 5,
    SYS_READ = 6,
    SYS_EXIT_EXTENDED = 0x20,
};

static intptr_t semihost(intptr_t op, const void *arg)
{
    register intptr_t a0 __asm__("a0") = op;
    register const void *a1 __asm__("a1") = arg;

    /* the three instructions are the marker; they must lie in one page */
    __asm__ volatile(".option push\n"
                     ".option norvc\n"
                     ".balign 16\n"
                     "slli x0, x0, 0x1f\n"
                     "ebreak\n"
                     "srai x0, x0, 7\n"
                     ".option pop\n"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
    return a0;
}

/* ":tt" is the console: opened to read, write or append it is stdin, stdout or stderr. */
static intptr_t handle(int stream)
{
    static intptr_t handles[3];

    if (handles[stream] == 0) {
        const intptr_t block[3] = { (intptr_t) ":tt", 4 * stream, 3 };
        handles[stream] = semihost(SYS_OPEN, block);
    }
    return handles[stream];
}

/* Both calls answer how much was left. */
static size_t transfer(intptr_t op, int stream, const void *data, size_t len)
{
    const intptr_t block[3] = { handle(stream), (intptr_t)data, (intptr_t)len };
    const size_t left = (size_t)semihost(op, block);

    return left <= len ? len - left : 0;
}

size_t target_write(int stream, const void *data, size_t len)
{
    return transfer(SYS_WRITE, stream, data, len);
}

size_t target_read(int stream, void *data, size_t len)
{
    return transfer(SYS_READ, stream, data, len);
}

void target_leave(int status)
{
    const intptr_t block[2] = { 0x20026 /* ADP_Stopped_ApplicationExit */, status };

    for (;;)
        semihost(SYS_EXIT_EXTENDED, block);
}

/* ---- traps ---- */

static char trap_stack[1024] __attribute__((aligned(16), used));

static const char *guess(uint32_t addr)
{
    if (addr >= (uint32_t)__heap_end && addr < (uint32_t)__stack_limit)
        return " (stack overflow)";
    if (addr >= (uint32_t)__rv32_flash_start && addr < (uint32_t)__rv32_flash_end)
        return " (write to a constant)";
    return addr < 4096 ? " (null pointer)" : "";
}

__attribute__((used)) static _Noreturn void trap_c(uint32_t ra, uint32_t sp)
{
    static const char *const why[] = {
        "instruction address misaligned",
        "instruction access fault",
        "illegal instruction",
        "breakpoint",
        "load address misaligned",
        "load access fault",
        "store address misaligned",
        "store access fault",
    };
    static int nested;
    uint32_t cause, epc, tval;

    if (nested++)
        target_leave(139);
    __asm__ volatile("csrr %0, mcause" : "=r"(cause));
    __asm__ volatile("csrr %0, mepc" : "=r"(epc));
    __asm__ volatile("csrr %0, mtval" : "=r"(tval));
    target_flush();
    target_put("target: trap: ");
    target_put(cause < sizeof(why) / sizeof(why[0]) ? why[cause] : "other cause");
    if (cause == 1 || cause == 5 || cause == 7)
        target_put(guess(tval));
    target_put_hex(" cause=0x", cause);
    target_put_hex(" pc=0x", epc);
    target_put_hex(" addr=0x", tval);
    target_put_hex(" ra=0x", ra);
    target_put_hex(" sp=0x", sp);
    target_put("\n");
    target_leave(139);
}

__attribute__((naked, aligned(4), used)) static void trap_entry(void)
{
    __asm__ volatile("mv a0, ra\n"
                     "mv a1, sp\n"
                     "la sp, trap_stack + 1024\n"
                     "j trap_c\n");
}

/* ---- memory protection ---- */

static void protect(void)
{
    enum { R = 1, W = 2, X = 4, TOR = 8, LOCK = 128, NONE = TOR | LOCK };

    /* entry n covers the addresses from pmpaddr(n-1) up to pmpaddr(n) */
    __asm__ volatile("csrw pmpaddr0, %0" ::"r"((uint32_t)__rv32_flash_start >> 2));
    __asm__ volatile("csrw pmpaddr1, %0" ::"r"((uint32_t)__rv32_flash_end >> 2));
    __asm__ volatile("csrw pmpaddr2, %0" ::"r"((uint32_t)__rv32_ram_start >> 2));
    __asm__ volatile("csrw pmpaddr3, %0" ::"r"((uint32_t)__heap_end >> 2));
    __asm__ volatile("csrw pmpaddr4, %0" ::"r"((uint32_t)__stack_limit >> 2));
    __asm__ volatile("csrw pmpaddr5, %0" ::"r"((uint32_t)__stack >> 2));
    __asm__ volatile("csrw pmpaddr6, %0" ::"r"(0xffffffffu));
    __asm__ volatile("csrw pmpcfg1, %0" ::"r"((uint32_t)(NONE << 16 | (NONE | R | W) << 8 | NONE)));
    __asm__ volatile("csrw pmpcfg0, %0" ::"r"((uint32_t)(NONE | R | W) << 24 | NONE << 16 |
                                              (NONE | R | X) << 8 | NONE));
}

__attribute__((constructor(101), used)) static void setup(void)
{
    __asm__ volatile("csrw mtvec, %0" ::"r"((uint32_t)trap_entry));
    protect();
    target_start();
}
