#include "capture/file.h"

#include <string.h>

/* At most to the end of a line, so that what comes through a pipe is read as it comes. */
static long read_stream(void *user, void *out, size_t size)
{
    FILE *stream = user;
    unsigned char *bytes = out;
    size_t n = 0;
    int c = 0;

    while (n < size && c != '\n' && (c = getc(stream)) != EOF)
        bytes[n++] = (unsigned char)c;
    return n == 0 && ferror(stream) ? -1 : (long)n;
}

struct capture_input capture_from_stream(FILE *stream)
{
    return (struct capture_input){ stream, read_stream };
}

static long read_memory(void *user, void *out, size_t size)
{
    struct capture_memory *memory = user;
    const size_t left = memory->len - memory->at;
    const size_t n = left < size ? left : size;

    if (n > 0)
        memcpy(out, (const char *)memory->data + memory->at, n);
    memory->at += n;
    return (long)n;
}

struct capture_input capture_from_memory(struct capture_memory *memory)
{
    return (struct capture_input){ memory, read_memory };
}
