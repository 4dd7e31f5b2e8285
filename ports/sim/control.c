#include "sim/control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sim_client *find(struct sim_control *control, port_client id)
{
    for (size_t i = 0; id != 0 && i < SIM_CONTROL_CLIENTS_MAX; i++) {
        if (control->clients[i].id == id)
            return &control->clients[i];
    }
    return NULL;
}

static void forget(struct sim_client *client)
{
    free(client->heard);
    *client = (struct sim_client){ 0 };
}

static void on_turn(void *user)
{
    struct sim_control *control = user;

    for (size_t i = 0; i < SIM_CONTROL_CLIENTS_MAX; i++) {
        if (control->clients[i].id != 0 && control->clients[i].is_leaving)
            sim_control_leave(control, control->clients[i].id);
    }
}

static void open_port(void *self, const struct port_control_events *events)
{
    struct sim_control *control = self;

    control->events = *events;
    control->is_open = true;
}

static void close_port(void *self)
{
    struct sim_control *control = self;

    control->is_open = false;
    timers_cancel(&control->clock->timers, &control->turn);
    for (size_t i = 0; i < SIM_CONTROL_CLIENTS_MAX; i++)
        forget(&control->clients[i]);
}

static void send(void *self, port_client id, const char *data, size_t len)
{
    struct sim_client *client = find(self, id);

    if (!client || client->is_leaving)
        return;
    char *heard = realloc(client->heard, client->len + len + 1);
    if (!heard) {
        fputs("sim: no memory\n", stderr);
        abort();
    }
    memcpy(heard + client->len, data, len);
    client->len += len;
    heard[client->len] = '\0';
    client->heard = heard;
}

static void hang_up(void *self, port_client id)
{
    struct sim_control *control = self;
    struct sim_client *client = find(control, id);

    if (!client)
        return;
    client->is_leaving = true;
    timers_set(&control->clock->timers, &control->turn, control->clock->now_ms);
}

void sim_control_init(struct sim_control *control, struct sim_clock *clock)
{
    *control = (struct sim_control){
        .port = { .self = control,
                  .open = open_port,
                  .close = close_port,
                  .send = send,
                  .hang_up = hang_up },
        .clock = clock,
        .turn = { .fire = on_turn, .user = control },
    };
}

void sim_control_clear(struct sim_control *control)
{
    close_port(control);
}

port_client sim_control_connect(struct sim_control *control)
{
    for (size_t i = 0; control->is_open && i < SIM_CONTROL_CLIENTS_MAX; i++) {
        if (control->clients[i].id == 0)
            return control->clients[i].id = ++control->last_id;
    }
    return 0;
}

void sim_control_line(struct sim_control *control, port_client id, const char *line)
{
    const struct sim_client *client = find(control, id);

    if (client && !client->is_leaving)
        control->events.line(control->events.user, id, line, strlen(line));
}

const char *sim_control_heard(const struct sim_control *control, port_client id)
{
    for (size_t i = 0; i < SIM_CONTROL_CLIENTS_MAX; i++) {
        const struct sim_client *client = &control->clients[i];
        if (id != 0 && client->id == id)
            return client->heard ? client->heard : "";
    }
    return NULL;
}

void sim_control_leave(struct sim_control *control, port_client id)
{
    struct sim_client *client = find(control, id);

    if (!client)
        return;
    forget(client);
    control->events.gone(control->events.user, id);
}
