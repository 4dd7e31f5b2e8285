/* rt.h: between what all small targets share (rt.c) and each target's own part. */
#ifndef MI32_TARGET_RT_H
#define MI32_TARGET_RT_H

#include <stddef.h>
#include <stdint.h>

/* The target's own: bytes written or read, 0 for none, on the emulator's stream 0, 1 or 2. */
size_t target_write(int stream, const void *data, size_t len);
size_t target_read(int stream, void *data, size_t len);
_Noreturn void target_leave(int status);

/* Its linker script's: the stack from its lowest address, the heap, the stack's upper end. */
extern char __stack_limit[], __stack[], __heap_start[], __heap_end[];

/* Paints the unused stack and asks for the report at exit; before main(). */
void target_start(void);

void target_flush(void);

/* To stderr, without printf: for trap handlers. */
void target_put(const char *text);
void target_put_hex(const char *name, uint32_t value);

#endif
