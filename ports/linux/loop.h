/*
 * loop.h: the loop thread of a Linux machine (libevent): the clock, timers, signals, and tasks that
 * other threads hand over. One loop a program; everything here but loop_post() and loop_unpost() is
 * called on the loop thread.
 */
#ifndef MI32_PORTS_LINUX_LOOP_H
#define MI32_PORTS_LINUX_LOOP_H

#include "port/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base; /* libevent's, for the other files of this folder */
struct loop;

/* NULL without memory or file descriptors. SIGPIPE is ignored from now on. */
struct loop *loop_new(void);
void loop_free(struct loop *loop);

/* Runs until loop_stop(), which may be called from a callback, or before: then nothing runs. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* After loop_run(): does what is due already, without waiting; a signal caught last is, too. */
void loop_catch_up(struct loop *loop);

/* `stop` is called on SIGINT and SIGTERM, `reload` on SIGHUP. A second SIGINT or SIGTERM ends the
 * program at once, as signals do, should the first not be enough. False without memory. */
struct loop_signals {
    void *user;
    void (*stop)(void *user, int signal);
    void (*reload)(void *user);
};
bool loop_on_signals(struct loop *loop, const struct loop_signals *signals);

const struct port_clock *loop_clock(struct loop *loop);

/* struct port's random(); `random_self` is not used. From the kernel's generator; ends the program
 * where that one fails, since keys must not be made from anything less. */
void loop_random(void *random_self, uint8_t *out, size_t len);

/* Something to do on the loop thread. The memory is the caller's until `run` was called; set `run`
 * and `user`, the rest is private and starts as zero. */
struct loop_task {
    void (*run)(void *user);
    void *user;
    struct loop_task *next;
    bool is_posted;
};

/* From any thread: `run` is called on the loop thread, in the order of posting. A task that is
 * posted already stays where it is and runs once. */
void loop_post(struct loop *loop, struct loop_task *task);

/* Takes back a task that has not run yet. Its memory is free when this returns, provided nobody
 * posts it again. */
void loop_unpost(struct loop *loop, struct loop_task *task);

struct event_base *loop_base(struct loop *loop);

/* What the machine says about its clock, and what we make of it; apart from the loop for tests. */
struct loop_clock_facts {
    int64_t unix_s;
    bool is_synchronised; /* the kernel: by a time server, not more than 16 s off */
    bool has_rtc;         /* a clock that goes on without power, or a host's */
    bool was_stepped;     /* somebody has set it since we started */
};

/*
 * Whether the wall clock can be trusted. Before 2024 it is not. A machine with a battery-backed
 * clock, or without word about time servers (a container), is. A Raspberry Pi has no such clock: it
 * starts with the time of its last shutdown, so it is believed only after a time server or a person
 * has set it.
 */
bool loop_wall_is_set(const struct loop_clock_facts *facts);

#endif
