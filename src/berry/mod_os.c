/* The module os, as far as the host allows. */
#include "vm.h"

#define PATH_SIZE 512

static bool refuse(struct berry *vm, const char *what)
{
    return berry_raise(vm, "io_error", "%s is not possible here", what);
}

static const char *path_arg(const struct berry *vm, int i)
{
    return br_arg_is_string(vm, i) ? as_str(&vm->base[i])->s : NULL;
}

static bool os_getcwd(struct berry *vm, int argc)
{
    (void)argc;
    char path[PATH_SIZE];
    if (!vm->host.os->getcwd)
        return refuse(vm, "getcwd");
    if (!vm->host.os->getcwd(vm->host.user, path, sizeof path))
        return true;
    return br_return_object(vm, br_str_c(vm, path));
}

static bool change(struct berry *vm, bool (*f)(void *, const char *), const char *what)
{
    const char *path = path_arg(vm, 0);
    if (!f)
        return refuse(vm, what);
    return br_return(vm, value_bool(path && f(vm->host.user, path)));
}

static bool os_chdir(struct berry *vm, int argc)
{
    (void)argc;
    return change(vm, vm->host.os->chdir, "chdir");
}

static bool os_mkdir(struct berry *vm, int argc)
{
    (void)argc;
    return change(vm, vm->host.os->mkdir, "mkdir");
}

static bool os_remove(struct berry *vm, int argc)
{
    (void)argc;
    return change(vm, vm->host.os->remove, "remove");
}

struct listing {
    struct berry *vm;
    struct list *list;
};

static bool add_entry(void *arg, const char *name)
{
    struct listing *l = arg;
    struct str *s = br_str_c(l->vm, name);
    if (!s)
        return false;
    struct value v = value_of(s);
    br_put(l->vm, v);
    bool ok = br_list_push(l->vm, l->list, &v) && br_spend(l->vm, 16);
    l->vm->top--;
    return ok;
}

static bool os_listdir(struct berry *vm, int argc)
{
    (void)argc;
    const char *path = path_arg(vm, 0);
    struct listing l = { vm, NULL };
    if (!vm->host.os->listdir)
        return refuse(vm, "listdir");
    l.list = br_list_new(vm, 0);
    if (!l.list)
        return false;
    br_put_object(vm, l.list);
    vm->host.os->listdir(vm->host.user, path ? path : ".", add_entry, &l);
    return !vm->raising && berry_return(vm);
}

static bool os_system(struct berry *vm, int argc)
{
    struct text t;
    if (!vm->host.os->system)
        return refuse(vm, "system");
    br_text_init(&t, vm);
    bool ok = true;
    for (int i = 0; ok && i < argc; i++) {
        struct value v = vm->base[i];
        ok = (i == 0 || br_text_char(&t, ' ')) && br_add_value(&t, &v, false);
    }
    ok = ok && br_text_char(&t, '\0');
    if (ok)
        vm->result = value_int(vm->host.os->system(vm->host.user, t.s));
    br_text_free(&t);
    return ok;
}

static bool os_exit(struct berry *vm, int argc)
{
    struct value code = argc ? vm->base[0] : value_int(0);
    if (!vm->host.os->may_exit)
        return refuse(vm, "exit");
    if (code.tag == TAG_BOOL)
        vm->exit_code = code.u.b ? 0 : -1;
    else
        vm->exit_code = code.tag == TAG_INT ? (int)code.u.i : 0;
    vm->exiting = true;
    struct value none = value_nil();
    return br_raise_values(vm, &none, &none); /* nothing catches it */
}

/* ---- os.path ---- */

static bool is_kind(struct berry *vm, int least, int most)
{
    const char *path = path_arg(vm, 0);
    int kind = path && vm->host.os->kind ? vm->host.os->kind(vm->host.user, path) : 0;
    return br_return(vm, value_bool(kind >= least && kind <= most));
}

static bool path_isdir(struct berry *vm, int argc)
{
    (void)argc;
    return is_kind(vm, 2, 2);
}

static bool path_isfile(struct berry *vm, int argc)
{
    (void)argc;
    return is_kind(vm, 1, 1);
}

static bool path_exists(struct berry *vm, int argc)
{
    (void)argc;
    return is_kind(vm, 1, 2);
}

static bool return_pair(struct berry *vm, const char *a, size_t a_len, const char *b)
{
    struct list *l = br_list_new(vm, 2);
    if (!l)
        return false;
    br_put_object(vm, l);
    const char *parts[2] = { a, b };
    size_t lens[2] = { a_len, strlen(b) };
    for (int i = 0; i < 2; i++) {
        struct str *s = br_str(vm, parts[i], lens[i]);
        if (!s)
            return false;
        l->items[l->count++] = value_of(s);
    }
    return berry_return(vm);
}

static bool path_split(struct berry *vm, int argc)
{
    (void)argc;
    const char *path = path_arg(vm, 0);
    if (!path)
        return true;
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t folder = slash ? (size_t)(slash - path) : 0;
    if (slash == path && slash)
        folder = 1;
    return return_pair(vm, path, folder, name);
}

static bool path_splitext(struct berry *vm, int argc)
{
    (void)argc;
    const char *path = path_arg(vm, 0);
    if (!path)
        return true;
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    if (!dot || dot == name)
        dot = path + strlen(path);
    return return_pair(vm, path, (size_t)(dot - path), dot);
}

static bool path_join(struct berry *vm, int argc)
{
    struct text t;
    br_text_init(&t, vm);
    bool ok = true;
    for (int i = 0; ok && i < argc; i++) {
        const char *part = path_arg(vm, i);
        if (!part || !*part)
            continue;
        if (*part == '/')
            t.len = 0;
        else if (t.len && t.s[t.len - 1] != '/')
            ok = br_text_char(&t, '/');
        ok = ok && br_text_add_c(&t, part);
    }
    return br_text_return(&t, ok);
}

static const struct berry_member path_members[] = {
    BERRY_FUNCTION("isdir", path_isdir),
    BERRY_FUNCTION("isfile", path_isfile),
    BERRY_FUNCTION("exists", path_exists),
    BERRY_FUNCTION("split", path_split),
    BERRY_FUNCTION("splitext", path_splitext),
    BERRY_FUNCTION("join", path_join),
    BERRY_END,
};

static const struct berry_module path_module = { .name = "path", .members = path_members };

static const struct berry_member members[] = {
    BERRY_FUNCTION("getcwd", os_getcwd),
    BERRY_FUNCTION("chdir", os_chdir),
    BERRY_FUNCTION("mkdir", os_mkdir),
    BERRY_FUNCTION("remove", os_remove),
    BERRY_FUNCTION("listdir", os_listdir),
    BERRY_FUNCTION("system", os_system),
    BERRY_FUNCTION("exit", os_exit),
    { .name = "path", .kind = BERRY_MEMBER_MODULE, .value.module_def = &path_module },
    BERRY_END,
};

const struct berry_module br_os_module = { .name = "os", .members = members };
