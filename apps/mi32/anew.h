/* anew.h: the program ends and starts itself anew, as the command Restart asks for. */
#ifndef MI32_APPS_ANEW_H
#define MI32_APPS_ANEW_H

#include <stdbool.h>

/* Starts `mi32 SUBCOMMAND` with what stands behind argv[0]; process number and environment stay.
 * Everything must be closed. Only returns when it cannot, with the exit code and after saying so.
 */
int anew_start(const char *subcommand, int argc, char **argv);

/* From now on a signal to stop waits, for the program that starts anew too, until it is let in: one
 * that comes in between is for that program. */
void anew_hold_stops(void);
void anew_let_stops_in(void);

/* Whether this program was started that way. */
bool anew_was_started(void);

#endif
