/* Raising: an exception is two values that stay pending in the VM while calls return false. */
#include "vm.h"

#include <stdarg.h>
#include <stdio.h>

static void clear_trace(struct berry *vm)
{
    if (vm->trace_kept)
        return;
    vm->trace_count = 0;
    vm->trace_total = 0;
}

bool br_raise_values(struct berry *vm, const struct value *error, const struct value *message)
{
    vm->error = *error;
    vm->error_message = *message;
    vm->raising = true;
    clear_trace(vm);
    return false;
}

/* With a whole string, however long. */
bool br_raise_text(struct berry *vm, const char *name, struct str *text)
{
    struct value message = value_of(text);
    br_put(vm, message);
    struct str *n = br_str_c(vm, name);
    if (n) {
        struct value error = value_of(n);
        br_raise_values(vm, &error, &message);
    }
    vm->top--;
    return false;
}

bool berry_raise(struct berry *vm, const char *name, const char *format, ...)
{
    char message[256];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);

    struct str *text = br_str_c(vm, message);
    return text && br_raise_text(vm, name, text);
}

bool br_type_error(struct berry *vm, const char *message)
{
    return berry_raise(vm, "type_error", "%s", message);
}

/* Needs no memory. */
bool br_out_of_memory(struct berry *vm)
{
    struct value error = value_nil(), message = value_nil();
    if (vm->names[NAME_memory_error] && vm->names[NAME_out_of_memory]) {
        error = value_of(vm->names[NAME_memory_error]);
        message = value_of(vm->names[NAME_out_of_memory]);
    }
    return br_raise_values(vm, &error, &message);
}

void br_clear_error(struct berry *vm)
{
    vm->raising = false;
    vm->error = value_nil();
    vm->error_message = value_nil();
    clear_trace(vm);
}

void berry_stop(struct berry *vm)
{
    vm->stopped = true;
    vm->budget = 0;
}
