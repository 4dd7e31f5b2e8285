/* ccm_call.h: what both backends ask of a CCM call before they hand it to their library. */
#ifndef MI32_PORTS_CRYPTO_CCM_CALL_H
#define MI32_PORTS_CRYPTO_CCM_CALL_H

#include "crypto/crypto.h"

/* True when RFC 3610 and the bounds of crypto.h allow the lengths of `call`. The libraries answer
 * wrong ones differently, one of them with memory for an error text. */
bool ccm_call_is_valid(const struct cx_ccm_call *call);

#endif
