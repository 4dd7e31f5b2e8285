#include "dialogue.h"

#include "base/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum att_event dialogue_say(struct att *att, const uint8_t *pdu, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);

    assert_non_null(copy);
    memcpy(copy, pdu, len);
    const enum att_event event = att_feed(att, copy, len);
    free(copy);
    return event;
}

const char *dialogue_pending(const struct att *att)
{
    static char text[2 * ATT_MTU_MAX + 1];
    size_t len;
    const uint8_t *pdu = att_pending(att, &len);

    text[0] = '\0';
    if (!pdu)
        return text;
    assert_in_range(len, 1, att->mtu);
    return hex_encode(pdu, len, HEX_LOWER, text);
}

static size_t without_spaces(const char *line, char *out, size_t size)
{
    size_t n = 0;

    for (; *line; line++) {
        if (*line == ' ')
            continue;
        assert_true(n + 1 < size);
        out[n++] = *line;
    }
    out[n] = '\0';
    return n;
}

static enum att_event play(struct att *att, const char *line)
{
    char digits[2 * ATT_MTU_MAX + 1];
    uint8_t pdu[ATT_MTU_MAX];
    const size_t n = without_spaces(line + 1, digits, sizeof(digits));

    if (line[0] == '>') {
        assert_string_equal(dialogue_pending(att), digits);
        return att_sent(att, DIALOGUE_NOW);
    }
    assert_int_equal(line[0], '<');
    assert_string_equal(dialogue_pending(att), "");
    assert_true(hex_decode(digits, n, pdu, sizeof(pdu)));
    return dialogue_say(att, pdu, n / 2);
}

enum att_event dialogue_go_on(struct att *att, enum att_event first, const char *const lines[])
{
    enum att_event event = first;

    for (; *lines; lines++) {
        assert_int_equal(event, ATT_NOTHING);
        event = play(att, *lines);
    }
    if (event == ATT_DONE)
        assert_string_equal(dialogue_pending(att), "");
    return event;
}

void dialogue_ends(struct att *att, enum att_event first, const char *const lines[],
                   enum att_error error)
{
    assert_int_equal(dialogue_go_on(att, first, lines), ATT_DONE);
    assert_int_equal(att->result.error, error);
    assert_string_equal(dialogue_pending(att), "");
    assert_true(att_deadline(att) == ATT_NO_TIME);
}
