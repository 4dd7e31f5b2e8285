/* pairing_private.h: what the files of this room share. */
#ifndef MI32_PAIRING_PAIRING_PRIVATE_H
#define MI32_PAIRING_PAIRING_PRIVATE_H

#include "pairing/pairing.h"

#include "bus/bus.h"
#include "mijia/mijia.h"
#include "registry/registry.h"

#define PAIRING_ATTEMPTS   5      /* connections, in all */
#define PAIRING_CONNECT_MS 20000  /* a sleeping sensor may be asked for so long */
#define PAIRING_TALK_MS    120000 /* on one connection, however often the device answers */
#define PAIRING_PAUSE_MS   1000   /* between two of them */
#define PAIRING_CHARS      4      /* no dialogue uses more */

enum pairing_stage {
    PAIRING_IDLE,
    PAIRING_WAITING, /* for the adapter */
    PAIRING_CONNECTING,
    PAIRING_TALKING,
    PAIRING_LEAVING,  /* disconnecting */
    PAIRING_UNLINKED, /* the connection has gone: what next? */
    PAIRING_PAUSING,  /* before the next attempt */
};

enum pairing_task {
    PAIRING_REGISTER,
    PAIRING_LEGACY,
    PAIRING_LOGIN,
};

/* What has become of the key. */
enum pairing_store {
    PAIRING_NO_KEY,
    PAIRING_UNSURE, /* the device may have taken it, or not: only a login tells */
    PAIRING_SAVING,
    PAIRING_SAVED,
    PAIRING_UNSAVED,
};

struct pairing_char {
    uint16_t number; /* UUID */
    struct port_gatt_char found;
};

struct pairing {
    struct pairing_config config;
    struct gatt_loan loan;
    const struct port_gatt *gatt; /* while the adapter is ours */
    struct timer timer;           /* of the pause, or the device's patience */
    struct timer limit;           /* of the whole talk */
    struct timer cancelling;      /* once all events under way are told */

    /* the sensor; good as long as is_running, and mac as long as there is a key */
    struct mac mac;
    uint8_t addr_type;
    uint16_t product_id;
    bool is_running;

    /* the connection */
    enum pairing_stage stage;
    enum pairing_task task;
    unsigned attempts;
    bool comes_again; /* after the disconnection under way there is another attempt */
    struct pairing_char chars[PAIRING_CHARS];
    size_t n_chars;

    /* the dialogue on it */
    struct mijia dialogue;
    struct mijia_op op;
    bool is_busy;    /* an operation is under way */
    bool is_finding; /* it is the search for the characteristic of `op` */

    /* what came of it */
    struct mijia_keys keys;
    enum pairing_store store;
    bool is_verified;
    const char *state; /* the last one told */
    char error[BUS_TEXT_MAX];
    const char *remedy;
};

/* ---- pairing.c ---- */

/* Begins; the sensor was heard and nothing is under way. */
void pairing_start(struct pairing *p, const struct registry_sensor *sensor);

/* Ends the connection, where there still is one, and with it the pairing unless there is more to
 * save or another attempt to make. */
void pairing_leave(struct pairing *p);

/* The same, and remembers why. `remedy` stays. */
void pairing_fail(struct pairing *p, const char *error, const char *remedy);

/* Breaks it off, soon: who asks may have been told of it in the middle of a step. */
void pairing_cancel(struct pairing *p);

/* Tells the end when the connection is over and the key is saved or is not. */
void pairing_settle(struct pairing *p);

/* The connection is of no more use: tries once more, or fails with this. */
void pairing_again(struct pairing *p, enum port_gatt_error error);

uint64_t pairing_now(const struct pairing *p);

/* ---- talk.c: a dialogue on a connection ---- */

/* Begins the dialogue of p->task. */
void pairing_talk(struct pairing *p);

/* The operation under way came to an end; the device said something; time passed. */
void pairing_talk_done(struct pairing *p, const struct port_gatt_result *result);
void pairing_talk_notified(struct pairing *p, uint16_t handle, const uint8_t *data, size_t len);
void pairing_talk_tick(struct pairing *p);

/* ---- store.c ---- */

/* Enters p->keys and starts to save; p->store tells. */
void pairing_store(struct pairing *p);

/* Writes the key and the address as MI32Key takes them; `out` has room for them and a zero. */
#define PAIRING_KEY_TEXT_SIZE (2 * MIJIA_KEY_SIZE + MAC_TEXT_LEN + 1)
char *pairing_key_text(const struct pairing *p, char out[PAIRING_KEY_TEXT_SIZE]);

/* Forgets the key of the last pairing. */
void pairing_forget(struct pairing *p);

/* ---- progress.c ---- */

void pairing_tell(struct pairing *p, const char *state);
void pairing_tell_end(struct pairing *p);

/* Why, and what to do: as mijia_result_text(). */
const char *pairing_gatt_text(enum port_gatt_error error);
const char *pairing_gatt_remedy(enum port_gatt_error error);

/* ---- commands.c ---- */

void pairing_commands(struct pairing *p);

#endif
