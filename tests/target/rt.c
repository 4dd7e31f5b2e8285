/*
 * Run-time support that every test program on a small target is linked with: stdin, stdout and
 * stderr as the emulator's own three streams (picolibc's semihosting library has one console for
 * all three), and at exit a line on stderr with the deepest stack and the largest heap:
 *
 *     target: stack 1832 of 16384 bytes, heap 6780 of 308048 bytes
 */
#include "rt.h"

#include <stdio.h>
#include <stdlib.h>

#define PAINT 0xa5a5a5a5u

void *sbrk(ptrdiff_t);

struct stream {
    FILE file;
    int fd;
    unsigned short len, pos;
    char buf[128];
};

static int stream_flush(FILE *f)
{
    struct stream *s = (struct stream *)f;
    size_t done = 0;

    while (s->fd != 0 && done < s->len) {
        const size_t n = target_write(s->fd, s->buf + done, s->len - done);
        if (n == 0)
            break;
        done += n;
    }
    s->len = 0;
    return 0;
}

static int stream_put(char c, FILE *f)
{
    struct stream *s = (struct stream *)f;

    s->buf[s->len++] = c;
    if (c == '\n' || s->len == sizeof(s->buf))
        stream_flush(f);
    return (unsigned char)c;
}

static int stream_get(FILE *f)
{
    struct stream *s = (struct stream *)f;

    if (s->pos == s->len) {
        s->pos = 0;
        s->len = (unsigned short)target_read(s->fd, s->buf, sizeof(s->buf));
        if (s->len == 0)
            return _FDEV_EOF;
    }
    return (unsigned char)s->buf[s->pos++];
}

static struct stream in_s = { .file = FDEV_SETUP_STREAM(NULL, stream_get, NULL, _FDEV_SETUP_READ),
                              .fd = 0 };
static struct stream out_s = {
    .file = FDEV_SETUP_STREAM(stream_put, NULL, stream_flush, _FDEV_SETUP_WRITE), .fd = 1
};
static struct stream err_s = {
    .file = FDEV_SETUP_STREAM(stream_put, NULL, stream_flush, _FDEV_SETUP_WRITE), .fd = 2
};

FILE *const stdin = &in_s.file;
FILE *const stdout = &out_s.file;
FILE *const stderr = &err_s.file;

void target_flush(void)
{
    stream_flush(&out_s.file);
    stream_flush(&err_s.file);
}

void target_put(const char *text)
{
    while (*text)
        stream_put(*text++, &err_s.file);
}

void target_put_hex(const char *name, uint32_t value)
{
    target_put(name);
    for (int shift = 28; shift >= 0; shift -= 4)
        stream_put("0123456789abcdef"[value >> shift & 15], &err_s.file);
}

static void put_dec(const char *name, size_t value)
{
    char digits[12], *p = digits + sizeof(digits) - 1;

    *p = '\0';
    do {
        *--p = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    target_put(name);
    target_put(p);
}

static void report(void)
{
    const uint32_t *p = (const uint32_t *)__stack_limit;

    while (p < (const uint32_t *)__stack && *p == PAINT)
        p++;
    target_flush();
    put_dec("target: stack ", (size_t)(__stack - (const char *)p));
    put_dec(" of ", (size_t)(__stack - __stack_limit));
    put_dec(" bytes, heap ", (size_t)((char *)sbrk(0) - __heap_start));
    put_dec(" of ", (size_t)(__heap_end - __heap_start));
    target_put(" bytes\n");
}

void target_start(void)
{
    uint32_t *p = (uint32_t *)__stack_limit;

    while ((char *)p < (char *)__builtin_frame_address(0) - 64)
        *p++ = PAINT;
    atexit(target_flush);
    atexit(report);
}
