#include "att/att.h"

#include "att/att_private.h"

#include <assert.h>
#include <string.h>

#define ERROR_BODY_LEN 4 /* request opcode, handle, code */

void att_init(struct att *att, uint16_t own_mtu)
{
    assert(own_mtu >= ATT_MTU_MIN && own_mtu <= ATT_MTU_MAX);
    *att = (struct att){ .mtu = ATT_MTU_MIN, .own_mtu = own_mtu, .deadline_ms = ATT_NO_TIME };
}

/* ---- the operation ---- */

enum att_event att_end(struct att *att, enum att_error error)
{
    att->step = NULL;
    att->request_len = 0;
    att->is_sent = att->is_securing = false;
    att->deadline_ms = ATT_NO_TIME;
    att->result.error = error;
    return ATT_DONE;
}

bool att_begin(struct att *att, enum att_event *event)
{
    assert(!att->step && att->request_len == 0); /* one operation at a time */
    att->result = (struct att_result){ .error = ATT_OK };
    *event = ATT_NOTHING;
    if (!att->is_broken)
        return true;
    *event = att_end(att, ATT_E_TIMEOUT);
    return false;
}

void att_abandon(struct att *att)
{
    att->is_broken = att->is_broken || att->is_sent;
    att_end(att, ATT_OK);
}

static enum att_error error_of(uint8_t code)
{
    switch (code) {
    case CODE_READ_NOT_PERMITTED:
    case CODE_WRITE_NOT_PERMITTED:
        return ATT_E_NOT_PERMITTED;
    case CODE_AUTHENTICATION:
    case CODE_AUTHORIZATION:
    case CODE_KEY_SIZE:
    case CODE_ENCRYPTION:
        return ATT_E_NOT_SECURE;
    case CODE_INVALID_LENGTH:
        return ATT_E_TOO_LONG;
    default:
        return ATT_E_REFUSED;
    }
}

enum att_event att_end_refused(struct att *att, uint8_t code)
{
    att->result.code = code;
    return att_end(att, error_of(code));
}

/* ---- PDUs out ---- */

void att_request(struct att *att, const struct att_step *step, uint8_t opcode)
{
    att->step = step;
    att->is_sent = false;
    att->request[0] = opcode;
    att->request_len = 1;
}

void att_put_bytes(struct att *att, const uint8_t *bytes, size_t len)
{
    assert(att->request_len + len <= att->mtu);
    if (len > 0)
        memcpy(att->request + att->request_len, bytes, len);
    att->request_len += len;
}

void att_put_number(struct att *att, uint16_t number)
{
    uint8_t bytes[2];

    bytes_put_le(bytes, sizeof(bytes), number);
    att_put_bytes(att, bytes, sizeof(bytes));
}

void att_request_range(struct att *att, const struct att_step *step, uint8_t opcode, uint16_t first,
                       uint16_t last)
{
    att_request(att, step, opcode);
    att_put_number(att, first);
    att_put_number(att, last);
}

static bool has_request(const struct att *att)
{
    return att->request_len > 0 && !att->is_sent && !att->is_securing;
}

const uint8_t *att_pending(const struct att *att, size_t *len)
{
    if (att->answer_len > 0) {
        *len = att->answer_len;
        return att->answer;
    }
    *len = has_request(att) ? att->request_len : 0;
    return *len > 0 ? att->request : NULL;
}

enum att_event att_sent(struct att *att, uint64_t now_ms)
{
    if (att->answer_len > 0) {
        att->answer_len = 0;
        return ATT_NOTHING;
    }
    assert(has_request(att));
    if (att->request[0] & PDU_COMMAND)
        return att_end(att, ATT_OK);
    att->is_sent = true;
    att->deadline_ms = now_ms + ATT_TIMEOUT_MS;
    return ATT_NOTHING;
}

/* ---- PDUs in ---- */

/* The first request that the peer finds too insecure is repeated after security was raised. */
static bool wants_security(const struct att *att, uint8_t code)
{
    return !att->was_secured && (code == CODE_AUTHENTICATION || code == CODE_ENCRYPTION);
}

static enum att_event refused(struct att *att, uint8_t code)
{
    if (wants_security(att, code)) {
        att->is_sent = false;
        att->is_securing = att->was_secured = true;
        return ATT_SECURE;
    }
    if (att->step->refused)
        return att->step->refused(att, code);
    return att_end_refused(att, code);
}

static enum att_event error_response(struct att *att, struct bytes body)
{
    if (body.len != ERROR_BODY_LEN || body.p[0] != att->request[0])
        return att_end(att, ATT_E_MALFORMED);
    return refused(att, body.p[3]);
}

static enum att_event response(struct att *att, uint8_t opcode, struct bytes body)
{
    att->deadline_ms = ATT_NO_TIME;
    if (opcode == PDU_ERROR)
        return error_response(att, body);
    if (opcode != att->request[0] + 1)
        return att_end(att, ATT_E_MALFORMED);
    return att->step->answered(att, body);
}

static enum att_event value_came(struct att *att, uint8_t opcode, struct bytes body)
{
    const uint16_t handle = (uint16_t)bytes_take_le(&body, 2);

    if (opcode == PDU_INDICATION) {
        att->answer[0] = PDU_CONFIRMATION;
        att->answer_len = 1;
    }
    if (body.failed)
        return ATT_NOTHING;
    att->value = (struct att_value){ .handle = handle, .data = body.p, .len = body.len };
    return ATT_VALUE;
}

enum att_event att_feed(struct att *att, const uint8_t *pdu, size_t len)
{
    if (len == 0 || att_answer(att, pdu, len))
        return ATT_NOTHING;
    const struct bytes body = { .p = pdu + 1, .len = len - 1 };
    if (pdu[0] == PDU_NOTIFICATION || pdu[0] == PDU_INDICATION)
        return value_came(att, pdu[0], body);
    if (!att->step || !att->is_sent)
        return ATT_NOTHING; /* an answer to nothing */
    return response(att, pdu[0], body);
}

/* ---- time and security ---- */

uint64_t att_deadline(const struct att *att)
{
    return att->deadline_ms;
}

enum att_event att_tick(struct att *att, uint64_t now_ms)
{
    if (now_ms < att->deadline_ms)
        return ATT_NOTHING;
    att->is_broken = true;
    return att_end(att, ATT_E_TIMEOUT);
}

enum att_event att_secured(struct att *att, bool ok)
{
    if (!att->is_securing)
        return ATT_NOTHING;
    att->is_securing = false;
    return ok ? ATT_NOTHING : att_end(att, ATT_E_NOT_SECURE);
}

const char *att_error_text(enum att_error error)
{
    static const char *const texts[] = {
        [ATT_OK] = "no error",
        [ATT_E_NO_SERVICE] = "the device does not have that service",
        [ATT_E_NO_CHARACTERISTIC] = "the device does not have that characteristic",
        [ATT_E_NOT_PERMITTED] = "the characteristic does not permit that",
        [ATT_E_NOT_SECURE] = "the device wants a pairing first",
        [ATT_E_REFUSED] = "the device refused",
        [ATT_E_TOO_LONG] = "the value is too long",
        [ATT_E_MALFORMED] = "the device gave an answer that makes no sense",
        [ATT_E_TIMEOUT] = "the device did not answer",
    };

    return texts[error];
}
