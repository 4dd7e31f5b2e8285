/* Modular arithmetic by Mbed TLS. */
#include "modulus.h"

#include <mbedtls/bignum.h>

enum {
    A,
    B,
    C,
    MOD,
    RESULT,
    NUMBERS,
};

static int exponentiate(mbedtls_mpi n[NUMBERS])
{
    int error = mbedtls_mpi_mod_mpi(&n[A], &n[A], &n[MOD]);

    return error ? error : mbedtls_mpi_exp_mod(&n[RESULT], &n[A], &n[B], &n[MOD], NULL);
}

static int multiply_add(mbedtls_mpi n[NUMBERS])
{
    int error = mbedtls_mpi_mul_mpi(&n[RESULT], &n[A], &n[B]);

    if (!error)
        error = mbedtls_mpi_add_mpi(&n[RESULT], &n[RESULT], &n[C]);
    return error ? error : mbedtls_mpi_mod_mpi(&n[RESULT], &n[RESULT], &n[MOD]);
}

/* mbedtls_mpi_free wipes. */
static enum cx_result with_numbers(int (*work)(mbedtls_mpi n[NUMBERS]), const struct cx_part in[3],
                                   struct cx_part mod, uint8_t *out)
{
    size_t out_len = mod.len <= CX_MOD_MAX ? mod.len : CX_MOD_MAX;
    mbedtls_mpi n[NUMBERS];
    bool ok = modulus_is_valid(mod) && operands_are_valid(in, 3);

    for (int i = 0; i < NUMBERS; i++)
        mbedtls_mpi_init(&n[i]);
    for (int i = A; ok && i <= C; i++)
        ok = mbedtls_mpi_read_binary(&n[i], in[i].at, in[i].len) == 0;
    ok = ok && mbedtls_mpi_read_binary(&n[MOD], mod.at, mod.len) == 0 && work(n) == 0 &&
         mbedtls_mpi_write_binary(&n[RESULT], out, mod.len) == 0;
    for (int i = 0; i < NUMBERS; i++)
        mbedtls_mpi_free(&n[i]);
    if (!ok)
        cx_wipe(out, out_len);
    return ok ? CX_OK : CX_FAILED;
}

enum cx_result cx_mod_exp(struct cx_part base, struct cx_part exponent, struct cx_part mod,
                          uint8_t *out)
{
    const struct cx_part in[] = { base, exponent, { NULL, 0 } };

    return with_numbers(exponentiate, in, mod, out);
}

enum cx_result cx_mod_mul_add(struct cx_part a, struct cx_part b, struct cx_part c,
                              struct cx_part mod, uint8_t *out)
{
    const struct cx_part in[] = { a, b, c };

    return with_numbers(multiply_add, in, mod, out);
}
