/*
 * parse.c: a line of text becomes a call.
 *
 *     [blanks] NAME[index] [blanks word]... [blanks rest of the line]
 *
 * A name is letters, digits and underscores and ends at a blank; the words are those of the row's
 * fixed arguments, the rest is its text. Word values and number forms are Tasmota's.
 */
#include "bus/bus_private.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct word {
    const char *text;
    int32_t number;
} words[] = {
    { "OFF", 0 },  { "FALSE", 0 }, { "STOP", 0 },   { "DOWN", 0 },  { "ON", 1 },
    { "TRUE", 1 }, { "START", 1 }, { "TOGGLE", 2 }, { "BLINK", 3 }, { "BLINKOFF", 4 },
};

void bus_set_reason(struct bus_run *run, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(run->reason, sizeof(run->reason), format, args);
    va_end(args);
}

static int digit_of(char c)
{
    const char upper = bus_upper(c);

    if (c >= '0' && c <= '9')
        return c - '0';
    return upper >= 'A' && upper <= 'F' ? upper - 'A' + 10 : 99;
}

/* A whole number with a sign or without: 0x before hexadecimal digits, 0 before octal ones. */
static bool number_of(const char *text, int32_t *out)
{
    const bool negative = *text == '-';
    int64_t value = 0;
    int base = 10;

    if (*text == '-' || *text == '+')
        text++;
    if (text[0] == '0' && bus_upper(text[1]) == 'X') {
        base = 16;
        text += 2;
    } else if (text[0] == '0' && text[1] != '\0') {
        base = 8;
        text++;
    }
    if (*text == '\0')
        return false;
    for (; *text; text++) {
        const int digit = digit_of(*text);
        if (digit >= base)
            return false;
        value = value * base + digit;
        if (value > INT32_MAX)
            return false;
    }
    *out = (int32_t)(negative ? -value : value);
    return true;
}

static bool word_value(const char *text, int32_t *out)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!bus_same_name(words[i].text, text, strlen(text)))
            continue;
        *out = words[i].number;
        return true;
    }
    return number_of(text, out);
}

static enum bus_result refuse_usage(struct bus_run *run)
{
    char usage[BUS_TEXT_MAX - 16];

    bus_usage(run->call.row, usage, sizeof(usage));
    bus_set_reason(run, "usage: %s", usage);
    return BUS_BAD_ARGUMENT;
}

/* "Power 7" was perhaps meant to be Power7. */
static void hint_at_index(struct bus_run *run)
{
    const struct bus_row *row = run->call.row;
    const size_t len = strlen(run->reason);

    if (row->index_max > 0 && strlen(run->input) == strlen(row->name))
        snprintf(run->reason + len, sizeof(run->reason) - len,
                 "; %s alone is %s, and other numbers follow it without a blank: %s<%u-%u>",
                 row->name, run->call.name, row->name, row->index_min, row->index_max);
}

static enum bus_result read_number(struct bus_run *run, const struct bus_arg *arg,
                                   struct bus_value *value)
{
    const bool is_switch = arg->kind == BUS_ARG_SWITCH;
    const int32_t min = is_switch ? 0 : arg->min, max = is_switch ? 1 : arg->max;

    if (word_value(value->text, &value->number) && value->number >= min && value->number <= max)
        return BUS_DONE;
    bus_set_reason(run, "%s must be %" PRId32 " to %" PRId32, arg->name, min, max);
    hint_at_index(run);
    return BUS_BAD_ARGUMENT;
}

static enum bus_result read_text(struct bus_run *run, const struct bus_arg *arg,
                                 const struct bus_value *value)
{
    const size_t len = strlen(value->text), most = arg->max > 0 ? (size_t)arg->max : BUS_LINE_MAX;

    if (len <= most && (int64_t)len >= arg->min)
        return BUS_DONE;
    bus_set_reason(run, "%s must have %" PRId32 " to %zu bytes", arg->name, arg->min, most);
    return BUS_BAD_ARGUMENT;
}

static enum bus_result read_value(struct bus_run *run, const struct bus_arg *arg,
                                  struct bus_value *value)
{
    switch (arg->kind) {
    case BUS_ARG_SWITCH:
    case BUS_ARG_NUMBER:
        return read_number(run, arg, value);
    case BUS_ARG_TEXT:
        return read_text(run, arg, value);
    case BUS_ARG_WORD:
    case BUS_ARG_SENSOR:
    case BUS_ARG_NONE:
        break;
    }
    return BUS_DONE;
}

static char *skip_blanks(char *at)
{
    while (bus_is_blank(*at))
        at++;
    return at;
}

/* Ends the word at `at` with a zero; what comes behind it, without leading blanks. */
static char *end_word(char *at)
{
    while (*at && !bus_is_blank(*at))
        at++;
    if (*at)
        *at++ = '\0';
    return skip_blanks(at);
}

/* The name of a sensor may hold blanks: it stands in double quotes then. */
static char *quote_end(const struct bus_arg *arg, char *at)
{
    char *end = arg->kind == BUS_ARG_SENSOR && *at == '"' ? strchr(at + 1, '"') : NULL;

    return end && (end[1] == '\0' || bus_is_blank(end[1])) ? end : NULL;
}

/* Cuts an argument off at `rest`; what comes behind it. */
static char *take_argument(const struct bus_arg *arg, char *rest, const char **text)
{
    char *end = quote_end(arg, rest);

    *text = end ? rest + 1 : rest;
    if (arg->kind == BUS_ARG_TEXT)
        return rest + strlen(rest);
    if (!end)
        return end_word(rest);
    *end = '\0';
    return skip_blanks(end + 1);
}

static enum bus_result read_arguments(struct bus_run *run, char *rest)
{
    const struct bus_arg *args = run->call.row->args;
    const bool asks = strcmp(rest, "?") == 0;

    if (args[0].kind == BUS_ARG_NONE)
        return BUS_DONE;
    if (asks)
        *rest = '\0';
    for (size_t i = 0; i < BUS_ARGS_MAX && args[i].kind != BUS_ARG_NONE; i++) {
        struct bus_value *value = &run->call.args[i];
        if (!*rest && !args[i].optional)
            return refuse_usage(run);
        if (!*rest)
            return BUS_DONE;
        value->given = true;
        rest = take_argument(&args[i], rest, &value->text);
        const enum bus_result result = read_value(run, &args[i], value);
        if (result != BUS_DONE)
            return result;
    }
    return *rest ? refuse_usage(run) : BUS_DONE;
}

static void note_input(const struct bus *bus, struct bus_run *run, size_t len)
{
    bus_mask(bus, run->line, len, run->input, sizeof(run->input));
    for (char *c = run->input; *c; c++)
        *c = bus_upper(*c);
}

static enum bus_result read_name(const struct bus *bus, struct bus_run *run, size_t len)
{
    struct bus_call *call = &run->call;
    const struct bus_entry *entry = bus_find(bus, run->line, len, &call->index);

    if (!entry) {
        bus_set_reason(run, "no command of this name; Help lists all");
        return BUS_UNKNOWN;
    }
    call->row = entry->row;
    run->room = entry->room;
    if (call->row->index_max == 0) {
        snprintf(call->name, sizeof(call->name), "%s", call->row->name);
        return BUS_DONE;
    }
    snprintf(call->name, sizeof(call->name), "%s%u", call->row->name, call->index % 100);
    if (call->index < call->row->index_min || call->index > call->row->index_max)
        return refuse_usage(run);
    return BUS_DONE;
}

/* Copies the line without the blanks around it and its end. */
static enum bus_result copy_line(struct bus_run *run, const char *line, size_t len)
{
    while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
        len--;
    while (len > 0 && bus_is_blank(line[len - 1]))
        len--;
    for (; len > 0 && bus_is_blank(*line); len--)
        line++;
    const size_t taken = len < BUS_LINE_MAX ? len : BUS_LINE_MAX;
    memcpy(run->line, line, taken);
    run->line[taken] = '\0';
    if (len > BUS_LINE_MAX) {
        bus_set_reason(run, "a line has at most %d bytes", BUS_LINE_MAX);
        return BUS_BAD_ARGUMENT;
    }
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)line[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            bus_set_reason(run, "byte %zu of the line is a control character", i + 1);
            return BUS_BAD_ARGUMENT;
        }
    }
    if (utf8_is_text(line, len))
        return BUS_DONE;
    bus_set_reason(run, "the line is not UTF-8 text");
    return BUS_BAD_ARGUMENT;
}

enum bus_result bus_parse(const struct bus *bus, const char *line, size_t len, struct bus_run *run)
{
    enum bus_result result = copy_line(run, line, len);
    const size_t name_len = strcspn(run->line, " \t");
    char *rest = skip_blanks(run->line + name_len);

    for (size_t i = 0; i < BUS_ARGS_MAX; i++)
        run->call.args[i] = (struct bus_value){ .text = "" };
    note_input(bus, run, name_len);
    if (result == BUS_DONE)
        result = read_name(bus, run, name_len);
    if (result == BUS_DONE)
        result = read_arguments(run, rest);
    return result;
}
