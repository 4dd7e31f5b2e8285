/* invariants.h: what holds for every decoded advert, whatever its bytes were. */
#ifndef MI32_TESTS_INVARIANTS_H
#define MI32_TESTS_INVARIANTS_H

#include "beacon/beacon.h"

/* NULL when all of it holds for what beacon_decode made of `advert`, else what does not. */
const char *beacon_invariant_broken(const struct advert *advert, const struct beacon_decoded *d);

/* Decodes `advert` twice and says what is broken, as above; *d is the result. */
const char *beacon_decode_checked(const struct advert *advert, const struct beacon_key *key,
                                  struct beacon_decoded *d);

#endif
