/*
 * Integer and floating-point helpers that the compiler calls and that Debian's
 * libgcc for this core leaves out (the ESP8266 has them in its ROM).  Plain and
 * slow; results are the IEEE ones, rounded to nearest, ties to even.
 *
 * With -DLX_MATH_TEST the functions get the prefix t_ so that they can be
 * compared with a desktop compiler's own arithmetic.
 */
#include <stdint.h>
#include <string.h>

#ifdef LX_MATH_TEST
#define F(name) t_##name
#else
#define F(name) name
#endif

/* ---- integers ---- */

uint32_t F(__udivsi3)(uint32_t a, uint32_t b);
uint32_t F(__udivsi3)(uint32_t a, uint32_t b)
{
    uint32_t q = 0, r = 0;

    if (b == 0)
        return 0xffffffffu;
    for (int i = 31; i >= 0; i--) {
        uint32_t top = r >> 31;

        r = r << 1 | (a >> i & 1);
        if (top || r >= b) {
            r -= b;
            q |= 1u << i;
        }
    }
    return q;
}

uint32_t F(__umodsi3)(uint32_t a, uint32_t b);
uint32_t F(__umodsi3)(uint32_t a, uint32_t b)
{
    return a - F(__udivsi3)(a, b) * b;
}

int32_t F(__divsi3)(int32_t a, int32_t b);
int32_t F(__divsi3)(int32_t a, int32_t b)
{
    uint32_t q = F(__udivsi3)(a < 0 ? 0u - (uint32_t)a : (uint32_t)a,
                              b < 0 ? 0u - (uint32_t)b : (uint32_t)b);

    return (int32_t)((a < 0) != (b < 0) ? 0u - q : q);
}

int32_t F(__modsi3)(int32_t a, int32_t b);
int32_t F(__modsi3)(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a - (uint32_t)F(__divsi3)(a, b) * (uint32_t)b);
}

uint64_t F(__umulsidi3)(uint32_t a, uint32_t b);
uint64_t F(__umulsidi3)(uint32_t a, uint32_t b)
{
    uint32_t al = a & 0xffff, ah = a >> 16, bl = b & 0xffff, bh = b >> 16;
    uint32_t low = al * bl, m1 = ah * bl, m2 = al * bh, high = ah * bh;
    uint32_t mid = (low >> 16) + (m1 & 0xffff) + (m2 & 0xffff);

    high += (m1 >> 16) + (m2 >> 16) + (mid >> 16);
    return (uint64_t)high << 32 | (uint32_t)(mid << 16 | (low & 0xffff));
}

uint64_t F(__muldi3)(uint64_t a, uint64_t b);
uint64_t F(__muldi3)(uint64_t a, uint64_t b)
{
    uint32_t al = (uint32_t)a, ah = (uint32_t)(a >> 32), bl = (uint32_t)b, bh = (uint32_t)(b >> 32);

    return F(__umulsidi3)(al, bl) + ((uint64_t)(uint32_t)(al * bh + ah * bl) << 32);
}

static uint64_t div64(uint64_t a, uint64_t b, uint64_t *rest)
{
    uint64_t q = 0, r = 0;

    if (b == 0) {
        *rest = a;
        return ~(uint64_t)0;
    }
    if ((a | b) >> 32 == 0) {
        uint32_t s = F(__udivsi3)((uint32_t)a, (uint32_t)b);

        *rest = (uint32_t)a - s * (uint32_t)b;
        return s;
    }
    for (int i = 63; i >= 0; i--) {
        uint32_t top = (uint32_t)(r >> 63);

        r = r << 1 | (a >> i & 1);
        if (top || r >= b) {
            r -= b;
            q |= (uint64_t)1 << i;
        }
    }
    *rest = r;
    return q;
}

uint64_t F(__udivdi3)(uint64_t a, uint64_t b);
uint64_t F(__udivdi3)(uint64_t a, uint64_t b)
{
    uint64_t r;

    return div64(a, b, &r);
}

uint64_t F(__umoddi3)(uint64_t a, uint64_t b);
uint64_t F(__umoddi3)(uint64_t a, uint64_t b)
{
    uint64_t r;

    div64(a, b, &r);
    return r;
}

int64_t F(__divdi3)(int64_t a, int64_t b);
int64_t F(__divdi3)(int64_t a, int64_t b)
{
    uint64_t r, q = div64(a < 0 ? 0u - (uint64_t)a : (uint64_t)a,
                          b < 0 ? 0u - (uint64_t)b : (uint64_t)b, &r);

    return (int64_t)((a < 0) != (b < 0) ? 0u - q : q);
}

int64_t F(__moddi3)(int64_t a, int64_t b);
int64_t F(__moddi3)(int64_t a, int64_t b)
{
    uint64_t r;

    div64(a < 0 ? 0u - (uint64_t)a : (uint64_t)a, b < 0 ? 0u - (uint64_t)b : (uint64_t)b, &r);
    return (int64_t)(a < 0 ? 0u - r : r);
}

/* ---- double precision ---- */

#define EXP_MAX 0x7ff
#define HIDDEN  ((uint64_t)1 << 52)
#define QNAN    ((uint64_t)0x7ff8 << 48)

/* A finite number is (-1)^sign * mant * 2^(exp - 1075). */
struct num {
    uint32_t sign;
    int exp;
    uint64_t mant;
};

static uint64_t bits(double d)
{
    uint64_t u;

    memcpy(&u, &d, sizeof(u));
    return u;
}

static double from_bits(uint64_t u)
{
    double d;

    memcpy(&d, &u, sizeof(d));
    return d;
}

static int exp_of(uint64_t u)
{
    return (int)(u >> 52) & EXP_MAX;
}

static int is_nan(uint64_t u)
{
    return u << 1 > (uint64_t)EXP_MAX << 53;
}

static int is_inf(uint64_t u)
{
    return u << 1 == (uint64_t)EXP_MAX << 53;
}

static struct num unpack(uint64_t u)
{
    struct num n = { (uint32_t)(u >> 63), exp_of(u), u & (HIDDEN - 1) };

    if (n.exp == 0)
        n.exp = 1;
    else
        n.mant |= HIDDEN;
    return n;
}

static uint64_t shift_right_sticky(uint64_t m, int by)
{
    if (by <= 0)
        return m;
    if (by > 63)
        return m != 0;
    return m >> by | ((m & (((uint64_t)1 << by) - 1)) != 0);
}

/* The value mant * 2^(exp - 1078), mant below 2^63, the lowest bit standing for
 * everything lost below it, rounded. */
static double pack(uint32_t sign, int exp, uint64_t mant)
{
    uint64_t s = (uint64_t)sign << 63, r;

    if (mant == 0)
        return from_bits(s);
    while (mant < HIDDEN << 3) {
        mant <<= 1;
        exp--;
    }
    while (mant >= HIDDEN << 4) {
        mant = shift_right_sticky(mant, 1);
        exp++;
    }
    if (exp < 1) {
        mant = shift_right_sticky(mant, 1 - exp);
        exp = 1;
    }
    r = mant & 7;
    mant >>= 3;
    if (r > 4 || (r == 4 && (mant & 1)))
        mant++;
    if (mant >= HIDDEN << 1) {
        mant >>= 1;
        exp++;
    }
    if (exp >= EXP_MAX)
        return from_bits(s | (uint64_t)EXP_MAX << 52);
    if (mant < HIDDEN)
        exp = 0;
    return from_bits(s | (uint64_t)exp << 52 | (mant & (HIDDEN - 1)));
}

double F(__adddf3)(double x, double y);
double F(__adddf3)(double x, double y)
{
    uint64_t a = bits(x), b = bits(y), m;
    struct num p, q;

    if (is_nan(a) || is_nan(b))
        return from_bits(QNAN);
    if (is_inf(a))
        return is_inf(b) && a != b ? from_bits(QNAN) : x;
    if (is_inf(b))
        return y;
    if (a << 1 < b << 1) { /* the larger first */
        m = a;
        a = b;
        b = m;
    }
    p = unpack(a);
    q = unpack(b);
    p.mant <<= 3;
    q.mant = shift_right_sticky(q.mant << 3, p.exp - q.exp);
    m = p.sign == q.sign ? p.mant + q.mant : p.mant - q.mant;
    if (m == 0 && p.sign != q.sign)
        p.sign = 0;
    return pack(p.sign, p.exp, m);
}

double F(__subdf3)(double x, double y);
double F(__subdf3)(double x, double y)
{
    return F(__adddf3)(x, from_bits(bits(y) ^ (uint64_t)1 << 63));
}

double F(__muldf3)(double x, double y);
double F(__muldf3)(double x, double y)
{
    uint64_t a = bits(x), b = bits(y), ll, lh, hl, hh, mid, low, m;
    uint64_t s = (a ^ b) & (uint64_t)1 << 63;
    struct num p, q;

    if (is_nan(a) || is_nan(b))
        return from_bits(QNAN);
    if (is_inf(a) || is_inf(b))
        return from_bits(a << 1 == 0 || b << 1 == 0 ? QNAN : s | (uint64_t)EXP_MAX << 52);
    if (a << 1 == 0 || b << 1 == 0)
        return from_bits(s);
    p = unpack(a);
    q = unpack(b);
    ll = F(__umulsidi3)((uint32_t)p.mant, (uint32_t)q.mant);
    lh = F(__umulsidi3)((uint32_t)p.mant, (uint32_t)(q.mant >> 32));
    hl = F(__umulsidi3)((uint32_t)(p.mant >> 32), (uint32_t)q.mant);
    hh = F(__umulsidi3)((uint32_t)(p.mant >> 32), (uint32_t)(q.mant >> 32));
    mid = (ll >> 32) + (uint32_t)lh + (uint32_t)hl;
    hh += (lh >> 32) + (hl >> 32) + (mid >> 32);
    low = mid << 32 | (uint32_t)ll;
    /* a product of up to 106 bits, hh:low: for normal numbers its upper
     * part is kept from bit 49 on, that is with three bits to round */
    while (hh == 0 || hh >> 40 == 0) { /* a subnormal factor */
        hh = hh << 1 | low >> 63;
        low <<= 1;
        p.exp--;
    }
    m = hh << 15 | low >> 49 | ((low & (((uint64_t)1 << 49) - 1)) != 0);
    return pack((uint32_t)(s >> 63), p.exp + q.exp - 1023, m);
}

double F(__divdf3)(double x, double y);
double F(__divdf3)(double x, double y)
{
    uint64_t a = bits(x), b = bits(y), m = 0, r;
    uint64_t s = (a ^ b) & (uint64_t)1 << 63;
    struct num p, q;

    if (is_nan(a) || is_nan(b) || (is_inf(a) && is_inf(b)) || (a << 1 == 0 && b << 1 == 0))
        return from_bits(QNAN);
    if (is_inf(a) || b << 1 == 0)
        return from_bits(s | (uint64_t)EXP_MAX << 52);
    if (is_inf(b) || a << 1 == 0)
        return from_bits(s);
    p = unpack(a);
    q = unpack(b);
    while (p.mant < HIDDEN) {
        p.mant <<= 1;
        p.exp--;
    }
    while (q.mant < HIDDEN) {
        q.mant <<= 1;
        q.exp--;
    }
    r = p.mant;
    for (int i = 0; i < 58; i++) { /* 58 bits of the quotient, the first standing for 1 */
        m <<= 1;
        if (r >= q.mant) {
            r -= q.mant;
            m |= 1;
        }
        r <<= 1;
    }
    m |= r != 0;
    return pack((uint32_t)(s >> 63), p.exp - q.exp + 1023 - 2, m);
}

double F(__floatunsidf)(uint32_t i);
double F(__floatunsidf)(uint32_t i)
{
    return pack(0, 1078, i);
}

double F(__floatsidf)(int32_t i);
double F(__floatsidf)(int32_t i)
{
    return i < 0 ? pack(1, 1078, 0u - (uint32_t)i) : pack(0, 1078, (uint32_t)i);
}

uint32_t F(__fixunsdfsi)(double d);
uint32_t F(__fixunsdfsi)(double d)
{
    uint64_t u = bits(d);
    int e = exp_of(u) - 1075;

    if (u >> 63 || e < -52)
        return 0;
    if (e > -21)
        return 0xffffffffu;
    return (uint32_t)(unpack(u).mant >> -e);
}

int32_t F(__fixdfsi)(double d);
int32_t F(__fixdfsi)(double d)
{
    uint64_t u = bits(d);
    uint32_t m = F(__fixunsdfsi)(from_bits(u << 1 >> 1));

    if (u >> 63)
        return m >= 0x80000000u ? INT32_MIN : -(int32_t)m;
    return m >= 0x80000000u ? INT32_MAX : (int32_t)m;
}

/* ---- single precision: computed in double, which rounds correctly ---- */

static uint32_t bits32(float f)
{
    uint32_t u;

    memcpy(&u, &f, sizeof(u));
    return u;
}

static float from_bits32(uint32_t u)
{
    float f;

    memcpy(&f, &u, sizeof(f));
    return f;
}

double F(__extendsfdf2)(float f);
double F(__extendsfdf2)(float f)
{
    uint32_t u = bits32(f), m = u & 0x7fffff;
    int e = (int)(u >> 23) & 0xff;

    if (e == 0xff)
        return from_bits(m ? QNAN : (uint64_t)(u >> 31) << 63 | (uint64_t)EXP_MAX << 52);
    if (e == 0)
        e = 1;
    else
        m |= 0x800000;
    return pack(u >> 31, e - 150 + 1078, m);
}

float F(__truncdfsf2)(double d);
float F(__truncdfsf2)(double d)
{
    uint64_t u = bits(d), m;
    uint32_t s = (uint32_t)(u >> 63) << 31, k, r;
    int e = exp_of(u) - 1023 + 127;

    if (is_nan(u))
        return from_bits32(0x7fc00000u);
    if (is_inf(u) || e >= 0xff)
        return from_bits32(s | 0x7f800000u);
    m = unpack(u).mant << 3 >> 3;
    if (e < 1) {
        m = shift_right_sticky(m, 1 - e);
        e = 1;
    }
    m = shift_right_sticky(m, 26); /* 24 bits and three to round */
    r = (uint32_t)m & 7;
    k = (uint32_t)(m >> 3);
    if (r > 4 || (r == 4 && (k & 1)))
        k++;
    /* a carry moves into the exponent by itself */
    if (k < 0x800000)
        return from_bits32(s | k);
    return from_bits32(s | (((uint32_t)e << 23) + (k - 0x800000)));
}

float F(__addsf3)(float a, float b);
float F(__addsf3)(float a, float b)
{
    return F(__truncdfsf2)(F(__adddf3)(F(__extendsfdf2)(a), F(__extendsfdf2)(b)));
}

float F(__subsf3)(float a, float b);
float F(__subsf3)(float a, float b)
{
    return F(__addsf3)(a, from_bits32(bits32(b) ^ 0x80000000u));
}

float F(__mulsf3)(float a, float b);
float F(__mulsf3)(float a, float b)
{
    return F(__truncdfsf2)(F(__muldf3)(F(__extendsfdf2)(a), F(__extendsfdf2)(b)));
}

float F(__divsf3)(float a, float b);
float F(__divsf3)(float a, float b)
{
    return F(__truncdfsf2)(F(__divdf3)(F(__extendsfdf2)(a), F(__extendsfdf2)(b)));
}

float F(__floatsisf)(int32_t i);
float F(__floatsisf)(int32_t i)
{
    return F(__truncdfsf2)(F(__floatsidf)(i));
}

float F(__floatunsisf)(uint32_t i);
float F(__floatunsisf)(uint32_t i)
{
    return F(__truncdfsf2)(F(__floatunsidf)(i));
}

int32_t F(__fixsfsi)(float f);
int32_t F(__fixsfsi)(float f)
{
    return F(__fixdfsi)(F(__extendsfdf2)(f));
}

uint32_t F(__fixunssfsi)(float f);
uint32_t F(__fixunssfsi)(float f)
{
    return F(__fixunsdfsi)(F(__extendsfdf2)(f));
}
