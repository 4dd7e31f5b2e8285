/* open() and the class file, over the host's files. After close() all methods do nothing. */
#include "vm.h"

#define BLOCK 256

bool br_open_file(struct berry *vm, int argc);

/* The host's file of the receiver, or NULL. */
static void **file_place(struct berry *vm)
{
    return berry_to_data(vm, 0, &br_file_class);
}

static void *self_file(struct berry *vm)
{
    void **place = file_place(vm);
    return place ? *place : NULL;
}

static bool file_write(struct berry *vm, int argc)
{
    (void)argc;
    void *file = self_file(vm);
    struct value v = br_arg(vm, 1);
    if (!file)
        return true;
    const char *data = NULL;
    size_t len = 0;
    if (v.tag == TAG_STR) {
        data = as_str(&v)->s;
        len = as_str(&v)->len;
    } else if (v.tag == TAG_BYTES) {
        data = (const char *)as_bytes(&v)->data;
        len = as_bytes(&v)->len;
    }
    if (len && (!vm->host.files->write || !vm->host.files->write(vm->host.user, file, data, len)))
        return berry_raise(vm, "io_error", "write failed");
    return true;
}

/* Reads up to `max` bytes into the text; with `line` only to the end of the line. */
static bool read_block(struct berry *vm, void *file, struct text *t, size_t max, bool line)
{
    const struct berry_files *f = vm->host.files;
    char block[BLOCK];
    while (max) {
        int64_t at = line && f->tell ? f->tell(vm->host.user, file) : 0;
        ptrdiff_t n = f->read(vm->host.user, file, block, max < BLOCK ? max : BLOCK);
        if (n <= 0)
            return true;
        const char *end = line ? memchr(block, '\n', (size_t)n) : NULL;
        size_t take = end ? (size_t)(end - block) + 1 : (size_t)n;
        if (!br_text_add(t, block, take) || !br_spend(vm, 8))
            return false;
        max -= take;
        if (end)
            return (f->seek && f->seek(vm->host.user, file, at + (int64_t)take)) || true;
    }
    return true;
}

static size_t wanted(const struct berry *vm)
{
    return br_arg_is_int(vm, 1) && vm->base[1].u.i >= 0 ? (size_t)vm->base[1].u.i : SIZE_MAX;
}

static bool file_read(struct berry *vm, int argc)
{
    (void)argc;
    struct text t;
    void *file = self_file(vm);
    if (!file)
        return true;
    br_text_init(&t, vm);
    return br_text_return(&t, read_block(vm, file, &t, wanted(vm), false));
}

static bool file_readbytes(struct berry *vm, int argc)
{
    (void)argc;
    struct text t;
    void *file = self_file(vm);
    if (!file)
        return true;
    br_text_init(&t, vm);
    struct bytes *b = NULL;
    size_t max = wanted(vm);
    if (read_block(vm, file, &t, max < BYTES_MAX ? max : BYTES_MAX, false))
        b = br_bytes_new(vm, (uint32_t)t.len);
    if (b && t.len)
        memcpy(b->data, t.s, t.len);
    br_text_free(&t);
    return br_return_object(vm, b);
}

static bool file_readline(struct berry *vm, int argc)
{
    (void)argc;
    struct text t;
    void *file = self_file(vm);
    if (!file)
        return true;
    br_text_init(&t, vm);
    return br_text_return(&t, read_block(vm, file, &t, SIZE_MAX, true));
}

static bool file_seek(struct berry *vm, int argc)
{
    (void)argc;
    void *file = self_file(vm);
    if (file && br_arg_is_int(vm, 1) && vm->host.files->seek)
        vm->host.files->seek(vm->host.user, file, vm->base[1].u.i);
    return true;
}

static bool ask_number(struct berry *vm, int64_t (*f)(void *, void *))
{
    void *file = self_file(vm);
    return file && f ? br_return(vm, value_int((berry_int)f(vm->host.user, file))) : true;
}

static bool file_tell(struct berry *vm, int argc)
{
    (void)argc;
    return ask_number(vm, vm->host.files->tell);
}

static bool file_size(struct berry *vm, int argc)
{
    (void)argc;
    return ask_number(vm, vm->host.files->size);
}

static bool file_flush(struct berry *vm, int argc)
{
    (void)argc;
    void *file = self_file(vm);
    if (file && vm->host.files->flush)
        vm->host.files->flush(vm->host.user, file);
    return true;
}

static bool file_close(struct berry *vm, int argc)
{
    (void)argc;
    void **place = file_place(vm);
    if (place && *place && vm->host.files->close)
        vm->host.files->close(vm->host.user, *place);
    if (place)
        *place = NULL;
    return true;
}

static void drop_file(struct berry *vm, void *data)
{
    void *file;
    memcpy(&file, data, sizeof file);
    if (file && vm->host.files->close)
        vm->host.files->close(vm->host.user, file);
}

static const struct berry_member methods[] = {
    BERRY_METHOD("write", file_write),         BERRY_METHOD("read", file_read),
    BERRY_METHOD("readbytes", file_readbytes), BERRY_METHOD("readline", file_readline),
    BERRY_METHOD("seek", file_seek),           BERRY_METHOD("tell", file_tell),
    BERRY_METHOD("size", file_size),           BERRY_METHOD("flush", file_flush),
    BERRY_METHOD("close", file_close),         BERRY_END,
};

const struct berry_class br_file_class = {
    .name = "file", .members = methods, .data_size = sizeof(void *), .drop = drop_file
};

bool br_open_file(struct berry *vm, int argc)
{
    (void)argc;
    struct value name = br_arg(vm, 0), mode = br_arg(vm, 1);
    const struct berry_files *files = vm->host.files;
    if (name.tag != TAG_STR)
        return true;
    struct klass *k = br_class_of_def(vm, &br_file_class);
    struct instance *o = k ? br_instance_new(vm, k) : NULL;
    if (!o)
        return false;
    br_put_object(vm, o);
    void *file = NULL;
    if (files && files->open && files->read)
        file = files->open(vm->host.user, as_str(&name)->s,
                           mode.tag == TAG_STR ? as_str(&mode)->s : "r");
    if (!file)
        return berry_raise(vm, "io_error", "cannot open file '%s'", as_str(&name)->s);
    memcpy(br_instance_data(o), &file, sizeof file);
    return berry_return(vm);
}
