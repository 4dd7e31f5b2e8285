/* Operators in all the cases the VM's fast paths leave over. */
#include "vm.h"

#include <math.h>

#define INT_WIDTH_MASK (BERRY_INT_BITS - 1)

#if BERRY_INT_BITS == 64
typedef uint64_t unsigned_int;
#else
typedef uint32_t unsigned_int;
#endif

/* ADD … SHR, RANGE, NEG, FLIP, EQ … GE as methods are called. */
const char *const br_operator_texts[19] = { "+",  "-",  "*", "/",  "%",  "&", "|",  "^", "<<", ">>",
                                            "..", "-*", "~", "==", "!=", "<", "<=", ">", ">=" };

static unsigned operator_number(enum op op)
{
    unsigned n = (unsigned)op;
    if (n >= OP_EQ)
        return n - OP_EQ + 13;
    if (n >= OP_RANGE)
        return n - OP_RANGE + 10;
    return n - OP_ADD;
}

struct str *br_operator_name(struct berry *vm, enum op op)
{
    return vm->names[NAME_operators + operator_number(op)];
}

static const char *operator_text(enum op op)
{
    return op == OP_NEG ? "-" : br_operator_texts[operator_number(op)];
}

static const char *const type_names[] = {
    [TAG_NIL] = "nil",           [TAG_BOOL] = "bool",     [TAG_INT] = "int",
    [TAG_REAL] = "real",         [TAG_PTR] = "ptr",       [TAG_NATIVE] = "function",
    [TAG_ABSENT] = "nil",        [TAG_STR] = "string",    [TAG_CLOSURE] = "function",
    [TAG_NCLOSURE] = "function", [TAG_CLASS] = "class",   [TAG_MODULE] = "module",
    [TAG_REF] = "ptr",           [TAG_HANDLE] = "ptr",    [TAG_INSTANCE] = "instance",
    [TAG_LIST] = "instance",     [TAG_MAP] = "instance",  [TAG_RANGE] = "instance",
    [TAG_BYTES] = "instance",    [TAG_VIEW] = "instance", [TAG_PROTO] = "nil",
    [TAG_UPVALUE] = "nil"
};

const char *br_type_name(const struct value *v)
{
    return type_names[v->tag];
}

const char *br_class_name(const struct klass *k)
{
    if (k->def)
        return k->def->name;
    return k->name ? k->name->s : "";
}

bool br_no_method(struct berry *vm, const struct value *o, const char *name)
{
    return berry_raise(vm, "attribute_error", "the '%s' object has no method '%s'",
                       br_class_name(as_instance(o)->klass), name);
}

static bool unsupported(struct berry *vm, enum op op, const struct value *a, const struct value *b)
{
    return berry_raise(vm, "type_error", "unsupported operand type(s) for %s: '%s' and '%s'",
                       operator_text(op), br_type_name(a), br_type_name(b));
}

static bool call_operator(struct berry *vm, enum op op, const struct value *a,
                          const struct value *b, struct value *out)
{
    struct value fn, self = br_self(a);
    struct str *name = br_operator_name(vm, op);
    if (!br_find_method(vm, a, name, &fn))
        return br_no_method(vm, a, name->s);
    return br_call_values(vm, &fn, &self, b, NULL, out);
}

/* ---- arithmetic ---- */

static bool divzero(struct berry *vm)
{
    return berry_raise(vm, "divzero_error", "division by zero");
}

static bool divide(struct berry *vm, enum op op, berry_int a, berry_int b, berry_int *out)
{
    if (b == 0)
        return divzero(vm);
    if (b == -1) /* the smallest int has no positive counterpart: it wraps */
        *out = op == OP_DIV ? (berry_int)(0 - (unsigned_int)a) : 0;
    else
        *out = op == OP_DIV ? a / b : a % b;
    return true;
}

static bool shift_right(berry_int a, unsigned count, berry_int *out)
{
    unsigned_int u = (unsigned_int)a;
    *out = (berry_int)(a < 0 ? ~(~u >> count) : u >> count);
    return true;
}

static bool int_arith(struct berry *vm, enum op op, berry_int a, berry_int b, struct value *out)
{
    unsigned_int x = (unsigned_int)a, y = (unsigned_int)b;
    berry_int r = 0;
    bool ok = true;
    switch ((int)op) {
    case OP_ADD:
        r = (berry_int)(x + y);
        break;
    case OP_SUB:
        r = (berry_int)(x - y);
        break;
    case OP_MUL:
        r = (berry_int)(x * y);
        break;
    case OP_AND:
        r = a & b;
        break;
    case OP_OR:
        r = a | b;
        break;
    case OP_XOR:
        r = a ^ b;
        break;
    case OP_SHL:
        r = (berry_int)(x << (y & INT_WIDTH_MASK));
        break;
    case OP_SHR:
        ok = shift_right(a, (unsigned)(y & INT_WIDTH_MASK), &r);
        break;
    default:
        ok = divide(vm, op, a, b, &r);
        break;
    }
    *out = value_int(r);
    return ok;
}

static berry_real real_modulo(berry_real a, berry_real b)
{
#if BERRY_INT_BITS == 64
    return fmod(a, b);
#else
    return fmodf(a, b);
#endif
}

static bool real_arith(struct berry *vm, enum op op, berry_real a, berry_real b, struct value *out)
{
    if ((op == OP_DIV || op == OP_MOD) && b == 0)
        return divzero(vm);
    berry_real r = 0;
    switch ((int)op) {
    case OP_ADD:
        r = a + b;
        break;
    case OP_SUB:
        r = a - b;
        break;
    case OP_MUL:
        r = a * b;
        break;
    case OP_DIV:
        r = a / b;
        break;
    default:
        r = real_modulo(a, b);
        break;
    }
    *out = value_real(r);
    return true;
}

static bool repeat_string(struct berry *vm, const struct value *s, berry_int count,
                          struct value *out)
{
    struct text t;
    size_t len = as_str(s)->len;
    if (count <= 0 || len == 0)
        count = 0;
    else if ((unsigned_int)count > BYTES_MAX / len)
        return berry_raise(vm, "runtime_error", "string multiplication result too large");
    br_text_init(&t, vm);
    bool ok = true;
    for (berry_int i = 0; i < count && ok; i++)
        ok = br_text_add(&t, as_str(s)->s, len);
    struct str *r = ok ? br_text_str(&t) : NULL;
    br_text_free(&t);
    if (!r)
        return false;
    *out = value_of(r);
    return true;
}

static bool ptr_arith(struct berry *vm, enum op op, const struct value *a, berry_int n,
                      struct value *out)
{
    berry_int by = op == OP_ADD ? n : -n;
    if (a->tag == TAG_PTR) {
        *out = *a;
        out->u.p += (uintptr_t)by;
        return true;
    }
    struct ref *r = br_new_object(vm, TAG_REF, sizeof *r);
    if (!r)
        return false;
    r->target = as_ref(a)->target;
    r->offset = (ptrdiff_t)((uintptr_t)as_ref(a)->offset + (uintptr_t)by);
    *out = value_of(r);
    return true;
}

bool br_arith(struct berry *vm, enum op op, const struct value *a, const struct value *b,
              struct value *out)
{
    if (a->tag == TAG_INT && b->tag == TAG_INT)
        return int_arith(vm, op, a->u.i, b->u.i, out);
    if (op <= OP_MOD && is_number(a) && is_number(b))
        return real_arith(vm, op, number_as_real(a), number_as_real(b), out);
    if (is_instance(a))
        return call_operator(vm, op, a, b, out);
    if (a->tag == TAG_STR && b->tag == TAG_STR && op == OP_ADD) {
        struct str *s = br_str_join(vm, a, b);
        if (s)
            *out = value_of(s);
        return s != NULL;
    }
    if (a->tag == TAG_STR && op == OP_MUL && b->tag == TAG_INT)
        return repeat_string(vm, a, b->u.i, out);
    if (a->tag == TAG_STR && op == OP_MUL && b->tag == TAG_BOOL)
        return repeat_string(vm, a, b->u.b, out);
    if ((a->tag == TAG_PTR || a->tag == TAG_REF) && b->tag == TAG_INT &&
        (op == OP_ADD || op == OP_SUB))
        return ptr_arith(vm, op, a, b->u.i, out);
    return unsupported(vm, op, a, b);
}

static bool join_any(struct berry *vm, const struct value *a, const struct value *b,
                     struct value *out)
{
    br_put(vm, *a); /* tostring() of the right side may drop the left one */
    struct str *joined = NULL, *right = br_to_str(vm, b);
    if (right) {
        struct value r = value_of(right);
        br_put(vm, r);
        joined = br_str_join(vm, a, &r);
        vm->top--;
    }
    vm->top--;
    if (joined)
        *out = value_of(joined);
    return joined != NULL;
}

bool br_range_op(struct berry *vm, const struct value *a, const struct value *b, struct value *out)
{
    if (a->tag == TAG_INT && b->tag == TAG_INT) {
        struct range *r = br_range_new(vm, a->u.i, b->u.i, 1);
        if (r)
            *out = value_of(r);
        return r != NULL;
    }
    if (a->tag == TAG_STR)
        return join_any(vm, a, b, out);
    if (is_instance(a))
        return call_operator(vm, OP_RANGE, a, b, out);
    return unsupported(vm, OP_RANGE, a, b);
}

static bool unary(struct berry *vm, enum op op, const struct value *a, struct value *out)
{
    struct value fn, self = br_self(a);
    if (!is_instance(a))
        return berry_raise(vm, "type_error", "unsupported operand type(s) for %s: '%s'",
                           operator_text(op), br_type_name(a));
    if (!br_find_method(vm, a, br_operator_name(vm, op), &fn))
        return br_no_method(vm, a, br_operator_texts[operator_number(op)]);
    return br_call_values(vm, &fn, &self, NULL, NULL, out);
}

bool br_negate(struct berry *vm, const struct value *a, struct value *out)
{
    if (a->tag == TAG_INT)
        *out = value_int((berry_int)(0 - (unsigned_int)a->u.i));
    else if (a->tag == TAG_REAL)
        *out = value_real(-a->u.r);
    else
        return unary(vm, OP_NEG, a, out);
    return true;
}

bool br_flip(struct berry *vm, const struct value *a, struct value *out)
{
    if (a->tag != TAG_INT)
        return unary(vm, OP_FLIP, a, out);
    *out = value_int(~a->u.i);
    return true;
}

/* ---- comparison ---- */

static bool bool_result(struct berry *vm, enum op op, const struct value *a,
                        const struct value *result, bool *out)
{
    if (result->tag != TAG_BOOL)
        return berry_raise(vm, "type_error",
                           "`%s::%s` return value error, the expected type is 'bool'",
                           br_class_name(as_instance(a)->klass), operator_text(op));
    *out = result->u.b;
    return true;
}

static bool same_ref(const struct value *a, const struct value *b)
{
    return as_ref(a)->target == as_ref(b)->target && as_ref(a)->offset == as_ref(b)->offset;
}

/* Values of one basic type that is no instance. */
static bool same_basic(const struct value *a, const struct value *b)
{
    if (a->tag != b->tag)
        return false;
    switch (a->tag) {
    case TAG_NIL:
        return true;
    case TAG_BOOL:
        return a->u.b == b->u.b;
    case TAG_STR:
        return br_str_same(as_str(a), as_str(b));
    case TAG_REF:
        return same_ref(a, b);
    case TAG_HANDLE:
        return as_handle(a)->p == as_handle(b)->p;
    default:
        return a->u.p == b->u.p;
    }
}

static bool instance_equality(struct berry *vm, enum op op, const struct value *a,
                              const struct value *b, bool *out)
{
    struct value fn, result, self = br_self(a);
    if (b->tag == TAG_NIL) {
        *out = op == OP_NE;
        return true;
    }
    if (a->tag == TAG_LIST && b->tag == TAG_LIST && as_instance(a)->klass == vm->classes.list) {
        if (!br_list_equal(vm, as_list(a), as_list(b), out))
            return false;
        *out = *out == (op == OP_EQ);
        return true;
    }
    if (!br_find_method(vm, a, br_operator_name(vm, op), &fn)) {
        *out = (is_instance(b) && self.u.o == br_self(b).u.o) == (op == OP_EQ);
        return true;
    }
    return br_call_values(vm, &fn, &self, b, NULL, &result) && bool_result(vm, op, a, &result, out);
}

static bool equality(struct berry *vm, enum op op, const struct value *a, const struct value *b,
                     bool *out)
{
    if (is_number(a) && is_number(b)) {
        bool both_int = a->tag == TAG_INT && b->tag == TAG_INT;
        bool same = both_int ? a->u.i == b->u.i : number_as_real(a) == number_as_real(b);
        *out = same == (op == OP_EQ);
        return true;
    }
    if (is_instance(a))
        return instance_equality(vm, op, a, b, out);
    if (a->tag == TAG_MODULE && b->tag == TAG_MODULE)
        return unsupported(vm, op, a, b);
    if (a->tag == TAG_STR && !br_spend(vm, as_str(a)->len / 64))
        return false;
    *out = same_basic(a, b) == (op == OP_EQ);
    return true;
}

bool br_equal(struct berry *vm, const struct value *a, const struct value *b, bool *out)
{
    return equality(vm, OP_EQ, a, b, out);
}

static bool holds(enum op op, int order)
{
    switch ((int)op) {
    case OP_LT:
        return order < 0;
    case OP_LE:
        return order <= 0;
    case OP_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

static bool holds_real(enum op op, berry_real a, berry_real b)
{
    switch ((int)op) {
    case OP_LT:
        return a < b;
    case OP_LE:
        return a <= b;
    case OP_GT:
        return a > b;
    default:
        return a >= b;
    }
}

bool br_compare(struct berry *vm, enum op op, const struct value *a, const struct value *b,
                bool *out)
{
    if (op <= OP_NE)
        return equality(vm, op, a, b, out);
    if (a->tag == TAG_INT && b->tag == TAG_INT)
        *out = holds(op, (a->u.i > b->u.i) - (a->u.i < b->u.i));
    else if (is_number(a) && is_number(b))
        *out = holds_real(op, number_as_real(a), number_as_real(b));
    else if (a->tag == TAG_STR && b->tag == TAG_STR) {
        *out = holds(op, br_str_compare(as_str(a), as_str(b)));
        return br_spend(vm, as_str(a)->len / 64);
    } else if (is_instance(a)) {
        struct value result = value_absent();
        return call_operator(vm, op, a, b, &result) && bool_result(vm, op, a, &result, out);
    } else
        return unsupported(vm, op, a, b);
    return true;
}

/* ---- truth ---- */

static bool instance_truth(struct berry *vm, const struct value *v, bool *out)
{
    struct value fn, result, self = br_self(v);
    *out = true;
    if (!br_find_method(vm, v, vm->names[NAME_tobool], &fn))
        return true;
    if (!br_call_values(vm, &fn, &self, NULL, NULL, &result))
        return false;
    if (result.tag != TAG_BOOL)
        return berry_raise(vm, "runtime_error", "the value of `%s::tobool()` is not a 'bool'",
                           br_class_name(as_instance(v)->klass));
    *out = result.u.b;
    return true;
}

bool br_truth(struct berry *vm, const struct value *v, bool *out)
{
    switch (v->tag) {
    case TAG_NIL:
    case TAG_ABSENT:
        *out = false;
        return true;
    case TAG_BOOL:
        *out = v->u.b;
        return true;
    case TAG_INT:
        *out = v->u.i != 0;
        return true;
    case TAG_REAL:
        *out = v->u.r != 0;
        return true;
    case TAG_PTR:
        *out = v->u.p != 0;
        return true;
    case TAG_STR:
        *out = as_str(v)->len != 0;
        return true;
    case TAG_HANDLE:
        *out = as_handle(v)->p != NULL;
        return true;
    default:
        break;
    }
    if (is_instance(v))
        return instance_truth(vm, v, out);
    *out = true;
    return true;
}
