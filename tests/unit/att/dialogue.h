/*
 * dialogue.h: a peer that is a list of lines. "> 0a0300" is what the engine must send next, all of
 * it; "< 0b68656c6c6f" what the peer then says. Spaces between the digits are for the reader.
 */
#ifndef MI32_TESTS_ATT_DIALOGUE_H
#define MI32_TESTS_ATT_DIALOGUE_H

#include "att/att.h"

#define DIALOGUE_NOW 1000 /* when everything is sent */

/* Plays the lines (NULL ends them) and gives the first event after `first`, which is what the
 * operation itself returned. Fails the test when a line does not fit, when there are lines behind
 * the event, or when the engine still wants to send something behind the last line. */
enum att_event dialogue_go_on(struct att *att, enum att_event first, const char *const lines[]);

/* The same for an operation that ends there with that error. */
void dialogue_ends(struct att *att, enum att_event first, const char *const lines[],
                   enum att_error error);

/* Feeds one PDU from memory that ends where it ends. */
enum att_event dialogue_say(struct att *att, const uint8_t *pdu, size_t len);

/* The PDU that waits to be sent, as hex digits; "" for none. Good until the next call. */
const char *dialogue_pending(const struct att *att);

/* Lines as an argument. */
#define LINES(...) ((const char *const[]){ __VA_ARGS__, NULL })

#endif
