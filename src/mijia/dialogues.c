/*
 * dialogues.c: the three dialogues as rows, and what is computed at each of them.
 *
 * Registration: both sides show a public key of P-256, x and y. Of the shared x coordinate comes,
 * by HKDF-SHA-256 without salt, 64 bytes:
 *
 *     0..11 token    12..27 bind key    28..43 key that hides the id    44..63 unused
 *
 * The id (00 and 19 letters) goes to the device under AES-CCM with a fixed nonce, which is sound
 * because the key is used once.
 *
 * Login: R and S are 16 random bytes of the app and of the device, K = HKDF-SHA-256(token, salt R
 * S). The device proves itself by HMAC(K[0..15], S R), then the app by HMAC(K[16..31], R S).
 */
#include "mijia/mijia_private.h"

#include "crypto/crypto.h"

#include <string.h>

/* ---- registration ---- */

enum { PUBLIC_KEY = 64, ID = 20, PREFIX = 4, TAG = 4, PROOF = 32, RANDOM = 16 };

static const struct cx_part no_part = { NULL, 0 };

static struct cx_part text_part(const char *text)
{
    return (struct cx_part){ text, strlen(text) };
}

/* A device that has an id keeps it; otherwise ours stays. */
static enum mijia_result take_info(struct mijia *m)
{
    if (m->in_len == PREFIX + ID)
        memcpy(m->identity, m->in + PREFIX, ID);
    return MIJIA_UNDER_WAY;
}

static enum mijia_result fill_public_key(struct mijia *m)
{
    m->out_len = PUBLIC_KEY;
    return cx_p256_public(m->secret, m->out) == CX_OK ? MIJIA_UNDER_WAY : MIJIA_E_CRYPTO;
}

static enum mijia_result derive(struct mijia *m, const uint8_t shared[32])
{
    uint8_t okm[64];

    if (cx_hkdf_sha256((struct cx_part){ shared, 32 }, no_part, text_part("mible-setup-info"), okm,
                       sizeof(okm)) != CX_OK)
        return MIJIA_E_CRYPTO;
    memcpy(m->keys.token, okm, MIJIA_TOKEN_SIZE);
    memcpy(m->keys.key, okm + 12, MIJIA_KEY_SIZE);
    memcpy(m->hide, okm + 28, sizeof(m->hide));
    m->keys.key_len = MIJIA_KEY_SIZE;
    cx_wipe(okm, sizeof(okm));
    return MIJIA_UNDER_WAY;
}

static enum mijia_result take_public_key(struct mijia *m)
{
    uint8_t shared[32];

    if (cx_p256_ecdh(m->secret, m->in, shared) != CX_OK)
        return MIJIA_E_KEY;
    cx_wipe(m->secret, sizeof(m->secret));
    const enum mijia_result result = derive(m, shared);
    cx_wipe(shared, sizeof(shared));
    return result;
}

static enum mijia_result fill_identity(struct mijia *m)
{
    static const uint8_t nonce[] = { 0x10, 0x11, 0x12, 0x13, 0x14, 0x15,
                                     0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b };
    static const uint8_t aad[] = { 'd', 'e', 'v', 'I', 'D' };
    const struct cx_ccm_call call = {
        .nonce = nonce,
        .nonce_len = sizeof(nonce),
        .tag_len = TAG,
        .aad = aad,
        .aad_len = sizeof(aad),
        .in = m->identity,
        .len = ID,
    };
    struct cx_ccm_key key = { NULL };

    m->out_len = ID + TAG;
    if (cx_ccm_key_init(&key, m->hide) != CX_OK)
        return MIJIA_E_CRYPTO;
    const enum cx_result result = cx_ccm_seal(&key, &call, m->out, m->out + ID);
    cx_ccm_key_free(&key);
    return result == CX_OK ? MIJIA_UNDER_WAY : MIJIA_E_CRYPTO;
}

static const struct mijia_step registration[] = {
    { .kind = STEP_SUBSCRIBE, .at = AT_CONTROL },
    { .kind = STEP_SUBSCRIBE, .at = AT_DATA },
    { .kind = STEP_WRITE, .at = AT_CONTROL, .word = { 0xa2 } },
    { .kind = STEP_RECEIVE,
      .at = AT_DATA,
      .type = 0,
      .len = PREFIX,
      .other_len = PREFIX + ID,
      .take = take_info },
    { .kind = STEP_WRITE, .at = AT_CONTROL, .word = { 0x15 } },
    { .kind = STEP_SEND, .at = AT_DATA, .type = 3, .fill = fill_public_key },
    { .kind = STEP_RECEIVE, .at = AT_DATA, .type = 3, .len = PUBLIC_KEY, .take = take_public_key },
    { .kind = STEP_SEND, .at = AT_DATA, .type = 0, .fill = fill_identity },
    { .kind = STEP_WRITE, .at = AT_CONTROL, .word = { 0x13 } },
    { .kind = STEP_VERDICT,
      .at = AT_CONTROL,
      .word = { 0x11 },
      .no = { 0x12 },
      .refusal = MIJIA_E_REFUSED },
    { .kind = STEP_END },
};

/* 00, then text that tells apart who activated: "blt.3.129v", six letters of chance, "ATC". */
static void invent_identity(struct mijia *m, const uint8_t chance[6])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    memcpy(m->identity + 1, "blt.3.129v", 10);
    for (size_t i = 0; i < 6; i++)
        m->identity[11 + i] = (uint8_t)letters[chance[i] % (sizeof(letters) - 1)];
    memcpy(m->identity + 17, "ATC", 3);
}

void mijia_register(struct mijia *m, const uint8_t secret[32], const uint8_t chance[6],
                    uint64_t now_ms)
{
    mijia_begin(m, registration, now_ms);
    memcpy(m->secret, secret, sizeof(m->secret));
    invent_identity(m, chance);
}

/* ---- login ---- */

static enum mijia_result fill_random(struct mijia *m)
{
    m->out_len = RANDOM;
    memcpy(m->out, m->secret, RANDOM);
    return MIJIA_UNDER_WAY;
}

static enum mijia_result take_random(struct mijia *m)
{
    memcpy(m->nonce, m->in, RANDOM);
    return MIJIA_UNDER_WAY;
}

/* The proof of one side: `half` of K, and the random bytes of the two in its order. */
static enum mijia_result prove(const struct mijia *m, size_t half, const uint8_t *first,
                               const uint8_t *second, uint8_t out[PROOF])
{
    uint8_t salt[2 * RANDOM], okm[64];
    const struct cx_part both[] = { { first, RANDOM }, { second, RANDOM } };

    memcpy(salt, m->secret, RANDOM);
    memcpy(salt + RANDOM, m->nonce, RANDOM);
    enum cx_result result = cx_hkdf_sha256((struct cx_part){ m->keys.token, MIJIA_TOKEN_SIZE },
                                           (struct cx_part){ salt, sizeof(salt) },
                                           text_part("mible-login-info"), okm, sizeof(okm));
    if (result == CX_OK)
        result = cx_hmac_sha256((struct cx_part){ okm + half, 16 }, both, 2, out);
    cx_wipe(okm, sizeof(okm));
    return result == CX_OK ? MIJIA_UNDER_WAY : MIJIA_E_CRYPTO;
}

static enum mijia_result take_proof(struct mijia *m)
{
    uint8_t expected[PROOF];
    const enum mijia_result result = prove(m, 0, m->nonce, m->secret, expected);

    if (result != MIJIA_UNDER_WAY)
        return result;
    return cx_equal(m->in, expected, PROOF) ? MIJIA_UNDER_WAY : MIJIA_E_NOT_ITSELF;
}

static enum mijia_result fill_proof(struct mijia *m)
{
    m->out_len = PROOF;
    return prove(m, 16, m->secret, m->nonce, m->out);
}

static const struct mijia_step logging_in[] = {
    { .kind = STEP_SUBSCRIBE, .at = AT_CONTROL },
    { .kind = STEP_SUBSCRIBE, .at = AT_DATA },
    { .kind = STEP_WRITE, .at = AT_CONTROL, .word = { 0x24 } },
    { .kind = STEP_SEND, .at = AT_DATA, .type = 0x0b, .fill = fill_random },
    { .kind = STEP_RECEIVE, .at = AT_DATA, .type = 0x0d, .len = RANDOM, .take = take_random },
    { .kind = STEP_RECEIVE, .at = AT_DATA, .type = 0x0c, .len = PROOF, .take = take_proof },
    { .kind = STEP_SEND, .at = AT_DATA, .type = 0x0a, .fill = fill_proof, .unconfirmed = true },
    { .kind = STEP_VERDICT,
      .at = AT_CONTROL,
      .word = { 0x21 },
      .no = { 0x23 },
      .refusal = MIJIA_E_LOGIN_REFUSED },
    { .kind = STEP_END },
};

void mijia_login(struct mijia *m, const uint8_t token[MIJIA_TOKEN_SIZE], const uint8_t chance[16],
                 uint64_t now_ms)
{
    uint8_t kept[MIJIA_TOKEN_SIZE]; /* it may be that of *m */

    memcpy(kept, token, sizeof(kept));
    mijia_begin(m, logging_in, now_ms);
    memcpy(m->keys.token, kept, sizeof(kept));
    memcpy(m->secret, chance, RANDOM);
    cx_wipe(kept, sizeof(kept));
}

/* ---- remote controls ---- */

/*
 * Two keys of RC4 are mixed from the address m0..m5, as on the air, and the bytes L and H of the
 * product id:
 *
 *     mix A = m0 m2 m5 L L m4 m5 m1        mix B = m0 m2 m5 H m4 m0 m5 L
 *
 * The app's 12 random bytes T go out under mix A. The device answers with them under both, which
 * only tells that it understood: everybody hears the address. T is the key of the rest.
 */
enum { TICKET = 12, BEACON_KEY = 12 };

static void mix_a(const uint8_t m[6], uint8_t low, uint8_t out[8])
{
    const uint8_t mix[] = { m[0], m[2], m[5], low, low, m[4], m[5], m[1] };

    memcpy(out, mix, sizeof(mix));
}

static void mix_b(const uint8_t m[6], uint8_t low, uint8_t high, uint8_t out[8])
{
    const uint8_t mix[] = { m[0], m[2], m[5], high, m[4], m[0], m[5], low };

    memcpy(out, mix, sizeof(mix));
}

static enum mijia_result fill_ticket(struct mijia *m)
{
    m->out_len = TICKET;
    mijia_rc4(m->hide, 8, m->chance, m->out, TICKET);
    return MIJIA_UNDER_WAY;
}

static enum mijia_result take_ticket(struct mijia *m)
{
    if (m->in_len != TICKET)
        return MIJIA_E_FRAMES;
    mijia_rc4(m->hide, 8, m->in, m->in, TICKET);
    mijia_rc4(m->mix_b, sizeof(m->mix_b), m->in, m->in, TICKET);
    return cx_equal(m->in, m->chance, TICKET) ? MIJIA_UNDER_WAY : MIJIA_E_NOT_READY;
}

static enum mijia_result fill_confirmation(struct mijia *m)
{
    static const uint8_t plain[] = { 0x92, 0xab, 0x54, 0xfa };

    m->out_len = sizeof(plain);
    mijia_rc4(m->chance, TICKET, plain, m->out, sizeof(plain));
    return MIJIA_UNDER_WAY;
}

static enum mijia_result take_beacon_key(struct mijia *m)
{
    if (m->in_len != BEACON_KEY)
        return MIJIA_E_FRAMES;
    mijia_rc4(m->chance, TICKET, m->in, m->keys.key, BEACON_KEY);
    m->keys.key_len = BEACON_KEY;
    return MIJIA_UNDER_WAY;
}

/* Printable ASCII or nothing: it is shown to people. */
static enum mijia_result take_firmware(struct mijia *m)
{
    size_t n = 0;

    mijia_rc4(m->chance, TICKET, m->in, m->in, m->in_len);
    while (n < m->in_len && m->in[n] > ' ' && m->in[n] < 0x7f)
        n++;
    memcpy(m->keys.firmware, m->in, n);
    m->keys.firmware[n] = '\0';
    return MIJIA_UNDER_WAY;
}

static const struct mijia_step of_remotes[] = {
    { .kind = STEP_WRITE, .at = AT_CONTROL, .word = { 0x90, 0xca, 0x85, 0xde } },
    { .kind = STEP_SUBSCRIBE, .at = AT_AUTH },
    { .kind = STEP_WRITE, .at = AT_AUTH, .fill = fill_ticket },
    { .kind = STEP_VALUE, .at = AT_AUTH, .len = TICKET, .take = take_ticket },
    { .kind = STEP_WRITE, .at = AT_AUTH, .fill = fill_confirmation },
    { .kind = STEP_READ, .at = AT_BEACON_KEY, .len = BEACON_KEY, .take = take_beacon_key },
    { .kind = STEP_READ, .at = AT_FIRMWARE, .len = MIJIA_FIRMWARE_SIZE, .take = take_firmware },
    { .kind = STEP_END },
};

void mijia_legacy(struct mijia *m, struct mac mac, uint16_t product_id, const uint8_t chance[12],
                  uint64_t now_ms)
{
    uint8_t air[6];

    mijia_begin(m, of_remotes, now_ms);
    mac_to_reversed(mac, air);
    memcpy(m->chance, chance, sizeof(m->chance));
    mix_a(air, (uint8_t)product_id, m->hide);
    mix_b(air, (uint8_t)product_id, (uint8_t)(product_id >> 8), m->mix_b);
}
