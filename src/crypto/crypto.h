/* crypto.h: the primitives mi32 needs, as contracts. The code is in ports/crypto, once for each
 * library; a program links exactly one of them, and tests/unit/crypto holds all to this page. */
#ifndef MI32_CRYPTO_CRYPTO_H
#define MI32_CRYPTO_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Unless a function says otherwise its outputs hold zeros whenever it does not give CX_OK. */
enum cx_result {
    CX_OK = 0,
    CX_BAD_TAG = -1, /* a tag or signature does not match: the other side's doing */
    CX_FAILED = -2,  /* arguments outside the contract, or the library had no memory */
};

/* The longest message any function takes. */
#define CX_LEN_MAX 0x1000000u

/* The longest additional data of AES-CCM: RFC 3610 codes longer ones differently. */
#define CX_CCM_AAD_MAX 0xfeffu

/* AES-128-CCM (RFC 3610). A key schedule is set up once and used for many calls, by one thread at
 * a time. The zero value is "no key". */
struct cx_ccm_key {
    void *state; /* the backend's */
};

/* One message. `in` and the output may be the same memory, or not overlap. */
struct cx_ccm_call {
    const uint8_t *nonce;
    uint8_t nonce_len; /* 7 to 13 */
    uint8_t tag_len;   /* 4, 6, 8, 10, 12, 14 or 16 */
    const uint8_t *aad;
    size_t aad_len; /* may be 0 */
    const uint8_t *in;
    size_t len; /* of plain and of cipher text alike; may be 0; below 65536 with a 13-byte nonce */
};

/* Allocates the schedule; CX_FAILED when there is no memory. Set *key to zero first. */
enum cx_result cx_ccm_key_init(struct cx_ccm_key *key, const uint8_t bytes[16]);

/* Wipes and frees it; *key is the zero value again. A zero key is fine. */
void cx_ccm_key_free(struct cx_ccm_key *key);

/* Decrypts call->len bytes to `plain` when `tag` (call->tag_len bytes) is right; CX_BAD_TAG else.
 * Allocates nothing. The tag is compared in constant time. */
enum cx_result cx_ccm_open(const struct cx_ccm_key *key, const struct cx_ccm_call *call,
                           const uint8_t *tag, uint8_t *plain);

/* Encrypts call->len bytes to `cipher` and writes the tag. Allocates nothing. */
enum cx_result cx_ccm_seal(const struct cx_ccm_key *key, const struct cx_ccm_call *call,
                           uint8_t *cipher, uint8_t *tag);

#endif
