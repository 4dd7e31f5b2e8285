/* Given names: text, unique, and never to be taken for an address or a slot number. */
#include "registry/registry_private.h"

#include "base/utf8.h"

#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool reg_same_name(const char *name, const char *text, size_t len)
{
    if (strlen(name) != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (lower(name[i]) != lower(text[i]))
            return false;
    }
    return true;
}

static bool is_name(const char *name, size_t len)
{
    if (len >= REGISTRY_NAME_SIZE || !utf8_is_text(name, len))
        return false;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
            return false;
    }
    return name[0] != ' ' && name[len - 1] != ' ';
}

static bool is_number(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (name[i] < '0' || name[i] > '9')
            return false;
    }
    return true;
}

/* Another sensor answers to it already, by its name or by its Tasmota key. */
static bool is_taken(const struct registry *reg, const struct record *r, const char *name,
                     size_t len)
{
    struct mac mac;

    if (mac_parse(name, len, &mac) || is_number(name, len))
        return true;
    for (size_t i = 0; i < reg->config.sensors; i++) {
        if (&reg->records[i] != r && reg_is_called(reg, &reg->records[i], name, len))
            return true;
    }
    return false;
}

static bool has_name(const struct registry *reg, const struct record *r, const char *name,
                     size_t len)
{
    const char *have = reg_text(reg, r->name);

    return strlen(have) == len && memcmp(have, name, len) == 0;
}

static void drop_name(struct registry *reg, struct record *r)
{
    reg_text_release(reg, r->name);
    r->name = NONE;
    r->flags &= ~(R_NAME_IN_CFG | R_NAME_WRITTEN);
}

enum registry_result reg_name_put(struct registry *reg, struct record *r, const char *name,
                                  size_t len)
{
    if (has_name(reg, r, name, len))
        return REGISTRY_OK;
    if (len == 0) {
        drop_name(reg, r);
        return REGISTRY_OK;
    }
    if (!is_name(name, len))
        return REGISTRY_E_NAME;
    if (is_taken(reg, r, name, len))
        return REGISTRY_E_NAME_TAKEN;
    drop_name(reg, r);
    r->name = reg_text_take(reg, TEXT_OF_USER, name, len);
    return r->name == NONE ? REGISTRY_E_FULL : REGISTRY_OK;
}

enum registry_result registry_set_name(struct registry *reg, struct mac mac, const char *name,
                                       size_t len)
{
    struct record *r = reg_find(reg, mac);

    if (!r)
        return REGISTRY_E_UNKNOWN;
    const enum registry_result result = reg_name_put(reg, r, name, len);
    reg_settle(reg);
    if (result != REGISTRY_OK)
        return result;
    reg_dirty(reg, REG_SOON_MS);
    reg_tell(reg, REGISTRY_EDITED, mac, r->slot);
    return REGISTRY_OK;
}
