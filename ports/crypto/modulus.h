/* modulus.h: the bounds of crypto.h on the numbers of modular arithmetic, for all backends. */
#ifndef MI32_PORTS_CRYPTO_MODULUS_H
#define MI32_PORTS_CRYPTO_MODULUS_H

#include "crypto/crypto.h"

/* True for an odd number above 1 of at most CX_MOD_MAX bytes without a zero byte in front. */
bool modulus_is_valid(struct cx_part mod);

/* True when each of `n` operands is within CX_MOD_MAX bytes. */
bool operands_are_valid(const struct cx_part *operands, size_t n);

#endif
