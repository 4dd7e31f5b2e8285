/* What the three files of the class bytes share. */
#ifndef BERRY_BYTES_H
#define BERRY_BYTES_H

#include "vm.h"

struct span {
    uint32_t from, len;
};

/* A stretch given by two optional ints, clipped to `size` bytes. */
struct span br_clip_span(uint32_t size, const struct value *from, const struct value *len);

/* The receiver, or NULL with type_error pending. */
struct bytes *br_self_bytes(struct berry *vm);
bool br_bytes_fixed_error(struct berry *vm);
/* Replaces the content by what the hex digits from `skip` on say. */
bool br_bytes_from_hex(struct berry *vm, struct bytes *b, const struct str *s, size_t skip);

/* bytes_fields.c */
bool br_bytes_get(struct berry *vm, int argc);
bool br_bytes_geti(struct berry *vm, int argc);
bool br_bytes_set(struct berry *vm, int argc);
bool br_bytes_add(struct berry *vm, int argc);
bool br_bytes_getfloat(struct berry *vm, int argc);
bool br_bytes_setfloat(struct berry *vm, int argc);
bool br_bytes_addfloat(struct berry *vm, int argc);
bool br_bytes_getbits(struct berry *vm, int argc);
bool br_bytes_setbits(struct berry *vm, int argc);

/* bytes_text.c */
bool br_bytes_tohex(struct berry *vm, int argc);
bool br_bytes_fromhex(struct berry *vm, int argc);
bool br_bytes_tob64(struct berry *vm, int argc);
bool br_bytes_fromb64(struct berry *vm, int argc);
bool br_bytes_asstring(struct berry *vm, int argc);
bool br_bytes_fromstring(struct berry *vm, int argc);
bool br_bytes_appendhex(struct berry *vm, int argc);
bool br_bytes_appendb64(struct berry *vm, int argc);
bool br_bytes_tostring(struct berry *vm, int argc);

#endif
