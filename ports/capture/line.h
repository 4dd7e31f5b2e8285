/* line.h: one line of a recording; private to this folder. */
#ifndef MI32_PORTS_CAPTURE_LINE_H
#define MI32_PORTS_CAPTURE_LINE_H

#include "capture/capture.h"
#include "capture/hci.h"

/* Everything of *out but the data: an advert of nobody, heard by a radio that knows no strength. */
void capture_clear(struct capture_advert *out);

/* Puts an advert in place, with a copy of its data. Its length is at most ADVERT_LEN_MAX. */
void capture_put(struct capture_advert *out, const struct advert *advert, bool is_anonymous);

/* A JSON object without its surroundings: text[0] is '{'. False and *fault (without line). */
bool capture_json(const char *text, size_t len, struct capture_advert *out,
                  struct capture_fault *fault);

/* A row of hex digits: *len bytes to `bytes` (ADVERT_LEN_MAX large). False and *fault. */
bool capture_hex(const char *text, size_t digits, uint8_t *bytes, size_t *len,
                 struct capture_fault *fault);

#endif
