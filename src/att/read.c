/* Part G, 4.8.1 and 4.8.3: a value that fills the PDU may go on; the rest is asked for by offset.
 */
#include "att/att_private.h"

#include <string.h>

static enum att_event ask_for_more(struct att *att);

static enum att_event end_of_value(struct att *att)
{
    att->result.data = att->data;
    att->result.len = att->data_len;
    return att_end(att, ATT_OK);
}

static enum att_event on_part(struct att *att, struct bytes body)
{
    const bool is_full = body.len + 1 >= att->mtu;

    if (body.len > ATT_VALUE_MAX - att->data_len)
        return att_end(att, ATT_E_TOO_LONG);
    if (body.len > 0)
        memcpy(att->data + att->data_len, body.p, body.len);
    att->data_len += body.len;
    return is_full && att->data_len < ATT_VALUE_MAX ? ask_for_more(att) : end_of_value(att);
}

/* A value exactly as long as what was read so far has no more: peers say so in three ways. */
static enum att_event on_no_more(struct att *att, uint8_t code)
{
    if (code == CODE_NOT_LONG || code == CODE_INVALID_OFFSET || code == CODE_NOT_SUPPORTED)
        return end_of_value(att);
    return att_end_refused(att, code);
}

static enum att_event ask_for_more(struct att *att)
{
    static const struct att_step step = { .answered = on_part, .refused = on_no_more };

    att_request(att, &step, PDU_READ_BLOB);
    att_put_number(att, att->target.handle);
    att_put_number(att, (uint16_t)att->data_len);
    return ATT_NOTHING;
}

enum att_event att_read(struct att *att, uint16_t handle)
{
    static const struct att_step step = { .answered = on_part };
    enum att_event event;

    if (!att_begin(att, &event))
        return event;
    att->target.handle = handle;
    att->data_len = 0;
    att_request(att, &step, PDU_READ);
    att_put_number(att, handle);
    return ATT_NOTHING;
}
