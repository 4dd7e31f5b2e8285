/*
 * HHCCJCY10, the flower sensor's Tuya build: service data of UUID fd50, 9 bytes, big-endian.
 *
 *     MM  TT TT  LL LL LL  BB  CC CC
 *
 * M  moisture %      T  temperature i16 0.1 degC      L  lux      B  battery %      C  uS/cm
 *
 * Tuya uses this UUID for everything, so a frame whose percentages are none is not ours.
 */
#include "beacon/beacon_private.h"

#define FRAME_LEN 9

enum beacon_outcome hhccjcy10_decode(const struct element *e, struct beacon_decoded *d)
{
    const uint8_t *p = e->data;

    if (e->len != FRAME_LEN || p[0] > 100 || p[6] > 100)
        return BEACON_IGNORE;
    d->format = BEACON_HHCCJCY10;
    d->product = product_without_id(PRODUCT_HHCCJCY10);
    reading_number(d, BEACON_KIND_TEMPERATURE, bytes_sign(bytes_be(p + 1, 2), 2), -1);
    reading_number(d, BEACON_KIND_MOISTURE, p[0], 0);
    reading_number(d, BEACON_KIND_ILLUMINANCE, (int64_t)bytes_be(p + 3, 3), 0);
    reading_number(d, BEACON_KIND_CONDUCTIVITY, (int64_t)bytes_be(p + 7, 2), 0);
    reading_number(d, BEACON_KIND_BATTERY, p[6], 0);
    return d->n > 0 ? BEACON_OK : BEACON_IGNORE;
}
