/* keep_out.h: the lists of port_radio_tuning, for radios that have no controller to give them to.
 */
#ifndef MI32_PORTS_CAPTURE_KEEP_OUT_H
#define MI32_PORTS_CAPTURE_KEEP_OUT_H

#include "port/radio.h"

/* Whether adverts of this sender are not to be handed on. */
bool keeps_out(const struct port_radio_tuning *tuning, struct mac addr);

#endif
