/* The objects of a JSON array, one by one. */
#include "registry/entries.h"

#include <string.h>

void entries_report(struct entries *e, unsigned line, const char *reason)
{
    e->problems++;
    if (e->problem)
        e->problem(e->user, line, reason);
}

static void skip(struct entries *e, size_t n)
{
    for (size_t i = 0; i < n; i++)
        e->line += e->text[e->at++] == '\n';
}

static void skip_blanks(struct entries *e)
{
    while (e->at < e->len && strchr(" \t\r\n", e->text[e->at]) && e->text[e->at])
        skip(e, 1);
}

static bool take(struct entries *e, char c)
{
    skip_blanks(e);
    if (e->at == e->len || e->text[e->at] != c)
        return false;
    skip(e, 1);
    return true;
}

void entries_open(struct entries *e, const char *text, size_t len, registry_problem problem,
                  void *user)
{
    static const char mark[] = "\xef\xbb\xbf"; /* some editors begin a file so */

    *e = (struct entries){ .text = text, .len = len, .line = 1, .problem = problem, .user = user };
    while (e->len > 0 && text[e->len - 1] == '\0')
        e->len--;
    if (e->len >= 3 && memcmp(text, mark, 3) == 0)
        e->at = 3;
    if (take(e, '['))
        return;
    entries_report(e, e->line, "the file is no JSON array: it begins with [");
    e->is_odd = true;
}

/* Goes on to the next brace; anything else on the way is reported once, with its line. */
static void skip_junk(struct entries *e)
{
    const unsigned line = e->line;
    const size_t from = e->at;

    while (e->at < e->len && e->text[e->at] != '{' && e->text[e->at] != ']')
        skip(e, 1);
    if (e->at > from && !e->is_odd)
        entries_report(e, line, "text that belongs to no entry");
}

static void at_the_end(struct entries *e)
{
    if (!take(e, ']') && !e->is_odd)
        entries_report(e, e->line, "the file breaks off: ] is missing");
    skip_blanks(e);
    if (e->at < e->len && !e->is_odd)
        entries_report(e, e->line, "text behind the closing ]");
    e->at = e->len;
}

/* Parses the object at the brace. A broken one is left just behind its brace, because the next
 * entry may begin inside what looks like it. */
static cJSON *parse(struct entries *e, unsigned *line)
{
    const char *end = NULL;
    cJSON *item = cJSON_ParseWithLengthOpts(e->text + e->at, e->len - e->at, &end, false);

    *line = e->line;
    if (item) {
        skip(e, (size_t)(end - (e->text + e->at)));
        return item;
    }
    entries_report(e, e->line, "this entry is no JSON object: a quote, colon or brace is missing");
    skip(e, 1);
    while (e->at < e->len && e->text[e->at] != '{')
        skip(e, 1);
    e->is_odd |= e->at == e->len;
    return NULL;
}

/* A damaged entry is sought through to the end of the text: not without end. */
static void give_up(struct entries *e)
{
    entries_report(e, e->line, "too much is wrong: from here on nothing was read");
    e->at = e->len;
    e->is_odd = true;
}

cJSON *entries_next(struct entries *e, unsigned *line)
{
    while (e->at < e->len) {
        if (e->problems >= ENTRIES_PROBLEMS_MAX) {
            give_up(e);
            break;
        }
        while (take(e, ','))
            ;
        skip_blanks(e);
        skip_junk(e);
        if (e->at == e->len || e->text[e->at] == ']')
            break;
        cJSON *item = parse(e, line);
        if (item)
            return item;
    }
    if (e->len > 0 && e->at <= e->len && !e->ended)
        at_the_end(e);
    e->ended = true;
    return NULL;
}
