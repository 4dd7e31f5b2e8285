/*
 * att: a hostile peer. The first byte chooses the operation, the second the MTU; then come PDUs,
 * each with its length in front. A length of 255 is the time-out, 254 and 253 are the outcome of
 * raising security.
 */
#include "fuzz/fuzz.h"

#include "att/att.h"

#define SERVICE  0x180f
#define HANDLE   3
#define LONG_LEN 100

enum { SAY_TIME = 255, SAY_SECURE = 254, SAY_INSECURE = 253 };

static enum att_event begin(struct att *att, uint8_t op)
{
    static const struct att_char target = { .handle = HANDLE, .end = 0x20, .properties = 0x30 };
    const struct uuid service = uuid_from_16(SERVICE), characteristic = uuid_from_16(0x2a19);
    uint8_t data[LONG_LEN] = { 1 };

    switch (op % 8) {
    case 0:
        return att_exchange_mtu(att);
    case 1:
        return att_find(att, &service, &characteristic, 0);
    case 2:
        return att_find(att, NULL, &characteristic, op);
    case 3:
        return att_read(att, HANDLE);
    case 4:
        return att_write(att, HANDLE, data, 5);
    case 5:
        return att_write(att, HANDLE, data, sizeof(data));
    case 6:
        return att_write_silently(att, HANDLE, data, 5);
    default:
        return att_subscribe(att, &target);
    }
}

/* Sends all that waits; what goes out is a PDU. */
static enum att_event drain(struct att *att)
{
    enum att_event event = ATT_NOTHING;
    const uint8_t *pdu;
    size_t len;

    for (int i = 0; (pdu = att_pending(att, &len)); i++) {
        fuzz_expect(i < 2, "no more than an answer and a request at once");
        fuzz_expect(len > 0 && len <= att->own_mtu && len <= ATT_MTU_MAX, "it fits the MTU");
        event = att_sent(att, 1);
    }
    return event;
}

static void check_end(const struct att *att, uint8_t op)
{
    const struct att_result *result = &att->result;

    fuzz_expect(strlen(att_error_text(result->error)) > 0, "an error has a text");
    fuzz_expect(result->len <= ATT_VALUE_MAX, "a value has its limit");
    free(fuzz_copy(result->data, result->len, 0)); /* all of it can be read */
    if (result->error == ATT_OK && (op % 8 == 1 || op % 8 == 2))
        fuzz_expect(result->found.handle > 0 && result->found.end >= result->found.handle,
                    "what was found has handles");
}

static enum att_event say(struct att *att, const uint8_t **data, const uint8_t *end)
{
    const uint8_t what = *(*data)++;
    const size_t left = (size_t)(end - *data);
    const size_t len = what < left ? what : left;

    if (what == SAY_TIME)
        return att_tick(att, 1 + ATT_TIMEOUT_MS);
    if (what >= SAY_INSECURE)
        return att_secured(att, what == SAY_SECURE);
    uint8_t *copy = fuzz_copy(*data, len, 0);
    const enum att_event event = att_feed(att, copy, len);
    if (event == ATT_VALUE)
        free(fuzz_copy(att->value.data, att->value.len, 0));
    free(copy);
    *data += len;
    return event;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = data + size;
    struct att att;

    if (size < 2)
        return 0;
    const uint8_t op = data[0];
    att_init(&att, (uint16_t)(ATT_MTU_MIN + 2 * (data[1] % 248)));
    enum att_event event = begin(&att, op);
    for (data += 2; event != ATT_DONE && data < end;) {
        event = drain(&att);
        if (event != ATT_DONE)
            event = say(&att, &data, end);
        fuzz_expect(att.mtu >= ATT_MTU_MIN && att.mtu <= att.own_mtu, "the MTU has its limits");
    }
    if (event == ATT_DONE)
        check_end(&att, op);
    return 0;
}
