/*
 * import: modules already loaded, native ones, then files. A name is looked for in the folder of
 * the importing source, then in the entries of sys.path() from the last to the first.
 */
#include "vm.h"

#define PATH_MAX_LEN 256

static const struct berry_module *const own_modules[] = {
    &br_string_module, &br_math_module,      &br_json_module, &br_introspect_module,
    &br_global_module, &br_gc_module,        &br_sys_module,  &br_strict_module,
    &br_debug_module,  &br_undefined_module, &br_time_module, &br_os_module,
};

static bool is_available(const struct berry *vm, const struct berry_module *m)
{
    if (m == &br_time_module)
        return vm->host.clock != NULL;
    if (m == &br_os_module)
        return vm->host.os != NULL;
    return true;
}

static const struct berry_module *find_native(const struct berry *vm, const char *name)
{
    for (const struct berry_module *const *m = vm->host.modules; m && *m; m++) {
        if (strcmp((*m)->name, name) == 0)
            return *m;
    }
    for (size_t i = 0; i < sizeof own_modules / sizeof own_modules[0]; i++) {
        if (strcmp(own_modules[i]->name, name) == 0 && is_available(vm, own_modules[i]))
            return own_modules[i];
    }
    return NULL;
}

/* ---- files ---- */

bool br_read_file(struct berry *vm, const char *name, struct text *out, bool *found)
{
    const struct berry_files *files = vm->host.files;
    char block[256];
    void *file = files && files->open && files->read ? files->open(vm->host.user, name, "r") : NULL;
    *found = file != NULL;
    bool ok = true;
    while (file && ok) {
        ptrdiff_t n = files->read(vm->host.user, file, block, sizeof block);
        if (n <= 0)
            break;
        ok = br_text_add(out, block, (size_t)n);
    }
    if (file && files->close)
        files->close(vm->host.user, file);
    return ok;
}

/* Compiles the file if it is there; *out stays NULL otherwise. */
static bool try_file(struct berry *vm, const char *name, struct closure **out, bool local)
{
    struct text source;
    bool found;
    *out = NULL;
    br_text_init(&source, vm);
    bool ok = br_read_file(vm, name, &source, &found);
    if (ok && found) {
        struct str *file = br_str_c(vm, name);
        if (file) {
            br_put_object(vm, file);
            *out = br_compile(vm, source.s ? source.s : "", source.len, file, local);
            vm->top--;
        }
        ok = *out != NULL;
    }
    br_text_free(&source);
    return ok;
}

bool br_load_file(struct berry *vm, const char *name, struct closure **out, bool local)
{
    if (!try_file(vm, name, out, local))
        return false;
    return *out || berry_raise(vm, "io_error", "cannot open file '%s'.", name);
}

/* Joins folder (may be empty), name and ending; false when it is too long. */
static bool join_path(char *out, const char *folder, size_t folder_len, const char *name,
                      const char *ending)
{
    size_t n = strlen(name), e = strlen(ending);
    bool slash = folder_len && folder[folder_len - 1] != '/';
    if (folder_len + slash + n + e >= PATH_MAX_LEN)
        return false;
    memcpy(out, folder, folder_len);
    if (slash)
        out[folder_len++] = '/';
    memcpy(out + folder_len, name, n);
    memcpy(out + folder_len + n, ending, e + 1);
    return true;
}

static bool try_folder(struct berry *vm, const char *folder, size_t len, const char *name,
                       struct closure **out)
{
    char path[PATH_MAX_LEN];
    *out = NULL;
    if (join_path(path, folder, len, name, "") && strchr(name, '.') &&
        !try_file(vm, path, out, false))
        return false;
    if (*out || !join_path(path, folder, len, name, ".be"))
        return true;
    return try_file(vm, path, out, false);
}

static size_t folder_length(const struct str *source)
{
    size_t len = source->len;
    while (len && source->s[len - 1] != '/')
        len--;
    return len;
}

static bool find_file(struct berry *vm, const char *name, struct closure **out)
{
    *out = NULL;
    if (vm->frame > vm->frames) {
        const struct str *source = vm->frame->closure->proto->source;
        if (!try_folder(vm, source->s, folder_length(source), name, out) || *out)
            return *out != NULL;
    }
    for (uint32_t i = vm->sys_path ? vm->sys_path->count : 0; i > 0 && !*out; i--) {
        struct value entry = vm->sys_path->items[i - 1];
        if (entry.tag == TAG_STR &&
            !try_folder(vm, as_str(&entry)->s, as_str(&entry)->len, name, out))
            return false;
    }
    return true;
}

/* ---- loading ---- */

/* A module with a function `init` is replaced by what init(module) gives. */
static bool run_init(struct berry *vm, struct value *module)
{
    struct value init, none = value_absent();
    if (module->tag != TAG_MODULE || as_module(module)->def)
        return true;
    const struct slot *s = br_table_find_str(&as_module(module)->members, vm->names[NAME_init]);
    if (!s || !is_function(&s->value))
        return true;
    init = s->value;
    return br_call_values(vm, &init, module, &none, &none, module);
}

static bool remember(struct berry *vm, struct str *name, const struct value *v)
{
    br_put(vm, *v);
    bool ok = br_table_set_str(vm, &vm->modules, name, v, 0);
    vm->top--;
    return ok;
}

/* Runs the module's source, then its init; *out is what import gives. */
static bool run_module(struct berry *vm, struct closure *c, struct value *out)
{
    struct value fn = value_of(c);
    if (!br_call_values(vm, &fn, NULL, NULL, NULL, out))
        return false;
    br_put(vm, *out);
    bool ok = run_init(vm, out);
    vm->top--;
    return ok;
}

/* While a module runs its entry is absent: one that leads back to itself is found out. */
static bool import_file(struct berry *vm, struct str *name, struct value *out)
{
    struct closure *c;
    struct value key = value_of(name), loading = value_absent();
    if (!find_file(vm, name->s, &c))
        return false;
    if (!c)
        return berry_raise(vm, "import_error", "module '%s' not found", name->s);
    br_put_object(vm, c);
    bool marked = br_table_set_str(vm, &vm->modules, name, &loading, 0);
    bool ok = marked && run_module(vm, c, out);
    vm->top--;
    if (marked && !ok)
        br_table_remove(vm, &vm->modules, &key);
    return ok && remember(vm, name, out);
}

bool br_import(struct berry *vm, struct str *name, struct value *out)
{
    const struct slot *known = br_table_find_str(&vm->modules, name);
    if (known && known->value.tag == TAG_ABSENT)
        return berry_raise(vm, "import_error", "module '%s' imports itself", name->s);
    if (known) {
        *out = known->value;
        return true;
    }
    const struct berry_module *native = find_native(vm, name->s);
    if (native) {
        struct module *m = br_module_from_def(vm, native);
        if (!m)
            return false;
        *out = value_of(m);
        if (native == &br_strict_module)
            vm->strict = true;
        return remember(vm, name, out);
    }
    return import_file(vm, name, out);
}
