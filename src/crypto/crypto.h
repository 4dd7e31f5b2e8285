/*
 * crypto.h: the primitives mi32 needs, as contracts. The code is in ports/crypto, once for each
 * library; a program links exactly one of them, and tests/unit/crypto holds all to this page.
 *
 * Everything is a function of its arguments: randomness comes from outside (port.h), and nothing
 * is remembered but the key schedule of AES-CCM. Numbers are big-endian byte strings unless said
 * otherwise. Only AES-CCM promises to allocate nothing; the others may, and free it before they
 * return. All secrets the backends copy are wiped.
 */
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

/* A row of bytes; `at` may be NULL when `len` is 0. */
struct cx_part {
    const void *at;
    size_t len;
};

/* True when all `len` bytes are equal; takes the same time wherever they differ. */
bool cx_equal(const void *a, const void *b, size_t len);

/* Overwrites with zeros, also where the compiler sees that nobody reads them again. */
void cx_wipe(void *p, size_t len);

/* The hash of `n` parts in a row (FIPS 180-4). */
enum cx_result cx_sha256(const struct cx_part *parts, size_t n, uint8_t out[32]);
enum cx_result cx_sha512(const struct cx_part *parts, size_t n, uint8_t out[64]);

/* HMAC of `n` parts in a row (RFC 2104). The key may have any length from 1 on. */
enum cx_result cx_hmac_sha256(struct cx_part key, const struct cx_part *parts, size_t n,
                              uint8_t out[32]);

/* HKDF, extract and expand (RFC 5869). `ikm` is at least one byte; salt and info may be empty;
 * `out_len` is 1 to 255 times the length of the hash. */
enum cx_result cx_hkdf_sha256(struct cx_part ikm, struct cx_part salt, struct cx_part info,
                              uint8_t *out, size_t out_len);
enum cx_result cx_hkdf_sha512(struct cx_part ikm, struct cx_part salt, struct cx_part info,
                              uint8_t *out, size_t out_len);

/* One block of AES-128, encrypted alone (FIPS 197): what Bluetooth's ah() is made of (Core
 * Specification, volume 3 part H, 2.2.2). `in` and `out` may be the same memory. */
enum cx_result cx_aes128_block(const uint8_t key[16], const uint8_t in[16], uint8_t out[16]);

/* ChaCha20-Poly1305 with a 12-byte nonce (RFC 8439, 2.8). `in` and the output may be the same
 * memory, or not overlap. Never use a nonce twice with a key. */
struct cx_chapoly_call {
    const uint8_t *key;   /* 32 */
    const uint8_t *nonce; /* 12 */
    const uint8_t *aad;
    size_t aad_len; /* may be 0 */
    const uint8_t *in;
    size_t len; /* of plain and of cipher text alike; may be 0 */
};

/* Decrypts call->len bytes to `plain` when `tag` is right; CX_BAD_TAG else. The tag is compared in
 * constant time. */
enum cx_result cx_chapoly_open(const struct cx_chapoly_call *call, const uint8_t tag[16],
                               uint8_t *plain);

/* Encrypts call->len bytes to `cipher` and writes the tag. */
enum cx_result cx_chapoly_seal(const struct cx_chapoly_call *call, uint8_t *cipher,
                               uint8_t tag[16]);

/* X25519 (RFC 7748; all strings little-endian, as there). Any 32 random bytes are a private key. */
enum cx_result cx_x25519_public(const uint8_t secret[32], uint8_t public_key[32]);

/* The shared secret. CX_FAILED when it is all zero: the peer sent a point of small order (RFC 7748,
 * 6.1), and anybody could compute it. */
enum cx_result cx_x25519(const uint8_t secret[32], const uint8_t peer[32], uint8_t shared[32]);

/* Ed25519 (RFC 8032, the pure form). The private key is its 32-byte seed; any random one will do.
 */
enum cx_result cx_ed25519_public(const uint8_t seed[32], uint8_t public_key[32]);
enum cx_result cx_ed25519_sign(const uint8_t seed[32], struct cx_part message, uint8_t sig[64]);

/* CX_BAD_TAG when the signature does not match, or its second half is not below the group's order
 * (such a one could be made from a good one by anybody). Whether a public key of small order is
 * refused is up to the library: who announces one deceives himself only. */
enum cx_result cx_ed25519_verify(const uint8_t public_key[32], struct cx_part message,
                                 const uint8_t sig[64]);

/* P-256 (SEC 2, 2.4.2). A public key is x and y, 32 bytes each, without the leading 04; a private
 * key is a number from 1 to the group's order - 1, and CX_FAILED says that it is none (draw again:
 * fewer than one in 2^32 are not). */
enum cx_result cx_p256_public(const uint8_t secret[32], uint8_t public_key[64]);

/* ECDH (SEC 1, 3.3.1): the x coordinate. CX_FAILED when `peer` is no point of the curve. */
enum cx_result cx_p256_ecdh(const uint8_t secret[32], const uint8_t peer[64], uint8_t shared[32]);

/* The arithmetic of SRP-6a (RFC 5054). Operands may be shorter or longer than the modulus, up to
 * CX_MOD_MAX bytes, or empty for 0. The modulus is odd, more than 1, of at most CX_MOD_MAX bytes
 * and its first byte is not 0. `out` gets mod.len bytes, zeros in front. */
#define CX_MOD_MAX 384u

/* base ^ exponent mod modulus, in a time that does not tell the exponent's bits. */
enum cx_result cx_mod_exp(struct cx_part base, struct cx_part exponent, struct cx_part mod,
                          uint8_t *out);

/* (a * b + c) mod modulus. */
enum cx_result cx_mod_mul_add(struct cx_part a, struct cx_part b, struct cx_part c,
                              struct cx_part mod, uint8_t *out);

#endif
