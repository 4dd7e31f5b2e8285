/* file.h: a recording from a file descriptor or from memory. */
#ifndef MI32_PORTS_CAPTURE_FILE_H
#define MI32_PORTS_CAPTURE_FILE_H

#include "capture/capture.h"

#include <stdio.h>

/* Reads from a stream of the C library, which stays the caller's. */
struct capture_input capture_from_stream(FILE *stream);

/* Bytes in memory; both are the caller's and stay until the reader is freed. */
struct capture_memory {
    const void *data;
    size_t len, at;
};
struct capture_input capture_from_memory(struct capture_memory *memory);

#endif
