/* mijia.c: walks a dialogue's row of steps; the rows are in dialogues.c. */
#include "mijia/mijia_private.h"

#include "crypto/crypto.h"

#include <string.h>

void mijia_begin(struct mijia *m, const struct mijia_step *steps, uint64_t now_ms)
{
    mijia_wipe(m);
    m->result = MIJIA_UNDER_WAY;
    m->step = steps;
    m->deadline_ms = now_ms + MIJIA_PATIENCE_MS;
}

void mijia_wipe(struct mijia *m)
{
    cx_wipe(m, sizeof(*m));
    m->result = MIJIA_E_CRYPTO;
}

bool mijia_goes_on(struct mijia *m, enum mijia_result result)
{
    m->result = result;
    return result == MIJIA_UNDER_WAY;
}

void mijia_advance(struct mijia *m)
{
    m->step++;
    m->phase = 0;
    if (m->step->kind == STEP_END)
        m->result = MIJIA_DONE;
}

/* ---- what we do ---- */

static bool subscribe_next(struct mijia *m, struct mijia_op *op)
{
    op->kind = MIJIA_SUBSCRIBE;
    mijia_advance(m);
    return true;
}

static bool write_next(struct mijia *m, struct mijia_op *op)
{
    const struct mijia_step *step = m->step;

    if (step->fill && !mijia_goes_on(m, step->fill(m)))
        return false;
    op->len = step->fill ? m->out_len : sizeof(step->word);
    memcpy(op->data, step->fill ? m->out : step->word, op->len);
    mijia_advance(m);
    return true;
}

static bool read_next(struct mijia *m, struct mijia_op *op)
{
    const bool is_asked = m->phase > 0;

    op->kind = MIJIA_READ;
    m->phase = 1;
    return !is_asked;
}

bool mijia_next(struct mijia *m, struct mijia_op *op, uint64_t now_ms)
{
    static bool (*const next[])(struct mijia *, struct mijia_op *) = {
        [STEP_SUBSCRIBE] = subscribe_next,
        [STEP_WRITE] = write_next,
        [STEP_READ] = read_next,
        [STEP_SEND] = transfer_send_next,
        [STEP_RECEIVE] = transfer_receive_next,
        [STEP_END] = NULL,
    };

    if (m->result != MIJIA_UNDER_WAY || !next[m->step->kind])
        return false;
    *op = (struct mijia_op){ .kind = MIJIA_WRITE, .characteristic = m->step->at };
    if (!next[m->step->kind](m, op))
        return false;
    m->deadline_ms = now_ms + MIJIA_PATIENCE_MS;
    return true;
}

/* ---- what the device says ---- */

/* A value that was notified or read, of at most what there is room for. */
static void take_value(struct mijia *m, const uint8_t *data, size_t len)
{
    if (len > m->step->len) {
        m->result = MIJIA_E_FRAMES;
        return;
    }
    if (len > 0)
        memcpy(m->in, data, len);
    m->in_len = (uint8_t)len;
    if (mijia_goes_on(m, m->step->take(m)))
        mijia_advance(m);
}

/* The verdict is a word; a late confirmation of the transfer before it is none. */
static bool is_late_confirmation(const struct mijia *m, uint16_t at, const uint8_t *data,
                                 size_t len)
{
    return m->step->kind == STEP_VERDICT && at == AT_DATA && transfer_is_accepted(data, len);
}

static void hear_verdict(struct mijia *m, uint16_t at, const uint8_t *data, size_t len)
{
    const struct mijia_step *step = m->step;

    if (at == step->at && len == sizeof(step->word) && memcmp(data, step->word, len) == 0)
        mijia_advance(m);
    else if (at == step->at && len == sizeof(step->no) && memcmp(data, step->no, len) == 0)
        m->result = step->refusal;
    else
        m->result = MIJIA_E_ORDER;
}

/* An error that the device reports in the midst of anything; MIJIA_UNDER_WAY when it is none. */
static enum mijia_result error_in(uint16_t at, const uint8_t *data, size_t len)
{
    static const uint8_t error[] = { 0, 0, 1, 5 };

    if (at != AT_DATA || len < sizeof(error) || memcmp(data, error, sizeof(error)) != 0)
        return MIJIA_UNDER_WAY;
    return len > 4 && data[4] == 1 ? MIJIA_E_DEVICE_TIMEOUT : MIJIA_E_DEVICE_ERROR;
}

static void hear(struct mijia *m, uint16_t at, const uint8_t *data, size_t len)
{
    const enum step_kind kind = m->step->kind;

    if (!mijia_goes_on(m, error_in(at, data, len)))
        return;
    if (kind == STEP_VERDICT)
        hear_verdict(m, at, data, len);
    else if (kind == STEP_VALUE && at == m->step->at)
        take_value(m, data, len);
    else if (kind == STEP_SEND && at == AT_DATA)
        transfer_send_heard(m, data, len);
    else if (kind == STEP_RECEIVE && at == AT_DATA)
        transfer_receive_heard(m, data, len);
    else
        m->result = MIJIA_E_ORDER;
}

void mijia_notified(struct mijia *m, uint16_t characteristic, const uint8_t *data, size_t len,
                    uint64_t now_ms)
{
    const bool is_ours =
        characteristic == AT_CONTROL || characteristic == AT_DATA || characteristic == AT_AUTH;

    if (m->result != MIJIA_UNDER_WAY || !is_ours ||
        is_late_confirmation(m, characteristic, data, len))
        return;
    m->deadline_ms = now_ms + MIJIA_PATIENCE_MS;
    hear(m, characteristic, data, len);
}

void mijia_read(struct mijia *m, const uint8_t *data, size_t len, uint64_t now_ms)
{
    if (m->result != MIJIA_UNDER_WAY || m->step->kind != STEP_READ || m->phase == 0)
        return;
    m->deadline_ms = now_ms + MIJIA_PATIENCE_MS;
    take_value(m, data, len);
}

/* ---- time and outcome ---- */

uint64_t mijia_deadline(const struct mijia *m)
{
    return m->result == MIJIA_UNDER_WAY ? m->deadline_ms : UINT64_MAX;
}

void mijia_tick(struct mijia *m, uint64_t now_ms)
{
    if (m->result == MIJIA_UNDER_WAY && now_ms >= m->deadline_ms)
        m->result = MIJIA_E_SILENT;
}

enum mijia_result mijia_result(const struct mijia *m)
{
    return m->result;
}

const struct mijia_keys *mijia_keys(const struct mijia *m)
{
    return &m->keys;
}

bool mijia_is_undecided(const struct mijia *m)
{
    return m->step && m->step->kind == STEP_VERDICT && m->step->refusal == MIJIA_E_REFUSED &&
           m->result != MIJIA_E_REFUSED;
}
