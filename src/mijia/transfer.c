/*
 * What does not fit into one notification goes over the data characteristic in frames. One side
 * announces, the other is ready; then the frames; then the other confirms:
 *
 *     00 00 00 tt nn nn       announces nn frames of content of type tt
 *     00 00 01 01             ready
 *     kk kk + 18 bytes        frame kk, from 1; the last one is shorter
 *     00 00 01 00             all of it has arrived
 *     00 00 01 05 ee 00       error: 01 time-out, 03 something else
 *
 * Numbers are little-endian. We know how long everything is, so all but the exact number and length
 * of frames is refused; a hostile count never gets as far as a buffer.
 */
#include "mijia/mijia_private.h"

#include "base/bytes.h"

#include <string.h>

static const uint8_t ready[] = { 0, 0, 1, 1 };
static const uint8_t accepted[] = { 0, 0, 1, 0 };

enum send_phase { ANNOUNCE, AWAIT_READY, SEND_FRAMES, AWAIT_ACCEPTED };
enum receive_phase { AWAIT_HEADER, SAY_READY, AWAIT_FRAMES, SAY_ACCEPTED };

static bool is_word(const uint8_t word[4], const uint8_t *data, size_t len)
{
    return len == 4 && memcmp(data, word, 4) == 0;
}

bool transfer_is_accepted(const uint8_t *data, size_t len)
{
    return is_word(accepted, data, len);
}

static uint8_t frames_of(size_t len)
{
    return (uint8_t)((len + TRANSFER_FRAME - 1) / TRANSFER_FRAME);
}

/* The content of frame `n`, from 0, when there are `len` bytes in all. */
static size_t frame_len(size_t len, size_t n)
{
    const size_t left = len - n * TRANSFER_FRAME;

    return left < TRANSFER_FRAME ? left : TRANSFER_FRAME;
}

static void say(struct mijia_op *op, const uint8_t word[4])
{
    op->len = 4;
    memcpy(op->data, word, 4);
}

/* ---- out ---- */

static bool announce(struct mijia *m, struct mijia_op *op)
{
    if (!mijia_goes_on(m, m->step->fill(m)))
        return false;
    m->frame = 0;
    m->frames = frames_of(m->out_len);
    op->len = 6;
    memset(op->data, 0, 6);
    op->data[3] = m->step->type;
    op->data[4] = m->frames;
    m->phase = AWAIT_READY;
    return true;
}

static bool send_frame(struct mijia *m, struct mijia_op *op)
{
    const size_t len = frame_len(m->out_len, m->frame);

    memcpy(op->data + 2, m->out + m->frame * (size_t)TRANSFER_FRAME, len);
    op->len = (uint8_t)(2 + len);
    m->frame++;
    bytes_put_le(op->data, 2, m->frame);
    if (m->frame < m->frames)
        return true;
    m->phase = AWAIT_ACCEPTED;
    if (m->step->unconfirmed)
        mijia_advance(m);
    return true;
}

bool transfer_send_next(struct mijia *m, struct mijia_op *op)
{
    op->characteristic = AT_DATA;
    if (m->phase == ANNOUNCE)
        return announce(m, op);
    return m->phase == SEND_FRAMES && send_frame(m, op);
}

void transfer_send_heard(struct mijia *m, const uint8_t *data, size_t len)
{
    if (m->phase == AWAIT_READY && is_word(ready, data, len))
        m->phase = SEND_FRAMES;
    else if (m->phase == AWAIT_ACCEPTED && is_word(accepted, data, len))
        mijia_advance(m);
    else
        m->result = MIJIA_E_ORDER;
}

/* ---- in ---- */

static uint8_t expected_len(const struct mijia *m)
{
    return m->frames == frames_of(m->step->len) ? m->step->len : m->step->other_len;
}

static void hear_header(struct mijia *m, const uint8_t *data, size_t len)
{
    static const uint8_t begin[] = { 0, 0, 0 };

    if (len != 6 || memcmp(data, begin, sizeof(begin)) != 0 || data[3] != m->step->type) {
        m->result = MIJIA_E_ORDER;
        return;
    }
    const uint64_t frames = bytes_le(data + 4, 2);
    if (frames == 0 ||
        (frames != frames_of(m->step->len) && frames != frames_of(m->step->other_len))) {
        m->result = MIJIA_E_FRAMES;
        return;
    }
    m->frames = (uint8_t)frames;
    m->frame = 0;
    m->in_len = 0;
    m->phase = SAY_READY;
}

static void hear_frame(struct mijia *m, const uint8_t *data, size_t len)
{
    const size_t wanted = frame_len(expected_len(m), m->frame);

    if (len != 2 + wanted || bytes_le(data, 2) != m->frame + 1u) {
        m->result = MIJIA_E_FRAMES;
        return;
    }
    memcpy(m->in + m->in_len, data + 2, wanted);
    m->in_len = (uint8_t)(m->in_len + wanted);
    m->frame++;
    if (m->frame == m->frames && mijia_goes_on(m, m->step->take(m)))
        m->phase = SAY_ACCEPTED;
}

void transfer_receive_heard(struct mijia *m, const uint8_t *data, size_t len)
{
    if (m->phase == AWAIT_HEADER)
        hear_header(m, data, len);
    else if (m->phase == AWAIT_FRAMES)
        hear_frame(m, data, len);
    else
        m->result = MIJIA_E_ORDER;
}

bool transfer_receive_next(struct mijia *m, struct mijia_op *op)
{
    op->characteristic = AT_DATA;
    if (m->phase == SAY_READY) {
        say(op, ready);
        m->phase = AWAIT_FRAMES;
        return true;
    }
    if (m->phase == SAY_ACCEPTED) {
        say(op, accepted);
        mijia_advance(m);
        return true;
    }
    return false;
}
