/* The functions and classes every script sees without an import. */
#include "vm.h"

static bool builtin_print(struct berry *vm, int argc)
{
    struct text t;
    br_text_init(&t, vm);
    bool ok = true;
    for (int i = 0; ok && i < argc; i++) {
        struct value v = vm->base[i];
        ok = (i == 0 || br_text_char(&t, ' ')) && br_add_value(&t, &v, false);
    }
    ok = ok && br_text_char(&t, '\n');
    if (ok && vm->host.write)
        vm->host.write(vm->host.user, t.s, t.len);
    br_text_free(&t);
    return ok;
}

static bool builtin_assert(struct berry *vm, int argc)
{
    struct value condition = br_arg(vm, 0), text = br_arg(vm, 1);
    bool holds = false;
    if (argc && !br_truth(vm, &condition, &holds))
        return false;
    if (holds)
        return true;
    if (text.tag == TAG_STR)
        return br_raise_text(vm, "assert_failed", as_str(&text));
    return berry_raise(vm, "assert_failed", "assert failed!");
}

static bool builtin_type(struct berry *vm, int argc)
{
    struct value v = br_arg(vm, 0);
    if (!argc)
        return true;
    return br_return_object(vm, br_str_c(vm, br_type_name(&v)));
}

static bool builtin_classname(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0);
    const struct klass *k = is_instance(&v)      ? as_instance(&v)->klass
                            : v.tag == TAG_CLASS ? as_class(&v)
                                                 : NULL;
    return k ? br_return_object(vm, br_str_c(vm, br_class_name(k))) : true;
}

static bool builtin_classof(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0);
    return is_instance(&v) ? br_return(vm, value_of(as_instance(&v)->klass)) : true;
}

static bool answer_subclass(struct berry *vm, const struct klass *k, const struct value *of)
{
    const struct klass *wanted = is_instance(of)        ? as_instance(of)->klass
                                 : of->tag == TAG_CLASS ? as_class(of)
                                                        : NULL;
    return br_return(vm, value_bool(k && wanted && br_is_subclass(k, wanted)));
}

static bool builtin_isinstance(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0), of = br_arg(vm, 1);
    return answer_subclass(vm, is_instance(&v) ? as_instance(&v)->klass : NULL, &of);
}

static bool builtin_issubclass(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0), of = br_arg(vm, 1);
    return answer_subclass(vm, v.tag == TAG_CLASS ? as_class(&v) : NULL, &of);
}

static bool builtin_str(struct berry *vm, int argc)
{
    struct value v = br_arg(vm, 0);
    return br_return_object(vm, argc ? br_to_str(vm, &v) : br_str_c(vm, ""));
}

/* Many digits take their time. */
static bool spend_on_digits(struct berry *vm, const struct value *v)
{
    return v->tag != TAG_STR || br_spend(vm, as_str(v)->len / 32);
}

static bool builtin_int(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0), out;
    return br_int_of(vm, &v, &out) && spend_on_digits(vm, &v) && br_return(vm, out);
}

static bool builtin_real(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0), out;
    br_real_of(&v, &out);
    return spend_on_digits(vm, &v) && br_return(vm, out);
}

static bool builtin_number(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0), out;
    br_number_of(&v, &out);
    return spend_on_digits(vm, &v) && br_return(vm, out);
}

static bool builtin_bool(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0);
    bool truth;
    return br_truth(vm, &v, &truth) && br_return(vm, value_bool(truth));
}

static bool builtin_size(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0), fn, self, out;
    if (v.tag == TAG_STR)
        return br_return(vm, value_int((berry_int)as_str(&v)->len));
    if (v.tag == TAG_LIST && as_instance(&v)->klass == vm->classes.list)
        return br_return(vm, value_int((berry_int)as_list(&v)->count));
    if (!is_instance(&v) || !br_find_method(vm, &v, vm->names[NAME_size], &fn))
        return true;
    self = br_self(&v);
    return br_call_values(vm, &fn, &self, NULL, NULL, &out) && br_return(vm, out);
}

/* call(f, a, …): a list as the last argument is spread. */
static bool builtin_call(struct berry *vm, int argc)
{
    struct value fn = br_arg(vm, 0), last = br_arg(vm, argc - 1), out;
    if (!is_function(&fn) && fn.tag != TAG_CLASS)
        return berry_raise(vm, "value_error", "first argument must be a function or a class");
    bool spread = argc > 1 && last.tag == TAG_LIST;
    uint32_t more = spread ? as_list(&last)->count : 0;
    int plain = spread ? argc - 1 : argc;
    if (!br_ensure_stack(vm, (size_t)plain + more))
        return false;
    for (int i = 0; i < plain; i++)
        br_put(vm, vm->base[i]);
    for (uint32_t i = 0; i < more; i++)
        br_put(vm, as_list(&last)->items[i]);
    return br_call(vm, plain - 1 + (int)more, &out) && br_return(vm, out);
}

static bool builtin_compile(struct berry *vm, int argc)
{
    (void)argc;
    struct value source = br_arg(vm, 0), mode = br_arg(vm, 1), local = br_arg(vm, 2);
    struct closure *c;
    if (source.tag != TAG_STR || (mode.tag != TAG_NIL && mode.tag != TAG_STR))
        return true;
    const char *kind = mode.tag == TAG_STR ? as_str(&mode)->s : "string";
    bool is_local = local.tag == TAG_BOOL && local.u.b;
    if (strcmp(kind, "file") == 0)
        return br_load_file(vm, as_str(&source)->s, &c, is_local) && br_return_object(vm, c);
    if (strcmp(kind, "string") != 0)
        return true;
    struct str *name = br_str_c(vm, "string");
    if (!name)
        return false;
    return br_return_object(
        vm, br_compile(vm, as_str(&source)->s, as_str(&source)->len, name, is_local));
}

static bool builtin_input(struct berry *vm, int argc)
{
    (void)argc;
    char line[256];
    struct value prompt = br_arg(vm, 0);
    if (!vm->host.read_line)
        return true;
    ptrdiff_t len = vm->host.read_line(
        vm->host.user, prompt.tag == TAG_STR ? as_str(&prompt)->s : "", line, sizeof line);
    return len < 0 ? true : br_return_object(vm, br_str(vm, line, (size_t)len));
}

static bool builtin_module(struct berry *vm, int argc)
{
    (void)argc;
    struct value name = br_arg(vm, 0);
    return br_return_object(vm, br_module_new(vm, name.tag == TAG_STR ? as_str(&name) : NULL));
}

static bool builtin_iterator(struct berry *vm, int argc)
{
    (void)argc;
    struct value v = br_arg(vm, 0), fn, out, self;
    if (is_function(&v))
        return br_return(vm, v);
    if (!is_instance(&v) || !br_find_method(vm, &v, vm->names[NAME_iter], &fn))
        return true;
    self = br_self(&v);
    return br_call_values(vm, &fn, &self, NULL, NULL, &out) && br_return(vm, out);
}

bool br_open_file(struct berry *vm, int argc); /* file.c */

static const struct berry_member functions[] = {
    BERRY_FUNCTION("print", builtin_print),
    BERRY_FUNCTION("assert", builtin_assert),
    BERRY_FUNCTION("type", builtin_type),
    BERRY_FUNCTION("classname", builtin_classname),
    BERRY_FUNCTION("classof", builtin_classof),
    BERRY_FUNCTION("super", br_super),
    BERRY_FUNCTION("isinstance", builtin_isinstance),
    BERRY_FUNCTION("issubclass", builtin_issubclass),
    BERRY_FUNCTION("str", builtin_str),
    BERRY_FUNCTION("int", builtin_int),
    BERRY_FUNCTION("real", builtin_real),
    BERRY_FUNCTION("number", builtin_number),
    BERRY_FUNCTION("bool", builtin_bool),
    BERRY_FUNCTION("size", builtin_size),
    BERRY_FUNCTION("call", builtin_call),
    BERRY_FUNCTION("compile", builtin_compile),
    BERRY_FUNCTION("format", br_format),
    BERRY_FUNCTION("input", builtin_input),
    BERRY_FUNCTION("module", builtin_module),
    BERRY_FUNCTION("open", br_open_file),
    BERRY_FUNCTION("__iterator__", builtin_iterator),
};

#define NFUNCTIONS ((int)(sizeof functions / sizeof functions[0]))

static const struct berry_class *const classes[] = { &br_list_class, &br_map_class, &br_range_class,
                                                     &br_bytes_class };

#define NCLASSES 4

static int host_functions(const struct berry *vm)
{
    int n = 0;
    while (vm->host.functions && vm->host.functions[n].name)
        n++;
    return n;
}

static int host_classes(const struct berry *vm)
{
    int n = 0;
    while (vm->host.classes && vm->host.classes[n])
        n++;
    return n;
}

const char *br_builtin_name(struct berry *vm, int index)
{
    int hosts = host_functions(vm);
    if (index < NFUNCTIONS)
        return functions[index].name;
    index -= NFUNCTIONS;
    if (index < NCLASSES)
        return classes[index]->name;
    index -= NCLASSES;
    if (index < hosts)
        return vm->host.functions[index].name;
    index -= hosts;
    return index < host_classes(vm) ? vm->host.classes[index]->name : NULL;
}

int br_builtin_find(struct berry *vm, const char *name)
{
    const char *known;
    for (int i = 0; (known = br_builtin_name(vm, i)) != NULL; i++) {
        if (strcmp(known, name) == 0)
            return i;
    }
    return -1;
}

static bool own_class(struct berry *vm, int index, struct value *out)
{
    struct klass *own[NCLASSES] = { vm->classes.list, vm->classes.map, vm->classes.range,
                                    vm->classes.bytes };
    *out = value_of(own[index]);
    return true;
}

bool br_builtin_value(struct berry *vm, int index, struct value *out)
{
    if (index < NFUNCTIONS) {
        *out = value_native(&functions[index]);
        return true;
    }
    index -= NFUNCTIONS;
    if (index < NCLASSES)
        return own_class(vm, index, out);
    index -= NCLASSES;
    int hosts = host_functions(vm);
    if (index < hosts) {
        *out = value_native(&vm->host.functions[index]);
        return true;
    }
    struct klass *k = br_class_of_def(vm, vm->host.classes[index - hosts]);
    if (k)
        *out = value_of(k);
    return k != NULL;
}
