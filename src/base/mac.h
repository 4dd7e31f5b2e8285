/* mac.h: the address of a Bluetooth device, in the order it is printed. */
#ifndef MI32_BASE_MAC_H
#define MI32_BASE_MAC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAC_TEXT_LEN 12 /* "A4C138012345", without the terminating zero */

/* b[0] is the first byte shown: A4 in A4:C1:38:01:23:45. On the air the order is the other way. */
struct mac {
    uint8_t b[6];
};

/* Reads 12 hex digits in either case, with colons between the bytes or without; `len` characters,
 * no more and no less. False, and *out untouched, when the text is anything else. */
bool mac_parse(const char *text, size_t len, struct mac *out);

/* Writes 12 upper-case hex digits and a zero; returns `out`. */
char *mac_print(struct mac mac, char out[MAC_TEXT_LEN + 1]);

/* The address whose last byte comes first at `p`, as radio frames carry it. */
struct mac mac_from_reversed(const uint8_t p[6]);

/* Writes the six bytes last first, as nonces and frames want them. */
void mac_to_reversed(struct mac mac, uint8_t out[6]);

bool mac_equal(struct mac a, struct mac b);

/* The address as one number, first byte most significant: a key for tables. */
uint64_t mac_number(struct mac mac);

#endif
