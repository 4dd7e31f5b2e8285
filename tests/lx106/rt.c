/*
 * What is lx106's own of the run-time support (tests/target/rt.c): main()'s arguments, streams and
 * files through the emulator's system calls, and a report of exceptions.
 */
#include "target/rt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/types.h>

int lx_simcall(int number, int a, int b, int c);
_Noreturn void lx_main(void);
_Noreturn void lx_trap(uint32_t cause, uint32_t pc, uint32_t ra, uint32_t sp, uint32_t addr);
int main(int argc, char **argv);
void __libc_init_array(void);
pid_t getpid(void);
int kill(pid_t pid, int sig);

char lx_trap_stack[1024] __attribute__((aligned(16)));

enum {
    SYS_exit = 1,
    SYS_read = 3,
    SYS_write = 4,
    SYS_open = 5,
    SYS_close = 6,
    SYS_lseek = 19,
    SYS_argc = 1000,
    SYS_argv_sz = 1001,
    SYS_argv = 1002,
};

/* ---- system calls ---- */

void target_leave(int status)
{
    for (;;)
        lx_simcall(SYS_exit, status, 0, 0);
}

_Noreturn void _exit(int status)
{
    target_leave(status);
}

static int result(int r)
{
    if (r < 0) {
        errno = -r;
        return -1;
    }
    return r;
}

ssize_t read(int fd, void *p, size_t n)
{
    return result(lx_simcall(SYS_read, fd, (int)p, (int)n));
}

ssize_t write(int fd, const void *p, size_t n)
{
    return result(lx_simcall(SYS_write, fd, (int)p, (int)n));
}

int open(const char *name, int flags, ...)
{
    int f = flags & 3; /* the emulator takes Linux's flag values */

    f |= flags & O_CREAT ? 0x40 : 0;
    f |= flags & O_EXCL ? 0x80 : 0;
    f |= flags & O_TRUNC ? 0x200 : 0;
    f |= flags & O_APPEND ? 0x400 : 0;
    return result(lx_simcall(SYS_open, (int)name, f, 0644));
}

int close(int fd)
{
    return result(lx_simcall(SYS_close, fd, 0, 0));
}

off_t lseek(int fd, off_t off, int whence)
{
    return result(lx_simcall(SYS_lseek, fd, (int)off, whence));
}

/* abort() and assert() come here through raise() */
pid_t getpid(void)
{
    return 1;
}

int kill(pid_t pid, int sig)
{
    (void)pid;
    target_flush();
    target_leave(128 + sig);
}

/* The emulator has no clock call: time stands still. */
int gettimeofday(struct timeval *tv, void *tz)
{
    (void)tz;
    if (tv) {
        tv->tv_sec = 0;
        tv->tv_usec = 0;
    }
    return 0;
}

size_t target_write(int stream, const void *data, size_t len)
{
    const int n = lx_simcall(SYS_write, stream, (int)data, (int)len);

    return n > 0 ? (size_t)n : 0;
}

size_t target_read(int stream, void *data, size_t len)
{
    const int n = lx_simcall(SYS_read, stream, (int)data, (int)len);

    return n > 0 ? (size_t)n : 0;
}

/* ---- exceptions ---- */

static const char *cause_name(uint32_t cause)
{
    static const struct {
        uint32_t cause;
        const char *name;
    } rows[] = {
        { 0, "illegal instruction" },
        { 6, "integer division by zero" },
        { 9, "misaligned access" },
        { 14, "jump to an unmapped address" },
        { 15, "access to an unmapped address" },
        { 255, "breakpoint" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].cause == cause)
            return rows[i].name;
    }
    return "other cause";
}

void lx_trap(uint32_t cause, uint32_t pc, uint32_t ra, uint32_t sp, uint32_t addr)
{
    const uint32_t lowest = (uint32_t)__stack_limit;

    target_flush();
    target_put("target: trap: ");
    target_put(cause_name(cause));
    if (cause == 15 && addr < 4096)
        target_put(" (null pointer)");
    else if (cause == 15 && addr < lowest && addr >= lowest - 0x100000)
        target_put(" (stack overflow)");
    target_put_hex(" cause=0x", cause);
    target_put_hex(" pc=0x", pc);
    target_put_hex(" addr=0x", addr);
    target_put_hex(" ra=0x", ra);
    target_put_hex(" sp=0x", sp);
    target_put("\n");
    target_leave(139);
}

/* ---- start ---- */

void lx_main(void)
{
    static uint32_t args[256]; /* pointers to the arguments, then their text */
    int argc = lx_simcall(SYS_argc, 0, 0, 0);

    if (argc < 1 || lx_simcall(SYS_argv_sz, 0, 0, 0) > (int)sizeof(args)) {
        argc = 0;
        args[0] = 0;
    } else {
        lx_simcall(SYS_argv, (int)args, 0, 0);
    }
    __libc_init_array();
    target_start();
    exit(main(argc, (char **)args));
}
