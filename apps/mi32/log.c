#include "log.h"

#include "cli.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOUR_MS (60 * 60 * 1000)
#define WAIT_MS 2 /* for a reader that is merely slower than a burst */

static const struct level {
    const char *name;
    const char *priority; /* sd-daemon(3) */
    const char *colour;   /* ECMA-48 */
} levels[] = {
    [BUS_ERROR] = { "error", "<3>", "\033[1;31m" },
    [BUS_WARNING] = { "warning", "<4>", "\033[33m" },
    [BUS_INFO] = { "info", "<6>", "" },
    [BUS_DEBUG] = { "debug", "<7>", "\033[2m" },
};

static uint64_t hash_text(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    return hash;
}

/* The place where this message is remembered: its own, or the one shown longest ago. */
static struct log_seen *find_seen(struct log *log, uint64_t hash)
{
    struct log_seen *oldest = &log->seen[0];

    for (size_t i = 0; i < LOG_REMEMBERED; i++) {
        if (log->seen[i].hash == hash)
            return &log->seen[i];
        if (log->seen[i].shown_ms < oldest->shown_ms)
            oldest = &log->seen[i];
    }
    return oldest;
}

/* Nobody who does not read the log may stop the gateway: then its lines are left out, and counted.
 */
static bool is_read(struct log *log)
{
    if (cli_can_write(STDERR_FILENO, log->unread == 0 ? WAIT_MS : 0))
        return true;
    log->unread++;
    return false;
}

static void put_level(const struct log *log, enum bus_level level)
{
    const struct level *l = &levels[level];

    if (log->is_journal)
        fputs(l->priority, stderr);
    else
        fprintf(stderr, "%s%s:%s ", log->has_colour ? l->colour : "", l->name,
                log->has_colour && *l->colour ? "\033[0m" : "");
}

static void tell_unread(struct log *log)
{
    if (log->unread == 0)
        return;
    put_level(log, BUS_WARNING);
    fprintf(stderr, "nobody read this log: %u line%s left out here\n", log->unread,
            log->unread == 1 ? " was" : "s were");
    log->unread = 0;
}

static void put(const struct log *log, enum bus_level level, const char *text, const char *remedy,
                unsigned left_out)
{
    put_level(log, level);
    cli_put_clean(stderr, text, strlen(text));
    if (remedy && *remedy) {
        fputs(" - ", stderr);
        cli_put_clean(stderr, remedy, strlen(remedy));
    }
    if (left_out)
        fprintf(stderr, " (and %u times more since)", left_out);
    fputc('\n', stderr);
}

static void show(struct log *log, enum bus_level level, const char *text, const char *remedy,
                 uint64_t now_ms)
{
    const uint64_t hash = hash_text(text);

    if (level > log->level)
        return;
    struct log_seen *seen = find_seen(log, hash);
    if (seen->hash == hash && now_ms - seen->shown_ms < HOUR_MS) {
        seen->left_out++;
        return;
    }
    if (!is_read(log))
        return;
    tell_unread(log);
    put(log, level, text, remedy, seen->hash == hash ? seen->left_out : 0);
    *seen = (struct log_seen){ hash, now_ms, 0 };
}

static struct log_link *find_link(struct log *log, uint64_t name)
{
    size_t i = 0;

    while (i + 1 < LOG_LINKS && log->links[i].name != name && log->links[i].name != 0)
        i++;
    return &log->links[i];
}

/* A link that has come or gone since it was last shown: then its text is news, even if it was shown
 * within the hour. Without a text, what was said last will be news. */
static void forget_if_turned(struct log *log, const char *name, bool is_up, const char *text)
{
    const struct log_link now = { hash_text(name), hash_text(text), is_up };
    struct log_link *link = find_link(log, now.name);

    if (link->name == now.name && link->is_up != is_up)
        find_seen(log, now.text)->hash = 0;
    if (link->name == now.name && !*text)
        find_seen(log, link->text)->hash = 0;
    *link = now;
}

static void show_link(struct log *log, const struct bus_event *event)
{
    const enum bus_level level = event->u.link.up ? BUS_INFO : BUS_WARNING;

    forget_if_turned(log, event->u.link.name, event->u.link.up, event->u.link.text);
    if (*event->u.link.text)
        show(log, level, event->u.link.text, event->u.link.remedy, event->when_ms);
}

static void hear(void *user, const struct bus_event *event)
{
    struct log *log = user;

    if (event->kind == BUS_LOG)
        show(log, event->u.log.level, event->u.log.text, event->u.log.remedy, event->when_ms);
    else if (event->kind == BUS_LINK)
        show_link(log, event);
}

/* systemd names in $JOURNAL_STREAM what it has connected; programs started from there inherit the
 * variable, but not always standard error. */
static bool is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    char ours[48];
    struct stat st;

    if (!stream || fstat(STDERR_FILENO, &st) != 0)
        return false;
    snprintf(ours, sizeof(ours), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    return strcmp(stream, ours) == 0;
}

void log_open(struct log *log, struct bus *bus, enum bus_level level)
{
    log->bus = bus;
    log->level = level;
    log->is_journal = is_journal();
    log->has_colour = !log->is_journal && isatty(STDERR_FILENO) && !getenv("NO_COLOR");
    log->listener = (struct bus_listener){ hear, log, NULL };
    bus_listen(bus, &log->listener);
}

void log_close(struct log *log)
{
    bus_unlisten(log->bus, &log->listener);
    if (cli_can_write(STDERR_FILENO, 0))
        tell_unread(log);
}
