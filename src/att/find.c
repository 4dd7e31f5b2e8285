/*
 * Part G, 4.4.2, 4.4.1 and 4.6: the services of a UUID, then their characteristics.
 *
 * Services are asked for by value. A peer that has none such, or does not know the request, is
 * asked for the list of all: some keep a 16-bit UUID in its long form, which the first way does not
 * find. A characteristic ends before the declaration of the next, so that is looked for as well.
 */
#include "att/att_private.h"

#define PRIMARY_SERVICE 0x2800
#define CHARACTERISTIC  0x2803
#define LAST_HANDLE     0xffff
#define RANGE_LEN       4 /* first and last handle of a service */
#define DECLARATION     5 /* handle, properties, handle of the value; a UUID of 2 or 16 follows */

static void ask_by_value(struct att *att, uint16_t first);
static void ask_for_services(struct att *att, uint16_t first);
static void ask_for_declarations(struct att *att, uint16_t first);

/* The first handle of the range that was asked for. */
static uint16_t asked_from(const struct att *att)
{
    return (uint16_t)bytes_le(att->request + 1, 2);
}

/* ---- services ---- */

static enum att_event not_found(struct att *att)
{
    return att_end(att, att->find.saw_service ? ATT_E_NO_CHARACTERISTIC : ATT_E_NO_SERVICE);
}

/* Looks into the service of these handles; false where nothing behind `after` is in it. */
static bool enter_service(struct att *att, uint16_t first, uint16_t last)
{
    att->find.saw_service = true;
    att->find.last = last;
    if (att->find.after >= last)
        return false;
    ask_for_declarations(att, att->find.after >= first ? (uint16_t)(att->find.after + 1) : first);
    return true;
}

/* What was asked for is not in the service that ends at `last`: on to the next one. */
static enum att_event next_service(struct att *att, uint16_t last)
{
    if (att->find.in_any || last == LAST_HANDLE)
        return not_found(att);
    ask_by_value(att, (uint16_t)(last + 1));
    return ATT_NOTHING;
}

static enum att_event on_service(struct att *att, struct bytes body)
{
    const size_t len = body.len;
    const uint16_t first = (uint16_t)bytes_take_le(&body, 2);
    const uint16_t last = (uint16_t)bytes_take_le(&body, 2);

    if (len == 0 || len % RANGE_LEN != 0 || first < asked_from(att) || last < first)
        return att_end(att, ATT_E_MALFORMED);
    return enter_service(att, first, last) ? ATT_NOTHING : next_service(att, last);
}

static enum att_event on_no_service(struct att *att, uint8_t code)
{
    (void)code;
    ask_for_services(att, asked_from(att));
    return ATT_NOTHING;
}

static void ask_by_value(struct att *att, uint16_t first)
{
    static const struct att_step step = { .answered = on_service, .refused = on_no_service };
    uint8_t value[16];
    const size_t size = uuid_to_air(att->find.service, value);

    att_request_range(att, &step, PDU_FIND_BY_TYPE_VALUE, first, LAST_HANDLE);
    att_put_number(att, PRIMARY_SERVICE);
    att_put_bytes(att, value, size);
}

/* The list of all services: each entry has its range and its UUID. */
static enum att_event on_services(struct att *att, struct bytes body)
{
    const size_t size = att_list_entry_size(&body);
    uint16_t next = asked_from(att);
    struct bytes entry;
    struct uuid uuid;

    if (size == 0)
        return att_end(att, ATT_E_MALFORMED);
    while (att_list_next(&body, size, &entry)) {
        const uint16_t first = (uint16_t)bytes_take_le(&entry, 2);
        const uint16_t last = (uint16_t)bytes_take_le(&entry, 2);

        if (entry.failed || !uuid_from_air(entry.p, entry.len, &uuid) || first < next ||
            last < first)
            return att_end(att, ATT_E_MALFORMED);
        if (uuid_equal(uuid, att->find.service) && enter_service(att, first, last))
            return ATT_NOTHING;
        if (last == LAST_HANDLE)
            return not_found(att);
        next = (uint16_t)(last + 1);
    }
    ask_for_services(att, next);
    return ATT_NOTHING;
}

static enum att_event on_no_services(struct att *att, uint8_t code)
{
    if (code != CODE_NOT_FOUND)
        return att_end_refused(att, code);
    att->result.code = code;
    return not_found(att);
}

static void ask_for_services(struct att *att, uint16_t first)
{
    static const struct att_step step = { .answered = on_services, .refused = on_no_services };

    att_request_range(att, &step, PDU_READ_BY_GROUP_TYPE, first, LAST_HANDLE);
    att_put_number(att, PRIMARY_SERVICE);
}

/* ---- characteristics ---- */

static bool is_found(const struct att *att)
{
    return att->result.found.handle != 0;
}

static enum att_event found(struct att *att, uint16_t end)
{
    att->result.found.end = end;
    return att_end(att, ATT_OK);
}

struct declaration {
    uint16_t handle;
    struct att_char it;
    struct uuid uuid;
};

/* False for what cannot stand in a service that ends at `last`. */
static bool read_declaration(struct bytes entry, uint16_t last, struct declaration *out)
{
    out->handle = (uint16_t)bytes_take_le(&entry, 2);
    out->it = (struct att_char){ .properties = (uint8_t)bytes_take_le(&entry, 1) };
    out->it.handle = (uint16_t)bytes_take_le(&entry, 2);
    return !entry.failed && uuid_from_air(entry.p, entry.len, &out->uuid) &&
           out->handle < out->it.handle && out->it.handle <= last;
}

static enum att_event end_of_service(struct att *att)
{
    return is_found(att) ? found(att, att->find.last) : next_service(att, att->find.last);
}

static enum att_event on_declarations(struct att *att, struct bytes body)
{
    const size_t size = att_list_entry_size(&body);
    uint16_t next = asked_from(att);
    struct declaration declaration;
    struct bytes entry;

    if (size == 0)
        return att_end(att, ATT_E_MALFORMED);
    while (att_list_next(&body, size, &entry)) {
        if (!read_declaration(entry, att->find.last, &declaration) || declaration.handle < next)
            return att_end(att, ATT_E_MALFORMED);
        if (is_found(att))
            return found(att, (uint16_t)(declaration.handle - 1));
        if (uuid_equal(declaration.uuid, att->find.characteristic))
            att->result.found = declaration.it;
        if (declaration.it.handle == att->find.last)
            return end_of_service(att);
        next = (uint16_t)(declaration.it.handle + 1);
    }
    ask_for_declarations(att, next);
    return ATT_NOTHING;
}

static enum att_event on_no_declarations(struct att *att, uint8_t code)
{
    if (code != CODE_NOT_FOUND)
        return att_end_refused(att, code);
    return end_of_service(att);
}

static void ask_for_declarations(struct att *att, uint16_t first)
{
    static const struct att_step step = { .answered = on_declarations,
                                          .refused = on_no_declarations };

    att_request_range(att, &step, PDU_READ_BY_TYPE, first, att->find.last);
    att_put_number(att, CHARACTERISTIC);
}

enum att_event att_find(struct att *att, const struct uuid *service,
                        const struct uuid *characteristic, uint16_t after)
{
    enum att_event event;

    if (!att_begin(att, &event))
        return event;
    att->find.in_any = service == NULL;
    att->find.saw_service = false;
    att->find.characteristic = *characteristic;
    att->find.after = after;
    if (service) {
        att->find.service = *service;
        ask_by_value(att, 1);
        return ATT_NOTHING;
    }
    return enter_service(att, 1, LAST_HANDLE) ? ATT_NOTHING : not_found(att);
}
