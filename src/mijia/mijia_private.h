/* mijia_private.h: what the files of this room share: a dialogue is a row of steps. */
#ifndef MI32_MIJIA_MIJIA_PRIVATE_H
#define MI32_MIJIA_MIJIA_PRIVATE_H

#include "mijia/mijia.h"

enum mijia_at {
    AT_AUTH = 0x0001,
    AT_FIRMWARE = 0x0004,
    AT_CONTROL = 0x0010, /* of a remote control: its beginning */
    AT_BEACON_KEY = 0x0014,
    AT_DATA = 0x0019,
};

enum step_kind {
    STEP_SUBSCRIBE,
    STEP_WRITE,   /* `word`, or what `fill` puts into m->out */
    STEP_READ,    /* judged by `take` */
    STEP_VALUE,   /* waits for a notification; judged by `take` */
    STEP_SEND,    /* a transfer of what `fill` puts into m->out */
    STEP_RECEIVE, /* a transfer of `len` bytes, or of `other_len`; judged by `take` */
    STEP_VERDICT, /* waits for `word`, or for its opposite `no`, which is `refusal` */
    STEP_END,
};

struct mijia_step {
    enum step_kind kind;
    uint16_t at;
    uint8_t word[4], no[4];
    uint8_t type; /* of a transfer */
    uint8_t len;  /* of a transfer that is received; of a read the most */
    uint8_t other_len;
    bool unconfirmed; /* the device's verdict is all the answer to this transfer */
    enum mijia_result refusal;

    /* MIJIA_UNDER_WAY, or what ends the dialogue. */
    enum mijia_result (*fill)(struct mijia *m);
    enum mijia_result (*take)(struct mijia *m);
};

/* ---- mijia.c ---- */

/* On to the next step, or to the end. */
void mijia_advance(struct mijia *m);

/* Ends the dialogue unless `result` is MIJIA_UNDER_WAY; true when it goes on. */
bool mijia_goes_on(struct mijia *m, enum mijia_result result);

void mijia_begin(struct mijia *m, const struct mijia_step *steps, uint64_t now_ms);

/* ---- transfer.c: both directions of a transfer ---- */

#define TRANSFER_FRAME 18 /* bytes of content in each frame but the last */

bool transfer_send_next(struct mijia *m, struct mijia_op *op);
void transfer_send_heard(struct mijia *m, const uint8_t *data, size_t len);
bool transfer_receive_next(struct mijia *m, struct mijia_op *op);
void transfer_receive_heard(struct mijia *m, const uint8_t *data, size_t len);

/* "All of it has arrived." */
bool transfer_is_accepted(const uint8_t *data, size_t len);

/* ---- rc4.c ---- */

/* The old stream cipher, which some remote controls still ask for. `in` and `out` may be the same.
 */
void mijia_rc4(const uint8_t *key, size_t key_len, const uint8_t *in, uint8_t *out, size_t len);

#endif
