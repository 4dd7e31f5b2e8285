/* gatt_private.h: what the files of this room share. */
#ifndef MI32_GATT_GATT_PRIVATE_H
#define MI32_GATT_GATT_PRIVATE_H

#include "gatt/gatt.h"

/* ---- gatt.c ---- */

uint64_t gatt_now(const struct gatt *gatt);

/* The one way to change the state. Each has its limit of time, at which gatt_job_limit() is called.
 */
void gatt_enter(struct gatt *gatt, enum gatt_state state);

/* Looks for something to do at the next turn. */
void gatt_look_soon(struct gatt *gatt);

/* The connection is gone, or did not come about. */
void gatt_disconnected(struct gatt *gatt);

/* Reports whether there is a connection. Afterwards the job that is run may have been cancelled. */
void gatt_tell_change(struct gatt *gatt);

/* Begins to end the connection. */
void gatt_hang_up(struct gatt *gatt);

/* Tells a client of the connection's end as one that did not ask for it. */
void gatt_tell_end(struct gatt_client *client);

/* ---- job.c: from the connection to the end of one job ---- */

void gatt_job_connect(struct gatt *gatt);
void gatt_job_find(struct gatt *gatt);
void gatt_job_done(struct gatt *gatt, const struct port_gatt_result *result);
void gatt_job_notified(struct gatt *gatt, uint16_t handle, const uint8_t *data, size_t len);
void gatt_job_limit(struct gatt *gatt);

/* Ends the job that is run: its client is told. */
struct gatt_end {
    enum gatt_error error;
    enum port_gatt_error reason;
    const uint8_t *data;
    size_t len;
};
void gatt_job_end(struct gatt *gatt, const struct gatt_end *end);

/* ---- found.c: what was found on this connection ---- */

struct gatt_found *gatt_found_of_job(struct gatt *gatt, const struct gatt_job *job);
struct gatt_found *gatt_found_of_handle(struct gatt *gatt, uint16_t handle);

/* Keeps one more; where there is no room the oldest without subscription, or the first, goes. */
struct gatt_found *gatt_found_add(struct gatt *gatt, const struct gatt_job *job,
                                  const struct port_gatt_char *it);

/* ---- outcome.c ---- */

/* What a port's error in this state means to a client that asked for `op`. */
enum gatt_error gatt_outcome(enum gatt_state state, enum gatt_op op, enum port_gatt_error error);

#endif
