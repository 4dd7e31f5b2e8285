/* keep_out.h: the lists of addresses to hear and not to hear, looked at for every advert. */
#ifndef MI32_PORTS_CAPTURE_KEEP_OUT_H
#define MI32_PORTS_CAPTURE_KEEP_OUT_H

#include "port/radio.h"

/* Whether adverts of this sender are not to be handed on. */
bool keeps_out(const struct port_radio_lists *lists, struct mac addr);

#endif
