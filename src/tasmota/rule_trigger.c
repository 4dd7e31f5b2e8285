/* rule_trigger.c: what a trigger waits for. */
#include "tasmota/rule.h"

#include <string.h>

/* Longer signs first: the first that fits is taken. */
static const struct sign {
    const char *text;
    enum rule_compare compare;
} signs[] = {
    { "==", RULE_EQUAL },         { "!=", RULE_UNEQUAL },
    { ">=", RULE_MORE_OR_EQUAL }, { "<=", RULE_LESS_OR_EQUAL },
    { "$<", RULE_STARTS },        { "$>", RULE_ENDS },
    { "$|", RULE_CONTAINS },      { "$!", RULE_IS_NOT },
    { "$^", RULE_CONTAINS_NOT },  { "=", RULE_IS },
    { ">", RULE_MORE },           { "<", RULE_LESS },
    { "|", RULE_DIVISIBLE },
};

static const struct sign *sign_at(const char *text, size_t len)
{
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        const size_t n = strlen(signs[i].text);
        if (n <= len && memcmp(text, signs[i].text, n) == 0)
            return &signs[i];
    }
    return NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void trim(const char **text, size_t *len)
{
    while (*len > 0 && is_blank((*text)[0])) {
        (*text)++;
        (*len)--;
    }
    while (*len > 0 && is_blank((*text)[*len - 1]))
        (*len)--;
}

void rule_trigger_read(const char *text, size_t len, struct rule_trigger *out)
{
    static const char tele[] = "TELE-";
    const size_t n = sizeof(tele) - 1;

    *out = (struct rule_trigger){ .compare = RULE_ANY };
    if (len >= n && rule_same(text, n, tele, n)) {
        out->tele = true;
        text += n;
        len -= n;
    }
    out->path = text;
    out->path_len = len;
    out->wanted = text + len;
    for (size_t i = 0; i < len; i++) {
        const struct sign *sign = sign_at(text + i, len - i);
        if (!sign)
            continue;
        out->compare = sign->compare;
        out->path_len = i;
        out->wanted = text + i + strlen(sign->text);
        out->wanted_len = len - i - strlen(sign->text);
        break;
    }
    trim(&out->path, &out->path_len);
    trim(&out->wanted, &out->wanted_len);
}

/* ---- paths ---- */

static size_t level_len(const char *text, size_t len)
{
    const char *end = memchr(text, '#', len);

    return end ? (size_t)(end - text) : len;
}

/* The first relay needs no number. */
static void name_power(const char **level, size_t *len)
{
    if (rule_same(*level, *len, "POWER", 5)) {
        *level = "POWER1";
        *len = 6;
    }
}

static bool level_fits(const char *typed, size_t typed_len, const char *level, size_t len)
{
    if (typed_len == 1 && typed[0] == '?')
        return true;
    name_power(&typed, &typed_len);
    name_power(&level, &len);
    return rule_same(typed, typed_len, level, len);
}

bool rule_path_fits(const struct rule_trigger *trigger, const char *path)
{
    const char *typed = trigger->path;
    size_t typed_len = trigger->path_len, len = strlen(path);

    for (;;) {
        const size_t a = level_len(typed, typed_len), b = level_len(path, len);
        if (!level_fits(typed, a, path, b))
            return false;
        if (a == typed_len || b == len)
            return a == typed_len && b == len;
        typed += a + 1;
        typed_len -= a + 1;
        path += b + 1;
        len -= b + 1;
    }
}

/* ---- values ---- */

#define MICRO        1000000
#define DIGITS_MAX   12 /* before the point */
#define DECIMALS_MAX 6

/* Digits as a number, of which those behind the first `most` are dropped; how many there were. */
static size_t read_digits(const char *text, size_t most, int64_t *value)
{
    size_t n = 0;

    for (; text[n] >= '0' && text[n] <= '9'; n++) {
        if (n < most)
            *value = *value * 10 + (text[n] - '0');
    }
    return n;
}

bool rule_number(const char *text, int64_t *micro)
{
    int64_t whole = 0, part = 0;
    const bool is_negative = text[0] == '-';
    size_t decimals = 0;

    if (text[0] == '-' || text[0] == '+')
        text++;
    const size_t digits = read_digits(text, DIGITS_MAX, &whole);
    text += digits;
    if (*text == '.') {
        decimals = read_digits(text + 1, DECIMALS_MAX, &part);
        text += 1 + decimals;
    }
    if (*text || digits + decimals == 0 || digits > DIGITS_MAX)
        return false;
    for (size_t i = decimals; i < DECIMALS_MAX; i++)
        part *= 10;
    *micro = (whole * MICRO + part) * (is_negative ? -1 : 1);
    return true;
}

static bool read_value(const char *text, int64_t *micro)
{
    static const struct {
        const char *word;
        int64_t value;
    } words[] = { { "ON", 1 }, { "OFF", 0 }, { "TRUE", 1 }, { "FALSE", 0 }, { "TOGGLE", 2 } };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (rule_same(text, strlen(text), words[i].word, strlen(words[i].word))) {
            *micro = words[i].value * MICRO;
            return true;
        }
    }
    return rule_number(text, micro);
}

static bool equals(const char *a, const char *b)
{
    int64_t x, y;

    if (rule_same(a, strlen(a), b, strlen(b)))
        return true;
    return read_value(a, &x) && read_value(b, &y) && x == y;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t len = strlen(text), n = strlen(end);

    return len >= n && strcmp(text + len - n, end) == 0;
}

static bool number_fits(enum rule_compare compare, int64_t wanted, int64_t value)
{
    if (compare == RULE_MORE)
        return value > wanted;
    if (compare == RULE_MORE_OR_EQUAL)
        return value >= wanted;
    if (compare == RULE_LESS)
        return value < wanted;
    if (compare == RULE_LESS_OR_EQUAL)
        return value <= wanted;
    return wanted > 0 && value % wanted == 0;
}

bool rule_value_fits(enum rule_compare compare, const char *wanted, const char *value)
{
    int64_t x, y;

    switch (compare) {
    case RULE_ANY:
        return true;
    case RULE_IS:
    case RULE_EQUAL:
        return equals(value, wanted);
    case RULE_UNEQUAL:
        return !equals(value, wanted);
    case RULE_STARTS:
        return strncmp(value, wanted, strlen(wanted)) == 0;
    case RULE_ENDS:
        return ends_with(value, wanted);
    case RULE_CONTAINS:
        return strstr(value, wanted) != NULL;
    case RULE_IS_NOT:
        return !rule_same(value, strlen(value), wanted, strlen(wanted));
    case RULE_CONTAINS_NOT:
        return strstr(value, wanted) == NULL;
    case RULE_MORE:
    case RULE_MORE_OR_EQUAL:
    case RULE_LESS:
    case RULE_LESS_OR_EQUAL:
    case RULE_DIVISIBLE:
        break;
    }
    return read_value(wanted, &x) && read_value(value, &y) && number_fits(compare, x, y);
}
