/* Modular arithmetic by OpenSSL 3. */
#include "modulus.h"
#include "openssl_verdict.h"

#include <openssl/bn.h>

/* A new number from a frame of `ctx`, which frees it. */
static BIGNUM *number(BN_CTX *ctx, struct cx_part part)
{
    BIGNUM *n = BN_CTX_get(ctx);

    return n && BN_bin2bn(part.at, (int)part.len, n) ? n : NULL;
}

static bool exponentiate(BN_CTX *ctx, const struct cx_part in[2], struct cx_part mod, uint8_t *out)
{
    BIGNUM *base = number(ctx, in[0]), *exponent = number(ctx, in[1]), *m = number(ctx, mod);
    BIGNUM *result = BN_CTX_get(ctx);

    if (!base || !exponent || !m || !result)
        return false;
    BN_set_flags(exponent, BN_FLG_CONSTTIME);
    return BN_nnmod(base, base, m, ctx) &&
           BN_mod_exp_mont_consttime(result, base, exponent, m, ctx, NULL) &&
           BN_bn2binpad(result, out, (int)mod.len) >= 0;
}

static bool multiply_add(BN_CTX *ctx, const struct cx_part in[3], struct cx_part mod, uint8_t *out)
{
    BIGNUM *a = number(ctx, in[0]), *b = number(ctx, in[1]), *c = number(ctx, in[2]);
    BIGNUM *m = number(ctx, mod), *result = BN_CTX_get(ctx);

    return a && b && c && m && result && BN_mod_mul(result, a, b, m, ctx) &&
           BN_mod_add(result, result, c, m, ctx) && BN_bn2binpad(result, out, (int)mod.len) >= 0;
}

/* The secure context wipes its numbers when it is freed. */
static enum cx_result
in_context(bool (*work)(BN_CTX *ctx, const struct cx_part *in, struct cx_part mod, uint8_t *out),
           const struct cx_part *in, size_t n, struct cx_part mod, uint8_t *out)
{
    BN_CTX *ctx = BN_CTX_secure_new();
    bool ok = false;

    if (ctx && modulus_is_valid(mod) && operands_are_valid(in, n)) {
        BN_CTX_start(ctx);
        ok = work(ctx, in, mod, out);
        BN_CTX_end(ctx);
    }
    BN_CTX_free(ctx);
    return verdict(ok, CX_FAILED, out, mod.len <= CX_MOD_MAX ? mod.len : CX_MOD_MAX);
}

enum cx_result cx_mod_exp(struct cx_part base, struct cx_part exponent, struct cx_part mod,
                          uint8_t *out)
{
    return in_context(exponentiate, (const struct cx_part[]){ base, exponent }, 2, mod, out);
}

enum cx_result cx_mod_mul_add(struct cx_part a, struct cx_part b, struct cx_part c,
                              struct cx_part mod, uint8_t *out)
{
    return in_context(multiply_add, (const struct cx_part[]){ a, b, c }, 3, mod, out);
}
