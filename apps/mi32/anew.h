/* anew.h: the program ends and starts itself anew, as the command Restart asks for. */
#ifndef MI32_APPS_ANEW_H
#define MI32_APPS_ANEW_H

#include <stdbool.h>

/* Starts `mi32 SUBCOMMAND` with what stands behind argv[0]; process number and environment stay.
 * Everything must be closed. Only returns when it cannot, with the exit code and after saying so.
 */
int anew_start(const char *subcommand, int argc, char **argv);

/* Whether this program was started that way. */
bool anew_was_started(void);

#endif
