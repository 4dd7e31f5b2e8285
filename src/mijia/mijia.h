/*
 * mijia.h: the dialogue that activates a Xiaomi device and gives its bind key, the login that
 * proves the activation, and the older procedure of remote controls with a 12-byte beacon key.
 *
 * Pure: no heap, no clock, no I/O, no globals. The caller has a GATT connection and does, one after
 * the other, the operations that mijia_next() asks for; what the device notifies and what reads
 * give goes in. Randomness and time come from the caller, so a recorded dialogue replays byte for
 * byte.
 *
 *     mijia_register(&m, secret, chance, now_ms);
 *     while (mijia_result(&m) == MIJIA_UNDER_WAY) {
 *         while (mijia_next(&m, &op, now_ms))
 *             ...do op, wait until it is done...
 *         ...wait for a notification: mijia_notified(); at mijia_deadline(): mijia_tick()...
 *     }
 *
 * Activating a device takes it away from Mi Home. Nothing in the dialogue proves who the device is:
 * whoever answers in its place during these seconds gets a key of his own, so it is only as safe as
 * the room it is done in. The bytes are those of the public documentation of Tasmota's pairing page
 * and of the scripts that came before it.
 */
#ifndef MI32_MIJIA_MIJIA_H
#define MI32_MIJIA_MIJIA_H

#include "base/mac.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All characteristics are in the service 0xFE95 and have 16-bit UUIDs. */
#define MIJIA_SERVICE 0xfe95

#define MIJIA_TOKEN_SIZE    12
#define MIJIA_KEY_SIZE      16 /* the bind key; a beacon key has 12 */
#define MIJIA_FIRMWARE_SIZE 20

enum mijia_result {
    MIJIA_UNDER_WAY,
    MIJIA_DONE,
    MIJIA_E_SILENT,         /* the device did not answer in time */
    MIJIA_E_DEVICE_TIMEOUT, /* the device says that we did not */
    MIJIA_E_DEVICE_ERROR,   /* it gave up */
    MIJIA_E_REFUSED,        /* it does not want to be activated */
    MIJIA_E_LOGIN_REFUSED,  /* it does not know the token */
    MIJIA_E_NOT_ITSELF,     /* its proof is wrong: not the device that got the token */
    MIJIA_E_NOT_READY,      /* a remote control that is not in pairing mode answers wrongly */
    MIJIA_E_ORDER,          /* it said something that does not belong here */
    MIJIA_E_FRAMES,         /* a transfer with a wrong count, number or length */
    MIJIA_E_KEY,            /* its public key is none */
    MIJIA_E_CRYPTO,         /* our own: a private key of zero, no memory */
    MIJIA_RESULTS
};

/* What happened, and what the user can do, as two halves of a sentence without capital and full
 * stop; the remedy may be "". Never NULL. */
const char *mijia_result_text(enum mijia_result result);
const char *mijia_result_remedy(enum mijia_result result);

enum mijia_op_kind {
    MIJIA_SUBSCRIBE, /* notifications of a characteristic */
    MIJIA_WRITE,     /* with a response where the characteristic has that, else without */
    MIJIA_READ,      /* the value, or that there is none, goes into mijia_read() */
};

struct mijia_op {
    enum mijia_op_kind kind;
    uint16_t characteristic;
    uint8_t len;
    uint8_t data[20];
};

/* What a dialogue is about. Only the fields of its kind are filled. */
struct mijia_keys {
    uint8_t token[MIJIA_TOKEN_SIZE];        /* of a registration: for logins */
    uint8_t key[MIJIA_KEY_SIZE];            /* bind key, or the beacon key */
    uint8_t key_len;                        /* 16 or 12; 0 before it is known */
    char firmware[MIJIA_FIRMWARE_SIZE + 1]; /* of a remote control; "" when it does not say */
};

struct mijia_step;

/* Visible so that the caller can place it; all of it is private. */
struct mijia {
    const struct mijia_step *step;
    uint8_t phase;    /* within the step */
    uint8_t frame;    /* of the transfer under way: how many have passed */
    uint8_t frames;   /* of how many */
    uint8_t out_len;  /* what is sent */
    uint8_t in_len;   /* what was received */
    uint8_t hide[16]; /* the key that hides the id */
    uint8_t out[64], in[64];
    uint8_t secret[32]; /* private key, or in [0..15] the random bytes of a login */
    uint8_t chance[12];
    uint8_t identity[20];
    uint8_t nonce[16]; /* the device's, of a login */
    uint8_t mix_b[8];
    enum mijia_result result;
    uint64_t deadline_ms;
    struct mijia_keys keys;
};

/* ---- the dialogues ---- */

/* Activates a device. `secret` is a private key of P-256, `chance` any random bytes: they become
 * the id of a device that has none. Done: mijia_keys() has token and bind key. */
void mijia_register(struct mijia *m, const uint8_t secret[32], const uint8_t chance[6],
                    uint64_t now_ms);

/* Logs in with the token of an activation, which proves that both sides took it. `chance` is
 * random. */
void mijia_login(struct mijia *m, const uint8_t token[MIJIA_TOKEN_SIZE], const uint8_t chance[16],
                 uint64_t now_ms);

/* Gets the beacon key of a remote control (BEACON_PRODUCT_LEGACY_KEY) that is in pairing mode.
 * `chance` is random. Done: mijia_keys() has key and firmware version. */
void mijia_legacy(struct mijia *m, struct mac mac, uint16_t product_id, const uint8_t chance[12],
                  uint64_t now_ms);

/* Overwrites everything; the result then is MIJIA_E_CRYPTO. */
void mijia_wipe(struct mijia *m);

/* ---- in and out ---- */

/* The next operation, to be begun now; false when the device has the word or it is over. */
bool mijia_next(struct mijia *m, struct mijia_op *op, uint64_t now_ms);

/* A notification. Those of foreign characteristics and after the end are ignored. */
void mijia_notified(struct mijia *m, uint16_t characteristic, const uint8_t *data, size_t len,
                    uint64_t now_ms);

/* The value of a MIJIA_READ; len 0 when it could not be read. */
void mijia_read(struct mijia *m, const uint8_t *data, size_t len, uint64_t now_ms);

/* When mijia_tick() is due: nothing has moved for MIJIA_PATIENCE_MS. UINT64_MAX at the end. */
uint64_t mijia_deadline(const struct mijia *m);
void mijia_tick(struct mijia *m, uint64_t now_ms);

#define MIJIA_PATIENCE_MS 15000

enum mijia_result mijia_result(const struct mijia *m);
const struct mijia_keys *mijia_keys(const struct mijia *m);

/* True from the last word of a registration on until its verdict is known, and for ever when it
 * never comes: the device may have taken the key. A login tells. */
bool mijia_is_undecided(const struct mijia *m);

#endif
