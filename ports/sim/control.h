/* control.h: local programs that talk to the gateway, played by the test. */
#ifndef MI32_PORTS_SIM_CONTROL_H
#define MI32_PORTS_SIM_CONTROL_H

#include "port/control.h"

#include "sim/clock.h"

#define SIM_CONTROL_CLIENTS_MAX 8

struct sim_control {
    struct port_control port;
    struct sim_clock *clock;
    struct port_control_events events;
    bool is_open;
    struct timer turn;
    port_client last_id;
    struct sim_client {
        port_client id; /* 0: free */
        bool is_leaving;
        char *heard;
        size_t len;
    } clients[SIM_CONTROL_CLIENTS_MAX];
};

void sim_control_init(struct sim_control *control, struct sim_clock *clock);
void sim_control_clear(struct sim_control *control);

/* A program connects: its number, or 0 when nobody lets it in. */
port_client sim_control_connect(struct sim_control *control);

/* It sends one line, which the gateway gets now; nothing when it was hung up on. */
void sim_control_line(struct sim_control *control, port_client client, const char *line);

/* All it has been sent, as one text; NULL when it was hung up on and the clock has moved since. */
const char *sim_control_heard(const struct sim_control *control, port_client client);

/* It goes away by itself; `gone` is called now. */
void sim_control_leave(struct sim_control *control, port_client client);

#endif
