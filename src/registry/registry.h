/*
 * registry.h: the sensors of this house. Who they are, what they last said, whether they may be
 * believed, and whether they are still there.
 *
 *     const struct beacon_key *key = registry_key(reg, advert->addr);
 *     beacon_decode(advert, key, &decoded);
 *     registry_apply(reg, advert, &decoded);
 *
 * Every advert takes these three steps, foreign ones too. registry_apply() is the gate: a frame
 * that it refuses moves no counter, no value and no flag but the counts of refusals. What it lets
 * through is kept here and told to on_change.
 *
 * The registry owns no clock, file, thread or global: time comes with each advert and each
 * registry_tick(), in monotonic milliseconds that never go back. It lives in memory lent by the
 * caller and allocates nothing on the way of an advert; only key schedules (crypto.h) and the
 * reading of files (cJSON) use the heap. All tables have the sizes that were chosen at open.
 *
 * Words. A *record* is what is kept for one address. It is *listed* when it has a slot number,
 * which never moves before a restart: only listed sensors reach outputs. It is *kept* when the user
 * cares: named, keyed, approved, ignored, or in mi32cfg. Anyone else is a *stranger*, listed
 * (MI32Option3 1) or pending in the inbox (MI32Option3 0). Only strangers are ever evicted, and
 * only for someone new: a listed one that is not offline and was heard today only for somebody who
 * is kept.
 */
#ifndef MI32_REGISTRY_REGISTRY_H
#define MI32_REGISTRY_REGISTRY_H

#include "base/advert.h"
#include "beacon/beacon.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct registry;

#define REGISTRY_NO_SLOT    UINT32_MAX
#define REGISTRY_NAME_SIZE  32 /* of a given name, its terminating zero included */
#define REGISTRY_LABEL_SIZE 40 /* of registry_label() */
#define REGISTRY_RADIOS     4  /* advert.radio beyond that counts as the last */
#define REGISTRY_HOURS      24

/* What went wrong for the caller; the radio's doings are outcomes (beacon.h) instead. */
enum registry_result {
    REGISTRY_OK = 0,
    REGISTRY_E_UNKNOWN = -1,    /* no such sensor */
    REGISTRY_E_FULL = -2,       /* every record is held by a sensor the user cares about */
    REGISTRY_E_NAME = -3,       /* too long, not UTF-8, or with control characters */
    REGISTRY_E_NAME_TAKEN = -4, /* another sensor has this name, or it reads as a MAC or a number */
    REGISTRY_E_KEY_LENGTH = -5, /* neither 24 nor 32 key digits (36 or 44 with the MAC) */
    REGISTRY_E_KEY_HEX = -6,    /* a character that is no hex digit */
    REGISTRY_E_MEMORY = -7,     /* the heap is empty (key schedules, reading a file) */
    REGISTRY_E_SAME = -8,       /* a sensor cannot replace itself */
    REGISTRY_E_VERSION = -9,    /* the state file is of a newer mi32 */
    REGISTRY_E_DAMAGED = -10,   /* the state file is not whole */
    REGISTRY_E_UNSAVED = -11, /* config.forgotten sensors were forgotten since mi32cfg was saved */
};

/* One sentence that says what is wrong and what to do. Never NULL. */
const char *registry_result_text(enum registry_result result);

/* ---- open and close ---- */

enum registry_change_kind {
    REGISTRY_LISTED,    /* got a slot number, or got it back under another address (replace) */
    REGISTRY_PENDING,   /* is new in the inbox */
    REGISTRY_REMOVED,   /* forgotten, ignored or evicted; its slot number stays empty */
    REGISTRY_UPDATED,   /* a new frame was let through: .decoded says what it carried */
    REGISTRY_ONLINE,    /* heard again after it had been taken for offline */
    REGISTRY_OFFLINE,   /* silent for longer than its cadence explains */
    REGISTRY_EDITED,    /* name, key, approval or plain lift changed by a command */
    REGISTRY_KEY_STATE, /* "needs key", "wrong key" or "not activated" came or went */
    REGISTRY_ALARMED,   /* .alarm says what */
};

enum registry_alarm {
    REGISTRY_ALARM_NONE,
    REGISTRY_ALARM_DOWNGRADE, /* plain frames of a sensor that has a key are being refused; told
                                 once until MI32Plain or a new key clears it */
    REGISTRY_ALARM_BAD_TAGS,  /* more than 32 wrong tags in a minute: its frames are not tried for
                                 the next minute */
    REGISTRY_ALARM_RESTART,   /* its frame counter began anew (battery change), accepted after a
                                 silence and three rising frames */
    REGISTRY_ALARM_WINDOWS,   /* no replay window is left for a further format of this sensor: its
                                 frames are refused as duplicates (config.windows) */
    REGISTRY_ALARM_CROWDED,   /* this sender finds no room: all that strangers may use is held by
                                 listed ones that are there. Told once, of no listed sensor */
};

struct registry_change {
    enum registry_change_kind kind;
    enum registry_alarm alarm;
    struct mac mac;
    uint32_t slot;                        /* REGISTRY_NO_SLOT when not listed (any more) */
    uint32_t first_event, n_events;       /* of REGISTRY_UPDATED: the events it put into the ring */
    const struct advert *advert;          /* of REGISTRY_UPDATED, else NULL; good for this call */
    const struct beacon_decoded *decoded; /* likewise */
};

/* Pending, ignored and evicted senders are told by PENDING and REMOVED only; the rest is for listed
 * sensors. The registry is complete and consistent when it calls, so that any of its functions may
 * be called from inside. */
typedef void (*registry_on_change)(void *user, const struct registry_change *change);

/* Sizes are fixed until close. registry_config_for() gives sensible ones. */
struct registry_config {
    uint16_t sensors;   /* records in all, 1 to 30000 */
    uint16_t strangers; /* how many of them strangers may use while nobody else does; a sensor the
                           user cares about takes the place of a stranger when there is no other */
    uint16_t values;    /* all sensors' values (kind, nth) together */
    uint16_t keys;      /* sensors with a key */
    uint16_t windows;   /* replay windows: one for each authenticated format of each keyed sensor */
    uint16_t texts;     /* given names, text values and old identities, 32 bytes each; text values
                           use at most half, those of strangers a quarter */
    uint16_t events;    /* length of the event ring */
    uint16_t vault;     /* undecryptable frames kept for a key that may come, at most 255 */
    uint16_t vault_len; /* longest frame kept there; longer ones are not */
    uint16_t forgotten; /* sensors of mi32cfg that can be forgotten before it is saved again */
    uint16_t admit;     /* strangers per second that may push out another stranger */
    bool auto_add;      /* MI32Option3 at start: list new sensors that are understood */
    registry_on_change on_change; /* may be NULL */
    void *user;
};

/* The sizes for `sensors` sensors: with 32 on a 32-bit target they take under 8 KB without the
 * vault. on_change and user are NULL, auto_add is true. */
struct registry_config registry_config_for(uint16_t sensors);

/* The bytes that registry_open() needs for this configuration. */
size_t registry_memory(const struct registry_config *config);

/* Borrows `memory` (aligned as malloc's, `size` bytes) until registry_close(); copies *config. NULL
 * when the memory is too small or a size out of range. */
struct registry *registry_open(const struct registry_config *config, void *memory, size_t size,
                               uint64_t now_ms);

/* Wipes all of the memory, keys above all, and frees their schedules. */
void registry_close(struct registry *reg);

/* ---- the way of an advert ---- */

/* The key of this sender, with its schedules; NULL when there is none, or while wrong tags make the
 * registry back off. Good until the next call that changes the registry. */
const struct beacon_key *registry_key(const struct registry *reg, struct mac addr);

/*
 * The gate. Judges what beacon_decode() said about `advert`, writes the final outcome to
 * decoded->outcome and returns it:
 *
 *   duplicate           heard before. Plain and legacy frames: the same bytes within 10 s of their
 *                       last hearing. Authenticated ones: by the replay window of this sensor and
 *                       format, for ever (window.h says how each format counts).
 *   reject:downgrade    a plain frame with values, or a legacy one, of a sensor that has proper
 *                       encryption, until registry_allow_plain().
 *   reject:mic          also while backing off from wrong tags.
 *
 * Everything else stays as it was decoded. Decoders written in Berry enter here too, with format
 * BEACON_FORMAT_NONE and counters of their own choice.
 */
enum beacon_outcome registry_apply(struct registry *reg, const struct advert *advert,
                                   struct beacon_decoded *decoded);

/* Time passes: turns sensors offline and ends back-offs. Call at least once a minute. */
void registry_tick(struct registry *reg, uint64_t now_ms);

/* A full local hour (0 to 23) begins, or is found at start: marks go there from now on, and the
 * mark of the hour after it is cleared, which makes the one gap ahead of now. Hours that the clock
 * jumped over are cleared, too: their marks are yesterday's. */
void registry_hour(struct registry *reg, unsigned local_hour);

/* How long this radio has been silent, whoever might have spoken, in milliseconds; what it was deaf
 * for does not count. *limit_ms is what can still be normal: 10 times the longest silence of this
 * and the previous hour, at least 60 s. */
uint64_t registry_radio_silence(const struct registry *reg, unsigned radio, uint64_t *limit_ms);

/* This radio could not hear until now: its silence so far tells nothing about what is normal. */
void registry_radio_deaf(struct registry *reg, unsigned radio);

/* Adverts that ended as `outcome` since open, duplicates and refusals of the gate included. */
uint32_t registry_outcomes(const struct registry *reg, enum beacon_outcome outcome);

/* ---- reading ---- */

/* Names one radio event the same way on every gateway: encrypted MiBeacon by product, counter and
 * extended counter, encrypted BTHome by its counter, plain frames by counter (or packet id) and the
 * hash of their bytes. All zero: none. */
struct registry_fid {
    uint32_t high, low; /* private */
};

#define REGISTRY_FID_SIZE 16

/* "055b50000026", "00001234", "19-8d1c20f4", "-8d1c20f4"; "" for none. Returns `out`. */
char *registry_fid_print(struct registry_fid fid, char out[REGISTRY_FID_SIZE]);

enum registry_standing {
    REGISTRY_IS_PENDING, /* in the inbox */
    REGISTRY_IS_IGNORED, /* the user does not want to see it */
    REGISTRY_IS_LISTED,  /* has a slot number and reaches outputs */
};

#define REGISTRY_KEPT        0x0001 /* not a stranger */
#define REGISTRY_CONFIGURED  0x0002 /* in mi32cfg, as it was last saved */
#define REGISTRY_APPROVED    0x0004
#define REGISTRY_HAS_KEY     0x0008
#define REGISTRY_NEEDS_KEY   0x0010 /* encrypted, no key, and nothing readable in 15 minutes */
#define REGISTRY_WRONG_KEY   0x0020 /* wrong tags and no right one since */
#define REGISTRY_UNBOUND     0x0040 /* says that nobody activated it, and nothing else: pair it */
#define REGISTRY_PLAIN_OK    0x0080 /* the user accepts plain frames though there is a key */
#define REGISTRY_DOWNGRADED  0x0100 /* plain frames were refused (until cleared) */
#define REGISTRY_BACKING_OFF 0x0200 /* too many wrong tags in this minute */
#define REGISTRY_WEAK                                                                              \
    0x0400                          /* authentic, but its format counts with 8 bits only: a replay \
                                       after a long silence cannot be told */
#define REGISTRY_OFFLINE_NOW 0x0800 /* silent for too long */
#define REGISTRY_HEARD       0x1000 /* let through at least one frame since open */
#define REGISTRY_VALUES_LOST 0x2000 /* a value or text found no room, or was its 33rd */

#define REGISTRY_NO_RATE 255

/* A copy of what is known about a sensor. Pointers are good until the registry changes. */
struct registry_sensor {
    struct mac mac;
    struct mac identity; /* what topics and unique ids are made of: the address of the first
                            hardware when it was replaced, else the same as mac */
    uint8_t addr_type;   /* enum advert_addr_type */
    uint8_t standing;    /* enum registry_standing */
    uint16_t flags;      /* REGISTRY_... above */
    uint32_t slot;       /* or REGISTRY_NO_SLOT */
    const char *name;    /* as given by the user; "" for none */
    const struct beacon_product *product; /* NULL when not known */
    uint16_t product_id;                  /* as heard or configured; 0 for none */
    uint8_t format;                       /* enum beacon_format of the last frame */
    int8_t rssi;             /* dBm, last; ADVERT_NO_RSSI when never heard or not told */
    int8_t rssi_smoothed;    /* each new frame counts one eighth */
    uint8_t hit_rate;        /* percent of its frames that were heard, lately; REGISTRY_NO_RATE */
    uint8_t values;          /* how many there are */
    uint8_t vault;           /* undecryptable frames kept */
    uint32_t events;         /* put into the event ring since open */
    uint32_t hours;          /* bit h: a valid frame in local hour h (registry_hour) */
    uint64_t heard_ms;       /* of the last frame that was let through or repeated; with HEARD */
    struct registry_fid fid; /* of the last frame let through */
    uint32_t outcomes[BEACON_OUTCOMES];
};

struct registry_value {
    uint8_t kind;  /* enum beacon_kind */
    uint8_t nth;   /* from 1 */
    uint8_t flags; /* BEACON_EVENT, BEACON_AUTHENTIC, BEACON_UNRELIABLE of the frame it came in */
    int8_t scale10;
    bool stale;    /* silent for longer than expires_ms; never for events and two-state values */
    bool learned;  /* expires_ms comes of a gap that was seen; before that it is the least */
    int64_t value; /* number, word or truth value; 0 for text and raw bytes */
    const uint8_t *bytes; /* of text and raw bytes, else NULL; cut at 31 bytes; zero-terminated */
    uint8_t len;
    uint64_t heard_ms;
    uint64_t
        expires_ms; /* after heard_ms: 3 times the longest of the last 16 gaps, at least 15 min */
};

/* Each fills *out (which may be NULL) and returns true, or returns false. */
bool registry_find(const struct registry *reg, struct mac mac, struct registry_sensor *out);
bool registry_find_slot(const struct registry *reg, uint32_t slot, struct registry_sensor *out);

/* A sensor as people type it, everywhere: MAC with or without colons in either case, given name,
 * Tasmota key ("LYWSD03-aabbcc"), slot number from 0. Pending and ignored ones are found too. A
 * Tasmota key is known to half of the address only: of several sensors that have it a kept one is
 * meant, else a listed one; where that leaves two, none is found. */
bool registry_find_text(const struct registry *reg, const char *text, size_t len,
                        struct registry_sensor *out);

/* Walks the list in the order of slot numbers: start with *slot = 0; it becomes the number after
 * the one that was found. */
bool registry_next(const struct registry *reg, uint32_t *slot, struct registry_sensor *out);

/* Walks the senders that are not listed, pending or ignored: start with *cursor = 0. */
bool registry_inbox_next(const struct registry *reg, uint32_t *cursor, struct registry_sensor *out);

/* Walks a sensor's values in the order in which they were first heard: start with *cursor = 0. */
bool registry_value_next(const struct registry *reg, struct mac mac, uint32_t *cursor,
                         struct registry_value *out);

/* One value; false when it was never heard. */
bool registry_value(const struct registry *reg, struct mac mac, enum beacon_kind kind, unsigned nth,
                    struct registry_value *out);

/* The sensor's key in Tasmota's JSON: the given name, else "LYWSD03-aabbcc" (an unknown product id:
 * "MI_1234-aabbcc"). Returns `out`. */
char *registry_label(const struct registry_sensor *sensor, char out[REGISTRY_LABEL_SIZE]);

/* The same without the address: "LYWSD03", "MI_1234", "BLE". Written to `out`, which is returned.
 */
char *registry_type_name(const struct registry_sensor *sensor, char out[REGISTRY_LABEL_SIZE]);

/* ---- events ---- */

/*
 * What happened, apart from what is: in a ring that no later state overwrites and no reader
 * empties. Of listed sensors, each new frame's
 *   - readings flagged BEACON_EVENT (presses, rotations, ...),
 *   - two-state values and words (door, leak, motion, lock, ...) that differ from the last one; the
 *     first since open when it says yes (leak, motion) or comes in a frame that says it was
 *     triggered,
 *   - motion, leak and door in any new MiBeacon frame: these sensors speak when it happens, and
 *     motion after motion is two events ("no motion" after "no motion" is none).
 */
struct registry_event {
    uint32_t seq; /* grows by one with each event, from 0 */
    uint32_t slot;
    struct mac mac;
    uint8_t kind, nth,
        flags; /* as in registry_value; BEACON_AUTHENTIC tells whether to believe it */
    int8_t scale10;
    int64_t value;
    uint64_t when_ms;
    struct registry_fid fid; /* the same for all events of one frame */
};

/* The number that the next event will have: a new reader starts here. */
uint32_t registry_event_end(const struct registry *reg);

/* The event *cursor, or the oldest still there; *cursor then is the one after it. *lost grows by
 * the events that were overwritten unread. False when there is none yet. */
bool registry_event_next(const struct registry *reg, uint32_t *cursor, uint32_t *lost,
                         struct registry_event *out);

/* ---- what the user decides (commands only) ---- */

/* MI32Option3. On: pending sensors that are understood are listed when heard next. */
void registry_set_auto_add(struct registry *reg, bool on);
bool registry_auto_add(const struct registry *reg);

/* MI32Approve: lists a pending or ignored sender, or keeps a listed stranger. E_FULL, E_UNKNOWN. */
enum registry_result registry_approve(struct registry *reg, struct mac mac);

/* Takes it off the list and out of the inbox for good; its frames are only counted. An unknown
 * address may be ignored before it is heard. */
enum registry_result registry_ignore(struct registry *reg, struct mac mac);

/* Drops everything about it, key and window included. It is a stranger when heard again. That it
 * was forgotten is in the state file until mi32cfg, which may still have it, is saved.
 * E_UNKNOWN, E_UNSAVED. */
enum registry_result registry_forget(struct registry *reg, struct mac mac);

/* A name of up to 31 bytes of UTF-8, unique regardless of case, no MAC and no number; "" gives the
 * default back. */
enum registry_result registry_set_name(struct registry *reg, struct mac mac, const char *name,
                                       size_t len);

/* The hardware `fresh` takes the place of `old`: slot number, name, identity and standing. Values,
 * windows and a key of `fresh` stay its own; `old` is ignored from now on, so that a revived one
 * cannot speak under the same identity. It counts as approved: mi32cfg has it when that is saved.
 */
enum registry_result registry_replace(struct registry *reg, struct mac old, struct mac fresh);

/* MI32Plain: accept plain frames though there is a key. Clears REGISTRY_DOWNGRADED. */
enum registry_result registry_allow_plain(struct registry *reg, struct mac mac, bool allow);

/* How many of the kept undecryptable frames of this sensor a key opens. */
struct registry_trial {
    unsigned opened, tried;
};

/* Sets (16 or 12 bytes) or, with len 0, removes a key. A sensor never heard gets a record and waits
 * in it. Another key than before starts new windows: they belonged to the old one. Opening the kept
 * frames moves no value and no counter; *trial may be NULL. */
enum registry_result registry_set_key(struct registry *reg, struct mac mac, const uint8_t *bytes,
                                      size_t len, struct registry_trial *trial);

/* Only tries it. */
enum registry_result registry_try_key(const struct registry *reg, struct mac mac,
                                      const uint8_t *bytes, size_t len,
                                      struct registry_trial *trial);

/* A key as MI32Key takes it: 32 or 24 key digits followed by 12 MAC digits, in either case,
 * the latter with colons or without. */
struct registry_key_arg {
    struct mac mac;
    uint8_t bytes[16];
    uint8_t len; /* 16 or 12 */
};
enum registry_result registry_key_parse(const char *text, size_t len, struct registry_key_arg *out);

/* ---- mi32cfg ---- */

/* One thing wrong in a file: the line it begins on (from 1) and a sentence. */
typedef void (*registry_problem)(void *user, unsigned line, const char *reason);

/* What reading a file came to. */
struct registry_reading {
    unsigned taken;    /* entries that are in the registry now */
    unsigned problems; /* what could not be taken; not 0: keep a copy of the file before writing a
                          new one */
};

/*
 * Reads an mi32cfg: a JSON array of {"MAC","PID","key"[,"type"][,"name"][,"model"]}, key names in
 * any case, a trailing zero byte allowed. Entries get slot numbers in their order; what is known
 * already is completed. An entry that is wrong is reported by `problem` (may be NULL) with its line
 * and skipped, and all others are taken: before it, after it, and in a file that breaks off. One
 * whose name or key cannot be taken is reported and is in without it. What was reported is nowhere
 * in the registry, so a caller with problems != 0 must not overwrite the file without keeping the
 * old one beside it.
 */
struct registry_reading registry_config_read(struct registry *reg, const char *text, size_t len,
                                             registry_problem problem, void *user);

/* Writes all listed sensors in the original's shape (one line, MAC, PID, key, then what the address
 * or model needs more) and a zero. Returns the length without the zero; 0 when no sensor is listed,
 * or the whole length needed when `size` is too small (then `out` holds no JSON). */
size_t registry_config_write(struct registry *reg, char *out, size_t size);

/* The file last written is durable now: the sensors in it count as CONFIGURED. A key or name that
 * was entered after the writing is not in it, and the state file keeps it. */
void registry_config_saved(struct registry *reg);

/* ---- the state file ---- */

/*
 * What mi32cfg has no place for: replay windows, keys and names of what is not in it, approvals,
 * ignored and forgotten addresses, plain lifts, identities. One versioned JSON text. Rhythms,
 * values and counts are learned anew.
 *
 * Where both files speak of a sensor, what a command changed since mi32cfg was saved is in force (a
 * key, a name, that they were removed, that the sensor is ignored, replaced or forgotten), and in
 * all else mi32cfg: a sensor, key or name that was in it and that somebody has taken out by hand is
 * gone. Sensors are missed in an mi32cfg only if it was read without any problem.
 *
 * Limit: what a window accepted after the last save is not in the file. After a power cut the
 * frames of the last seconds (events) or minutes (values) could be replayed, once each.
 */

/* When the state should be on disk at the latest: 10 s after an event or a command moved something,
 * 5 min after anything else did; UINT64_MAX when nothing changed. Save at exit, too. */
uint64_t registry_state_due(const struct registry *reg);

/* Writes the state and a zero, and takes it for saved. Returns the length without the zero, or the
 * length needed when `size` is too small (and nothing counts as saved). */
size_t registry_state_write(struct registry *reg, char *out, size_t size);

/* The save failed: due again in 10 s. */
void registry_state_unsaved(struct registry *reg);

/* Reads it back, after mi32cfg. E_VERSION and E_DAMAGED leave the registry as it was: keep that
 * file and tell the user. Single entries that are wrong are reported and skipped. A key that is
 * another than mi32cfg's is reported, too, and no problem: the one entered later is used. */
enum registry_result registry_state_read(struct registry *reg, const char *text, size_t len,
                                         registry_problem problem, void *user,
                                         struct registry_reading *reading);

#endif
