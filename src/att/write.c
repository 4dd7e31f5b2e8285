/* Part G, 4.9: a value that fits is written by one request; a longer one is prepared part by part,
 * each of which the peer repeats, and then executed. */
#include "att/att_private.h"

#include <string.h>

#define WRITE_HEADER   3 /* opcode, handle */
#define PREPARE_HEADER 5 /* opcode, handle, offset */

enum { EXECUTE_CANCEL = 0x00, EXECUTE_WRITE = 0x01 };

static enum att_event prepare_part(struct att *att);

static enum att_event on_written(struct att *att, struct bytes body)
{
    return att_end(att, body.len == 0 ? ATT_OK : ATT_E_MALFORMED);
}

/* ---- long values ---- */

/* The parts are taken back, and the error that made us do so is the operation's. */
static enum att_event on_cancelled(struct att *att, struct bytes body)
{
    (void)body;
    return att_end(att, att->result.error);
}

static enum att_event on_not_cancelled(struct att *att, uint8_t code)
{
    (void)code;
    return att_end(att, att->result.error);
}

static enum att_event cancel(struct att *att, enum att_error error)
{
    static const struct att_step step = { .answered = on_cancelled, .refused = on_not_cancelled };

    att->result.error = error;
    att_request(att, &step, PDU_EXECUTE_WRITE);
    att_put_bytes(att, &(uint8_t){ EXECUTE_CANCEL }, 1);
    return ATT_NOTHING;
}

static enum att_event execute(struct att *att)
{
    static const struct att_step step = { .answered = on_written };

    att_request(att, &step, PDU_EXECUTE_WRITE);
    att_put_bytes(att, &(uint8_t){ EXECUTE_WRITE }, 1);
    return ATT_NOTHING;
}

static enum att_event on_prepared(struct att *att, struct bytes body)
{
    if (body.len != att->request_len - 1 || memcmp(body.p, att->request + 1, body.len) != 0)
        return cancel(att, ATT_E_MALFORMED);
    att->data_at += att->request_len - PREPARE_HEADER;
    return att->data_at < att->data_len ? prepare_part(att) : execute(att);
}

static enum att_event on_not_prepared(struct att *att, uint8_t code)
{
    att_end_refused(att, code);
    return att->data_at > 0 ? cancel(att, att->result.error) : ATT_DONE;
}

static enum att_event prepare_part(struct att *att)
{
    static const struct att_step step = { .answered = on_prepared, .refused = on_not_prepared };
    const size_t room = att->mtu - PREPARE_HEADER;
    const size_t left = att->data_len - att->data_at;

    att_request(att, &step, PDU_PREPARE_WRITE);
    att_put_number(att, att->target.handle);
    att_put_number(att, (uint16_t)att->data_at);
    att_put_bytes(att, att->data + att->data_at, left < room ? left : room);
    return ATT_NOTHING;
}

static enum att_event write_long(struct att *att, uint16_t handle, const uint8_t *data, size_t len)
{
    att->target.handle = handle;
    memcpy(att->data, data, len);
    att->data_len = len;
    att->data_at = 0;
    return prepare_part(att);
}

/* ---- values that fit into one PDU ---- */

static enum att_event write_short(struct att *att, uint8_t opcode, uint16_t handle,
                                  const uint8_t *data, size_t len)
{
    static const struct att_step step = { .answered = on_written };

    att_request(att, &step, opcode);
    att_put_number(att, handle);
    att_put_bytes(att, data, len);
    return ATT_NOTHING;
}

enum att_event att_write(struct att *att, uint16_t handle, const uint8_t *data, size_t len)
{
    enum att_event event;

    if (!att_begin(att, &event))
        return event;
    if (len > ATT_VALUE_MAX)
        return att_end(att, ATT_E_TOO_LONG);
    if (len + WRITE_HEADER > att->mtu)
        return write_long(att, handle, data, len);
    return write_short(att, PDU_WRITE, handle, data, len);
}

enum att_event att_write_silently(struct att *att, uint16_t handle, const uint8_t *data, size_t len)
{
    enum att_event event;

    if (!att_begin(att, &event))
        return event;
    if (len + WRITE_HEADER > att->mtu)
        return att_end(att, ATT_E_TOO_LONG);
    return write_short(att, PDU_WRITE_COMMAND, handle, data, len);
}
