/* beacon.h: what the fuzz targets of the room beacon share. Each hands its input to the decoder in
 * one shape; what must hold of the result is in unit/beacon/invariants.c. */
#ifndef MI32_FUZZ_BEACON_H
#define MI32_FUZZ_BEACON_H

#include "fuzz/fuzz.h"

#include <stddef.h>
#include <stdint.h>

/* The sender of every advert here, first byte shown first and last byte first. */
#define FUZZ_MAC                                                                                   \
    {                                                                                              \
        0xa4, 0xc1, 0x38, 0x01, 0x23, 0x45                                                         \
    }
#define FUZZ_MAC_REVERSED                                                                          \
    {                                                                                              \
        0x45, 0x23, 0x01, 0x38, 0xc1, 0xa4                                                         \
    }

/* Decodes the row of AD structures at `data`, without a key and with keys of both lengths, and
 * expects of each result what must hold. The copy it reads ends where the data ends. */
void fuzz_advert(const uint8_t *data, size_t size);

/* The same for one service-data element of this UUID; of more than 252 bytes only the first. */
void fuzz_element(uint16_t uuid, const uint8_t *data, size_t size);

#endif
