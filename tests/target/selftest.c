/* What `selftest` runs: each argument is one behaviour of the harness. */
#include <assert.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(void *) == 4 && sizeof(long) == 4 && sizeof(int) == 4, "32-bit target");
_Static_assert((char)-1 > 0, "plain char is unsigned, as on the chips");

static const char constant[] = "constant";
static jmp_buf env;
static volatile int sink;

__attribute__((noinline)) static int deep(int n)
{
    volatile char frame[256];

    frame[0] = frame[255] = (char)n;
    return n ? deep(n - 1) + frame[0] + frame[255] : 0;
}

__attribute__((noipa)) static uint32_t load32(const void *p)
{
    return *(const volatile uint32_t *)p;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    volatile char *p = NULL;

    if (strcmp(what, "status") == 0)
        return 42;
    if (strcmp(what, "streams") == 0) {
        char line[32];
        int n = 0;

        while (fgets(line, sizeof(line), stdin))
            n++;
        printf("%d lines\n", n);
        fprintf(stderr, "to stderr\n");
        return 0;
    }
    if (strcmp(what, "file") == 0) {
        FILE *f = fopen(argv[2], "r");
        char word[16] = "";

        if (!f || fscanf(f, "%15s", word) != 1)
            return 1;
        fclose(f);
        printf("%s\n", word);
        return 0;
    }
    if (strcmp(what, "numbers") == 0) {
        volatile double a = 1.0, b = 3.0;
        volatile float c = 16777216.0f;
        volatile uint64_t u = 1234567890123456789u;

        printf("%.17g %.9g %llu\n", a / b, (double)(c + 1.0f), (unsigned long long)(u / 1000003u));
        return 0;
    }
    if (strcmp(what, "jump") == 0) {
        int r = setjmp(env);

        if (r == 0)
            longjmp(env, 7);
        return r;
    }
    if (strcmp(what, "heap") == 0) {
        int n = 0;

        while (malloc(1000))
            n++;
        printf("%d\n", n);
        return 0;
    }
    if (strcmp(what, "deep") == 0)
        sink = deep(1000);
    if (strcmp(what, "null") == 0)
        sink = *p;
    if (strcmp(what, "constant") == 0) {
        p = (volatile char *)(uintptr_t)constant;
        *p = 'x';
    }
    if (strcmp(what, "misaligned") == 0) {
        static const uint32_t words[2] = { 0x04030201, 0x08070605 };

        sink = (int)load32((const char *)words + 1);
    }
    if (strcmp(what, "abort") == 0)
        abort();
    if (strcmp(what, "assert") == 0)
        assert(argc > 99);
    if (strcmp(what, "loop") == 0)
        for (;;)
            ;
    return 0;
}
