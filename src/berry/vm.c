/*
 * The interpreter loop. Each instruction handles its common cases in place; everything else goes to
 * the functions of ops.c, index.c, member.c and call.c, with copies of the operands, since a script
 * they call may move the stack.
 */
#include "vm.h"

#if BERRY_INT_BITS == 64
typedef uint64_t unsigned_int;
#else
typedef uint32_t unsigned_int;
#endif

#define CALL_COST 8 /* instructions a call counts for */

/* ---- what the loop calls for rarer work ---- */

static bool interrupt(struct berry *vm)
{
    if (!br_interrupt(vm))
        return false;
    if (vm->deinit_due)
        br_run_deinits(vm);
    return !vm->raising;
}

static bool make_closure(struct berry *vm, struct frame *frame, struct value *at, uint32_t index)
{
    struct proto *p = frame->closure->proto->protos[index];
    struct closure *c =
        br_new_object(vm, TAG_CLOSURE, sizeof *c + p->ncaptures * sizeof(struct upvalue *));
    if (!c)
        return false;
    c->proto = p;
    c->obj.flags = p->ncaptures; /* its size, for when the prototype is gone */
    *at = value_of(c);
    for (uint32_t i = 0; i < p->ncaptures; i++) {
        const struct capture *from = &p->captures[i];
        c->upvalues[i] = from->from_parent_stack ? br_find_upvalue(vm, frame->base + from->index)
                                                 : frame->closure->upvalues[from->index];
        if (!c->upvalues[i])
            return false;
    }
    return true;
}

/* A counting loop; *empty when there is nothing to do. */
static void start_count(struct value *at, berry_int from, berry_int to, berry_int step, bool *empty)
{
    *empty = step == 0 || (step > 0 ? from > to : from < to);
    unsigned_int distance =
        step > 0 ? (unsigned_int)to - (unsigned_int)from : (unsigned_int)from - (unsigned_int)to;
    unsigned_int width = step > 0 ? (unsigned_int)step : 0 - (unsigned_int)step;
    at[0] = value_int(from);
    at[1] = value_int((berry_int)(width ? distance / width : 0));
    at[2] = value_int(step);
    at[3] = value_int(from);
}

enum loop_start { LOOP_ERROR, LOOP_EMPTY, LOOP_FIRST, LOOP_NEXT };

static bool iterates_itself(struct berry *vm, const struct value *v)
{
    struct value fn;
    return br_find_method(vm, v, vm->names[NAME_iter], &fn) && fn.tag == TAG_NATIVE;
}

/* Sets up the loop over the value in R[A]; `a` is the number of the register. */
static enum loop_start start_loop(struct berry *vm, uint32_t a)
{
    struct value *at = vm->frame->base + a;
    struct value over = *at, fn, it;
    bool empty;
    if (is_function(&over))
        return LOOP_NEXT;
    at[0] = value_nil();
    if (!is_instance(&over))
        return LOOP_NEXT; /* which finds that nil can't be called */
    bool direct = over.tag >= TAG_LIST && over.tag <= TAG_RANGE && iterates_itself(vm, &over);
    if (direct && over.tag == TAG_RANGE) {
        const struct range *r = as_range(&over);
        start_count(at, r->lower, r->upper, r->step, &empty);
        return empty ? LOOP_EMPTY : LOOP_FIRST;
    }
    if (direct) {
        at[0] = over;
        at[1] = value_int(0);
        return LOOP_NEXT;
    }
    if (!br_find_method(vm, &over, vm->names[NAME_iter], &fn))
        return LOOP_NEXT;
    struct value self = br_self(&over);
    if (!br_call_values(vm, &fn, &self, NULL, NULL, &it))
        return LOOP_ERROR;
    if (it.tag == TAG_INT || it.tag == TAG_LIST || it.tag == TAG_MAP) {
        berry_raise(vm, "type_error", "'%s' value is not callable", br_type_name(&it));
        return LOOP_ERROR;
    }
    vm->frame->base[a] = it;
    return LOOP_NEXT;
}

static enum loop_start start_range_loop(struct berry *vm, uint32_t a)
{
    struct value *at = vm->frame->base + a;
    struct value from = at[0], to = at[1], over;
    bool empty;
    if (from.tag == TAG_INT && to.tag == TAG_INT) {
        start_count(at, from.u.i, to.u.i, 1, &empty);
        return empty ? LOOP_EMPTY : LOOP_FIRST;
    }
    if (!br_range_op(vm, &from, &to, &over))
        return LOOP_ERROR;
    vm->frame->base[a] = over;
    return start_loop(vm, a);
}

enum loop_step { STEP_ERROR, STEP_DONE, STEP_GO };

static enum loop_step next_of_list(struct value *at)
{
    const struct list *l = as_list(at);
    if ((unsigned_int)at[1].u.i >= l->count)
        return STEP_DONE;
    copy_value(&at[3], &l->items[at[1].u.i++]);
    return STEP_GO;
}

static enum loop_step next_of_map(struct value *at)
{
    const struct table *t = &as_map(at)->table;
    uint32_t i = (uint32_t)at[1].u.i;
    while (i < t->size && t->slots[i].key_tag == TAG_ABSENT)
        i++;
    if (i >= t->size)
        return STEP_DONE;
    at[1].u.i = (berry_int)i + 1;
    at[3] = t->slots[i].value;
    return STEP_GO;
}

static enum loop_step next_step(struct berry *vm, uint32_t a)
{
    struct value *at = vm->frame->base + a;
    struct value fn = at[0], v;
    if (fn.tag == TAG_LIST)
        return next_of_list(at);
    if (fn.tag == TAG_MAP)
        return next_of_map(at);
    if (!br_call_values(vm, &fn, NULL, NULL, NULL, &v))
        return STEP_ERROR;
    vm->frame->base[a + 3] = v;
    return STEP_GO;
}

static bool class_member(struct berry *vm, const struct value *k, const struct value *name,
                         const struct value *v, enum member_kind kind)
{
    return br_class_add(vm, as_class(k), as_str(name), v, kind);
}

static bool make_class(struct berry *vm, struct value *at, const struct value *name)
{
    struct klass *k = br_class_new(vm, as_str(name));
    if (!k)
        return false;
    *at = value_of(k);
    return true;
}

static bool get_named_global(struct berry *vm, const struct value *name, struct value *out)
{
    int builtin, i = br_global_find(vm, as_str(name));
    if (i >= 0) {
        *out = vm->globals[i];
        return true;
    }
    builtin = br_builtin_find(vm, as_str(name)->s);
    if (builtin >= 0)
        return br_builtin_value(vm, builtin, out);
    return berry_raise(vm, "attribute_error", "'%s' undeclared", as_str(name)->s);
}

static bool set_named_global(struct berry *vm, const struct value *name, const struct value *v)
{
    struct value copy = *v;
    return br_global_set(vm, as_str(name), &copy);
}

static inline bool cached(struct berry *vm, const struct value *o, const struct value *name,
                          const struct cache_entry **out)
{
    const struct klass *k = as_instance(o)->klass;
    const struct cache_entry *e = br_cache_entry(vm, k, as_str(name));
    *out = e;
    return e->owner == k && e->name == as_str(name);
}

/* ---- the loop ---- */

#define CASE(name) op_##name:

/* Direct threading where the compiler knows it: each instruction jumps to the next one itself. */
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wpedantic"
#define THREADED 1
#define NEXT                                                                                       \
    do {                                                                                           \
        i = *pc++;                                                                                 \
        goto *labels[INS_OP(i)];                                                                   \
    } while (0)
#else
#define NEXT goto next
#endif

/* After anything that may have run a script: stack and frames may have moved. */
#define RELOAD() (frame = vm->frame, r = frame->base)

#define RA r[INS_A(i)]
#define RB r[INS_B(i)]
#define RC r[INS_C(i)]
#define KC k[INS_C(i)]
#define KB k[INS_B(i)]

#define SET_INT(v, x)  ((v).u.i = (x), (v).tag = TAG_INT)
#define SET_REAL(v, x) ((v).u.r = (x), (v).tag = TAG_REAL)

#define BRANCH(condition)                                                                          \
    do {                                                                                           \
        if ((unsigned)(condition) == INS_A(i))                                                     \
            pc += INS_J(*pc);                                                                      \
        pc++;                                                                                      \
        NEXT;                                                                                      \
    } while (0)

/* Arithmetic that is the same for int and real but for wrapping. */
#define ARITH(c, op)                                                                               \
    do {                                                                                           \
        const struct value *left = &RB, *right = &(c);                                             \
        if (left->tag == TAG_INT && right->tag == TAG_INT) {                                       \
            SET_INT(RA, (berry_int)((unsigned_int)left->u.i op(unsigned_int) right->u.i));         \
            NEXT;                                                                                  \
        }                                                                                          \
        if (left->tag == TAG_REAL && right->tag == TAG_REAL) {                                     \
            SET_REAL(RA, left->u.r op right->u.r);                                                 \
            NEXT;                                                                                  \
        }                                                                                          \
        goto slow_arith;                                                                           \
    } while (0)

#define BITWISE(c, op)                                                                             \
    do {                                                                                           \
        const struct value *left = &RB, *right = &(c);                                             \
        if (left->tag == TAG_INT && right->tag == TAG_INT) {                                       \
            SET_INT(RA, left->u.i op right->u.i);                                                  \
            NEXT;                                                                                  \
        }                                                                                          \
        goto slow_arith;                                                                           \
    } while (0)

/* Division and remainder of ints by anything but 0 and -1. */
#define DIVISION(c, op)                                                                            \
    do {                                                                                           \
        const struct value *left = &RB, *right = &(c);                                             \
        if (left->tag == TAG_INT && right->tag == TAG_INT && (unsigned_int)right->u.i + 1 > 1) {   \
            SET_INT(RA, left->u.i op right->u.i);                                                  \
            NEXT;                                                                                  \
        }                                                                                          \
        goto slow_arith;                                                                           \
    } while (0)

#define COMPARE(c, op)                                                                             \
    do {                                                                                           \
        const struct value *left = &RB, *right = &(c);                                             \
        if (left->tag == TAG_INT && right->tag == TAG_INT)                                         \
            BRANCH(left->u.i op right->u.i);                                                       \
        if (left->tag == TAG_REAL && right->tag == TAG_REAL)                                       \
            BRANCH(left->u.r op right->u.r);                                                       \
        goto slow_compare;                                                                         \
    } while (0)

#define EQUAL(c, op)                                                                               \
    do {                                                                                           \
        const struct value *left = &RB, *right = &(c);                                             \
        if (left->tag == TAG_INT && right->tag == TAG_INT)                                         \
            BRANCH(left->u.i op right->u.i);                                                       \
        if (left->tag == TAG_STR && right->tag == TAG_STR &&                                       \
            as_str(left)->len <= STR_INTERNED_MAX)                                                 \
            BRANCH((left->u.o == right->u.o) op true);                                             \
        goto slow_compare;                                                                         \
    } while (0)

/* Counts instructions of a backward jump or call. */
#define SPEND(n)                                                                                   \
    do {                                                                                           \
        vm->budget -= (int32_t)(n);                                                                \
        if (vm->budget <= 0) {                                                                     \
            frame->pc = pc;                                                                        \
            if (!interrupt(vm))                                                                    \
                goto raised;                                                                       \
            RELOAD();                                                                              \
        }                                                                                          \
    } while (0)

#if BERRY_INT_BITS == 64
#define SHIFT_MASK 63
#else
#define SHIFT_MASK 31
#endif

bool br_execute(struct berry *vm)
{
#ifdef THREADED
    static const void *const labels[] = {
#define X(name, format) &&op_##name,
        OPCODES(X)
#undef X
    };
#endif
    struct frame *frame;
    const uint32_t *pc;
    struct value *r;
    const struct value *k;
    struct value x, y, out;
    uint32_t i;
    enum loop_start start;
    bool holds;

entered:
    frame = vm->frame;
    pc = frame->pc;
    r = frame->base;
    k = frame->closure->proto->constants;
#ifdef THREADED
    NEXT;
#else
next:
    i = *pc++;
    switch (INS_OP(i)) {
#define X(name, format)                                                                            \
    case OP_##name:                                                                                \
        goto op_##name;
        OPCODES(X)
#undef X
    }
#endif

    CASE(MOVE) {
        copy_value(&RA, &RB);
        NEXT;
    }
    CASE(LOADK) {
        copy_value(&RA, &k[INS_BX(i)]);
        NEXT;
    }
    CASE(LOADI) {
        SET_INT(RA, (berry_int)INS_BX(i) - LOADI_BIAS);
        NEXT;
    }
    CASE(LOADNIL) {
        RA.tag = TAG_NIL;
        RA.u.i = 0;
        NEXT;
    }
    CASE(LOADBOOL) {
        RA = value_bool(INS_B(i));
        pc += INS_C(i);
        NEXT;
    }
    CASE(GETGLOBAL) {
        copy_value(&RA, &vm->globals[INS_BX(i)]);
        NEXT;
    }
    CASE(SETGLOBAL) {
        copy_value(&vm->globals[INS_BX(i)], &RA);
        NEXT;
    }
    CASE(GETNAMED) {
        frame->pc = pc;
        if (!get_named_global(vm, &k[INS_BX(i)], &out))
            goto raised;
        RA = out;
        NEXT;
    }
    CASE(SETNAMED) {
        frame->pc = pc;
        if (!set_named_global(vm, &k[INS_BX(i)], &RA))
            goto raised;
        NEXT;
    }
    CASE(GETBUILTIN) {
        frame->pc = pc;
        if (!br_builtin_value(vm, (int)INS_BX(i), &out))
            goto raised;
        RA = out;
        NEXT;
    }
    CASE(GETUP) {
        copy_value(&RA, frame->closure->upvalues[INS_B(i)]->at);
        NEXT;
    }
    CASE(SETUP) {
        copy_value(frame->closure->upvalues[INS_B(i)]->at, &RA);
        NEXT;
    }

    CASE(GETINDEX) {
        y = RC;
        goto get_index;
    }
    CASE(GETINDEXK) {
        y = KC;
    get_index:
        x = RB;
        if (x.tag == TAG_LIST && y.tag == TAG_INT && as_instance(&x)->klass == vm->classes.list) {
            const struct list *l = as_list(&x);
            if ((unsigned_int)y.u.i < l->count) {
                copy_value(&RA, &l->items[y.u.i]);
                NEXT;
            }
        } else if (x.tag == TAG_BYTES && y.tag == TAG_INT &&
                   as_instance(&x)->klass == vm->classes.bytes) {
            const struct bytes *b = as_bytes(&x);
            if ((unsigned_int)y.u.i < b->len) {
                SET_INT(RA, b->data[y.u.i]);
                NEXT;
            }
        }
        frame->pc = pc;
        if (!br_get_index(vm, &x, &y, &out))
            goto raised;
        RELOAD();
        RA = out;
        NEXT;
    }
    CASE(SETINDEX) {
        const struct value *o = &RA, *key = &RB;
        if (o->tag == TAG_LIST && key->tag == TAG_INT &&
            as_instance(o)->klass == vm->classes.list) {
            const struct list *l = as_list(o);
            if ((unsigned_int)key->u.i < l->count) {
                copy_value(&l->items[key->u.i], &RC);
                NEXT;
            }
        } else if (o->tag == TAG_BYTES && key->tag == TAG_INT && RC.tag == TAG_INT &&
                   as_instance(o)->klass == vm->classes.bytes) {
            const struct bytes *b = as_bytes(o);
            if ((unsigned_int)key->u.i < b->len) {
                b->data[key->u.i] = (uint8_t)RC.u.i;
                NEXT;
            }
        }
        x = *o;
        y = *key;
        out = RC;
        frame->pc = pc;
        if (!br_set_index(vm, &x, &y, &out))
            goto raised;
        RELOAD();
        NEXT;
    }

    CASE(GETMEMBER) {
        const struct cache_entry *e;
        y = KC;
        if (RB.tag == TAG_INSTANCE && cached(vm, &RB, &y, &e) && e->kind == MEMBER_VAR) {
            const struct plain *o = (struct plain *)(void *)RB.u.o;
            copy_value(&RA, &o->fields[e->value.u.i]);
            NEXT;
        }
        goto get_member;
    }
    CASE(GETMEMBERX) {
        y = RC;
    get_member:
        x = RB;
        frame->pc = pc;
        if (y.tag != TAG_STR)
            goto no_name;
        if (!br_get_member(vm, &x, as_str(&y), &out))
            goto raised;
        RELOAD();
        RA = out;
        NEXT;
    }
    CASE(SETMEMBER) {
        const struct cache_entry *e;
        y = KB;
        if (RA.tag == TAG_INSTANCE && cached(vm, &RA, &y, &e) && e->kind == MEMBER_VAR) {
            struct plain *o = (struct plain *)(void *)RA.u.o;
            copy_value(&o->fields[e->value.u.i], &RC);
            NEXT;
        }
        goto set_member;
    }
    CASE(SETMEMBERX) {
        y = RB;
    set_member:
        x = RA;
        out = RC;
        frame->pc = pc;
        if (y.tag != TAG_STR)
            goto no_name;
        if (!br_set_member(vm, &x, as_str(&y), &out))
            goto raised;
        RELOAD();
        NEXT;
    }
    CASE(METHOD) {
        const struct cache_entry *e;
        y = KC;
        x = RB;
        if (is_instance(&x) && x.tag != TAG_VIEW && cached(vm, &x, &y, &e) &&
            e->kind == MEMBER_METHOD) {
            struct value *at = &RA;
            copy_value(&at[0], &e->value);
            copy_value(&at[1], &x);
            NEXT;
        }
        goto get_method;
    }
    CASE(METHODX) {
        struct value self, *at;
        y = RC;
        x = RB;
    get_method:
        frame->pc = pc;
        if (y.tag != TAG_STR)
            goto no_name;
        if (!br_get_method(vm, &x, as_str(&y), &out, &self))
            goto raised;
        RELOAD();
        at = &RA;
        at[0] = out;
        at[1] = self;
        NEXT;
    }

    /* clang-format off */
    CASE(ADD) ARITH(RC, +);    CASE(ADDK) ARITH(KC, +);
    CASE(SUB) ARITH(RC, -);    CASE(SUBK) ARITH(KC, -);
    CASE(MUL) ARITH(RC, *);    CASE(MULK) ARITH(KC, *);
    CASE(DIV) DIVISION(RC, /); CASE(DIVK) DIVISION(KC, /);
    CASE(MOD) DIVISION(RC, %); CASE(MODK) DIVISION(KC, %);
    CASE(AND) BITWISE(RC, &);  CASE(ANDK) BITWISE(KC, &);
    CASE(OR)  BITWISE(RC, |);  CASE(ORK)  BITWISE(KC, |);
    CASE(XOR) BITWISE(RC, ^);  CASE(XORK) BITWISE(KC, ^);
    CASE(SHL) goto slow_arith; CASE(SHR)  goto slow_arith;
    /* clang-format on */
    CASE(SHLK) {
        if (RB.tag == TAG_INT && KC.tag == TAG_INT) {
            SET_INT(RA, (berry_int)((unsigned_int)RB.u.i << (KC.u.i & SHIFT_MASK)));
            NEXT;
        }
        goto slow_arith;
    }
    CASE(SHRK) {
    slow_arith:
        frame->pc = pc;
        x = RB;
        holds = INS_OP(i) >= OP_ADDK;
        y = holds ? KC : RC;
        if (!br_arith(vm, (enum op)(INS_OP(i) - (holds ? OP_ADDK - OP_ADD : 0)), &x, &y, &out))
            goto raised;
        RELOAD();
        RA = out;
        NEXT;
    }
    CASE(RANGE) {
        frame->pc = pc;
        x = RB;
        y = RC;
        if (!br_range_op(vm, &x, &y, &out))
            goto raised;
        RELOAD();
        RA = out;
        NEXT;
    }
    CASE(NEG) {
        frame->pc = pc;
        x = RB;
        if (!br_negate(vm, &x, &out))
            goto raised;
        RELOAD();
        RA = out;
        NEXT;
    }
    CASE(FLIP) {
        frame->pc = pc;
        x = RB;
        if (!br_flip(vm, &x, &out))
            goto raised;
        RELOAD();
        RA = out;
        NEXT;
    }
    CASE(NOT) {
        frame->pc = pc;
        x = RB;
        if (!br_truth(vm, &x, &holds))
            goto raised;
        RELOAD();
        RA = value_bool(!holds);
        NEXT;
    }

    CASE(TEST) {
        if (RB.tag == TAG_BOOL)
            BRANCH(RB.u.b);
        if (RB.tag == TAG_NIL)
            BRANCH(false);
        x = RB;
        frame->pc = pc;
        if (!br_truth(vm, &x, &holds))
            goto raised;
        RELOAD();
        BRANCH(holds);
    }
    /* clang-format off */
    CASE(EQ) EQUAL(RC, ==);  CASE(EQK) EQUAL(KC, ==);
    CASE(NE) EQUAL(RC, !=);  CASE(NEK) EQUAL(KC, !=);
    CASE(LT) COMPARE(RC, <);  CASE(LTK) COMPARE(KC, <);
    CASE(LE) COMPARE(RC, <=); CASE(LEK) COMPARE(KC, <=);
    CASE(GT) COMPARE(RC, >);  CASE(GTK) COMPARE(KC, >);
    CASE(GE) COMPARE(RC, >=); CASE(GEK) COMPARE(KC, >=);
    /* clang-format on */

slow_compare:
    frame->pc = pc;
    x = RB;
    holds = INS_OP(i) >= OP_EQK;
    y = holds ? KC : RC;
    if (!br_compare(vm, (enum op)(INS_OP(i) - (holds ? OP_EQK - OP_EQ : 0)), &x, &y, &holds))
        goto raised;
    RELOAD();
    BRANCH(holds);

    CASE(JMP) {
        pc += INS_J(i);
        NEXT;
    }
    CASE(LOOP) {
        SPEND(INS_J(i));
        pc -= INS_J(i);
        NEXT;
    }

    CASE(CALLM) {
        struct value *at = &RA;
        uint32_t argc = INS_B(i);
        if (at[1].tag == TAG_ABSENT) {
            for (uint32_t n = 1; n <= argc; n++)
                at[n] = at[n + 1];
        } else {
            i += 1u << 16; /* self is one argument more */
        }
        goto call;
    }
    CASE(CALL) {
    call:
        SPEND(CALL_COST);
        frame->pc = pc;
        if (RA.tag == TAG_CLOSURE) {
            if (!br_push_frame(vm, &RA, as_closure(&RA), (int)INS_B(i), 0))
                goto raised;
            goto entered;
        }
        if (!br_precall(vm, &RA, (int)INS_B(i), &holds))
            goto raised;
        if (holds)
            goto entered;
        RELOAD();
        NEXT;
    }
    CASE(RETNIL) {
        out = value_nil();
        goto leave;
    }
    CASE(RETURN) {
        uint32_t flags;
        copy_value(&out, &RA);
    leave:
        flags = frame->flags;
        if (vm->open_upvalues && vm->open_upvalues->at >= r)
            br_close_upvalues(vm, r, vm->stack_end);
        if (!(flags & FRAME_INIT))
            copy_value(&r[-1], &out);
        vm->frame = --frame;
        if (flags & FRAME_ENTRY)
            return true;
        r = frame->base;
        pc = frame->pc;
        k = frame->closure->proto->constants;
        vm->top = r + frame->closure->proto->nregs;
        NEXT;
    }

    CASE(FORPREP) {
        frame->pc = pc;
        start = start_loop(vm, INS_A(i));
        goto loop_started;
    }
    CASE(FORRANGE) {
        frame->pc = pc;
        start = start_range_loop(vm, INS_A(i));
    loop_started:
        switch (start) {
        case LOOP_ERROR:
            goto raised;
        case LOOP_EMPTY:
            pc += INS_BX(i) + 1;
            break;
        case LOOP_FIRST:
            break;
        case LOOP_NEXT:
            pc += INS_BX(i);
            break;
        }
        RELOAD();
        NEXT;
    }
    CASE(FORLOOP) {
        struct value *at;
        SPEND(INS_BX(i));
        at = &RA;
        if (at->tag == TAG_INT) {
            if (at[1].u.i == 0)
                NEXT;
            at[1].u.i--;
            at->u.i = (berry_int)((unsigned_int)at->u.i + (unsigned_int)at[2].u.i);
            SET_INT(at[3], at->u.i);
            pc -= INS_BX(i);
            NEXT;
        }
        frame->pc = pc;
        switch (next_step(vm, INS_A(i))) {
        case STEP_ERROR:
            goto raised;
        case STEP_DONE:
            break;
        case STEP_GO:
            pc -= INS_BX(i);
            break;
        }
        RELOAD();
        NEXT;
    }

    CASE(CLOSURE) {
        frame->pc = pc;
        if (!make_closure(vm, frame, &RA, INS_BX(i)))
            goto raised;
        NEXT;
    }
    CASE(CLOSE) {
        if (vm->open_upvalues && vm->open_upvalues->at >= &RA)
            br_close_upvalues(vm, &RA, &RB);
        NEXT;
    }
    CASE(NEWLIST) {
        struct list *l;
        frame->pc = pc;
        l = br_list_new(vm, 0);
        if (!l)
            goto raised;
        RA = value_of(l);
        NEXT;
    }
    CASE(APPEND) {
        frame->pc = pc;
        if (!br_list_push(vm, as_list(&RA), &RB))
            goto raised;
        NEXT;
    }
    CASE(NEWMAP) {
        struct map *m;
        frame->pc = pc;
        m = br_map_new(vm);
        if (!m)
            goto raised;
        RA = value_of(m);
        NEXT;
    }

    CASE(RAISE) {
        frame->pc = pc;
        br_raise_values(vm, &RA, &RB);
        goto raised;
    }
    CASE(RERAISE) {
        frame->pc = pc;
        vm->error = RA;
        vm->error_message = r[INS_A(i) + 1];
        vm->raising = true;
        goto raised;
    }

    CASE(CLASS) {
        frame->pc = pc;
        if (!make_class(vm, &RA, &k[INS_BX(i)]))
            goto raised;
        NEXT;
    }
    CASE(SETSUPER) {
        frame->pc = pc;
        if (!br_class_set_super(vm, as_class(&RA), &RB))
            goto raised;
        NEXT;
    }
    CASE(CLASSBEGIN) {
        frame->pc = pc;
        if (!br_class_begin(vm, as_class(&RA), *pc++))
            goto raised;
        NEXT;
    }
    CASE(CLASSVAR) {
        frame->pc = pc;
        if (!class_member(vm, &RA, &k[*pc++], &RA, MEMBER_VAR))
            goto raised;
        NEXT;
    }
    CASE(CLASSSTATIC) {
        frame->pc = pc;
        if (!class_member(vm, &RA, &k[*pc++], &RB, MEMBER_STATIC))
            goto raised;
        NEXT;
    }
    CASE(CLASSMETHOD) {
        frame->pc = pc;
        if (!class_member(vm, &RA, &k[*pc++], &RB, MEMBER_METHOD))
            goto raised;
        NEXT;
    }
    CASE(CLASSEND) {
        frame->pc = pc;
        if (!br_class_end(vm, as_class(&RA)))
            goto raised;
        NEXT;
    }
    CASE(IMPORT) {
        frame->pc = pc;
        if (!br_import(vm, as_str(&k[INS_BX(i)]), &out))
            goto raised;
        RELOAD();
        RA = out;
        NEXT;
    }

no_name:
    br_type_error(vm, "attribute name must be a string");
raised:
    if (!br_unwind(vm))
        return false;
    goto entered;
}
