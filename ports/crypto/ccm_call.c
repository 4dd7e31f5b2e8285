#include "ccm_call.h"

/* RFC 3610 section 2: the length field takes what the nonce leaves of 15 bytes. */
static bool len_fits(size_t len, unsigned field_bytes)
{
    return field_bytes >= sizeof(uint32_t) || len >> (8 * field_bytes) == 0;
}

bool ccm_call_is_valid(const struct cx_ccm_call *call)
{
    if (call->nonce_len < 7 || call->nonce_len > 13)
        return false;
    if (call->tag_len < 4 || call->tag_len > 16 || call->tag_len % 2 != 0)
        return false;
    return call->len <= CX_LEN_MAX && call->aad_len <= CX_CCM_AAD_MAX &&
           len_fits(call->len, 15u - call->nonce_len);
}
