/*
 * Custom firmware for Telink thermometers, service data of UUID 181a. The forms are told apart by
 * their length (b-parasite uses the same UUID with 16 and 18 bytes):
 *
 * ATC1441, 13 bytes, big-endian:
 *
 *     M x 6  TT TT  HH  BB  VV VV  NN          T 0.1 degC, H %, B %, V mV
 *
 * pvvx "custom", 15 bytes (14 in builds without F), little-endian, MAC last byte first:
 *
 *     M x 6  TT TT  HH HH  VV VV  BB  NN  [FF]     T 0.01 degC, H 0.01 %, V mV, B %
 *
 * N  counter      F  bits: 0 reed switch, 1 level of the trigger output, 2 trigger active
 *
 * Encrypted, 11 (pvvx) or 8 (ATC1441) bytes:
 *
 *     NN  cipher text x 6 or 3  tag x 4        AES-CCM, additional data 11
 *     nonce  reversed MAC x 6  and the AD structure's own first five bytes: length 16 1a 18 NN
 *     pvvx     TT TT  HH HH  BB  FF            as above
 *     ATC1441  TT  HH  BB                      T value / 2 - 40 degC, H value / 2 %, B bits 0..6 %,
 *                                              bit 7 trigger active
 */
#include "beacon/beacon_private.h"

#include <string.h>

#define ATC_LEN      13
#define PVVX_LEN     15
#define ATC_ENC_LEN  8
#define PVVX_ENC_LEN 11
#define TAG_LEN      4

#define FLAG_REED           0x01
#define FLAG_TRIGGER_OUTPUT 0x02
#define FLAG_TRIGGER        0x04

/* The ids Tasmota gives the two families. */
#define PRODUCT_ATC  0x0a1c
#define PRODUCT_PVVX 0x944a

static void start(struct beacon_decoded *d, enum beacon_format format, uint8_t counter)
{
    const bool is_pvvx = format == BEACON_PVVX || format == BEACON_PVVX_ENC;

    d->format = (uint8_t)format;
    d->encrypted = format == BEACON_PVVX_ENC || format == BEACON_ATC1441_ENC;
    d->frame_counter = counter;
    d->fields |= BEACON_HAS_FRAME_COUNTER;
    d->product = beacon_product_by_id(is_pvvx ? PRODUCT_PVVX : PRODUCT_ATC);
}

static void number(struct beacon_decoded *d, struct tally *tally, unsigned kind, int64_t value,
                   int scale10)
{
    if (!reading_number(d, kind, value, scale10))
        tally->bad = true;
}

static void read_flags(struct beacon_decoded *d, uint8_t flags)
{
    reading_state(d, BEACON_KIND_REED_SWITCH, (flags & FLAG_REED) != 0);
    reading_state(d, BEACON_KIND_TRIGGER_OUTPUT, (flags & FLAG_TRIGGER_OUTPUT) != 0);
    reading_state(d, BEACON_KIND_TRIGGER, (flags & FLAG_TRIGGER) != 0);
}

static enum beacon_outcome decode_atc(const struct element *e, struct beacon_decoded *d)
{
    const uint8_t *p = e->data;
    struct tally tally = { .known = true };

    start(d, BEACON_ATC1441, p[12]);
    if (memcmp(p, e->advert->addr.b, 6) != 0)
        return BEACON_REJECT_MAC;
    number(d, &tally, BEACON_KIND_TEMPERATURE, bytes_sign(bytes_be(p + 6, 2), 2), -1);
    number(d, &tally, BEACON_KIND_HUMIDITY, p[8], 0);
    number(d, &tally, BEACON_KIND_BATTERY, p[9], 0);
    number(d, &tally, BEACON_KIND_VOLTAGE, (int64_t)bytes_be(p + 10, 2), -3);
    return reading_outcome(d, &tally);
}

static enum beacon_outcome decode_pvvx(const struct element *e, struct beacon_decoded *d)
{
    const uint8_t *p = e->data;
    struct tally tally = { .known = true };

    start(d, BEACON_PVVX, p[13]);
    if (!element_mac_is_senders(e, p))
        return BEACON_REJECT_MAC;
    number(d, &tally, BEACON_KIND_TEMPERATURE, bytes_sign(bytes_le(p + 6, 2), 2), -2);
    number(d, &tally, BEACON_KIND_HUMIDITY, (int64_t)bytes_le(p + 8, 2), -2);
    number(d, &tally, BEACON_KIND_VOLTAGE, (int64_t)bytes_le(p + 10, 2), -3);
    number(d, &tally, BEACON_KIND_BATTERY, p[12], 0);
    if (e->len == PVVX_LEN)
        read_flags(d, p[14]);
    return reading_outcome(d, &tally);
}

/* Opens the encrypted forms. */
static enum beacon_outcome open(const struct element *e, struct beacon_decoded *d)
{
    static const uint8_t aad = 0x11;
    uint8_t nonce[11];

    mac_to_reversed(e->advert->addr, nonce);
    memcpy(nonce + 6, e->ad, 5);
    const struct cx_ccm_call call = { nonce,       sizeof(nonce),       TAG_LEN, &aad, 1,
                                      e->data + 1, e->len - 1 - TAG_LEN };
    return element_open(e, &call, e->data + e->len - TAG_LEN, d);
}

static enum beacon_outcome decode_atc_encrypted(const struct element *e, struct beacon_decoded *d)
{
    const uint8_t *p = d->plain;
    struct tally tally = { .known = true };

    start(d, BEACON_ATC1441_ENC, e->data[0]);
    const enum beacon_outcome opened = open(e, d);
    if (opened != BEACON_OK)
        return opened;
    number(d, &tally, BEACON_KIND_TEMPERATURE, p[0] * 5 - 400, -1);
    number(d, &tally, BEACON_KIND_HUMIDITY, p[1] * 5, -1);
    number(d, &tally, BEACON_KIND_BATTERY, p[2] & 0x7f, 0);
    reading_state(d, BEACON_KIND_TRIGGER, p[2] >> 7);
    return reading_outcome(d, &tally);
}

static enum beacon_outcome decode_pvvx_encrypted(const struct element *e, struct beacon_decoded *d)
{
    const uint8_t *p = d->plain;
    struct tally tally = { .known = true };

    start(d, BEACON_PVVX_ENC, e->data[0]);
    const enum beacon_outcome opened = open(e, d);
    if (opened != BEACON_OK)
        return opened;
    number(d, &tally, BEACON_KIND_TEMPERATURE, bytes_sign(bytes_le(p, 2), 2), -2);
    number(d, &tally, BEACON_KIND_HUMIDITY, (int64_t)bytes_le(p + 2, 2), -2);
    number(d, &tally, BEACON_KIND_BATTERY, p[4], 0);
    read_flags(d, p[5]);
    return reading_outcome(d, &tally);
}

enum beacon_outcome atc_decode(const struct element *e, struct beacon_decoded *d)
{
    switch (e->len) {
    case ATC_LEN:
        return decode_atc(e, d);
    case PVVX_LEN:
    case PVVX_LEN - 1:
        return decode_pvvx(e, d);
    case ATC_ENC_LEN:
        return decode_atc_encrypted(e, d);
    case PVVX_ENC_LEN:
        return decode_pvvx_encrypted(e, d);
    default:
        return BEACON_IGNORE;
    }
}
