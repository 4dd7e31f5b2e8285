/* mibeacon_special.c: MiBeacon objects that fit no row of the table. */
#include "beacon/mibeacon.h"

/* A set of keys that one object numbers: `first` is the number of the first of `n` names. */
struct keypad {
    uint16_t product;
    uint8_t first, n;
    const uint8_t *names;   /* words of BEACON_KIND_BUTTON; NULL for a single key without a name */
    const uint8_t *presses; /* what the types 0, 1, 2, 3 of object 1001 mean, MAP_NOTHING: none */
};

#define B(name) BEACON_BUTTON_##name

static const uint8_t presses[] = { BEACON_EVENT_PRESS, BEACON_EVENT_DOUBLE_PRESS,
                                   BEACON_EVENT_LONG_PRESS, BEACON_EVENT_TRIPLE_PRESS };
static const uint8_t presses_k9b[] = { BEACON_EVENT_PRESS, BEACON_EVENT_LONG_PRESS,
                                       BEACON_EVENT_DOUBLE_PRESS, MAP_NOTHING };
static const uint8_t presses_remote[] = { BEACON_EVENT_PRESS, MAP_NOTHING, BEACON_EVENT_LONG_PRESS,
                                          MAP_NOTHING };
static const uint8_t turns_cube[] = { BEACON_EVENT_ROTATE_RIGHT, BEACON_EVENT_ROTATE_LEFT };

static const uint8_t two_keys[] = { B(LEFT), B(RIGHT), B(LEFT_RIGHT) };
static const uint8_t three_keys[] = {
    B(LEFT),       B(MIDDLE),           B(RIGHT), B(LEFT_MIDDLE), B(MIDDLE_RIGHT),
    B(LEFT_RIGHT), B(LEFT_MIDDLE_RIGHT)
};
static const uint8_t remote[] = { B(ON), B(OFF), B(BRIGHTNESS), B(PLUS), B(M), B(MINUS) };
static const uint8_t fan_remote[] = { B(FAN),        B(LIGHT),
                                      B(WIND_SPEED), B(COLOR_TEMPERATURE),
                                      B(WIND_MODE),  B(BRIGHTNESS) };
static const uint8_t ventilator_remote[] = { B(SWING),    B(POWER),    B(TIMER_60),
                                             B(STRONGER), B(TIMER_30), B(WEAKER) };
static const uint8_t heater_remote[] = { B(STOP), B(AIR_EXCHANGE), B(FAN),   B(FASTER), B(SLOWER),
                                         B(DRY),  B(LIGHT),        B(SWING), B(HEAT) };

/* The models whose object 1001 numbers keys. The fan remote is called FANRC in the code of two
 * parsers and FANCL in their id table, so that it gives no event there. */
static const struct keypad keypads[] = {
    { 0x0153, 0, 6, remote, presses_remote },
    { 0x03bf, 0, 9, heater_remote, presses_remote },
    { 0x04e6, 0, 6, ventilator_remote, presses_remote },
    { 0x068e, 0, 6, fan_remote, presses_remote },
    { 0x0dfd, 0, 7, three_keys, presses_k9b },
    { 0x1568, 0, 1, NULL, presses_k9b },
    { 0x1569, 0, 3, two_keys, presses_k9b },
};

/* The models whose objects xx0c, xx0d and xx0e name keys instead of numbering them from 1. */
static const struct keypad named_keys[] = {
    { 0x1949, 1, 3, two_keys, NULL },
    { 0x5968, 0, 2, two_keys, NULL },
};

enum {
    DIMMER = 0x03b6,
    CUBE = 0x04e1,
};

static const struct keypad *find_keypad(const struct keypad *pads, size_t n, uint16_t product)
{
    for (size_t i = 0; i < n; i++) {
        if (pads[i].product == product)
            return &pads[i];
    }
    return NULL;
}

/*
 * Dimmer YLKG07YL and YLKG08YL:
 *
 *     byte 0        byte 1     byte 2
 *     0             times      3        pressed so many times
 *     1             seconds    3        held so long
 *     0             i8 steps   4        turned, right is positive
 *     i8 steps      0          4        turned while pressed
 */
static bool read_dimmer(const uint8_t *data, struct beacon_decoded *d)
{
    const bool is_pressed = data[0] != 0;

    if (data[2] == 3 && data[0] <= 1) {
        reading_state(d, BEACON_KIND_EVENT,
                      is_pressed ? BEACON_EVENT_LONG_PRESS : BEACON_EVENT_PRESS);
        return reading_number(d, is_pressed ? BEACON_KIND_PRESS_DURATION : BEACON_KIND_PRESS_COUNT,
                              data[1], 0);
    }
    const int64_t steps = bytes_sign(is_pressed ? data[0] : data[1], 1);
    if (data[2] != 4 || steps == 0)
        return false;
    if (steps > 0)
        reading_state(d, BEACON_KIND_EVENT,
                      is_pressed ? BEACON_EVENT_ROTATE_RIGHT_PRESSED : BEACON_EVENT_ROTATE_RIGHT);
    else
        reading_state(d, BEACON_KIND_EVENT,
                      is_pressed ? BEACON_EVENT_ROTATE_LEFT_PRESSED : BEACON_EVENT_ROTATE_LEFT);
    return reading_number(d, BEACON_KIND_STEPS, steps < 0 ? -steps : steps, 0);
}

static bool read_keypad(const struct keypad *pad, const uint8_t *data, struct beacon_decoded *d)
{
    if (data[0] >= pad->n || data[1] != 0 || pad->presses[data[2]] == MAP_NOTHING)
        return false;
    if (pad->names)
        reading_state(d, BEACON_KIND_BUTTON, pad->names[data[0]]);
    reading_state(d, BEACON_KIND_EVENT, pad->presses[data[2]]);
    return reading_number(d, BEACON_KIND_BUTTON_INDEX, data[0], 0);
}

/* Object 1001: key, value, type. A model without a row of its own has the general types. */
bool mibeacon_read_button(const struct object *row, const uint8_t *data, size_t len,
                          struct beacon_decoded *d)
{
    const struct keypad *pad =
        find_keypad(keypads, sizeof(keypads) / sizeof(keypads[0]), d->product_id);

    (void)row;
    (void)len;
    if (d->product_id == DIMMER)
        return read_dimmer(data, d);
    if (d->product_id == CUBE) {
        if (data[0] < 2)
            reading_state(d, BEACON_KIND_EVENT, turns_cube[data[0]]);
        return data[0] < 2;
    }
    if (data[2] >= sizeof(presses))
        return false;
    if (pad)
        return read_keypad(pad, data, d);
    reading_state(d, BEACON_KIND_EVENT, presses[data[2]]);
    return reading_number(d, BEACON_KIND_BUTTON_INDEX, data[0], 0);
}

/* Objects xx0c, xx0d, xx0e: the press is in the id (row->at), the key in the byte if there is one.
 */
bool mibeacon_read_key(const struct object *row, const uint8_t *data, size_t len,
                       struct beacon_decoded *d)
{
    static const uint8_t numbers[] = { B(1), B(2), B(3), B(4), B(5), B(6), B(7), B(8) };
    static const struct keypad numbered = { 0, 1, sizeof(numbers), numbers, NULL };
    const struct keypad *pad =
        find_keypad(named_keys, sizeof(named_keys) / sizeof(named_keys[0]), d->product_id);

    if (len > 1)
        return false;
    if (len == 1) {
        if (!pad)
            pad = &numbered;
        else if (data[0] < pad->first || data[0] >= pad->first + pad->n)
            return false;
        if (data[0] >= pad->first && data[0] < pad->first + pad->n)
            reading_state(d, BEACON_KIND_BUTTON, pad->names[data[0] - pad->first]);
        reading_number(d, BEACON_KIND_BUTTON_INDEX, data[0], 0);
    }
    reading_state(d, BEACON_KIND_EVENT, row->at);
    return true;
}

/* What a lock's action does beside being done. */
static const struct lock_action {
    uint8_t action; /* as sent */
    uint8_t word;
    uint8_t kind; /* a state that follows from it */
    uint8_t value;
} lock_actions[] = {
    { 0, BEACON_LOCK_ACTION_UNLOCK_OUTSIDE, BEACON_KIND_LOCK, BEACON_LOCK_UNLOCKED },
    { 1, BEACON_LOCK_ACTION_LOCK, BEACON_KIND_LOCK, BEACON_LOCK_LOCKED },
    { 2, BEACON_LOCK_ACTION_ANTILOCK_ON, BEACON_KIND_ANTILOCK, true },
    { 3, BEACON_LOCK_ACTION_ANTILOCK_OFF, BEACON_KIND_ANTILOCK, false },
    { 4, BEACON_LOCK_ACTION_UNLOCK_INSIDE, BEACON_KIND_LOCK, BEACON_LOCK_UNLOCKED },
    { 5, BEACON_LOCK_ACTION_LOCK_INSIDE, BEACON_KIND_LOCK, BEACON_LOCK_LOCKED },
    { 6, BEACON_LOCK_ACTION_CHILDLOCK_ON, BEACON_KIND_CHILDLOCK, true },
    { 7, BEACON_LOCK_ACTION_CHILDLOCK_OFF, BEACON_KIND_CHILDLOCK, false },
    { 8, BEACON_LOCK_ACTION_LOCK_OUTSIDE, BEACON_KIND_LOCK, BEACON_LOCK_LOCKED },
    { 15, BEACON_LOCK_ACTION_ABNORMAL, BEACON_KIND_NONE, 0 },
};

/* The words of BEACON_KIND_LOCK_METHOD are in the order of the numbers, but for the last. */
#define METHOD_ABNORMAL 15

/* c0de00nn in the place of a key id says what went wrong; the words are in the order of nn. */
#define LOCK_ERRORS 0xc0de0000u

/*
 * Object 000b, lock event:  ma  kk kk kk kk  tt tt tt tt
 *
 * a  action, low nibble      m  method, high nibble      k  key id or error      t  UTC seconds
 *
 * Key ids up to 7fffffff are Bluetooth; 8001.... fingerprint, 8002 password, 8003 key, 8004 NFC,
 * 8005 two steps, 8006 face, 8007 finger vein, 8008 palm.
 */
bool mibeacon_read_lock(const struct object *row, const uint8_t *data, size_t len,
                        struct beacon_decoded *d)
{
    const struct lock_action *action = NULL;
    const uint8_t method = data[0] >> 4;
    const uint32_t key = (uint32_t)bytes_le(data + 1, 4);

    (void)row;
    (void)len;
    for (size_t i = 0; i < sizeof(lock_actions) / sizeof(lock_actions[0]); i++) {
        if (lock_actions[i].action == (data[0] & 0x0f))
            action = &lock_actions[i];
    }
    if (!action || (method > BEACON_LOCK_METHOD_AUTOMATIC && method != METHOD_ABNORMAL))
        return false;
    if (action->kind != BEACON_KIND_NONE)
        reading_state(d, action->kind, action->value);
    reading_state(d, BEACON_KIND_LOCK_ACTION, action->word);
    reading_state(d, BEACON_KIND_LOCK_METHOD,
                  method == METHOD_ABNORMAL ? BEACON_LOCK_METHOD_ABNORMAL : method);
    if (key >= LOCK_ERRORS && key <= LOCK_ERRORS + BEACON_LOCK_ERROR_LOCK_SENSOR_FAULT)
        reading_state(d, BEACON_KIND_LOCK_ERROR, key - LOCK_ERRORS);
    else
        reading_number(d, BEACON_KIND_KEY_ID, key, 0);
    return reading_number(d, BEACON_KIND_TIMESTAMP, (int64_t)bytes_le(data + 5, 4), 0);
}

/* Object 100e: bits for what is out: 0 square bolt, 1 dead bolt, 2 latch, 3 child lock. Two parsers
 * print the first and the last for one model under names for "unlocked", which is the same. Object
 * 100f: 0 open, 1 closed, ff abnormal. */
bool mibeacon_read_lock_bits(const struct object *row, const uint8_t *data, size_t len,
                             struct beacon_decoded *d)
{
    const uint8_t bits = data[0];

    (void)len;
    if (row->kind == BEACON_KIND_DOOR) {
        if (bits > 1 && bits != 0xff)
            return false;
        reading_state(d, BEACON_KIND_DOOR,
                      bits == 0xff ? BEACON_DOOR_ABNORMAL
                                   : (bits ? BEACON_DOOR_CLOSED : BEACON_DOOR_OPEN));
        return true;
    }
    reading_number(d, BEACON_KIND_LOCK_BITS, bits, 0);
    reading_state(d, BEACON_KIND_LOCK, bits & 0x03 ? BEACON_LOCK_LOCKED : BEACON_LOCK_UNLOCKED);
    reading_state(d, BEACON_KIND_ANTILOCK, (bits & 0x02) != 0);
    reading_state(d, BEACON_KIND_CHILDLOCK, (bits & 0x08) != 0);
    return true;
}

/* Seconds since the last motion. 0 is motion now; between 0 and 30 s one parser says motion and two
 * say none, so neither is reported; beyond that all say none. */
bool mibeacon_read_idle(const struct object *row, const uint8_t *data, size_t len,
                        struct beacon_decoded *d)
{
    const int64_t seconds = (int64_t)bytes_le(data, len);

    (void)row;
    if (seconds == 0 || seconds > 30)
        reading_state(d, BEACON_KIND_MOTION, seconds == 0);
    return reading_number(d, BEACON_KIND_IDLE_TIME, seconds, 0);
}

bool mibeacon_read_light_100(const struct object *row, const uint8_t *data, size_t len,
                             struct beacon_decoded *d)
{
    reading_state(d, row->kind, bytes_le(data, len) >= 100);
    return true;
}

bool mibeacon_read_nonzero(const struct object *row, const uint8_t *data, size_t len,
                           struct beacon_decoded *d)
{
    const int64_t value = bytes_sign(bytes_le(data, len), len);

    return value != 0 && reading_number(d, row->kind, value, row->scale10);
}

/* Object 0010: 0 is the start of brushing, all else its end; a second byte is a counter at the
 * start and a score at the end. */
bool mibeacon_read_brush(const struct object *row, const uint8_t *data, size_t len,
                         struct beacon_decoded *d)
{
    const bool is_start = data[0] == 0;

    (void)row;
    reading_state(d, BEACON_KIND_BRUSHING, is_start);
    if (len < 2)
        return true;
    if (is_start)
        return reading_number(d, BEACON_KIND_BRUSH_COUNT, data[1], 0);
    return data[1] <= 100 && reading_number(d, BEACON_KIND_BRUSH_SCORE, data[1], 0);
}

/* Object 3003:  ss  tt tt tt tt  [cc]      s  0 start, 1 end    t  UTC seconds    c  score 0..100
 */
bool mibeacon_read_brush_t700(const struct object *row, const uint8_t *data, size_t len,
                              struct beacon_decoded *d)
{
    (void)row;
    if (len == 0)
        return true;
    if ((len != 5 && len != 6) || data[0] > 1)
        return false;
    reading_state(d, BEACON_KIND_BRUSHING, data[0] == 0);
    reading_number(d, BEACON_KIND_TIMESTAMP, (int64_t)bytes_le(data + 1, 4), 0);
    if (len == 5 || data[0] == 0)
        return true;
    return data[5] <= 100 && reading_number(d, BEACON_KIND_BRUSH_SCORE, data[5], 0);
}

/* Object 4a68: which contacts, and wet or dry. */
bool mibeacon_read_wet(const struct object *row, const uint8_t *data, size_t len,
                       struct beacon_decoded *d)
{
    (void)row;
    (void)len;
    if (data[0] > 3)
        return false;
    reading_state(d, data[0] < 2 ? BEACON_KIND_LEAK_BOTTOM : BEACON_KIND_LEAK_TOP,
                  data[0] % 2 == 0);
    return true;
}

/*
 * Object 6e16, body composition:  pp  ww ww ww ww  tt tt tt tt
 *
 * p  profile      t  UTC seconds
 * w  bits 0..10 weight in 0.1 kg, 11..17 heart rate - 50 (0 and 127: none), 18..31 impedance in
 *    0.1 ohm: of the low frequency in a frame with weight, of the high one in a frame without.
 *    All zero: somebody stepped off.
 *
 * Sources disagree about the frequencies; this is the reading of the parser with the newest tests.
 */
bool mibeacon_read_scale(const struct object *row, const uint8_t *data, size_t len,
                         struct beacon_decoded *d)
{
    const uint32_t word = (uint32_t)bytes_le(data + 1, 4);
    const uint32_t weight = word & 0x7ff, rate = word >> 11 & 0x7f, impedance = word >> 18;

    (void)row;
    (void)len;
    reading_number(d, BEACON_KIND_PROFILE_ID, data[0], 0);
    if (word == 0)
        reading_state(d, BEACON_KIND_WEIGHT_REMOVED, true);
    if (weight > 0)
        reading_number(d, BEACON_KIND_WEIGHT, weight, -1);
    if (rate > 0 && rate < 127)
        reading_number(d, BEACON_KIND_HEART_RATE, rate + 50, 0);
    if (impedance > 0)
        reading_number(d, weight > 0 ? BEACON_KIND_IMPEDANCE_LOW : BEACON_KIND_IMPEDANCE_HIGH,
                       impedance, -1);
    return reading_number(d, BEACON_KIND_TIMESTAMP, (int64_t)bytes_le(data + 5, 4), 0);
}

/* 2^(q / 65536) in units of 2^-16, for q from -24 * 65536 to 24 * 65536. A polynomial for the
 * fraction, good to 1e-4, and a shift for the rest. */
static int64_t exp2_q16(int64_t q)
{
    const int64_t whole = (q + 64 * 65536) / 65536 - 64; /* rounded down, also below 0 */
    const int64_t f = q - whole * 65536;
    int64_t p = 5131; /* 0.0783 */

    p = 14822 + p * f / 65536; /* 0.2262 */
    p = 45580 + p * f / 65536; /* 0.6955 */
    p = 65536 + p * f / 65536;
    return whole >= 0 ? p << whole : p >> -whole;
}

/*
 * Object 2000 of the thermometer MMC-T201-1: the skin's temperature Ts and the board's Tb in
 * 0.01 degrees. The body's is not sent but fitted:
 *
 *     3.71934e-11 exp(0.69314 Ts) - 1.02801e-8 exp(0.53871 Tb) + 36.413
 *
 * The exponents below are those to base 2, times 65536: ln(factor) / ln 2 and slope / ln 2. The fit
 * is made for 36.5 to 37.8 degrees; on a cold table it would say 36.4, so below 30 degrees of skin,
 * and for results that are no body's, nothing is reported.
 */
bool mibeacon_read_body(const struct object *row, const uint8_t *data, size_t len,
                        struct beacon_decoded *d)
{
    const int64_t limit = 24 * 65536;
    const int64_t worn = 3000;
    const int64_t skin = bytes_sign(bytes_le(data, 2), 2);
    const int64_t board = bytes_sign(bytes_le(data + 2, 2), 2);
    const int64_t q_skin = -2270571 + skin * 6553532 / 10000;
    const int64_t q_board = -1739035 + board * 5093420 / 10000;

    (void)len;
    if (skin < worn || q_skin > limit || q_skin < -limit || q_board > limit || q_board < -limit)
        return true;
    const int64_t body = (exp2_q16(q_skin) - exp2_q16(q_board)) * 1000 / 65536 + 36413;
    if (body < 30000 || body > 45000)
        return true;
    return reading_number(d, row->kind, body, -3);
}
