/* rule.c: the text of rules, clause by clause. */
#include "tasmota/rule.h"

#include "base/utf8.h"

#include <string.h>

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool rule_same(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t i = 0;

    while (i < a_len && i < b_len && upper(a[i]) == upper(b[i]))
        i++;
    return i == a_len && i == b_len;
}

void rule_copy(char *out, size_t size, const char *text)
{
    size_t len = strlen(text), n = 0, step;

    if (len >= size) {
        for (len = 0; (step = utf8_len(text + len, strlen(text + len))) > 0 && len + step < size;)
            len += step;
    }
    for (; n < len; n++)
        out[n] = text[n];
    out[n] = '\0';
}

static size_t skip_blanks(const char *text)
{
    return strspn(text, " \t");
}

/* ---- words ---- */

/* Where the next word begins and, in *len, how long it is; 0 at the end. */
static const char *next_word(const char *text, size_t *len)
{
    text += skip_blanks(text);
    *len = strcspn(text, " \t");
    return text;
}

static bool is_word(const char *at, size_t len, const char *word)
{
    return rule_same(at, len, word, strlen(word));
}

/* The text up to a word, without the blanks around it. */
struct piece {
    const char *text;
    size_t len;
};

/* Takes the piece before the first of two words off the text, and the word with it. Gives the word
 * that was found, or NULL. */
static const char *take_until(const char **text, const char *first, const char *second,
                              struct piece *piece)
{
    const char *start = *text + skip_blanks(*text), *end = start, *found = NULL;
    size_t len;

    for (const char *at = next_word(start, &len); len > 0 && !found;
         at = next_word(at + len, &len)) {
        if (is_word(at, len, first))
            found = first;
        else if (is_word(at, len, second))
            found = second;
        else
            end = at + len;
        *text = at + len;
    }
    *piece = (struct piece){ start, (size_t)(end - start) };
    return found;
}

/* ---- clauses ---- */

/* "" or what is missing. */
static const char *take_clause(const char **text, struct rule_clause *clause)
{
    struct piece trigger, action;
    size_t len;

    const char *on = next_word(*text, &len);
    if (!is_word(on, len, "ON"))
        return "a rule begins with ON";
    *text = on + len;
    if (!take_until(text, "DO", "DO", &trigger))
        return "there is no DO behind ON and its trigger";
    const char *end = take_until(text, "ENDON", "BREAK", &action);
    if (!end)
        return "there is no ENDON or BREAK behind DO and its commands";
    if (trigger.len == 0)
        return "there is no trigger between ON and DO";
    *clause = (struct rule_clause){
        .trigger = trigger.text,
        .trigger_len = trigger.len,
        .action = action.text,
        .action_len = action.len,
        .is_last = strcmp(end, "BREAK") == 0,
    };
    return "";
}

bool rule_next(const char **text, struct rule_clause *clause)
{
    const char *at = *text;

    if (*take_clause(&at, clause))
        return false;
    *text = at;
    return true;
}

const char *rule_judge(const char *text)
{
    struct rule_clause clause;

    while (text[skip_blanks(text)]) {
        const char *why = take_clause(&text, &clause);
        if (*why)
            return why;
    }
    return "";
}

/* ---- variables ---- */

struct copy {
    char *out;
    size_t size, len;
    bool fits;
};

static void put(struct copy *copy, const char *text, size_t len)
{
    if (len >= copy->size - copy->len) {
        len = copy->size - copy->len - 1;
        copy->fits = false;
    }
    memcpy(copy->out + copy->len, text, len);
    copy->len += len;
    copy->out[copy->len] = '\0';
}

bool rule_expand(const char *text, size_t len,
                 bool (*value)(void *user, const char *name, size_t len, char *out, size_t size),
                 void *user, char *out, size_t size)
{
    struct copy copy = { .out = out, .size = size, .fits = true };
    char meant[RULE_VALUE_SIZE];

    out[0] = '\0';
    for (size_t i = 0; i < len;) {
        const char *open = memchr(text + i, '%', len - i);
        const char *close = open ? memchr(open + 1, '%', len - (size_t)(open + 1 - text)) : NULL;
        if (!close) {
            put(&copy, text + i, len - i);
            break;
        }
        put(&copy, text + i, (size_t)(open - text) - i);
        const size_t name = (size_t)(close - open) - 1;
        if (value(user, open + 1, name, meant, sizeof(meant))) {
            put(&copy, meant, strlen(meant));
            i = (size_t)(close + 1 - text);
        } else { /* the second sign may be the first of another name */
            put(&copy, open, name + 1);
            i = (size_t)(close - text);
        }
    }
    return copy.fits;
}
