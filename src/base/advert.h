/* advert.h: one advertisement as a radio heard it. The only thing that enters mi32 from the air. */
#ifndef MI32_BASE_ADVERT_H
#define MI32_BASE_ADVERT_H

#include "base/mac.h"

#include <stdint.h>

#define ADVERT_LEN_MAX                                                                             \
    1650 /* a chain of extended reports, Core Specification 5.4 Vol 4 E 7.7.65.13 */
#define ADVERT_NO_RSSI 127

enum advert_addr_type {
    ADVERT_ADDR_PUBLIC = 0,
    ADVERT_ADDR_RANDOM = 1,
};

/* `data` is a row of AD structures without any HCI header; it belongs to whoever made the advert
 * and is good for the duration of the call that got it. */
struct advert {
    struct mac addr;
    uint8_t addr_type; /* enum advert_addr_type */
    int8_t rssi;       /* dBm; ADVERT_NO_RSSI when the radio does not know */
    uint8_t radio;     /* which of the radios heard it, from 0 */
    uint16_t len;      /* bytes of data, at most ADVERT_LEN_MAX */
    const uint8_t *data;
    uint64_t heard_ms; /* monotonic */
};

#endif
