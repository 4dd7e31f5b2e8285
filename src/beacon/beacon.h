/*
 * beacon.h: one advert in, what it says out. Pure: no heap, no clock, no I/O, no globals.
 *
 * Formats: MiBeacon versions 2 to 5 (UUID FE95 and company 038F), ATC1441 and pvvx (181A), BTHome
 * 1 (181C, 181E) and 2 (FCD2), Qingping (FDCD, FFF9), the Mi scales (181D, 181B) and HHCCJCY10
 * (FD50). Each format's bytes are drawn in the file that reads it.
 */
#ifndef MI32_BEACON_BEACON_H
#define MI32_BEACON_BEACON_H

#include "base/advert.h"
#include "base/json.h"
#include "crypto/crypto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why an advert ended as it did; the words of beacon_outcome_name() are used everywhere. */
enum beacon_outcome {
    BEACON_OK,               /* at least one value */
    BEACON_NO_OBJECT,        /* well-formed, carries nothing to read */
    BEACON_UNKNOWN_OBJECT,   /* well-formed, no object in it is known */
    BEACON_UNKNOWN_DEVICE,   /* a Qingping type that is not known */
    BEACON_NO_KEY,           /* encrypted, and no key given */
    BEACON_IGNORE,           /* nothing for us in this advert */
    BEACON_DUPLICATE,        /* heard before; said by the registry, never by beacon_decode */
    BEACON_REJECT_MIC,       /* the tag is wrong: wrong key, damaged or forged */
    BEACON_REJECT_SHORT,     /* a length runs past its container */
    BEACON_REJECT_MAC,       /* the MAC in the frame is not the sender's */
    BEACON_REJECT_VERSION,   /* MiBeacon below 2, BTHome v2 with another version */
    BEACON_REJECT_OBJECT,    /* a known object of impossible length or value */
    BEACON_REJECT_DOWNGRADE, /* a plain frame of a sensor that has a key; said by the registry */
    BEACON_OUTCOMES,
};

enum beacon_format {
    BEACON_FORMAT_NONE,
    BEACON_MIBEACON,
    BEACON_MIBEACON_LEGACY, /* encrypted version 2 or 3: one check byte, never authentic */
    BEACON_ATC1441,
    BEACON_ATC1441_ENC,
    BEACON_PVVX,
    BEACON_PVVX_ENC,
    BEACON_BTHOME1,
    BEACON_BTHOME1_ENC,
    BEACON_BTHOME2,
    BEACON_BTHOME2_ENC,
    BEACON_QINGPING,
    BEACON_MISCALE1,
    BEACON_MISCALE2,
    BEACON_HHCCJCY10,
    BEACON_FORMATS,
};

#include "beacon/kinds.h"

/* One value of a frame. Numbers are value * 10^scale10; a word is an index into its kind's words;
 * true and false are 1 and 0; text and raw bytes are found by beacon_reading_bytes(). */
struct beacon_reading {
    uint8_t kind;   /* enum beacon_kind */
    uint8_t nth;    /* 1 for the first of its kind in the frame, 2 for the second, ... */
    uint8_t flags;  /* BEACON_EVENT | BEACON_AUTHENTIC | BEACON_UNRELIABLE */
    int8_t scale10; /* of a number; 0 otherwise */
    union {
        int64_t value;
        struct {
            uint16_t offset, len;
        } bytes;
    } u;
};

#define BEACON_EVENT      0x01 /* something that happened, not a state: a press, a rotation */
#define BEACON_AUTHENTIC  0x02 /* a full tag was verified */
#define BEACON_UNRELIABLE 0x04 /* known to be wrong for this model; kept out of outputs */

#define BEACON_READINGS_MAX 16
#define BEACON_UNKNOWN_MAX  4
#define BEACON_PLAIN_MAX    255 /* an AD structure holds no more */

/* What the frame carries beside its values; a bit of `fields` says that the member is there. */
#define BEACON_HAS_PRODUCT_ID    0x0001
#define BEACON_HAS_VERSION       0x0002
#define BEACON_HAS_FRAME_COUNTER 0x0004
#define BEACON_HAS_EXT_COUNTER   0x0008
#define BEACON_HAS_COUNTER       0x0010
#define BEACON_HAS_PACKET_ID     0x0020
#define BEACON_HAS_CAPABILITY    0x0040
#define BEACON_HAS_TRIGGER_BASED 0x0080

struct beacon_product; /* products.h */

struct beacon_decoded {
    uint8_t outcome; /* enum beacon_outcome */
    uint8_t format;  /* enum beacon_format */
    bool encrypted;  /* its values are; whether they were opened is another question */
    bool authentic; /* a full tag verified: whatever follows from the frame was the device's word */
    bool unbound;   /* a MiBeacon device nobody has activated yet: it only says that it is there */
    bool truncated; /* more values than fit; the first BEACON_READINGS_MAX are here */
    uint8_t n;      /* readings */
    uint8_t n_unknown; /* objects that were skipped, as many as `unknown` has room for */
    uint16_t fields;   /* BEACON_HAS_... */
    uint16_t product_id;
    uint8_t version;
    uint8_t frame_counter; /* MiBeacon, ATC, pvvx: 8 bits */
    uint32_t ext_counter;  /* MiBeacon encrypted: the upper 24 bits */
    uint32_t counter;      /* BTHome encrypted: 32 bits */
    uint8_t packet_id;     /* BTHome object 00, Qingping 0f */
    uint8_t capability;
    bool trigger_based;
    uint16_t unknown[BEACON_UNKNOWN_MAX]; /* their ids */
    uint32_t content_hash; /* equal for equal service data; of an authentic frame its tag, so that
                              a change of bytes that no tag covers makes no other frame */
    const struct beacon_product *product; /* NULL when the model is not known */
    struct beacon_reading readings[BEACON_READINGS_MAX];
    uint8_t plain[BEACON_PLAIN_MAX]; /* of an encrypted frame, after its tag verified */
};

/* A bind key with its key schedules. The zero value is "no key". */
struct beacon_key {
    uint8_t bytes[16];
    uint8_t len;              /* 0, 12 or 16 */
    struct cx_ccm_key ccm;    /* for MiBeacon 4 and 5, BTHome, pvvx */
    struct cx_ccm_key legacy; /* for MiBeacon 2 and 3; unset when it is the same as ccm */
};

/* Sets *key, which holds no key yet, from 16 bytes (a bind key) or 12 (the beacon key of older
 * remotes). 16 bytes of the expanded legacy form (k0..k5 8d3d3c97 k6..k11, as mi32cfg files hold
 * it) are recognised and taken as the 12 they came from. Allocates the schedules; false when `len`
 * is another or memory is out. */
bool beacon_key_set(struct beacon_key *key, const uint8_t *bytes, size_t len);

/* Wipes it and frees the schedules; it is the zero value again. */
void beacon_key_clear(struct beacon_key *key);

/* Decodes one advert. `key` may be NULL or zero: an encrypted frame then ends as no_key. Every
 * service-data element is looked at; the best outcome wins, the first of equals. Reads no byte
 * beyond advert->len, writes all of *out but the unused rest of its arrays, whatever the bytes
 * are. Returns out->outcome; there are readings exactly when that is BEACON_OK. */
enum beacon_outcome beacon_decode(const struct advert *advert, const struct beacon_key *key,
                                  struct beacon_decoded *out);

/* "ok", "no_key", "reject:mic"; "mibeacon", "pvvx-enc", and "" for BEACON_FORMAT_NONE. */
const char *beacon_outcome_name(enum beacon_outcome outcome);
const char *beacon_format_name(enum beacon_format format);

/* True when a tag that is long enough to believe was there and right: never for
 * BEACON_MIBEACON_LEGACY, whose check byte is guessed once in 256 tries, nor without a key. */
bool beacon_is_authenticated(const struct beacon_decoded *d);

/* The bytes of a text or raw reading: in the advert, or in d->plain for an encrypted frame. */
const uint8_t *beacon_reading_bytes(const struct advert *advert, const struct beacon_decoded *d,
                                    const struct beacon_reading *reading, size_t *len);

/* The model's name as devices.tsv of the documentation has it ("LYWSD03MMC"), "ATC" or "BTHome" for
 * those families, "" when nothing is known. */
const char *beacon_model(const struct beacon_decoded *d);

/* Writes the members of an object that is already open: what the frame says about itself (format,
 * model, product_id, version, encrypted, counters, ...) and every reading under its kind's name,
 * with _2, _3 for further ones of a kind. */
void beacon_json_frame(struct json *j, const struct beacon_decoded *d);
void beacon_json_readings(struct json *j, const struct advert *advert,
                          const struct beacon_decoded *d);

/* One value, whoever keeps it: what a struct beacon_reading says, its bytes in hand. */
struct beacon_value {
    uint8_t kind, nth;
    int8_t scale10;
    int64_t value;        /* number, word, truth value or time */
    const uint8_t *bytes; /* of text and raw bytes */
    size_t len;
};

/* Writes one value as a member under its name. */
void beacon_json_value(struct json *j, const struct beacon_value *value);

/* The advertised local name (AD types 08, 09), not terminated; NULL when there is none. */
const char *beacon_local_name(const struct advert *advert, size_t *len);

#endif
