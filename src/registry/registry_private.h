/* registry_private.h: what the files of this room share. */
#ifndef MI32_REGISTRY_PRIVATE_H
#define MI32_REGISTRY_PRIVATE_H

#include "registry/registry.h"
#include "registry/window.h"

#define NONE UINT16_MAX /* an index of nothing */

#define MINUTE_MS         60000u
#define REG_REPEAT_MS     10000u           /* plain: the same bytes within this are a duplicate */
#define REG_EXPIRE_MIN_MS (15 * MINUTE_MS) /* nothing counts as silent before */
#define REG_BAD_TAGS_MAX  32
#define REG_BAD_TAGS_SHOWN                                                                         \
    3 /* wrong tags in a row that make a key look wrong that was right once */
#define REG_SOON_MS  10000u
#define REG_LATER_MS (5 * MINUTE_MS)

/* Times are kept as the lowest 32 bits of the clock. That is unambiguous because reg_move_time()
 * and registry_tick() move whatever is older than this up to it. */
#define REG_OLDEST_MS 0x80000000u

/* Own flags of a record; what the user sees (REGISTRY_...) is partly derived, see view.c. */
#define R_CONFIGURED  0x0001u
#define R_APPROVED    0x0002u
#define R_PLAIN_OK    0x0004u
#define R_DOWNGRADED  0x0008u
#define R_UNBOUND     0x0010u
#define R_BACKING_OFF 0x0020u
#define R_OFFLINE     0x0040u
#define R_HEARD       0x0080u
#define R_VALUES_LOST 0x0100u
#define R_RANDOM      0x0200u /* a random address */
#define R_WAS_RIGHT   0x0400u /* this key has opened a frame */
#define R_WRONG_KEY   0x0800u
#define R_LOCKED      0x1000u /* encrypted frames came and no key opens them */
#define R_WINDOWS_OUT 0x2000u
#define R_COUNTED     0x4000u  /* pace.counter is one that was heard */
#define R_KEY_IN_CFG  0x8000u  /* mi32cfg says the same of its key, if only that there is none */
#define R_MARK        0x10000u /* taken from the file that is being read */
#define R_NAME_IN_CFG 0x20000u /* likewise of its name */
/* What the mi32cfg says that was written last and may not be durable yet. */
#define R_WRITTEN      0x40000u
#define R_KEY_WRITTEN  0x80000u
#define R_NAME_WRITTEN 0x100000u

/* How regularly frames come, lately: see liveness.c. */
struct pace {
    uint16_t heard, span; /* frames heard, of so many sent */
    uint16_t beat;        /* usual time between two frames sent, in 100 ms */
    uint8_t counter;      /* the last 8-bit counter of a plain format */
};

#define REG_RECENT   3
#define REG_GONE_MAX 4

/* The last contents of a sender, see recent.c. */
struct recent {
    uint32_t hash[REG_RECENT];
    uint8_t at[REG_RECENT];
    uint8_t n;
};

/* Outcomes a record counts beside ok and duplicate: no_key and so on, in 16 bits that stop at the
 * top instead of wrapping. */
#define REG_OTHER_OUTCOMES (BEACON_OUTCOMES - 3)

/* The highest byte of registry_fid.high says what the rest is. */
enum {
    FID_MIBEACON = 1,  /* high: product and counter, low: extended counter */
    FID_COUNTER,       /* low: 32 bits of BTHome */
    FID_PLAIN_COUNTED, /* high: counter or packet id, low: hash of the bytes */
    FID_PLAIN,         /* low: hash of the bytes */
};

#define REG_FREE 0xff /* standing of a record that is nobody's */

struct record {
    struct mac mac;
    uint8_t standing; /* enum registry_standing, or REG_FREE */
    uint8_t format;
    uint32_t flags; /* R_... */
    const struct beacon_product *product;
    uint32_t slot;
    uint32_t heard; /* of the last frame that was not refused */
    struct registry_fid fid;
    uint32_t hours;
    uint32_t bad_since; /* begin of the minute in which wrong tags are counted */
    uint16_t events;
    uint16_t product_id;
    uint8_t bad_tags, bad_row; /* wrong ones in this minute, and in a row */
    int8_t rssi;
    uint8_t vaulted;         /* frames in the vault */
    int16_t rssi_64;         /* smoothed, in 1/64 dBm */
    uint16_t name, identity; /* texts */
    uint16_t key, windows, values;
    struct pace pace;
    struct recent recent;
    uint32_t ok, duplicates;
    uint16_t others[REG_OTHER_OUTCOMES];
};

/* Fields of one sensor: more than any has, and so few that who spoofs one in the clear cannot take
 * the room of all. */
#define REG_VALUES_MAX 32

/* One field of one sensor. */
struct value {
    uint32_t gaps[2]; /* the last 16 gaps, four bits each, newest lowest: see liveness.c */
    uint32_t heard;
    uint8_t number[6]; /* little-endian, two's complement; of a text: index, length */
    uint16_t next;
    uint8_t kind, nth, flags;
    int8_t scale10;
};

#define V_ONE_GAP  0x40 /* beside BEACON_EVENT and its like: at least one gap is known */
#define V_TWO_GAPS 0x80

#define REG_TEXT_SIZE REGISTRY_NAME_SIZE

struct text {
    char bytes[REG_TEXT_SIZE];
};

struct vault_frame {
    struct mac mac;
    uint8_t addr_type;
    bool used;
    uint16_t len;
    uint32_t heard;
    uint32_t hash;
};

struct radio {
    uint32_t heard;
    uint32_t longest, longest_before; /* silences of this and the previous hour */
};

struct registry {
    struct registry_config config;
    uint64_t now_ms;
    uint64_t aged_ms;       /* when reg_limit_ages() last ran */
    uint64_t due_ms;        /* the state file; UINT64_MAX: nothing changed */
    struct record *records; /* config.sensors */
    uint16_t *index;        /* hash table of record numbers */
    uint32_t index_mask;
    uint16_t *order; /* listed records in the order of their slots */
    struct value *values;
    struct window *windows;
    struct beacon_key *keys; /* len 0: free */
    struct text *texts;
    uint8_t *text_used;
    struct registry_event *events;
    struct vault_frame *vault;
    uint8_t *vault_data;
    struct mac *forgotten; /* mi32cfg still has them; see registry_forget() */
    uint32_t next_slot;
    uint32_t next_event;
    uint32_t radio_hour; /* when `longest` began */
    uint32_t outcomes[BEACON_OUTCOMES];
    struct radio radios[REGISTRY_RADIOS];
    uint32_t admit_second;
    uint16_t admitted;
    uint16_t listed, strangers;
    uint16_t free_record, free_value, free_window; /* heads of what is free */
    uint8_t hour;                                  /* 0 to 23; beyond: not known yet */
    bool auto_add;
    bool is_crowded, told_crowded;
    bool config_whole;                       /* mi32cfg was read, and nothing in it was wrong */
    uint16_t n_forgotten, forgotten_written; /* the latter: before mi32cfg was last written */
    uint8_t n_gone;
    struct mac gone[REG_GONE_MAX]; /* evicted in this call, to be told at its end */
};

/* ---- registry.c ---- */

/* Milliseconds since `then`, lowest 32 bits. */
uint32_t reg_age(const struct registry *reg, uint32_t then);
void reg_move_time(struct registry *reg, uint64_t now_ms);
void reg_tell(const struct registry *reg, enum registry_change_kind kind, struct mac mac,
              uint32_t slot);
void reg_tell_alarm(const struct registry *reg, enum registry_alarm alarm, struct mac mac,
                    uint32_t slot);
/* The state must be saved within so many ms. */
void reg_dirty(struct registry *reg, uint32_t within_ms);

/* ---- records.c ---- */

void reg_records_init(struct registry *reg);
struct record *reg_find(const struct registry *reg, struct mac mac);
bool reg_is_kept(const struct record *r);
bool reg_is_listed(const struct record *r);

/* A record for somebody the user cares about; it may take a stranger's place. NULL: full. The
 * caller makes it kept, then calls reg_settle(). */
struct record *reg_take_for_user(struct registry *reg, struct mac mac);

/* A record for a stranger; NULL when there is no room for strangers just now. Sets is_crowded when
 * it is sensors that are there who leave no room. */
struct record *reg_admit(struct registry *reg, struct mac mac);

/* Counts the strangers again after a command changed who is kept. */
void reg_settle(struct registry *reg);

void reg_list(struct registry *reg, struct record *r);
void reg_list_at(struct registry *reg, struct record *r, uint32_t slot); /* a slot of nobody's */
void reg_unlist(struct registry *reg, struct record *r);

/* Gives up everything a record holds, and itself. Tells nobody. */
void reg_release(struct registry *reg, struct record *r);

/* Gives up a stranger, but not `spare`: the one silent longest, those first that are not listed or
 * are there no longer. False when there is none, or only such as are listed and there, who go for
 * nobody but a sensor of the user's. It is told later, by reg_tell_gone() at the end of the same
 * call, when all is consistent. */
bool reg_evict_stranger(struct registry *reg, const struct record *spare, bool for_user);
void reg_tell_gone(struct registry *reg);

/* Tells LISTED for all records with R_MARK, which a file has brought, and takes the mark away. */
void reg_tell_marked(struct registry *reg);

/* The listed record with this slot number or the next one; NULL behind the last. */
const struct record *reg_slot_from(const struct registry *reg, uint32_t slot);

/* `fresh` takes the slot number of `old`, which has none then. */
void reg_hand_over_slot(struct registry *reg, struct record *old, struct record *fresh);

/* ---- decide.c ---- */

/* Remembers that it was forgotten, until an mi32cfg without it is durable. False: no room. */
bool reg_forgotten_note(struct registry *reg, struct mac mac);

/* ---- texts.c ---- */

/* Whose text: what the radio brings never takes the room of what users say. */
enum text_of { TEXT_OF_STRANGER, TEXT_OF_SENSOR, TEXT_OF_USER };

/* Copies len < REG_TEXT_SIZE bytes; NONE when no block is free for such a text. */
uint16_t reg_text_take(struct registry *reg, enum text_of of, const void *bytes, size_t len);
void reg_text_release(struct registry *reg, uint16_t text);
const char *reg_text(const struct registry *reg, uint16_t text); /* "" for NONE */

/* ---- values.c ---- */

void reg_values_init(struct registry *reg);
struct value *reg_value_find(const struct registry *reg, const struct record *r, unsigned kind,
                             unsigned nth);

/* How many there are, at most REG_VALUES_MAX. */
uint8_t reg_values_count(const struct registry *reg, const struct record *r);

/* Keeps what the frame says and notes its gaps. */
void reg_values_store(struct registry *reg, struct record *r, const struct advert *advert,
                      const struct beacon_decoded *d);
/* The frame was heard again: its values are confirmed. */
void reg_values_confirm(struct registry *reg, struct record *r, const struct beacon_decoded *d);
void reg_values_release(struct registry *reg, struct record *r);
int64_t reg_value_number(const struct value *v);
bool reg_is_two_state(unsigned kind);

/* ---- windows.c ---- */

void reg_windows_init(struct registry *reg);
struct window *reg_window_find(const struct registry *reg, const struct record *r, uint8_t format);
/* NULL when the pool is empty. The window is not started. */
struct window *reg_window_take(struct registry *reg, struct record *r);
void reg_windows_release(struct registry *reg, struct record *r);

/* What the counter and the tag of an authentic frame say. */
struct verdict {
    bool is_new;
    bool restarted;
    bool no_window;    /* the pool is empty: refuse */
    bool fresh_repeat; /* the newest once more, within seconds of it: really heard just now */
    uint32_t step;     /* how far the counter moved; 0: not known, or a late one */
};
struct verdict reg_window_judge(struct registry *reg, struct record *r,
                                const struct beacon_decoded *d);

/* ---- recent.c ---- */

/* Moves record.heard to now; the only way to do so. */
void reg_hear(const struct registry *reg, struct record *r);
/* True when these bytes were heard within REG_REPEAT_MS. */
bool reg_recent(const struct registry *reg, struct record *r, uint32_t hash);
/* They were heard now; hears, too. */
void reg_recent_note(const struct registry *reg, struct record *r, uint32_t hash);

/* ---- events.c ---- */

/* Puts the events of a new frame into the ring, before its values are stored. How many. */
uint32_t reg_events_push(struct registry *reg, struct record *r, const struct beacon_decoded *d);

/* ---- liveness.c ---- */

void reg_gap_note(struct value *v, uint32_t gap_ms);
uint32_t reg_value_expires(const struct value *v);
/* After how long a silence the sensor is offline; UINT32_MAX: never. */
uint32_t reg_expires(const struct registry *reg, const struct record *r);
/* How long its old counter must be silent before a new one is believed. */
uint32_t reg_quiet(const struct registry *reg, const struct record *r);
/* The hit rate, at a new frame: its counter moved by `step`, or it is a plain one. */
void reg_pace_counted(const struct registry *reg, struct record *r, uint32_t step);
void reg_pace_plain(const struct registry *reg, struct record *r, const struct beacon_decoded *d);
uint8_t reg_pace_rate(const struct record *r);
void reg_radio_heard(struct registry *reg, unsigned radio);
void reg_radio_tick(struct registry *reg);
/* No age is above REG_OLDEST_MS from now on; all are at it when so much time has passed at once. */
void reg_limit_ages(struct registry *reg, bool all);

/* ---- vault.c ---- */

void reg_vault_keep(struct registry *reg, struct record *r, const struct advert *advert,
                    uint32_t hash);
void reg_vault_drop(struct registry *reg, struct record *r);
struct registry_trial reg_vault_try(const struct registry *reg, struct mac mac,
                                    const struct beacon_key *key);

/* ---- keys.c ---- */

bool reg_has_key(const struct record *r);
const struct beacon_key *reg_key(const struct registry *reg, const struct record *r);
void reg_key_release(struct registry *reg, struct record *r);
/* Sets a key in a record without telling anybody. */
enum registry_result reg_key_put(struct registry *reg, struct record *r, const uint8_t *bytes,
                                 size_t len);

/* ---- view.c ---- */

void reg_view(const struct registry *reg, const struct record *r, struct registry_sensor *out);
bool reg_needs_key(const struct registry *reg, const struct record *r);
/* It has a value of the last 15 minutes. */
bool reg_is_fresh(const struct registry *reg, const struct record *r);
/* It has this name or, regardless of its name, this Tasmota key. */
bool reg_is_called(const struct registry *reg, const struct record *r, const char *text,
                   size_t len);
struct mac reg_identity(const struct registry *reg, const struct record *r);

/* ---- names.c ---- */

/* Sets or removes a name without telling anybody. */
enum registry_result reg_name_put(struct registry *reg, struct record *r, const char *name,
                                  size_t len);
/* Equal regardless of the case of ASCII letters. */
bool reg_same_name(const char *name, const char *text, size_t len);

/* ---- apply.c ---- */

uint32_t reg_outcome_count(const struct record *r, enum beacon_outcome outcome);

#endif
