/*
 * Damaged adverts: every vector cut at every length, and with every bit flipped, and
 * those with a tag with every byte changed to every other value. Nothing is read past the end (the
 * copies are exactly as long as the advert, so the address sanitizer sees the first byte too many),
 * and no value comes out where a tag was there and broken.
 *
 * "Was there" is what the frame says of itself. Four things no tag covers: the AD header, the
 * UUID, MiBeacon's control bytes and the lowest bit of BTHome's info byte. Who switches encryption
 * off there makes a plain frame, whose values are not authentic and which the registry refuses for
 * a sensor with a key (reject:downgrade). Everywhere else, `covered` below, a change must give
 * nothing.
 */
#include "invariants.h"
#include "vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* "bits" as argument: single bits only, for slow machines and valgrind. */
static bool is_bits_only(int argc, char **argv)
{
    return argc > 1 && strcmp(argv[1], "bits") == 0;
}

struct damage {
    bool bits_only;
    unsigned changes, values;               /* covered bytes of frames with a full tag */
    unsigned legacy_changes, legacy_values; /* and of those with one check byte */
    unsigned cuts;
    unsigned encrypted; /* vectors whose tag verified */
};

/* Where the element of ours begins: its AD header. */
static size_t frame_at(const struct vector *v)
{
    size_t at = 0;

    while (at < v->advert.len && v->bytes[at + 1] != 0x16)
        at += v->bytes[at] + 1u;
    assert_true(at < v->advert.len);
    return at;
}

/* The first byte of the frame whose change the tag must notice. */
static size_t covered_from(const struct vector *v, const struct beacon_decoded *d)
{
    const size_t data = frame_at(v) + 4;

    if (d->format == BEACON_MIBEACON || d->format == BEACON_MIBEACON_LEGACY)
        return data + 2;
    return d->format == BEACON_BTHOME2_ENC ? data + 1 : data;
}

static void expect_sane(const struct vector *v, const char *broken)
{
    if (broken)
        fail_msg("%s: does not hold: %s", v->name, broken);
}

static void expect_not_authentic(const struct vector *v, const struct beacon_decoded *d)
{
    if (d->authentic)
        fail_msg("%s: a changed frame is authentic", v->name);
}

/* A frame that gives values after a change outside of what its tag covers: either the tag still
 * verifies and the values are the same, or there is no tag any more and nothing is authentic. */
static void expect_same_or_plain(const struct vector *v, const struct beacon_decoded *before,
                                 const struct beacon_decoded *d)
{
    if (d->outcome != BEACON_OK)
        return;
    if (!d->encrypted) {
        expect_not_authentic(v, d);
        return;
    }
    assert_int_equal(d->n, before->n);
    for (unsigned i = 0; i < d->n; i++) {
        assert_int_equal(d->readings[i].kind, before->readings[i].kind);
        assert_int_equal(d->readings[i].u.value, before->readings[i].u.value);
    }
}

static void change_byte(const struct vector *v, const struct beacon_decoded *before,
                        struct advert *copy, uint8_t *byte, bool is_covered, struct damage *count)
{
    const bool is_legacy = before->format == BEACON_MIBEACON_LEGACY;
    /* every value where a tag must notice; single bits are enough to look for reads past the end */
    const bool is_every_value =
        !count->bits_only && before->encrypted && before->outcome == BEACON_OK;
    const uint8_t was = *byte;
    struct beacon_decoded d;

    for (unsigned flip = 1; flip < 256; flip = is_every_value ? flip + 1 : flip * 2) {
        *byte = (uint8_t)(was ^ flip);
        if ((flip & (flip - 1)) == 0) /* one bit; the checks cost far more than the decoding */
            expect_sane(v, beacon_decode_checked(copy, &v->key, &d));
        else
            beacon_decode(copy, &v->key, &d);
        if (is_legacy)
            expect_not_authentic(v, &d);
        if (is_covered && is_legacy) {
            count->legacy_changes++;
            count->legacy_values += d.outcome == BEACON_OK;
        } else if (is_covered) {
            count->changes++;
            count->values += d.outcome == BEACON_OK;
        } else if (before->encrypted && before->outcome == BEACON_OK) {
            expect_same_or_plain(v, before, &d);
        }
    }
    *byte = was;
}

static void change_every_byte(const struct vector *v, void *user)
{
    struct damage *count = user;
    struct beacon_decoded before;
    uint8_t *bytes = malloc(v->advert.len);
    struct advert copy = v->advert;
    size_t from = SIZE_MAX, to = 0;

    assert_non_null(bytes);
    memcpy(bytes, v->bytes, v->advert.len);
    copy.data = bytes;
    expect_sane(v, beacon_decode_checked(&copy, &v->key, &before));
    if (before.encrypted && before.outcome == BEACON_OK) {
        from = covered_from(v, &before);
        to = frame_at(v) + v->bytes[frame_at(v)] + 1;
        count->encrypted++;
    }
    for (size_t i = 0; i < copy.len; i++)
        change_byte(v, &before, &copy, &bytes[i], i >= from && i < to, count);
    free(bytes);
}

static void no_change_gives_a_value(void **state)
{
    struct damage count = { .bits_only = *state != NULL };
    const unsigned less = count.bits_only ? 32 : 1;

    vectors_each(change_every_byte, &count);
    assert_true(count.encrypted > 60);
    assert_true(count.changes > 100000 / less && count.legacy_changes > 10000 / less);
    assert_int_equal(count.values, 0);
    print_message("legacy: %u of %u changes pass the check byte\n", count.legacy_values,
                  count.legacy_changes);
    assert_true(count.legacy_values * 100 <= count.legacy_changes);
}

/* The first `len` bytes of the advert, alone on the heap. With `is_consistent` the AD length is
 * corrected, so that the frame is short and not the row of structures. */
static void decode_cut(const struct vector *v, size_t len, bool is_consistent,
                       struct beacon_decoded *d)
{
    uint8_t *bytes = malloc(len > 0 ? len : 1);
    struct advert copy = v->advert;

    assert_non_null(bytes);
    memcpy(bytes, v->bytes, len);
    if (is_consistent)
        bytes[frame_at(v)] = (uint8_t)(len - frame_at(v) - 1);
    copy.data = bytes;
    copy.len = (uint16_t)len;
    expect_sane(v, beacon_decode_checked(&copy, &v->key, d));
    free(bytes);
}

static void cut_everywhere(const struct vector *v, void *user)
{
    struct damage *count = user;
    struct beacon_decoded before, d;

    beacon_decode(&v->advert, &v->key, &before);
    const bool has_tag = before.encrypted && before.outcome == BEACON_OK;
    const size_t at = has_tag ? frame_at(v) : 0;
    const size_t end = has_tag ? at + v->bytes[at] + 1 : 0;
    for (size_t len = 0; len < v->advert.len; len++) {
        decode_cut(v, len, false, &d);
        count->cuts++;
        if (has_tag && len < end)
            assert_int_not_equal(d.outcome, BEACON_OK);
    }
    for (size_t len = at + 4; has_tag && len < end; len++) {
        decode_cut(v, len, true, &d);
        assert_int_not_equal(d.outcome, BEACON_OK);
    }
}

static void no_cut_frame_gives_a_value(void **state)
{
    struct damage count = { 0 };

    (void)state;
    vectors_each(cut_everywhere, &count);
    assert_true(count.cuts > 10000);
}

/* Without its key, or with another one, an encrypted vector gives no value. */
static void decode_with_wrong_keys(const struct vector *v, void *user)
{
    unsigned *n = user;
    struct beacon_decoded before, d;
    struct beacon_key other = { 0 };
    uint8_t bytes[16] = { 0 };

    beacon_decode(&v->advert, &v->key, &before);
    if (!before.encrypted || before.outcome != BEACON_OK)
        return;
    (*n)++;
    expect_sane(v, beacon_decode_checked(&v->advert, NULL, &d));
    assert_int_equal(d.outcome, BEACON_NO_KEY);
    memcpy(bytes, v->key.bytes, v->key.len);
    for (unsigned bit = 0; bit < v->key.len * 8u; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(beacon_key_set(&other, bytes, v->key.len));
        beacon_decode(&v->advert, &other, &d);
        if (before.format != BEACON_MIBEACON_LEGACY)
            assert_int_equal(d.outcome, BEACON_REJECT_MIC);
        beacon_key_clear(&other);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void a_wrong_key_opens_nothing(void **state)
{
    unsigned n = 0;

    (void)state;
    vectors_each(decode_with_wrong_keys, &n);
    assert_true(n > 60);
}

int main(int argc, char **argv)
{
    static char bits_only[] = "bits";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(no_change_gives_a_value,
                                  is_bits_only(argc, argv) ? bits_only : NULL),
        cmocka_unit_test(no_cut_frame_gives_a_value),
        cmocka_unit_test(a_wrong_key_opens_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
