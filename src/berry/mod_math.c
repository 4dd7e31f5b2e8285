/* The module math. */
#include "vm.h"

#include <math.h>

#define PI 3.14159265358979323846

/* The functions of libm for the width of a real. */
#if BERRY_INT_BITS == 64
#define FN(name) name
#else
#define FN(name) name##f
#endif

static berry_real number_arg(const struct berry *vm, int i)
{
    struct value v = br_arg(vm, i);
    return is_number(&v) ? number_as_real(&v) : 0;
}

static bool give(struct berry *vm, berry_real r)
{
    return br_return(vm, value_real(r));
}

static bool apply(struct berry *vm, berry_real (*f)(berry_real))
{
    struct value v = br_arg(vm, 0);
    return give(vm, is_number(&v) ? f(number_as_real(&v)) : 0);
}

static berry_real to_degrees(berry_real r)
{
    return r * (berry_real)(180.0 / PI);
}

static berry_real to_radians(berry_real r)
{
    return r * (berry_real)(PI / 180.0);
}

#define UNARY(name, f)                                                                             \
    static bool math_##name(struct berry *vm, int argc)                                            \
    {                                                                                              \
        (void)argc;                                                                                \
        return apply(vm, (f));                                                                     \
    }

UNARY(sin, FN(sin))
UNARY(cos, FN(cos))
UNARY(tan, FN(tan))
UNARY(asin, FN(asin))
UNARY(acos, FN(acos))
UNARY(atan, FN(atan))
UNARY(sinh, FN(sinh))
UNARY(cosh, FN(cosh))
UNARY(tanh, FN(tanh))
UNARY(sqrt, FN(sqrt))
UNARY(exp, FN(exp))
UNARY(log, FN(log))
UNARY(log10, FN(log10))
UNARY(deg, to_degrees)
UNARY(rad, to_radians)
UNARY(abs, FN(fabs))
UNARY(ceil, FN(ceil))
UNARY(floor, FN(floor))
UNARY(round, FN(round))

static bool math_atan2(struct berry *vm, int argc)
{
    (void)argc;
    return give(vm, FN(atan2)(number_arg(vm, 0), number_arg(vm, 1)));
}

static bool math_pow(struct berry *vm, int argc)
{
    (void)argc;
    return give(vm, FN(pow)(number_arg(vm, 0), number_arg(vm, 1)));
}

static bool math_isnan(struct berry *vm, int argc)
{
    (void)argc;
    berry_real r = number_arg(vm, 0);
    return br_return(vm, value_bool(r != r));
}

static bool math_isinf(struct berry *vm, int argc)
{
    (void)argc;
    return br_return(vm, value_bool(FN(fabs)(number_arg(vm, 0)) == (berry_real)INFINITY));
}

/* The least (sign 1) or greatest (sign -1) argument. */
static bool extreme(struct berry *vm, int argc, int sign)
{
    bool all_int = true;
    struct value best = br_arg(vm, 0);
    for (int i = 0; i < argc; i++) {
        struct value v = vm->base[i];
        if (!is_number(&v))
            return br_type_error(vm, "arguments must be numbers");
        all_int = all_int && v.tag == TAG_INT;
        bool both_int = v.tag == TAG_INT && best.tag == TAG_INT;
        bool less = both_int ? v.u.i < best.u.i : number_as_real(&v) < number_as_real(&best);
        bool more = both_int ? v.u.i > best.u.i : number_as_real(&v) > number_as_real(&best);
        if (sign > 0 ? less : more)
            best = v;
    }
    if (argc && !all_int)
        best = value_real(number_as_real(&best));
    return br_return(vm, best);
}

static bool math_min(struct berry *vm, int argc)
{
    return extreme(vm, argc, 1);
}

static bool math_max(struct berry *vm, int argc)
{
    return extreme(vm, argc, -1);
}

/* Each VM has its own sequence; xorshift of 32 bits. */
static bool math_srand(struct berry *vm, int argc)
{
    (void)argc;
    if (br_arg_is_int(vm, 0))
        vm->random = (uint32_t)vm->base[0].u.i * 2654435761u | 1u;
    return true;
}

static bool math_rand(struct berry *vm, int argc)
{
    (void)argc;
    uint32_t x = vm->random;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    vm->random = x;
    return br_return(vm, value_int((berry_int)(x >> 1)));
}

#define REAL(n, v)                                                                                 \
    {                                                                                              \
        .name = (n), .kind = BERRY_MEMBER_REAL, .value.r = (berry_real)(v)                         \
    }
#define INT(n, v)                                                                                  \
    {                                                                                              \
        .name = (n), .kind = BERRY_MEMBER_INT, .value.i = (v)                                      \
    }

static const struct berry_member members[] = {
    REAL("pi", PI),
    REAL("inf", INFINITY),
    REAL("nan", NAN),
    INT("imin", INT_MINIMUM),
    INT("imax", INT_MAXIMUM),
    BERRY_FUNCTION("sin", math_sin),
    BERRY_FUNCTION("cos", math_cos),
    BERRY_FUNCTION("tan", math_tan),
    BERRY_FUNCTION("asin", math_asin),
    BERRY_FUNCTION("acos", math_acos),
    BERRY_FUNCTION("atan", math_atan),
    BERRY_FUNCTION("atan2", math_atan2),
    BERRY_FUNCTION("sinh", math_sinh),
    BERRY_FUNCTION("cosh", math_cosh),
    BERRY_FUNCTION("tanh", math_tanh),
    BERRY_FUNCTION("sqrt", math_sqrt),
    BERRY_FUNCTION("exp", math_exp),
    BERRY_FUNCTION("log", math_log),
    BERRY_FUNCTION("log10", math_log10),
    BERRY_FUNCTION("pow", math_pow),
    BERRY_FUNCTION("deg", math_deg),
    BERRY_FUNCTION("rad", math_rad),
    BERRY_FUNCTION("abs", math_abs),
    BERRY_FUNCTION("ceil", math_ceil),
    BERRY_FUNCTION("floor", math_floor),
    BERRY_FUNCTION("round", math_round),
    BERRY_FUNCTION("min", math_min),
    BERRY_FUNCTION("max", math_max),
    BERRY_FUNCTION("isnan", math_isnan),
    BERRY_FUNCTION("isinf", math_isinf),
    BERRY_FUNCTION("srand", math_srand),
    BERRY_FUNCTION("rand", math_rand),
    BERRY_END,
};

const struct berry_module br_math_module = { .name = "math", .members = members };
