/*
 * The state file.
 *
 *     {"mi32_state":1,"sensors":[
 *      {"mac":"A4C138AABBCC","is":"listed","pid":"055b","key":"...","windows":["mibeacon",0,38,
 *       "1"]},...]}
 *
 * "is" is listed (these in the order of their slots), pending, ignored, or forgotten, which is said
 * of sensors that mi32cfg may still have. Flags are members that are true: approved, random, plain,
 * downgraded; configured when the sensor is in mi32cfg as it was last saved, in_mi32cfg when its
 * key is there as it is here, name_in_mi32cfg likewise. A window is four elements: format, 1 when
 * it counts with 8 bits, newest counter, and the 64 bits of what was heard in hex. Strangers are
 * not in it.
 */
#include "registry/registry_private.h"
#include "registry/text_out.h"

#include "base/bytes.h"
#include "base/hex.h"
#include "beacon/products.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define VERSION 1

static const char *const standings[] = {
    [REGISTRY_IS_PENDING] = "pending",
    [REGISTRY_IS_IGNORED] = "ignored",
    [REGISTRY_IS_LISTED] = "listed",
};

static const struct {
    const char *name;
    uint32_t flag;
} flag_members[] = {
    { "approved", R_APPROVED },
    { "random", R_RANDOM },
    { "plain", R_PLAIN_OK },
    { "downgraded", R_DOWNGRADED },
    { "configured", R_CONFIGURED },
    { "in_mi32cfg", R_KEY_IN_CFG },
    { "name_in_mi32cfg", R_NAME_IN_CFG },
};

/* Those that mi32cfg decides when both are read. */
#define OF_MI32CFG (R_CONFIGURED | R_KEY_IN_CFG | R_NAME_IN_CFG)

static const char forgotten[] = "forgotten";

/* ---- writing ---- */

static void put_window(struct text_out *t, const struct window *w)
{
    uint8_t seen[8];

    for (size_t i = 0; i < sizeof(seen); i++)
        seen[i] = (uint8_t)(w->seen >> (56 - 8 * i));
    text_put_string(t, beacon_format_name((enum beacon_format)(w->format & ~WINDOW_8_BITS)));
    text_put(t, w->format & WINDOW_8_BITS ? ",1," : ",0,");
    text_put_number(t, w->top);
    text_put(t, ",\"");
    text_put_hex(t, seen, sizeof(seen), false);
    text_put(t, "\"");
}

static void put_windows(struct text_out *t, const struct registry *reg, const struct record *r)
{
    if (r->windows == NONE)
        return;
    text_put(t, ",\"windows\":[");
    for (uint16_t i = r->windows; i != NONE; i = reg->windows[i].next) {
        text_put(t, i == r->windows ? "" : ",");
        put_window(t, &reg->windows[i]);
    }
    text_put(t, "]");
}

static void put_key(struct text_out *t, const struct registry *reg, const struct record *r)
{
    const struct beacon_key *key = reg_key(reg, r);

    if (!key)
        return;
    text_put(t, ",\"key\":\"");
    text_put_hex(t, key->bytes, key->len, true);
    text_put(t, "\"");
}

static void put_who(struct text_out *t, const struct registry *reg, const struct record *r)
{
    const uint8_t pid[2] = { (uint8_t)(r->product_id >> 8), (uint8_t)r->product_id };

    text_put(t, ",\"pid\":\"");
    text_put_hex(t, pid, sizeof(pid), false);
    text_put(t, "\"");
    if (r->product_id == 0 && r->product) {
        text_put(t, ",\"model\":");
        text_put_string(t, r->product->model);
    }
    if (r->name != NONE) {
        text_put(t, ",\"name\":");
        text_put_string(t, reg_text(reg, r->name));
    }
    if (r->identity != NONE) {
        text_put(t, ",\"identity\":\"");
        text_put_mac(t, reg_identity(reg, r));
        text_put(t, "\"");
    }
}

static void put_standing(struct text_out *t, struct mac mac, const char *standing)
{
    text_put(t, "{\"mac\":\"");
    text_put_mac(t, mac);
    text_put(t, "\",\"is\":\"");
    text_put(t, standing);
    text_put(t, "\"");
}

static void put_record(struct text_out *t, const struct registry *reg, const struct record *r)
{
    put_standing(t, r->mac, standings[r->standing]);
    put_who(t, reg, r);
    for (size_t i = 0; i < sizeof(flag_members) / sizeof(flag_members[0]); i++) {
        if (!(r->flags & flag_members[i].flag))
            continue;
        text_put(t, ",\"");
        text_put(t, flag_members[i].name);
        text_put(t, "\":true");
    }
    put_key(t, reg, r);
    put_windows(t, reg, r);
    text_put(t, "}");
}

static void next_line(struct text_out *t, bool *first)
{
    text_put(t, *first ? "\n" : ",\n");
    *first = false;
}

static void put_if_kept(struct text_out *t, const struct registry *reg, const struct record *r,
                        bool *first)
{
    if (r->standing == REG_FREE || !reg_is_kept(r))
        return;
    next_line(t, first);
    put_record(t, reg, r);
}

static void put_forgotten(struct text_out *t, const struct registry *reg, bool *first)
{
    for (size_t i = 0; i < reg->n_forgotten; i++) {
        next_line(t, first);
        put_standing(t, reg->forgotten[i], forgotten);
        text_put(t, "}");
    }
}

/* Listed ones in the order of their slots, then the others. */
static void put_all(struct text_out *t, const struct registry *reg)
{
    bool first = true;

    text_put(t, "{\"mi32_state\":");
    text_put_number(t, VERSION);
    text_put(t, ",\"sensors\":[");
    for (size_t i = 0; i < reg->listed; i++)
        put_if_kept(t, reg, &reg->records[reg->order[i]], &first);
    for (size_t i = 0; i < reg->config.sensors; i++) {
        if (!reg_is_listed(&reg->records[i]))
            put_if_kept(t, reg, &reg->records[i], &first);
    }
    put_forgotten(t, reg, &first);
    text_put(t, "]}\n");
}

size_t registry_state_write(struct registry *reg, char *out, size_t size)
{
    struct text_out t = { .out = out, .size = size };

    put_all(&t, reg);
    if (t.len < size)
        reg->due_ms = UINT64_MAX;
    return t.len;
}

uint64_t registry_state_due(const struct registry *reg)
{
    return reg->due_ms;
}

void registry_state_unsaved(struct registry *reg)
{
    reg_dirty(reg, REG_SOON_MS);
}

/* ---- reading ---- */

static const char *text_of(const cJSON *item, const char *name)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(item, name);

    return cJSON_IsString(member) ? member->valuestring : "";
}

static bool read_mac(const char *text, struct mac *mac)
{
    return strlen(text) == MAC_TEXT_LEN && mac_parse(text, MAC_TEXT_LEN, mac);
}

static uint32_t read_flags(const cJSON *item)
{
    uint32_t flags = 0;

    for (size_t i = 0; i < sizeof(flag_members) / sizeof(flag_members[0]); i++) {
        if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(item, flag_members[i].name)))
            flags |= flag_members[i].flag;
    }
    return flags;
}

static void read_product(struct record *r, const cJSON *item)
{
    const char *pid = text_of(item, "pid"), *model = text_of(item, "model");
    uint8_t bytes[2] = { 0 };

    if (r->product || r->product_id != 0)
        return;
    if (strlen(pid) == 4 && hex_decode(pid, 4, bytes, sizeof(bytes)))
        r->product_id = (uint16_t)(bytes[0] << 8 | bytes[1]);
    r->product = r->product_id != 0 ? beacon_product_by_id(r->product_id)
                                    : beacon_product_by_name(model, strlen(model));
}

static uint8_t format_called(const char *name)
{
    for (uint8_t i = BEACON_FORMAT_NONE + 1; i < BEACON_FORMATS; i++) {
        if (strcmp(beacon_format_name((enum beacon_format)i), name) == 0)
            return i;
    }
    return BEACON_FORMAT_NONE;
}

/* One window from four elements; the pool's order and the file's do not matter. */
static bool read_window(struct registry *reg, struct record *r, const cJSON *const part[4])
{
    uint8_t seen[8];

    if (!cJSON_IsString(part[0]) || !cJSON_IsNumber(part[1]) || !cJSON_IsNumber(part[2]) ||
        !cJSON_IsString(part[3]) || strlen(part[3]->valuestring) != 16 ||
        !hex_decode(part[3]->valuestring, 16, seen, sizeof(seen)))
        return false;
    const double top = part[2]->valuedouble;
    uint8_t format = format_called(part[0]->valuestring);
    if (format == BEACON_FORMAT_NONE || !(top >= 0 && top <= UINT32_MAX))
        return false;
    format |= part[1]->valueint ? WINDOW_8_BITS : 0;
    if (reg_window_find(reg, r, format))
        return true;
    struct window *w = reg_window_take(reg, r);
    if (!w)
        return false;
    /* Not heard just now: what follows is no twin and nothing that came late, but a replay. */
    window_start(w, format,
                 &(struct window_frame){
                     .counter = (uint32_t)top,
                     .now_ms = (uint32_t)reg->now_ms - WINDOW_LATE_MS - 1,
                 });
    w->seen = bytes_be(seen, sizeof(seen)) | 1;
    return true;
}

static bool read_windows(struct registry *reg, struct record *r, const cJSON *item)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(item, "windows");
    const cJSON *at = list ? list->child : NULL;
    bool whole = true;

    while (at) {
        const cJSON *part[4] = { NULL };
        for (size_t i = 0; i < 4 && at; i++, at = at->next)
            part[i] = at;
        whole &= read_window(reg, r, part);
    }
    return whole;
}

/* Told, but nothing is lost by it. */
static const char other_key[] =
    "mi32cfg has another key; the one entered later is used, MI32Cfg saves it";

/* Which of two keys is in force: the one of mi32cfg, unless another was entered since (or it was
 * removed) and mi32cfg not written. *windows tells whether the windows in the file belong to it. */
static const char *read_key(struct registry *reg, struct record *r, const cJSON *item,
                            uint32_t flags, bool *windows)
{
    const char *text = text_of(item, "key");
    const struct beacon_key *have = reg_key(reg, r);
    const size_t len = strlen(text) / 2;
    uint8_t bytes[16];

    *windows = false;
    if (!text[0] && (flags & R_CONFIGURED) && !(flags & R_KEY_IN_CFG))
        reg_key_put(reg, r, NULL, 0);
    if (!text[0] || (!have && (flags & r->flags & R_KEY_IN_CFG)))
        return NULL;
    if ((len != 12 && len != 16) || !hex_decode(text, strlen(text), bytes, sizeof(bytes)))
        return "key: 24 or 32 hex digits are expected";
    const bool same = have && have->len == len && memcmp(have->bytes, bytes, len) == 0;
    *windows = same || !have || !(flags & R_KEY_IN_CFG);
    if (same || !*windows)
        return NULL;
    const bool conflict = have != NULL;
    if (reg_key_put(reg, r, bytes, len) != REGISTRY_OK) {
        *windows = false;
        return "no room for this key";
    }
    return conflict ? other_key : NULL;
}

static bool is_said(const cJSON *item, const char *standing)
{
    return strcmp(text_of(item, "is"), standing) == 0;
}

/* The slot of an entry of mi32cfg that is gone. */
static bool is_hole(const struct registry *reg, uint32_t slot)
{
    const struct record *r = reg_slot_from(reg, slot);

    return slot < reg->next_slot && (!r || r->slot != slot);
}

static void shut_out(struct registry *reg, struct record *r)
{
    reg_unlist(reg, r);
    r->standing = REGISTRY_IS_IGNORED;
}

/* Listed ones come in the order of their slots: who is not in mi32cfg, and follows one before a
 * hole, has that place (registry_replace()). *slot is the one behind the last. */
static void read_standing(struct registry *reg, struct record *r, const cJSON *item, uint32_t *slot)
{
    if (is_said(item, standings[REGISTRY_IS_IGNORED])) {
        shut_out(reg, r);
    } else if (is_said(item, standings[REGISTRY_IS_LISTED]) && !reg_is_listed(r)) {
        reg_list_at(reg, r, is_hole(reg, *slot) ? *slot : reg->next_slot);
        r->flags |= R_MARK;
    }
    if (reg_is_listed(r))
        *slot = r->slot + 1;
}

/* Whether the state's name is in force, though mi32cfg has another or none. */
static bool is_renamed(uint32_t flags, const char *name)
{
    return !(flags & R_NAME_IN_CFG) && (name[0] || (flags & R_CONFIGURED));
}

static const char *read_names(struct registry *reg, struct record *r, const cJSON *item,
                              uint32_t flags)
{
    const char *name = text_of(item, "name");
    struct mac identity;

    if (r->identity == NONE && read_mac(text_of(item, "identity"), &identity)) {
        r->identity = reg_text_take(reg, TEXT_OF_USER, identity.b, sizeof(identity.b));
        if (r->identity == NONE)
            return "no room for its identity";
    }
    if (!name[0] || ((r->flags & R_CONFIGURED) && !is_renamed(flags, name)))
        return NULL;
    return reg_name_put(reg, r, name, strlen(name)) == REGISTRY_OK
               ? NULL
               : "its name is taken, not text, or found no room";
}

/* What is wrong with the entry, or NULL. */
static const char *read_sensor(struct registry *reg, const cJSON *item, uint32_t *slot)
{
    const uint32_t flags = read_flags(item);
    bool windows = false;
    struct mac mac;

    if (!read_mac(text_of(item, "mac"), &mac))
        return "mac: 12 hex digits are expected";
    struct record *r = reg_take_for_user(reg, mac);
    if (!r)
        return "no room for more sensors";
    read_product(r, item);
    const char *why = read_key(reg, r, item, flags, &windows);
    r->flags |= flags & ~OF_MI32CFG; /* a new key would have cleared one */
    if (windows && !read_windows(reg, r, item) && !why)
        why = "a replay window cannot be read: it starts anew";
    const char *name_why = read_names(reg, r, item, flags);
    if (reg_is_kept(r) || is_said(item, standings[REGISTRY_IS_IGNORED]))
        read_standing(reg, r, item, slot);
    else
        reg_release(reg, r);
    return !why || (why == other_key && name_why) ? name_why : why;
}

static enum registry_result check(const cJSON *root)
{
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(root, "mi32_state");

    if (!cJSON_IsNumber(version) || version->valueint < 1 ||
        !cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(root, "sensors")))
        return REGISTRY_E_DAMAGED;
    return version->valueint > VERSION ? REGISTRY_E_VERSION : REGISTRY_OK;
}

/* It stays forgotten for as long as mi32cfg may have it. */
static void forget_again(struct registry *reg, struct mac mac)
{
    struct record *r = reg_find(reg, mac);
    const bool is_back = r && (r->flags & R_CONFIGURED);

    if (is_back || !reg->config_whole)
        reg_forgotten_note(reg, mac);
    if (is_back)
        reg_release(reg, r);
}

/* What mi32cfg says and a command has overruled goes before anything is read, so that the name and
 * the place are free for who has them now. */
static void overrule(struct registry *reg, const cJSON *item)
{
    const char *name = text_of(item, "name");
    struct mac mac;

    if (!read_mac(text_of(item, "mac"), &mac))
        return;
    struct record *r = reg_find(reg, mac);
    if (is_said(item, forgotten)) {
        forget_again(reg, mac);
    } else if (r) {
        if (is_renamed(read_flags(item), name) && strcmp(reg_text(reg, r->name), name) != 0)
            reg_name_put(reg, r, "", 0);
        if (is_said(item, standings[REGISTRY_IS_IGNORED]))
            shut_out(reg, r);
    }
}

/* Nothing to read: it was forgotten, or somebody has taken it out of mi32cfg. */
static bool is_gone(const struct registry *reg, const cJSON *item)
{
    struct mac mac;

    if (is_said(item, forgotten))
        return true;
    if (!reg->config_whole || is_said(item, standings[REGISTRY_IS_IGNORED]) ||
        !(read_flags(item) & R_CONFIGURED) || !read_mac(text_of(item, "mac"), &mac))
        return false;
    const struct record *r = reg_find(reg, mac);
    return !r || !(r->flags & R_CONFIGURED);
}

/* The writer puts each sensor on a line of its own, the first on line 2. */
static void read_sensors(struct registry *reg, const cJSON *root, registry_problem problem,
                         void *user, struct registry_reading *reading)
{
    const cJSON *sensors = cJSON_GetObjectItemCaseSensitive(root, "sensors");
    const cJSON *item;
    uint32_t slot = 0;
    unsigned line = 1;

    cJSON_ArrayForEach(item, sensors)
    {
        overrule(reg, item);
    }
    cJSON_ArrayForEach(item, sensors)
    {
        line++;
        if (is_gone(reg, item))
            continue;
        const char *why = read_sensor(reg, item, &slot);
        reading->taken += !why || why == other_key;
        reading->problems += why && why != other_key;
        if (why && problem)
            problem(user, line, why);
    }
}

enum registry_result registry_state_read(struct registry *reg, const char *text, size_t len,
                                         registry_problem problem, void *user,
                                         struct registry_reading *reading)
{
    struct registry_reading own = { 0 };

    while (len > 0 && text[len - 1] == '\0')
        len--;
    cJSON *root = cJSON_ParseWithLength(text, len);
    const enum registry_result result = root ? check(root) : REGISTRY_E_DAMAGED;
    if (result == REGISTRY_OK)
        read_sensors(reg, root, problem, user, &own);
    cJSON_Delete(root);
    reg_settle(reg);
    reg_tell_gone(reg);
    reg_tell_marked(reg);
    if (reading)
        *reading = own;
    return result;
}
