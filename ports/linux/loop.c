#include "linux/loop.h"

#include <event2/event.h>

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#define UNIX_2024     1704067200
#define STEP_MS       2000 /* a wall clock that jumped further was set by somebody */
#define RTC_FILE      "/sys/class/rtc/rtc0"
#define WAIT_LIMIT_MS 3600000 /* no libevent timer runs longer; the list is looked at again */

enum { SIGNALS = 3 };

struct loop {
    struct event_base *base;
    bool is_stopped;
    struct port_clock clock;
    struct timers timers;
    struct event *timer;
    uint64_t armed_ms; /* what `timer` waits for, or TIMERS_NONE */
    bool is_firing;

    bool wall_is_set; /* once true it stays so */
    bool has_rtc;
    int64_t wall_minus_now; /* at the start */

    struct event *signals[SIGNALS];
    struct loop_signals on_signal;

    int wake_fd;
    struct event *wake;
    pthread_mutex_t lock; /* the three below */
    struct loop_task *first, **last;
};

/* ---- time ---- */

static int64_t read_clock(clockid_t id)
{
    struct timespec t = { 0 };

    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* One more than the kernel says, so that it is never 0. */
static uint64_t now_ms(void *self)
{
    (void)self;
    return (uint64_t)read_clock(CLOCK_MONOTONIC) + 1;
}

bool loop_wall_is_set(const struct loop_clock_facts *facts)
{
    if (facts->unix_s < UNIX_2024)
        return false;
    return facts->is_synchronised || facts->has_rtc || facts->was_stepped;
}

/* A kernel that does not say (adjtimex not allowed, in a container) is taken at its word. */
static bool is_synchronised(void)
{
    struct timex t = { .modes = 0 };

    return adjtimex(&t) < 0 || (t.status & STA_UNSYNC) == 0;
}

static bool wall_ms(void *self, int64_t *unix_ms)
{
    struct loop *loop = self;

    *unix_ms = read_clock(CLOCK_REALTIME);
    if (loop->wall_is_set)
        return true;
    const int64_t moved = *unix_ms - (int64_t)now_ms(loop) - loop->wall_minus_now;
    const struct loop_clock_facts facts = {
        .unix_s = *unix_ms / 1000,
        .is_synchronised = is_synchronised(),
        .has_rtc = loop->has_rtc,
        .was_stepped = moved > STEP_MS || moved < -STEP_MS,
    };
    loop->wall_is_set = loop_wall_is_set(&facts);
    return loop->wall_is_set;
}

static int32_t utc_offset_s(void *self, int64_t unix_s)
{
    const time_t t = (time_t)unix_s;
    struct tm local = { 0 };

    (void)self;
    return localtime_r(&t, &local) ? (int32_t)local.tm_gmtoff : 0;
}

/* ---- timers: one of libevent's stands for the whole list ---- */

static void arm(struct loop *loop)
{
    const uint64_t next_ms = timers_next(&loop->timers);

    if (loop->is_firing || next_ms == loop->armed_ms)
        return;
    loop->armed_ms = next_ms;
    if (next_ms == TIMERS_NONE) {
        event_del(loop->timer);
        return;
    }
    const uint64_t now = now_ms(loop);
    uint64_t wait_ms = next_ms > now ? next_ms - now : 0;
    if (wait_ms > WAIT_LIMIT_MS)
        wait_ms = WAIT_LIMIT_MS;
    const struct timeval wait = {
        .tv_sec = (time_t)(wait_ms / 1000),
        .tv_usec = (suseconds_t)(wait_ms % 1000 * 1000),
    };
    event_add(loop->timer, &wait);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct loop *loop = arg;

    (void)fd;
    (void)what;
    loop->armed_ms = TIMERS_NONE;
    loop->is_firing = true;
    timers_run(&loop->timers, now_ms(loop));
    loop->is_firing = false;
    arm(loop);
}

static void set(void *self, struct timer *timer, uint64_t at_ms)
{
    struct loop *loop = self;

    timers_set(&loop->timers, timer, at_ms);
    arm(loop);
}

static void cancel(void *self, struct timer *timer)
{
    struct loop *loop = self;

    timers_cancel(&loop->timers, timer);
    arm(loop);
}

/* ---- tasks from other threads ---- */

static struct loop_task *next_task(struct loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    struct loop_task *task = loop->first;
    if (task) {
        loop->first = task->next;
        if (!loop->first)
            loop->last = &loop->first;
        task->is_posted = false;
    }
    pthread_mutex_unlock(&loop->lock);
    return task;
}

static void wake_up(const struct loop *loop)
{
    const uint64_t one = 1;

    while (write(loop->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
        continue;
}

/* Runs what is posted, but no more than was there at the start of the turn. */
static void on_wake(evutil_socket_t fd, short what, void *arg)
{
    struct loop *loop = arg;
    uint64_t count;
    size_t n = 0;

    (void)what;
    (void)!read(fd, &count, sizeof(count));
    pthread_mutex_lock(&loop->lock);
    for (const struct loop_task *t = loop->first; t; t = t->next)
        n++;
    pthread_mutex_unlock(&loop->lock);
    for (; n > 0; n--) {
        struct loop_task *task = next_task(loop);
        if (!task)
            return;
        task->run(task->user);
    }
}

void loop_post(struct loop *loop, struct loop_task *task)
{
    pthread_mutex_lock(&loop->lock);
    const bool is_new = !task->is_posted;
    if (is_new) {
        task->is_posted = true;
        task->next = NULL;
        *loop->last = task;
        loop->last = &task->next;
    }
    pthread_mutex_unlock(&loop->lock);
    if (is_new)
        wake_up(loop);
}

void loop_unpost(struct loop *loop, struct loop_task *task)
{
    pthread_mutex_lock(&loop->lock);
    for (struct loop_task **at = &loop->first; *at; at = &(*at)->next) {
        if (*at != task)
            continue;
        *at = task->next;
        if (!*at)
            loop->last = at;
        break;
    }
    task->is_posted = false;
    pthread_mutex_unlock(&loop->lock);
}

/* ---- signals ---- */

static void on_stop_signal(evutil_socket_t number, short what, void *arg)
{
    struct loop *loop = arg;

    (void)what;
    event_del(loop->signals[0]);
    event_del(loop->signals[1]);
    loop->on_signal.stop(loop->on_signal.user, (int)number);
}

static void on_reload_signal(evutil_socket_t number, short what, void *arg)
{
    struct loop *loop = arg;

    (void)number;
    (void)what;
    loop->on_signal.reload(loop->on_signal.user);
}

bool loop_on_signals(struct loop *loop, const struct loop_signals *signals)
{
    static const struct {
        int number;
        event_callback_fn handle;
    } rows[SIGNALS] = {
        { SIGINT, on_stop_signal },
        { SIGTERM, on_stop_signal },
        { SIGHUP, on_reload_signal },
    };

    loop->on_signal = *signals;
    for (size_t i = 0; i < SIGNALS; i++) {
        loop->signals[i] = evsignal_new(loop->base, rows[i].number, rows[i].handle, loop);
        if (!loop->signals[i] || event_add(loop->signals[i], NULL) != 0)
            return false;
    }
    return true;
}

/* ---- the loop ---- */

void loop_random(void *random_self, uint8_t *out, size_t len)
{
    (void)random_self;
    while (len > 0) {
        const ssize_t n = getrandom(out, len, 0);
        if (n < 0 && errno != EINTR) {
            perror("mi32: the kernel gives no random bytes");
            abort();
        }
        out += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
}

static bool open_events(struct loop *loop)
{
    loop->base = event_base_new();
    loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (!loop->base || loop->wake_fd < 0)
        return false;
    loop->timer = evtimer_new(loop->base, on_timer, loop);
    loop->wake = event_new(loop->base, loop->wake_fd, EV_READ | EV_PERSIST, on_wake, loop);
    return loop->timer && loop->wake && event_add(loop->wake, NULL) == 0;
}

/* A virtual machine starts with the time of its host, and often without an rtc of its own. */
static bool is_virtual(void)
{
    FILE *file = fopen("/proc/cpuinfo", "re");
    char line[4096];
    bool found = false;

    while (file && !found && fgets(line, sizeof(line), file))
        found = strncmp(line, "flags", 5) == 0 && strstr(line, " hypervisor") != NULL;
    if (file)
        fclose(file);
    return found;
}

struct loop *loop_new(void)
{
    struct loop *loop = calloc(1, sizeof(*loop));

    if (!loop)
        return NULL;
    signal(SIGPIPE, SIG_IGN);
    tzset();
    loop->clock = (struct port_clock){
        .self = loop,
        .now_ms = now_ms,
        .wall_ms = wall_ms,
        .utc_offset_s = utc_offset_s,
        .set = set,
        .cancel = cancel,
    };
    loop->armed_ms = TIMERS_NONE;
    loop->has_rtc = access(RTC_FILE, F_OK) == 0 || is_virtual();
    loop->wall_minus_now = read_clock(CLOCK_REALTIME) - (int64_t)now_ms(loop);
    loop->last = &loop->first;
    pthread_mutex_init(&loop->lock, NULL);
    if (!open_events(loop)) {
        loop_free(loop);
        return NULL;
    }
    return loop;
}

static void free_event(struct event *event)
{
    if (event)
        event_free(event);
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    for (size_t i = 0; i < SIGNALS; i++)
        free_event(loop->signals[i]);
    free_event(loop->timer);
    free_event(loop->wake);
    if (loop->wake_fd >= 0)
        close(loop->wake_fd);
    if (loop->base)
        event_base_free(loop->base);
    pthread_mutex_destroy(&loop->lock);
    free(loop);
}

void loop_run(struct loop *loop)
{
    if (!loop->is_stopped)
        event_base_dispatch(loop->base);
}

void loop_catch_up(struct loop *loop)
{
    event_base_loop(loop->base, EVLOOP_NONBLOCK);
}

void loop_stop(struct loop *loop)
{
    loop->is_stopped = true;
    event_base_loopbreak(loop->base);
}

const struct port_clock *loop_clock(struct loop *loop)
{
    return &loop->clock;
}

struct event_base *loop_base(struct loop *loop)
{
    return loop->base;
}
