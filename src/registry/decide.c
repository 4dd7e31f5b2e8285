/* What the user decides about a sensor. */
#include "registry/registry_private.h"

#include <string.h>

/* After every decision: who is kept may have changed, and it must reach the disk soon. */
static void decided(struct registry *reg)
{
    reg_settle(reg);
    reg_dirty(reg, REG_SOON_MS);
    reg_tell_gone(reg);
}

enum registry_result registry_approve(struct registry *reg, struct mac mac)
{
    struct record *r = reg_find(reg, mac);

    if (!r)
        return REGISTRY_E_UNKNOWN;
    const bool was_listed = reg_is_listed(r);
    reg_list(reg, r);
    r->flags |= R_APPROVED;
    const uint32_t slot = r->slot;
    decided(reg);
    reg_tell(reg, was_listed ? REGISTRY_EDITED : REGISTRY_LISTED, mac, slot);
    return REGISTRY_OK;
}

enum registry_result registry_ignore(struct registry *reg, struct mac mac)
{
    struct record *r = reg_take_for_user(reg, mac);

    if (!r)
        return REGISTRY_E_FULL;
    reg_unlist(reg, r);
    reg_values_release(reg, r);
    reg_vault_drop(reg, r);
    r->standing = REGISTRY_IS_IGNORED;
    r->flags &= ~R_APPROVED;
    decided(reg);
    reg_tell(reg, REGISTRY_REMOVED, mac, REGISTRY_NO_SLOT);
    return REGISTRY_OK;
}

static void take_out(struct registry *reg, struct mac mac)
{
    for (uint16_t i = 0; i < reg->n_forgotten; i++) {
        if (!mac_equal(reg->forgotten[i], mac))
            continue;
        reg->n_forgotten--;
        if (i < reg->forgotten_written)
            reg->forgotten_written--;
        memmove(&reg->forgotten[i], &reg->forgotten[i + 1],
                (reg->n_forgotten - i) * sizeof(reg->forgotten[0]));
        return;
    }
}

bool reg_forgotten_note(struct registry *reg, struct mac mac)
{
    take_out(reg, mac);
    if (reg->n_forgotten == reg->config.forgotten)
        return false;
    reg->forgotten[reg->n_forgotten++] = mac;
    return true;
}

enum registry_result registry_forget(struct registry *reg, struct mac mac)
{
    struct record *r = reg_find(reg, mac);

    if (!r)
        return REGISTRY_E_UNKNOWN;
    if ((r->flags & (R_CONFIGURED | R_WRITTEN)) && !reg_forgotten_note(reg, mac))
        return REGISTRY_E_UNSAVED;
    reg_release(reg, r);
    decided(reg);
    reg_tell(reg, REGISTRY_REMOVED, mac, REGISTRY_NO_SLOT);
    return REGISTRY_OK;
}

enum registry_result registry_allow_plain(struct registry *reg, struct mac mac, bool allow)
{
    struct record *r = reg_find(reg, mac);

    if (!r)
        return REGISTRY_E_UNKNOWN;
    r->flags &= ~(R_PLAIN_OK | R_DOWNGRADED);
    r->flags |= allow ? R_PLAIN_OK : 0;
    decided(reg);
    reg_tell(reg, REGISTRY_EDITED, mac, r->slot);
    return REGISTRY_OK;
}

/* ---- replace ---- */

static void hand_over_name(struct registry *reg, struct record *old, struct record *fresh)
{
    reg_text_release(reg, fresh->name);
    fresh->name = old->name;
    old->name = NONE;
    fresh->flags &= ~(R_NAME_IN_CFG | R_NAME_WRITTEN);
    old->flags &= ~(R_NAME_IN_CFG | R_NAME_WRITTEN);
}

/* The address under which the place in the house is known; false when no block is free for it. */
static bool hand_over_identity(struct registry *reg, struct record *old, struct record *fresh)
{
    const struct mac identity = reg_identity(reg, old);
    uint16_t text = old->identity;

    if (text == NONE && !mac_equal(identity, fresh->mac))
        text = reg_text_take(reg, TEXT_OF_USER, identity.b, sizeof(identity.b));
    if (text == NONE && !mac_equal(identity, fresh->mac))
        return false;
    reg_text_release(reg, fresh->identity);
    old->identity = NONE;
    if (mac_equal(identity, fresh->mac)) { /* the first hardware comes back */
        reg_text_release(reg, text);
        text = NONE;
    }
    fresh->identity = text;
    return true;
}

static void hand_over_standing(struct registry *reg, struct record *old, struct record *fresh)
{
    if (reg_is_listed(old)) {
        reg_unlist(reg, fresh);
        reg_hand_over_slot(reg, old, fresh);
    } else {
        reg_list(reg, fresh);
    }
    fresh->flags |= R_APPROVED;
    old->flags &= ~R_APPROVED;
    old->standing = REGISTRY_IS_IGNORED;
}

enum registry_result registry_replace(struct registry *reg, struct mac old_mac,
                                      struct mac fresh_mac)
{
    if (mac_equal(old_mac, fresh_mac))
        return REGISTRY_E_SAME;
    if (!reg_find(reg, old_mac))
        return REGISTRY_E_UNKNOWN;
    struct record *fresh = reg_take_for_user(reg, fresh_mac);
    struct record *old = reg_find(reg, old_mac); /* a stranger may have had to go for the other */
    if (!fresh || !old || !hand_over_identity(reg, old, fresh)) {
        reg_settle(reg);
        reg_tell_gone(reg);
        return REGISTRY_E_FULL;
    }
    hand_over_name(reg, old, fresh);
    hand_over_standing(reg, old, fresh);
    reg_values_release(reg, old);
    const uint32_t slot = fresh->slot;
    decided(reg);
    reg_tell(reg, REGISTRY_REMOVED, old_mac, REGISTRY_NO_SLOT);
    reg_tell(reg, REGISTRY_LISTED, fresh_mac, slot);
    return REGISTRY_OK;
}
