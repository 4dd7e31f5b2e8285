/* The gate: what an advert may change. Refusals first, then everything that follows from a frame
 * that was let through, then telling it. */
#include "registry/registry_private.h"

#include "beacon/products.h"

/* What has happened, told at the end, when all is consistent. */
struct news {
    bool is_pending, is_listed, is_online, is_new, key_state;
    enum registry_alarm alarm;
    uint32_t first_event, n_events;
};

/* ---- counting ---- */

/* Every outcome but ok, ignore and duplicate has a counter of 16 bits. */
static uint16_t *other_count(struct record *r, enum beacon_outcome outcome)
{
    if (outcome < BEACON_IGNORE)
        return &r->others[outcome - 1];
    return &r->others[outcome - 3];
}

uint32_t reg_outcome_count(const struct record *r, enum beacon_outcome outcome)
{
    if (outcome == BEACON_OK)
        return r->ok;
    if (outcome == BEACON_DUPLICATE)
        return r->duplicates;
    if (outcome == BEACON_IGNORE)
        return 0;
    return r->others[outcome < BEACON_IGNORE ? outcome - 1 : outcome - 3];
}

static void count(struct registry *reg, struct record *r, enum beacon_outcome outcome)
{
    reg->outcomes[outcome]++;
    if (!r || outcome == BEACON_IGNORE)
        return;
    if (outcome == BEACON_OK)
        r->ok++;
    else if (outcome == BEACON_DUPLICATE)
        r->duplicates++;
    else if (*other_count(r, outcome) < UINT16_MAX)
        (*other_count(r, outcome))++;
}

/* ---- who it is ---- */

/* Something of ours, readable or not: worth a record. What was refused never is. */
static bool is_ours(const struct beacon_decoded *d)
{
    switch ((enum beacon_outcome)d->outcome) {
    case BEACON_OK:
    case BEACON_NO_KEY:
        return true;
    case BEACON_NO_OBJECT:
    case BEACON_UNKNOWN_OBJECT:
        return d->unbound || d->product != NULL;
    case BEACON_UNKNOWN_DEVICE:
    case BEACON_IGNORE:
    case BEACON_DUPLICATE:
    case BEACON_REJECT_MIC:
    case BEACON_REJECT_SHORT:
    case BEACON_REJECT_MAC:
    case BEACON_REJECT_VERSION:
    case BEACON_REJECT_OBJECT:
    case BEACON_REJECT_DOWNGRADE:
    case BEACON_OUTCOMES:
        break;
    }
    return false;
}

/* An address that its owner will change: no sensor, and nothing to list by itself. */
static bool is_private(const struct advert *advert)
{
    return advert->addr_type == ADVERT_ADDR_RANDOM && (advert->addr.b[0] & 0xc0) != 0xc0;
}

/* The record of the sender; a new one for a stranger that is worth it. */
static struct record *who(struct registry *reg, const struct advert *advert,
                          const struct beacon_decoded *d, struct news *news)
{
    struct record *r = reg_find(reg, advert->addr);

    if (r || !is_ours(d))
        return r;
    r = reg_admit(reg, advert->addr);
    if (!r)
        return NULL;
    if (advert->addr_type == ADVERT_ADDR_RANDOM)
        r->flags |= R_RANDOM;
    news->is_pending = true;
    return r;
}

static void list_if_wanted(struct registry *reg, struct record *r, const struct advert *advert,
                           struct news *news)
{
    if (!reg->auto_add || r->standing != REGISTRY_IS_PENDING || is_private(advert))
        return;
    reg_list(reg, r);
    news->is_listed = true;
    news->is_pending = false;
}

/* ---- refusals ---- */

/* A wrong tag: counted, and more than so many in a minute end all trying for a minute, so that a
 * 4-byte tag cannot be guessed. */
static void note_bad_tag(struct registry *reg, struct record *r, struct news *news)
{
    if (r->bad_tags == 0 || reg_age(reg, r->bad_since) >= MINUTE_MS) {
        r->bad_tags = 0;
        r->bad_since = (uint32_t)reg->now_ms;
    }
    r->bad_tags++;
    if (r->bad_tags > REG_BAD_TAGS_MAX) {
        r->bad_tags = 0;
        r->bad_since = (uint32_t)reg->now_ms;
        r->flags |= R_BACKING_OFF;
        news->alarm = REGISTRY_ALARM_BAD_TAGS;
    }
    if (r->bad_row < REG_BAD_TAGS_SHOWN)
        r->bad_row++;
    if (!(r->flags & R_WAS_RIGHT) || r->bad_row == REG_BAD_TAGS_SHOWN)
        r->flags |= R_WRONG_KEY;
}

static bool is_backing_off(const struct registry *reg, struct record *r)
{
    if (!(r->flags & R_BACKING_OFF))
        return false;
    if (reg_age(reg, r->bad_since) < MINUTE_MS)
        return true;
    r->flags &= ~R_BACKING_OFF;
    return false;
}

/* Plain frames, and legacy ones with their single check byte, are below the level of a sensor that
 * has proper encryption. */
static bool is_downgrade(const struct registry *reg, const struct record *r,
                         const struct beacon_decoded *d)
{
    const struct beacon_key *key = reg_key(reg, r);

    if (!key || (r->flags & R_PLAIN_OK))
        return false;
    if (d->format == BEACON_MIBEACON_LEGACY)
        return key->len == 16 || r->windows != NONE;
    return !d->encrypted;
}

static enum beacon_outcome refuse_downgrade(struct registry *reg, struct record *r,
                                            struct news *news)
{
    if (!(r->flags & R_DOWNGRADED)) {
        r->flags |= R_DOWNGRADED;
        news->alarm = REGISTRY_ALARM_DOWNGRADE;
        reg_dirty(reg, REG_LATER_MS);
    }
    return BEACON_REJECT_DOWNGRADE;
}

/* ---- a frame that is let through ---- */

static struct registry_fid fid(unsigned what, uint32_t rest, uint32_t low)
{
    return (struct registry_fid){ (uint32_t)what << 24 | rest, low };
}

static struct registry_fid fid_of(const struct beacon_decoded *d)
{
    if (d->fields & BEACON_HAS_COUNTER)
        return fid(FID_COUNTER, 0, d->counter);
    if (d->authentic && (d->fields & BEACON_HAS_EXT_COUNTER))
        return fid(FID_MIBEACON, (uint32_t)d->product_id << 8 | d->frame_counter, d->ext_counter);
    if (d->fields & BEACON_HAS_PACKET_ID)
        return fid(FID_PLAIN_COUNTED, d->packet_id, d->content_hash);
    if (d->fields & BEACON_HAS_FRAME_COUNTER)
        return fid(FID_PLAIN_COUNTED, d->frame_counter, d->content_hash);
    return fid(FID_PLAIN, 0, d->content_hash);
}

static void note_rssi(struct record *r, int8_t rssi)
{
    if (rssi == ADVERT_NO_RSSI)
        return;
    if (r->rssi == ADVERT_NO_RSSI)
        r->rssi_64 = (int16_t)(rssi * 64);
    else
        r->rssi_64 = (int16_t)(r->rssi_64 + (rssi * 64 - r->rssi_64) / 8);
    r->rssi = rssi;
}

/* Heard, and not refused: what is true of repeats, too. */
static void note_hearing(struct registry *reg, struct record *r, const struct advert *advert,
                         struct news *news)
{
    note_rssi(r, advert->rssi);
    reg_hear(reg, r);
    r->flags |= R_HEARD;
    news->is_online |= (r->flags & R_OFFLINE) != 0;
    r->flags &= ~R_OFFLINE;
}

/* The first that is known stays: some firmware speaks several formats in turn, and the sensor's
 * Tasmota key must not change with them. */
static void note_product(struct record *r, const struct beacon_decoded *d)
{
    if (r->product || r->product_id != 0)
        return;
    r->product = d->product;
    if (d->product)
        r->product_id = d->product->id;
    else if (d->fields & BEACON_HAS_PRODUCT_ID)
        r->product_id = d->product_id;
}

static void note_frame(const struct registry *reg, struct record *r, const struct beacon_decoded *d)
{
    note_product(r, d);
    r->format = d->format;
    r->fid = fid_of(d);
    if (reg->hour < REGISTRY_HOURS)
        r->hours |= UINT32_C(1) << reg->hour;
}

/* Values and events. A pending sender's events stay out of the ring: it is in no output. */
static void keep(struct registry *reg, struct record *r, const struct advert *advert,
                 const struct beacon_decoded *d, struct news *news)
{
    news->first_event = reg->next_event;
    if (reg_is_listed(r))
        news->n_events = reg_events_push(reg, r, d);
    reg_values_store(reg, r, advert, d);
    news->is_new = true;
}

/* A tag was right: the key is. */
static void note_right_tag(struct record *r)
{
    r->flags |= R_WAS_RIGHT;
    r->flags &= ~(R_WRONG_KEY | R_UNBOUND | R_LOCKED);
    r->bad_row = 0;
}

static enum beacon_outcome let_through(struct registry *reg, struct record *r,
                                       const struct advert *advert, const struct beacon_decoded *d,
                                       struct news *news)
{
    list_if_wanted(reg, r, advert, news);
    note_frame(reg, r, d);
    note_hearing(reg, r, advert, news);
    if (d->outcome == BEACON_OK)
        keep(reg, r, advert, d, news);
    return d->outcome;
}

/* ---- the three ways: authentic, plain, unreadable ---- */

static enum beacon_outcome judge_authentic(struct registry *reg, struct record *r,
                                           const struct advert *advert,
                                           const struct beacon_decoded *d, struct news *news)
{
    const struct verdict v = reg_window_judge(reg, r, d);

    if (v.no_window && !(r->flags & R_WINDOWS_OUT)) {
        r->flags |= R_WINDOWS_OUT;
        news->alarm = REGISTRY_ALARM_WINDOWS;
    }
    if (!v.is_new) {
        if (v.fresh_repeat)
            note_hearing(reg, r, advert, news);
        return BEACON_DUPLICATE;
    }
    if (v.restarted)
        news->alarm = REGISTRY_ALARM_RESTART;
    note_right_tag(r);
    reg_pace_counted(reg, r, v.step);
    const enum beacon_outcome outcome = let_through(reg, r, advert, d, news);
    reg_dirty(reg, news->n_events > 0 ? REG_SOON_MS : REG_LATER_MS);
    return outcome;
}

static enum beacon_outcome judge_plain(struct registry *reg, struct record *r,
                                       const struct advert *advert, const struct beacon_decoded *d,
                                       struct news *news)
{
    const bool again = reg_recent(reg, r, d->content_hash);

    if (is_downgrade(reg, r, d))
        return refuse_downgrade(reg, r, news);
    if (!again)
        reg_pace_plain(reg, r, d);
    reg_recent_note(reg, r, d->content_hash);
    if (again) {
        note_hearing(reg, r, advert, news);
        reg_values_confirm(reg, r, d);
        return BEACON_DUPLICATE;
    }
    if (d->format == BEACON_MIBEACON_LEGACY)
        note_right_tag(r);
    r->flags &= ~R_UNBOUND;
    return let_through(reg, r, advert, d, news);
}

/* A frame without values, that nothing vouches for. It shows that an unkeyed sender is there. */
static enum beacon_outcome judge_empty(struct registry *reg, struct record *r,
                                       const struct advert *advert, const struct beacon_decoded *d,
                                       struct news *news)
{
    if (reg_has_key(r))
        return d->outcome;
    if (d->unbound && !reg_is_fresh(reg, r))
        r->flags |= R_UNBOUND;
    list_if_wanted(reg, r, advert, news);
    note_frame(reg, r, d);
    note_hearing(reg, r, advert, news);
    return d->outcome;
}

static enum beacon_outcome judge_locked(struct registry *reg, struct record *r,
                                        const struct advert *advert, const struct beacon_decoded *d,
                                        struct news *news)
{
    reg_vault_keep(reg, r, advert, d->content_hash);
    if (reg_has_key(r)) {
        if (d->outcome == BEACON_REJECT_MIC && !is_backing_off(reg, r))
            note_bad_tag(reg, r, news);
        return BEACON_REJECT_MIC;
    }
    r->flags |= R_LOCKED;
    list_if_wanted(reg, r, advert, news);
    note_frame(reg, r, d);
    note_hearing(reg, r, advert, news);
    return d->outcome;
}

static bool carries_something(const struct beacon_decoded *d)
{
    return d->outcome == BEACON_OK || d->outcome == BEACON_NO_OBJECT ||
           d->outcome == BEACON_UNKNOWN_OBJECT;
}

static enum beacon_outcome judge(struct registry *reg, struct record *r,
                                 const struct advert *advert, const struct beacon_decoded *d,
                                 struct news *news)
{
    if (r->standing == REGISTRY_IS_IGNORED)
        return d->outcome;
    if (d->outcome == BEACON_NO_KEY || d->outcome == BEACON_REJECT_MIC)
        return judge_locked(reg, r, advert, d, news);
    if (!carries_something(d))
        return d->outcome;
    if (d->encrypted && is_backing_off(reg, r))
        return BEACON_REJECT_MIC;
    if (beacon_is_authenticated(d))
        return judge_authentic(reg, r, advert, d, news);
    if (d->outcome == BEACON_OK)
        return judge_plain(reg, r, advert, d, news);
    return judge_empty(reg, r, advert, d, news);
}

/* ---- telling ---- */

/* Nothing here looks at the record: what is called may already have changed it. */
static void tell(struct registry *reg, const struct advert *advert, const struct beacon_decoded *d,
                 uint32_t slot, const struct news *news)
{
    const struct mac mac = advert->addr;
    const bool listed = slot != REGISTRY_NO_SLOT;

    reg_tell_gone(reg);
    if (news->is_pending)
        reg_tell(reg, REGISTRY_PENDING, mac, slot);
    if (!listed)
        return;
    if (news->is_listed)
        reg_tell(reg, REGISTRY_LISTED, mac, slot);
    if (news->key_state)
        reg_tell(reg, REGISTRY_KEY_STATE, mac, slot);
    if (news->alarm != REGISTRY_ALARM_NONE)
        reg_tell_alarm(reg, news->alarm, mac, slot);
    if (news->is_online)
        reg_tell(reg, REGISTRY_ONLINE, mac, slot);
    if (news->is_new && reg->config.on_change)
        reg->config.on_change(reg->config.user,
                              &(struct registry_change){ .kind = REGISTRY_UPDATED,
                                                         .mac = mac,
                                                         .slot = slot,
                                                         .first_event = news->first_event,
                                                         .n_events = news->n_events,
                                                         .advert = advert,
                                                         .decoded = d });
}

/* Once: that it goes on need not be told with each of them. */
static void tell_crowded(struct registry *reg, struct mac mac)
{
    if (!reg->is_crowded || reg->told_crowded)
        return;
    reg->told_crowded = true;
    reg_tell_alarm(reg, REGISTRY_ALARM_CROWDED, mac, REGISTRY_NO_SLOT);
}

/* What the user sees about its key. */
static unsigned key_state(const struct registry *reg, const struct record *r)
{
    return (r->flags & (R_WRONG_KEY | R_UNBOUND)) | (reg_needs_key(reg, r) ? 1u << 16 : 0);
}

enum beacon_outcome registry_apply(struct registry *reg, const struct advert *advert,
                                   struct beacon_decoded *decoded)
{
    struct news news = { 0 };

    reg_move_time(reg, advert->heard_ms);
    reg_radio_heard(reg, advert->radio);
    struct record *r = decoded->outcome == BEACON_IGNORE ? NULL : who(reg, advert, decoded, &news);
    enum beacon_outcome outcome = decoded->outcome;
    if (r) {
        const unsigned before = key_state(reg, r);
        outcome = judge(reg, r, advert, decoded, &news);
        news.key_state = key_state(reg, r) != before;
    }
    decoded->outcome = (uint8_t)outcome;
    count(reg, r, outcome);
    tell(reg, advert, decoded, r ? r->slot : REGISTRY_NO_SLOT, &news);
    tell_crowded(reg, advert->addr);
    return outcome;
}
