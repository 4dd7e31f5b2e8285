/*
 * The file mi32cfg.
 *
 *     [{"MAC":"A4C138AABBCC","PID":"055b","key":"00112233445566778899AABBCCDDEEFF"},...]
 *
 * One line, MAC in upper and PID in lower case, key of 32 upper-case digits or empty; keys of 12
 * bytes stand there in the form k0..k5 8D3D3C97 k6..k11. Ours, where they are needed: "type":1 for
 * a random address, "model" where the id is 0000, "name" for a given name.
 */
#include "registry/entries.h"
#include "registry/registry_private.h"
#include "registry/text_out.h"

#include "base/hex.h"
#include "beacon/products.h"

#include <stdio.h>
#include <string.h>

/* One entry as read; the text members point into the cJSON object. */
struct entry {
    struct mac mac;
    uint16_t pid;
    uint8_t key[16];
    uint8_t key_len; /* 0 or 16 */
    uint8_t addr_type;
    const char *model, *name; /* "" for none */
};

/* ---- reading ---- */

/* A text member; "" when it is absent, NULL when it is something else. */
static const char *text_member(const cJSON *item, const char *name)
{
    const cJSON *member = cJSON_GetObjectItem(item, name);

    if (!member)
        return "";
    return cJSON_IsString(member) ? member->valuestring : NULL;
}

static const char *read_pid(const char *text, uint16_t *pid)
{
    uint8_t bytes[2];

    if (!text || strlen(text) != 4 || !hex_decode(text, 4, bytes, sizeof(bytes)))
        return "PID: 4 hex digits are expected";
    *pid = (uint16_t)(bytes[0] << 8 | bytes[1]);
    return NULL;
}

static const char *read_key(const char *text, struct entry *entry)
{
    if (!text || (text[0] && strlen(text) != 32))
        return "key: 32 hex digits are expected, or none";
    if (text[0] && !hex_decode(text, 32, entry->key, sizeof(entry->key)))
        return "key: a character is no hex digit";
    entry->key_len = text[0] ? 16 : 0;
    return NULL;
}

static const char *read_type(const cJSON *item, uint8_t *type)
{
    const cJSON *member = cJSON_GetObjectItem(item, "type");

    if (!member)
        return NULL;
    if (!cJSON_IsNumber(member) || (member->valueint != 0 && member->valueint != 1))
        return "type: 0 (public address) or 1 (random) is expected";
    *type = (uint8_t)member->valueint;
    return NULL;
}

/* What is wrong with the entry, or NULL. */
static const char *read_entry(const cJSON *item, struct entry *entry)
{
    const char *mac = text_member(item, "MAC");
    const char *why = NULL;

    *entry =
        (struct entry){ .model = text_member(item, "model"), .name = text_member(item, "name") };
    if (!mac || !mac_parse(mac, strlen(mac), &entry->mac))
        return "MAC: 12 hex digits are expected, with colons or without";
    if ((why = read_pid(text_member(item, "PID"), &entry->pid)))
        return why;
    if ((why = read_key(text_member(item, "key"), entry)))
        return why;
    if ((why = read_type(item, &entry->addr_type)))
        return why;
    return entry->model && entry->name ? NULL : "model and name are texts";
}

static void set_product(struct record *r, const struct entry *entry)
{
    const struct beacon_product *product =
        entry->pid != 0 ? beacon_product_by_id(entry->pid)
                        : beacon_product_by_name(entry->model, strlen(entry->model));

    r->product = product;
    r->product_id = entry->pid;
}

/* The entry's key and name. */
static enum registry_result take_rest(struct registry *reg, struct record *r,
                                      const struct entry *entry)
{
    enum registry_result result = REGISTRY_OK;

    if (entry->key_len > 0)
        result = reg_key_put(reg, r, entry->key, entry->key_len);
    if (result == REGISTRY_OK && (entry->key_len > 0) == reg_has_key(r))
        r->flags |= R_KEY_IN_CFG;
    if (result == REGISTRY_OK && entry->name[0])
        result = reg_name_put(reg, r, entry->name, strlen(entry->name));
    if (result == REGISTRY_OK && (entry->name[0] != '\0') == (r->name != NONE))
        r->flags |= R_NAME_IN_CFG;
    return result;
}

/* Everything an entry says goes into its record; NULL, or what could not be done. A sensor whose
 * key or name finds no room is taken all the same. */
static const char *take_entry(struct registry *reg, const struct entry *entry, unsigned *taken)
{
    struct record *r = reg_take_for_user(reg, entry->mac);

    if (!r)
        return "no room for more sensors";
    if (r->flags & R_MARK)
        return "this MAC is in the file already";
    (*taken)++;
    r->flags |= R_CONFIGURED | R_MARK | (entry->addr_type ? R_RANDOM : 0);
    set_product(r, entry);
    reg_list(reg, r);
    const enum registry_result result = take_rest(reg, r, entry);
    return result == REGISTRY_OK ? NULL : registry_result_text(result);
}

struct registry_reading registry_config_read(struct registry *reg, const char *text, size_t len,
                                             registry_problem problem, void *user)
{
    struct registry_reading reading = { 0 };
    struct entries entries;
    unsigned line = 0;
    cJSON *item;

    entries_open(&entries, text, len, problem, user);
    while ((item = entries_next(&entries, &line))) {
        struct entry entry;
        const char *why = read_entry(item, &entry);
        if (!why)
            why = take_entry(reg, &entry, &reading.taken);
        if (why)
            entries_report(&entries, line, why);
        cJSON_Delete(item);
    }
    reg_settle(reg);
    reading.problems = entries.problems;
    reg->config_whole = entries.problems == 0;
    reg_tell_gone(reg);
    reg_tell_marked(reg);
    return reading;
}

/* ---- writing ---- */

static void put_key(struct text_out *t, const struct beacon_key *key)
{
    static const uint8_t middle[4] = { 0x8d, 0x3d, 0x3c, 0x97 };
    uint8_t bytes[16];

    memcpy(bytes, key->bytes, sizeof(bytes));
    if (key->len == 12) {
        memcpy(bytes + 6, middle, sizeof(middle));
        memcpy(bytes + 10, key->bytes + 6, 6);
    }
    text_put_hex(t, bytes, sizeof(bytes), true);
}

static void put_entry(struct text_out *t, const struct registry *reg, const struct record *r)
{
    const uint8_t pid[2] = { (uint8_t)(r->product_id >> 8), (uint8_t)r->product_id };

    text_put(t, "{\"MAC\":\"");
    text_put_mac(t, r->mac);
    text_put(t, "\",\"PID\":\"");
    text_put_hex(t, pid, sizeof(pid), false);
    text_put(t, "\",\"key\":\"");
    if (reg_has_key(r))
        put_key(t, reg_key(reg, r));
    text_put(t, "\"");
    if (r->product_id == 0 && r->product) {
        text_put(t, ",\"model\":");
        text_put_string(t, r->product->model);
    }
    if (r->flags & R_RANDOM)
        text_put(t, ",\"type\":1");
    if (r->name != NONE) {
        text_put(t, ",\"name\":");
        text_put_string(t, reg_text(reg, r->name));
    }
    text_put(t, "}");
}

size_t registry_config_write(struct registry *reg, char *out, size_t size)
{
    struct text_out t = { .out = out, .size = size };

    if (size > 0)
        out[0] = '\0';
    for (size_t i = 0; i < reg->config.sensors; i++)
        reg->records[i].flags &= ~(R_WRITTEN | R_KEY_WRITTEN | R_NAME_WRITTEN);
    reg->forgotten_written = reg->n_forgotten;
    for (size_t i = 0; i < reg->listed; i++) {
        struct record *r = &reg->records[reg->order[i]];
        text_put(&t, i == 0 ? "[" : ",");
        put_entry(&t, reg, r);
        r->flags |= R_WRITTEN | R_KEY_WRITTEN | R_NAME_WRITTEN;
    }
    if (reg->listed > 0)
        text_put(&t, "]");
    return t.len;
}

/* What was changed since the writing is not in the file, and has lost its mark. */
static void note_saved(struct record *r)
{
    if (!(r->flags & R_WRITTEN)) {
        r->flags &= ~(R_CONFIGURED | R_KEY_IN_CFG | R_NAME_IN_CFG);
        return;
    }
    r->flags |= R_CONFIGURED;
    r->flags |= r->flags & R_KEY_WRITTEN ? R_KEY_IN_CFG : 0;
    r->flags |= r->flags & R_NAME_WRITTEN ? R_NAME_IN_CFG : 0;
}

void registry_config_saved(struct registry *reg)
{
    for (size_t i = 0; i < reg->config.sensors; i++)
        note_saved(&reg->records[i]);
    reg->n_forgotten = (uint16_t)(reg->n_forgotten - reg->forgotten_written);
    memmove(reg->forgotten, reg->forgotten + reg->forgotten_written,
            reg->n_forgotten * sizeof(reg->forgotten[0]));
    reg->forgotten_written = 0;
    reg_settle(reg);
    reg_dirty(reg, REG_SOON_MS);
}
