#include "capture/btsnoop.h"
#include "capture/capture.h"
#include "capture/hci.h"
#include "capture/line.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_SIZE = 4096,
    PACKET_EVENT = 0x04, /* before an event in a line of hex and in UART packets */
};

#define DAY_US 86400000000u

enum form {
    FORM_UNKNOWN, /* nothing was read yet */
    FORM_LINES,
    FORM_SNOOP,
    FORM_NOTHING, /* the rest cannot be understood */
};

struct capture_reader {
    struct capture_input input;
    enum form form;
    unsigned line;
    bool is_ended, is_broken; /* the input */
    size_t at, filled;
    uint8_t chunk[CHUNK_SIZE];
    char text[CAPTURE_LINE_MAX + 1];

    uint32_t content; /* of a btsnoop file */
    int64_t last_us;  /* of the record before, by the recorder's clock */
    uint64_t t_us;    /* since the first record */
    struct btsnoop_record record;

    bool in_event; /* reports are left in `event` */
    uint8_t event[ADVERT_LEN_MAX];
    struct hci_reports reports;
    struct hci_joiner joiner;
};

struct capture_reader *capture_reader_new(struct capture_input input)
{
    struct capture_reader *reader = calloc(1, sizeof(*reader));

    if (reader)
        reader->input = input;
    return reader;
}

void capture_reader_free(struct capture_reader *reader)
{
    free(reader);
}

unsigned capture_line(const struct capture_reader *reader)
{
    return reader->line;
}

/* Reads on until `need` bytes (at most CHUNK_SIZE) lie ahead; false when the input ends before. */
static bool ahead(struct capture_reader *reader, size_t need)
{
    if (reader->filled - reader->at >= need)
        return true;
    memmove(reader->chunk, reader->chunk + reader->at, reader->filled - reader->at);
    reader->filled -= reader->at;
    reader->at = 0;
    while (reader->filled < need && !reader->is_ended) {
        const long n = reader->input.read(reader->input.user, reader->chunk + reader->filled,
                                          CHUNK_SIZE - reader->filled);
        reader->is_broken = n < 0;
        reader->is_ended = n <= 0;
        reader->filled += n > 0 ? (size_t)n : 0;
    }
    return reader->filled >= need;
}

/* Up to `n` bytes to `out`, or away where `out` is NULL. How many there were. */
static size_t take(struct capture_reader *reader, void *out, size_t n)
{
    size_t taken = 0;

    while (taken < n && ahead(reader, 1)) {
        const size_t there = reader->filled - reader->at;
        const size_t step = there < n - taken ? there : n - taken;
        if (out)
            memcpy((char *)out + taken, reader->chunk + reader->at, step);
        reader->at += step;
        taken += step;
    }
    return taken;
}

static enum capture_result fault_of(struct capture_fault *fault, enum capture_reason reason)
{
    fault->reason = reason;
    return CAPTURE_FAULT;
}

/* ---- HCI events, from either form ---- */

/* True when `event` (from the event code on) holds advertising reports, which are then read. */
static bool open_event(struct capture_reader *reader, const uint8_t *event, size_t len)
{
    reader->in_event = hci_reports_open(&reader->reports, event, len);
    return reader->in_event;
}

static void stamp(const struct capture_reader *reader, struct capture_advert *out)
{
    if (reader->form != FORM_SNOOP)
        return;
    out->has_time = true;
    out->t_ms = reader->t_us / 1000;
    out->advert.radio = reader->record.radio;
}

/* The next whole advert of the open event; CAPTURE_END when it has none any more. */
static enum capture_result next_report(struct capture_reader *reader, struct capture_advert *out,
                                       struct capture_fault *fault)
{
    struct hci_report report;
    struct advert advert;
    bool is_anonymous;

    while (hci_reports_next(&reader->reports, &report)) {
        if (!hci_join(&reader->joiner, &report, &advert, &is_anonymous))
            continue;
        capture_put(out, &advert, is_anonymous);
        stamp(reader, out);
        return CAPTURE_ADVERT;
    }
    reader->in_event = false;
    if (hci_reports_failed(&reader->reports))
        return fault_of(fault, CAPTURE_BAD_REPORT);
    return CAPTURE_END;
}

/* ---- lines ---- */

enum line_end {
    LINE_READ,
    LINE_TOO_LONG,
    LINE_NONE, /* the input ended before */
};

/* The next line without its end, a zero behind it. */
static enum line_end read_line(struct capture_reader *reader, size_t *len)
{
    bool is_long = false;

    *len = 0;
    if (!ahead(reader, 1))
        return LINE_NONE;
    reader->line++;
    while (ahead(reader, 1)) {
        const size_t there = reader->filled - reader->at;
        const uint8_t *from = reader->chunk + reader->at;
        const uint8_t *end = memchr(from, '\n', there);
        const size_t n = end ? (size_t)(end - from) : there;
        is_long = is_long || n > CAPTURE_LINE_MAX - *len;
        if (!is_long) {
            memcpy(reader->text + *len, from, n);
            *len += n;
        }
        reader->at += n + (end ? 1 : 0);
        if (end)
            break;
    }
    reader->text[*len] = '\0';
    return is_long ? LINE_TOO_LONG : LINE_READ;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_event_line(const uint8_t *bytes, size_t len)
{
    return len >= 3 && bytes[0] == PACKET_EVENT && bytes[1] == 0x3e && bytes[2] == len - 3;
}

static enum capture_result read_hex(struct capture_reader *reader, const char *text, size_t digits,
                                    struct capture_advert *out, struct capture_fault *fault)
{
    size_t len;

    if (!capture_hex(text, digits, out->data, &len, fault))
        return CAPTURE_FAULT;
    if (!is_event_line(out->data, len)) {
        out->advert.len = (uint16_t)len;
        return CAPTURE_ADVERT;
    }
    memcpy(reader->event, out->data, len);
    if (!open_event(reader, reader->event + 1, len - 1))
        return fault_of(fault, CAPTURE_NO_REPORT);
    return next_report(reader, out, fault);
}

/* One line without the spaces around it. CAPTURE_END: it gives nothing (yet). */
static enum capture_result read_text(struct capture_reader *reader, size_t len,
                                     struct capture_advert *out, struct capture_fault *fault)
{
    const char *text = reader->text;

    if (memchr(text, '\0', len)) {
        fault->column = (unsigned)strlen(text) + 1;
        return fault_of(fault, CAPTURE_ZERO_BYTE);
    }
    while (len > 0 && is_space(text[len - 1]))
        len--;
    reader->text[len] = '\0';
    while (is_space(*text))
        text++;
    len -= (size_t)(text - reader->text);
    if (len == 0)
        return CAPTURE_END;

    enum capture_result result;
    if (*text == '{')
        result = capture_json(text, len, out, fault) ? CAPTURE_ADVERT : CAPTURE_FAULT;
    else
        result = read_hex(reader, text, len, out, fault);
    if (result == CAPTURE_FAULT && fault->column > 0)
        fault->column += (unsigned)(text - reader->text);
    return result;
}

static enum capture_result next_line(struct capture_reader *reader, struct capture_advert *out,
                                     struct capture_fault *fault, bool *is_over)
{
    size_t len;
    const enum line_end end = read_line(reader, &len);

    fault->line = reader->line;
    *is_over = end == LINE_NONE;
    if (end == LINE_NONE)
        return CAPTURE_END;
    if (end == LINE_TOO_LONG)
        return fault_of(fault, CAPTURE_LINE_TOO_LONG);
    return read_text(reader, len, out, fault);
}

/* ---- btsnoop ---- */

/* A step back, or forward by more than a day, is the recorder's clock being set: no time passed. */
static void keep_time(struct capture_reader *reader)
{
    const int64_t at_us = reader->record.at_us;
    const uint64_t step_us = (uint64_t)at_us - (uint64_t)reader->last_us;

    if (reader->line > 1 && at_us > reader->last_us && step_us <= DAY_US)
        reader->t_us += step_us;
    reader->last_us = at_us;
}

static enum capture_result next_record(struct capture_reader *reader, struct capture_fault *fault,
                                       bool *is_over)
{
    uint8_t header[BTSNOOP_RECORD_HEADER];
    const size_t got = take(reader, header, sizeof(header));

    *is_over = got < sizeof(header);
    if (got == 0)
        return CAPTURE_END;
    reader->line++;
    if (got < sizeof(header))
        return fault_of(fault, CAPTURE_SNOOP_CUT);
    btsnoop_record(reader->content, header, &reader->record);
    keep_time(reader);

    const struct btsnoop_record *record = &reader->record;
    const bool is_wanted = record->is_event && record->len <= record->skip + HCI_EVENT_MAX;
    if (take(reader, is_wanted ? reader->event : NULL, record->len) < record->len) {
        *is_over = true;
        return fault_of(fault, CAPTURE_SNOOP_CUT);
    }
    if (is_wanted && record->len > record->skip)
        open_event(reader, reader->event + record->skip, record->len - record->skip);
    return CAPTURE_END;
}

/* ---- all forms ---- */

static bool skip_byte_order_mark(struct capture_reader *reader)
{
    if (ahead(reader, 3) && memcmp(reader->chunk + reader->at, "\xef\xbb\xbf", 3) == 0)
        reader->at += 3;
    return true;
}

/* Finds out what the input is. False and a fault when it is nothing we read. */
static bool look(struct capture_reader *reader, struct capture_fault *fault)
{
    uint8_t header[BTSNOOP_FILE_HEADER];

    reader->form = FORM_LINES;
    if (!ahead(reader, 8) || !btsnoop_is(reader->chunk + reader->at))
        return skip_byte_order_mark(reader);
    if (take(reader, header, sizeof(header)) == sizeof(header))
        reader->content = btsnoop_content(header);
    reader->form = reader->content ? FORM_SNOOP : FORM_NOTHING;
    fault->reason = CAPTURE_SNOOP_UNKNOWN;
    return reader->content != 0;
}

/* Adverts whose last pieces never came, and a word when reading failed. */
static enum capture_result at_end(struct capture_reader *reader, struct capture_advert *out,
                                  struct capture_fault *fault)
{
    struct advert advert;
    bool is_anonymous;

    if (hci_join_rest(&reader->joiner, &advert, &is_anonymous)) {
        capture_put(out, &advert, is_anonymous);
        stamp(reader, out);
        return CAPTURE_ADVERT;
    }
    if (!reader->is_broken)
        return CAPTURE_END;
    reader->is_broken = false;
    return fault_of(fault, CAPTURE_UNREADABLE);
}

enum capture_result capture_next(struct capture_reader *reader, struct capture_advert *out,
                                 struct capture_fault *fault)
{
    bool is_over = reader->form == FORM_NOTHING;
    enum capture_result result = CAPTURE_END;

    *fault = (struct capture_fault){ 0 };
    if (reader->form == FORM_UNKNOWN && !look(reader, fault))
        result = CAPTURE_FAULT;
    while (result == CAPTURE_END && !is_over) {
        capture_clear(out);
        if (reader->in_event)
            result = next_report(reader, out, fault);
        else if (reader->form == FORM_SNOOP)
            result = next_record(reader, fault, &is_over);
        else
            result = next_line(reader, out, fault, &is_over);
    }
    if (result == CAPTURE_END) {
        capture_clear(out);
        result = at_end(reader, out, fault);
    }
    fault->line = reader->line;
    fault->is_record = reader->form == FORM_SNOOP || reader->form == FORM_NOTHING;
    return result;
}
