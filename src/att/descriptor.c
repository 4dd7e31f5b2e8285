/* Part G, 4.10 and 3.3.3.3: a characteristic notifies once its client characteristic configuration,
 * a descriptor among its others, says so. */
#include "att/att_private.h"

#define CONFIGURATION 0x2902
#define NOTIFICATIONS 0x0001
#define INDICATIONS   0x0002

/* Part F, 3.4.3.2: the form of a list of handles and types. */
enum { FORM_16 = 0x01, FORM_128 = 0x02 };

static void ask_for_descriptors(struct att *att, uint16_t first);

static enum att_event on_configured(struct att *att, struct bytes body)
{
    return att_end(att, body.len == 0 ? ATT_OK : ATT_E_MALFORMED);
}

static enum att_event configure(struct att *att, uint16_t handle)
{
    static const struct att_step step = { .answered = on_configured };

    att_request(att, &step, PDU_WRITE);
    att_put_number(att, handle);
    att_put_number(att, att->target_bits);
    return ATT_NOTHING;
}

/* Declarations of what comes next: the descriptors of this characteristic have ended. */
static bool is_declaration(struct uuid type)
{
    static const uint16_t declarations[] = { 0x2800, 0x2801, 0x2803 };

    for (size_t i = 0; i < sizeof(declarations) / sizeof(declarations[0]); i++)
        if (uuid_equal(type, uuid_from_16(declarations[i])))
            return true;
    return false;
}

static size_t size_of_type(uint64_t form)
{
    return form == FORM_16 ? 2 : form == FORM_128 ? 16 : 0;
}

static enum att_event on_descriptors(struct att *att, struct bytes body)
{
    const size_t type_size = size_of_type(bytes_take_le(&body, 1));
    uint16_t last = (uint16_t)(bytes_le(att->request + 1, 2) - 1); /* the range begins behind */
    struct bytes entry;
    struct uuid type;

    if (type_size == 0 || body.len == 0 || body.len % (2 + type_size) != 0)
        return att_end(att, ATT_E_MALFORMED);
    while (att_list_next(&body, 2 + type_size, &entry)) {
        const uint16_t handle = (uint16_t)bytes_take_le(&entry, 2);

        if (handle <= last || handle > att->target.end || !uuid_from_air(entry.p, entry.len, &type))
            return att_end(att, ATT_E_MALFORMED);
        if (uuid_equal(type, uuid_from_16(CONFIGURATION)))
            return configure(att, handle);
        if (is_declaration(type))
            return att_end(att, ATT_E_NOT_PERMITTED);
        last = handle;
    }
    if (last >= att->target.end)
        return att_end(att, ATT_E_NOT_PERMITTED);
    ask_for_descriptors(att, (uint16_t)(last + 1));
    return ATT_NOTHING;
}

static enum att_event on_no_descriptors(struct att *att, uint8_t code)
{
    att->result.code = code;
    return code == CODE_NOT_FOUND ? att_end(att, ATT_E_NOT_PERMITTED) : att_end_refused(att, code);
}

static void ask_for_descriptors(struct att *att, uint16_t first)
{
    static const struct att_step step = { .answered = on_descriptors,
                                          .refused = on_no_descriptors };

    att_request_range(att, &step, PDU_FIND_INFORMATION, first, att->target.end);
}

enum att_event att_subscribe(struct att *att, const struct att_char *characteristic)
{
    const uint8_t can = characteristic->properties;
    enum att_event event;

    if (!att_begin(att, &event))
        return event;
    att->target = *characteristic;
    att->target_bits = can & ATT_CAN_NOTIFY ? NOTIFICATIONS : INDICATIONS;
    if (!(can & (ATT_CAN_NOTIFY | ATT_CAN_INDICATE)) || att->target.handle >= att->target.end)
        return att_end(att, ATT_E_NOT_PERMITTED);
    ask_for_descriptors(att, (uint16_t)(att->target.handle + 1));
    return ATT_NOTHING;
}
