/*
 * mibeacon_objects.c: what is in a MiBeacon object, by its id. Numbers are little-endian.
 *
 * Ids below 4000 are Xiaomi's own list. From 4000 on they are made of the model's MIoT
 * specification: 4000 | service << 10 | event << 9 | (property - 1000), so that one id can mean
 * different things for two models; then a row names the product. Where sources disagree the row
 * says what was chosen.
 *
 * Not here, because nobody has published a layout, or because no field of ours fits: 0001
 * connection, 0004 leaving, 0005 lock, 0011 door viewer, 1003 signal strength, 1011 bound, 2001 and
 * 2003 bands, 2002 vacuum cleaner, 3000 to 3002 plant and clock events, 4a09, 5616. A frame with
 * them names them in unknown_objects.
 */
#include "beacon/mibeacon.h"

/* The products with rows of their own, as the rows call them; 0 is every other. */
enum {
    ANY_MODEL,
    PTH1,
    MJYD02YL,
    RTCGQ02LM,
    K9BB_1BTN,
    MJZNZ018H,
    XMOSB01XS,
    KS2BB,
    SJWS02LM,
};

static const uint16_t own_rows[] = {
    [PTH1] = 0x0711,      [MJYD02YL] = 0x07f6,  [RTCGQ02LM] = 0x0a8d, [K9BB_1BTN] = 0x1c10,
    [MJZNZ018H] = 0x20db, [XMOSB01XS] = 0x4683, [KS2BB] = 0x520b,     [SJWS02LM] = 0x6375,
};

static const uint8_t yes_no[] = { 2, 1, 0 };
static const uint8_t no_yes[] = { 2, 0, 1 };
static const uint8_t no_yes_no[] = { 3, 0, 1, 0 };
static const uint8_t fingerprint[] = {
    7,
    BEACON_FINGERPRINT_MATCH,
    BEACON_FINGERPRINT_FAIL,
    BEACON_FINGERPRINT_TIMEOUT,
    BEACON_FINGERPRINT_LOW_QUALITY,
    BEACON_FINGERPRINT_INSUFFICIENT_AREA,
    BEACON_FINGERPRINT_TOO_DRY,
    BEACON_FINGERPRINT_TOO_WET,
};
static const uint8_t lock_door[] = {
    6,
    BEACON_DOOR_OPEN,
    BEACON_DOOR_CLOSED,
    BEACON_DOOR_OPEN_TIMEOUT,
    BEACON_DOOR_KNOCK,
    BEACON_DOOR_PRIED,
    BEACON_DOOR_STUCK,
};
static const uint8_t door_sensor[] = { 4, BEACON_DOOR_OPEN, BEACON_DOOR_CLOSED,
                                       BEACON_DOOR_OPEN_TIMEOUT, BEACON_DOOR_RESET };
static const uint8_t door_0_open[] = { 2, BEACON_DOOR_OPEN, BEACON_DOOR_CLOSED };
static const uint8_t door_1_open[] = { 3, MAP_NOTHING, BEACON_DOOR_OPEN, BEACON_DOOR_CLOSED };
static const uint8_t door_removed[] = { 2, MAP_NOTHING, BEACON_DOOR_REMOVED };
static const uint8_t door_left_open[] = { 2, MAP_NOTHING, BEACON_DOOR_OPEN_TIMEOUT };
static const uint8_t gesture[] = { 7,
                                   MAP_NOTHING,
                                   BEACON_GESTURE_SHAKE,
                                   BEACON_GESTURE_FLIP_90,
                                   BEACON_GESTURE_FLIP_180,
                                   BEACON_GESTURE_TURN_FLAT,
                                   BEACON_GESTURE_TAP,
                                   BEACON_GESTURE_NUDGE };
static const uint8_t smoke_of[] = { 3, 0, 1, MAP_NOTHING };
static const uint8_t smoke_state[] = { 3, BEACON_SMOKE_STATE_CLEAR, BEACON_SMOKE_STATE_ALARM,
                                       BEACON_SMOKE_STATE_FAULT };
static const uint8_t smoke_event[] = { 5, 0, 1, MAP_NOTHING, MAP_NOTHING, MAP_NOTHING };
static const uint8_t smoke_event_state[] = {
    5,
    BEACON_SMOKE_STATE_CLEAR,
    BEACON_SMOKE_STATE_ALARM,
    BEACON_SMOKE_STATE_FAULT,
    BEACON_SMOKE_STATE_TEST,
    BEACON_SMOKE_STATE_TEST,
};
static const uint8_t gas_event[] = { 7,           0,           1,           MAP_NOTHING,
                                     MAP_NOTHING, MAP_NOTHING, MAP_NOTHING, MAP_NOTHING };
static const uint8_t gas_fault[] = {
    7, 0, MAP_NOTHING, 1, 1, MAP_NOTHING, MAP_NOTHING, MAP_NOTHING
};
static const uint8_t kettle[] = { 4, BEACON_KETTLE_STATE_IDLE, BEACON_KETTLE_STATE_HEATING,
                                  BEACON_KETTLE_STATE_COOLING, BEACON_KETTLE_STATE_KEEP_WARM };
static const uint8_t charging[] = { 3, BEACON_CHARGING_CHARGING, BEACON_CHARGING_NOT_CHARGING,
                                    BEACON_CHARGING_FULL };
static const uint8_t press_at_1[] = { 2, MAP_NOTHING, BEACON_EVENT_PRESS };
static const uint8_t sleep_state[] = { 3, 0, 1, MAP_NOTHING };
static const uint8_t sleep_press[] = { 3, MAP_NOTHING, MAP_NOTHING, BEACON_EVENT_DOUBLE_PRESS };
static const uint8_t bed_state[] = { 4, MAP_NOTHING, 1, 0, MAP_NOTHING };
static const uint8_t bed_press[] = { 4, MAP_NOTHING, MAP_NOTHING, MAP_NOTHING,
                                     BEACON_EVENT_DOUBLE_PRESS };
static const uint8_t left_bed[] = { 2, MAP_NOTHING, 0 };
static const uint8_t k9bb_press[] = {
    16,
    MAP_NOTHING,
    BEACON_EVENT_PRESS,
    MAP_NOTHING,
    MAP_NOTHING,
    MAP_NOTHING,
    MAP_NOTHING,
    MAP_NOTHING,
    MAP_NOTHING,
    BEACON_EVENT_LONG_PRESS,
    MAP_NOTHING,
    MAP_NOTHING,
    MAP_NOTHING,
    MAP_NOTHING,
    MAP_NOTHING,
    MAP_NOTHING,
    BEACON_EVENT_DOUBLE_PRESS,
};

#define ANY     OBJECT_ANY_LEN
#define K(name) BEACON_KIND_##name

/* clang-format off */
/* By rising id. */
static const struct object objects[] = {
    { 0x0002, 0, 2, FORM_U16, 0, K(PAIRING_OBJECT), 0, { NULL } },
    /* no "clear" is ever sent; the byte, not the arrival, says that somebody is near */
    { 0x0003, 0, 1, FORM_FLAG, 0, K(MOTION), 0, { NULL } },
    { 0x0006, 0, 5, FORM_MAP, 4, K(FINGERPRINT), 0, { fingerprint } },
    { 0x0006, 0, 5, FORM_U32, 0, K(KEY_ID), 0, { NULL } },
    { 0x0007, 0, 1, FORM_MAP, 0, K(DOOR), 0, { lock_door } },
    /* the long form is in frames of real locks, not in Xiaomi's document */
    { 0x0007, 0, 5, FORM_MAP, 0, K(DOOR), 0, { lock_door } },
    { 0x0007, 0, 5, FORM_U32, 1, K(TIMESTAMP), 0, { NULL } },
    /* 1 = on by Xiaomi's document; two parsers read it the other way round */
    { 0x0008, 0, 1, FORM_FLAG, 0, K(ARMED), 0, { NULL } },
    { 0x0008, 0, 5, FORM_FLAG, 0, K(ARMED), 0, { NULL } },
    { 0x0008, 0, 5, FORM_U32, 1, K(TIMESTAMP), 0, { NULL } },
    { 0x0009, 0, 2, FORM_MAP, 0, K(GESTURE), 0, { gesture } },
    /* 0 degrees is no temperature of a body: the thermometer has not measured */
    { 0x000a, 0, 2, FORM_READ, 0, K(TEMPERATURE), -2, { .read = mibeacon_read_nonzero } },
    { 0x000b, 0, 9, FORM_READ, 0, 0, 0, { .read = mibeacon_read_lock } },
    { 0x000c, 0, 1, FORM_MAP, 0, K(LEAK), 0, { no_yes } },
    { 0x000d, 0, 1, FORM_MAP, 0, K(SMOKE), 0, { smoke_event } },
    { 0x000d, 0, 1, FORM_MAP, 0, K(SMOKE_STATE), 0, { smoke_event_state } },
    { 0x000e, 0, 1, FORM_MAP, 0, K(GAS), 0, { gas_event } },
    { 0x000e, 0, 1, FORM_MAP, 0, K(PROBLEM), 0, { gas_fault } },
    { 0x000f, 0, 3, FORM_CONST, 1, K(MOTION), 0, { NULL } },
    { 0x000f, 0, 3, FORM_U24, 0, K(ILLUMINANCE), 0, { NULL } },
    /* not lux but 1 dark and 100 light; Tasmota's users know it as Illuminance all the same */
    { 0x000f, MJYD02YL, 3, FORM_CONST, 1, K(MOTION), 0, { NULL } },
    { 0x000f, MJYD02YL, 3, FORM_READ, 0, K(LIGHT), 0, { .read = mibeacon_read_light_100 } },
    { 0x000f, MJYD02YL, 3, FORM_U24, 0, K(ILLUMINANCE), 0, { NULL } },
    /* 0 dark, 256 light */
    { 0x000f, RTCGQ02LM, 3, FORM_CONST, 1, K(MOTION), 0, { NULL } },
    { 0x000f, RTCGQ02LM, 3, FORM_READ, 0, K(LIGHT), 0, { .read = mibeacon_read_light_100 } },
    { 0x0010, 0, 1, FORM_READ, 0, 0, 0, { .read = mibeacon_read_brush } },
    { 0x0010, 0, 2, FORM_READ, 0, 0, 0, { .read = mibeacon_read_brush } },
    { 0x0012, 0, 3, FORM_U16, 0, K(WEIGHT), -3, { NULL } },
    { 0x03eb, 0, 1, FORM_U8, 0, K(BATTERY), 0, { NULL } },
    { 0x1001, 0, 3, FORM_READ, 0, 0, 0, { .read = mibeacon_read_button } },
    { 0x1002, 0, 1, FORM_FLAG, 0, K(ASLEEP), 0, { NULL } },
    { 0x1004, 0, 2, FORM_I16, 0, K(TEMPERATURE), -1, { NULL } },
    { 0x1005, 0, 2, FORM_MAP, 0, K(KETTLE_STATE), 0, { kettle } },
    { 0x1005, 0, 2, FORM_FLAG, 0, K(POWER), 0, { NULL } },
    { 0x1005, 0, 2, FORM_U8, 1, K(TEMPERATURE), 0, { NULL } },
    /* tenths for all models; some parsers cut two models to whole percent */
    { 0x1006, 0, 2, FORM_U16, 0, K(HUMIDITY), -1, { NULL } },
    { 0x1007, 0, 3, FORM_U24, 0, K(ILLUMINANCE), 0, { NULL } },
    { 0x1007, MJYD02YL, 3, FORM_READ, 0, K(LIGHT), 0, { .read = mibeacon_read_light_100 } },
    { 0x1007, MJYD02YL, 3, FORM_U24, 0, K(ILLUMINANCE), 0, { NULL } },
    { 0x1008, 0, 1, FORM_U8, 0, K(MOISTURE), 0, { NULL } },
    { 0x1009, 0, 2, FORM_U16, 0, K(CONDUCTIVITY), 0, { NULL } },
    { 0x100a, 0, 1, FORM_U8, 0, K(BATTERY), 0, { NULL } },
    { 0x100d, 0, 4, FORM_I16, 0, K(TEMPERATURE), -1, { NULL } },
    { 0x100d, 0, 4, FORM_U16, 2, K(HUMIDITY), -1, { NULL } },
    { 0x100e, 0, 1, FORM_READ, 0, K(LOCK_BITS), 0, { .read = mibeacon_read_lock_bits } },
    { 0x100f, 0, 1, FORM_READ, 0, K(DOOR), 0, { .read = mibeacon_read_lock_bits } },
    { 0x1010, 0, 2, FORM_U16, 0, K(FORMALDEHYDE), -2, { NULL } },
    { 0x1010, PTH1, 2, FORM_U16, 0, K(FORMALDEHYDE), -3, { NULL } },
    { 0x1012, 0, 1, FORM_FLAG, 0, K(POWER), 0, { NULL } },
    { 0x1013, 0, 1, FORM_U8, 0, K(CONSUMABLE), 0, { NULL } },
    { 0x1014, 0, 1, FORM_FLAG, 0, K(LEAK), 0, { NULL } },
    /* 2 is a fault of the detector: neither smoke nor its absence */
    { 0x1015, 0, 1, FORM_MAP, 0, K(SMOKE), 0, { smoke_of } },
    { 0x1015, 0, 1, FORM_MAP, 0, K(SMOKE_STATE), 0, { smoke_state } },
    { 0x1016, 0, 1, FORM_FLAG, 0, K(GAS), 0, { NULL } },
    { 0x1017, 0, 4, FORM_READ, 0, 0, 0, { .read = mibeacon_read_idle } },
    { 0x1018, 0, 1, FORM_FLAG, 0, K(LIGHT), 0, { NULL } },
    { 0x1019, 0, 1, FORM_MAP, 0, K(DOOR), 0, { door_sensor } },
    { 0x101a, 0, 2, FORM_U16, 0, K(WEIGHT), -3, { NULL } },
    /* one byte by Xiaomi's document, seconds in frames of RTCGQ02LM */
    { 0x101b, 0, 1, FORM_MAP, 0, K(MOTION), 0, { yes_no } },
    { 0x101b, 0, 4, FORM_READ, 0, 0, 0, { .read = mibeacon_read_idle } },
    { 0x101c, 0, 1, FORM_FLAG, 0, K(IN_BED), 0, { NULL } },
    { 0x2000, 0, 5, FORM_READ, 0, K(TEMPERATURE), 0, { .read = mibeacon_read_body } },
    { 0x2000, 0, 5, FORM_I16, 0, K(SKIN_TEMPERATURE), -2, { NULL } },
    { 0x2000, 0, 5, FORM_I16, 2, K(PCB_TEMPERATURE), -2, { NULL } },
    { 0x2000, 0, 5, FORM_U8, 4, K(BATTERY), 0, { NULL } },
    { 0x20e1, 0, 4, FORM_U32, 0, K(COUNT), 0, { NULL } }, /* pvvx firmware */
    { 0x3003, 0, ANY, FORM_READ, 0, 0, 0, { .read = mibeacon_read_brush_t700 } },
    { 0x4801, 0, 4, FORM_FLOAT, 0, K(TEMPERATURE), 0, { NULL } },
    { 0x4802, 0, 1, FORM_U8, 0, K(HUMIDITY), 0, { NULL } },
    { 0x4803, 0, 1, FORM_U8, 0, K(BATTERY), 0, { NULL } },
    { 0x4804, 0, 1, FORM_MAP, 0, K(DOOR), 0, { door_1_open } },
    { 0x4805, 0, 4, FORM_FLOAT, 0, K(ILLUMINANCE), 0, { NULL } },
    { 0x4806, 0, 1, FORM_FLAG, 0, K(LEAK), 0, { NULL } },
    { 0x4806, SJWS02LM, 1, FORM_FLAG, 0, K(LEAK_BOTTOM), 0, { NULL } },
    { 0x4808, 0, 4, FORM_FLOAT, 0, K(HUMIDITY), 0, { NULL } },
    { 0x480c, 0, 1, FORM_MAP, 0, K(DOOR), 0, { door_0_open } }, /* not the numbering of 4804 */
    { 0x4810, 0, 1, FORM_MAP, 0, K(ASLEEP), 0, { sleep_state } },
    { 0x4810, 0, 1, FORM_MAP, 0, K(EVENT), 0, { sleep_press } },
    { 0x4811, 0, 1, FORM_FLAG, 0, K(SNORING), 0, { NULL } },
    { 0x4818, 0, 2, FORM_READ, 0, 0, 0, { .read = mibeacon_read_idle } },
    { 0x483c, 0, 1, FORM_FLAG, 0, K(PRESSURE_PRESENT), 0, { NULL } },
    { 0x483d, 0, 4, FORM_U32, 0, K(PRESSED), 0, { NULL } },
    { 0x483e, 0, 4, FORM_U32, 0, K(UNPRESSED), 0, { NULL } },
    { 0x483f, 0, 4, FORM_U32, 0, K(PRESSED_SET), 0, { NULL } },
    { 0x4840, 0, 4, FORM_U32, 0, K(UNPRESSED_SET), 0, { NULL } },
    /* values like 1f are seen on ES3: every number but 0 is somebody */
    { 0x484e, 0, 1, FORM_FLAG, 0, K(OCCUPANCY), 0, { NULL } },
    /* the one parser that has a rule for this model alone takes 2 for "clear"; two others, which
     * have only the general rule, do not */
    { 0x484e, XMOSB01XS, 1, FORM_MAP, 0, K(OCCUPANCY), 0, { no_yes_no } },
    { 0x484f, 0, 1, FORM_U8, 0, K(UNOCCUPIED), 0, { NULL } },
    { 0x4850, 0, 1, FORM_U8, 0, K(OCCUPIED), 0, { NULL } },
    /* one byte for some parsers, four for another: reading the whole length serves both */
    { 0x4851, 0, 1, FORM_WHOLE, 0, K(OCCUPIED), 0, { NULL } },
    { 0x4851, 0, 4, FORM_WHOLE, 0, K(OCCUPIED), 0, { NULL } },
    { 0x4852, 0, 1, FORM_WHOLE, 0, K(UNOCCUPIED), 0, { NULL } },
    { 0x4852, 0, 4, FORM_WHOLE, 0, K(UNOCCUPIED), 0, { NULL } },
    { 0x487b, 0, 1, FORM_FLAG, 0, K(LEAK_TOP), 0, { NULL } },
    { 0x4a01, 0, 1, FORM_FLAG, 0, K(BATTERY_LOW), 0, { NULL } },
    { 0x4a08, 0, 4, FORM_CONST, 1, K(MOTION), 0, { NULL } },
    { 0x4a08, 0, 4, FORM_FLOAT, 0, K(ILLUMINANCE), 0, { NULL } },
    { 0x4a0c, 0, ANY, FORM_READ, BEACON_EVENT_PRESS, 0, 0, { .read = mibeacon_read_key } },
    { 0x4a0d, 0, ANY, FORM_READ, BEACON_EVENT_DOUBLE_PRESS, 0, 0, { .read = mibeacon_read_key } },
    { 0x4a0e, 0, ANY, FORM_READ, BEACON_EVENT_LONG_PRESS, 0, 0, { .read = mibeacon_read_key } },
    { 0x4a0f, 0, 1, FORM_MAP, 0, K(DOOR), 0, { door_removed } },
    { 0x4a12, 0, 1, FORM_MAP, 0, K(DOOR), 0, { door_1_open } },
    { 0x4a13, 0, 1, FORM_MAP, 0, K(EVENT), 0, { press_at_1 } },
    { 0x4a1a, 0, 1, FORM_MAP, 0, K(DOOR), 0, { door_left_open } },
    { 0x4a1c, 0, 1, FORM_CONST, 1, K(RESET), 0, { NULL } },
    { 0x4a68, 0, 1, FORM_READ, 0, 0, 0, { .read = mibeacon_read_wet } },
    { 0x4c01, 0, 4, FORM_FLOAT, 0, K(TEMPERATURE), 0, { NULL } },
    { 0x4c02, 0, 1, FORM_U8, 0, K(HUMIDITY), 0, { NULL } },
    { 0x4c03, 0, 1, FORM_U8, 0, K(BATTERY), 0, { NULL } },
    { 0x4c08, 0, 4, FORM_FLOAT, 0, K(HUMIDITY), 0, { NULL } },
    { 0x4c14, 0, 1, FORM_U8, 0, K(MODE), 0, { NULL } },
    { 0x4e01, 0, 1, FORM_FLAG, 0, K(BATTERY_LOW), 0, { NULL } },
    { 0x4e0c, 0, ANY, FORM_READ, BEACON_EVENT_PRESS, 0, 0, { .read = mibeacon_read_key } },
    { 0x4e0c, K9BB_1BTN, 1, FORM_MAP, 0, K(EVENT), 0, { k9bb_press } },
    { 0x4e0d, 0, ANY, FORM_READ, BEACON_EVENT_DOUBLE_PRESS, 0, 0, { .read = mibeacon_read_key } },
    { 0x4e0e, 0, ANY, FORM_READ, BEACON_EVENT_LONG_PRESS, 0, 0, { .read = mibeacon_read_key } },
    /* a scale's record or a pillow's "in bed": told apart by the length */
    { 0x4e16, 0, 1, FORM_FLAG, 0, K(IN_BED), 0, { NULL } },
    { 0x4e16, 0, 9, FORM_U8, 0, K(PROFILE_ID), 0, { NULL } },
    { 0x4e16, 0, 9, FORM_U32, 1, K(WEIGHT), -2, { NULL } },
    { 0x4e16, 0, 9, FORM_U32, 5, K(TIMESTAMP), 0, { NULL } },
    { 0x4e17, 0, 1, FORM_MAP, 0, K(IN_BED), 0, { left_bed } },
    { 0x4e1c, 0, 0, FORM_CONST, 1, K(RESET), 0, { NULL } },
    { 0x4e1c, 0, 1, FORM_CONST, 1, K(RESET), 0, { NULL } },
    { 0x5003, 0, 1, FORM_U8, 0, K(BATTERY), 0, { NULL } },
    { 0x5010, 0, 1, FORM_MAP, 0, K(ASLEEP), 0, { sleep_state } },
    { 0x5010, 0, 1, FORM_MAP, 0, K(EVENT), 0, { sleep_press } },
    { 0x5011, 0, 1, FORM_FLAG, 0, K(SNORING), 0, { NULL } },
    { 0x5403, 0, 1, FORM_U8, 0, K(BATTERY), 0, { NULL } },
    { 0x5413, 0, 1, FORM_FLAG, 0, K(OCCUPANCY_CLOSE), 0, { NULL } },
    { 0x5414, 0, 1, FORM_U8, 0, K(MODE), 0, { NULL } },
    { 0x5422, 0, 1, FORM_MAP, 0, K(CHARGING), 0, { charging } },
    { 0x5601, 0, 1, FORM_FLAG, 0, K(BATTERY_LOW), 0, { NULL } },
    /* KS2BB has one key and puts anything into the byte */
    { 0x560c, 0, ANY, FORM_READ, BEACON_EVENT_PRESS, 0, 0, { .read = mibeacon_read_key } },
    { 0x560c, KS2BB, ANY, FORM_CONST, BEACON_EVENT_PRESS, K(EVENT), 0, { NULL } },
    { 0x560d, 0, ANY, FORM_READ, BEACON_EVENT_DOUBLE_PRESS, 0, 0, { .read = mibeacon_read_key } },
    { 0x560d, KS2BB, ANY, FORM_CONST, BEACON_EVENT_DOUBLE_PRESS, K(EVENT), 0, { NULL } },
    { 0x560e, 0, ANY, FORM_READ, BEACON_EVENT_LONG_PRESS, 0, 0, { .read = mibeacon_read_key } },
    { 0x560e, KS2BB, ANY, FORM_CONST, BEACON_EVENT_LONG_PRESS, K(EVENT), 0, { NULL } },
    { 0x5803, 0, 1, FORM_U8, 0, K(BATTERY), 0, { NULL } },
    { 0x5810, 0, 1, FORM_MAP, 0, K(ASLEEP), 0, { yes_no } }, /* 0 is asleep here */
    /* a custom event that means something else to SJWS02LM */
    { 0x5a16, MJZNZ018H, 1, FORM_MAP, 0, K(IN_BED), 0, { bed_state } },
    { 0x5a16, MJZNZ018H, 1, FORM_MAP, 0, K(EVENT), 0, { bed_press } },
    { 0x5c03, 0, 1, FORM_U8, 0, K(BATTERY), 0, { NULL } },
    { 0x6012, 0, 1, FORM_U8, 0, K(HUMIDITY), 0, { NULL } },
    { 0x605d, 0, 1, FORM_U8, 0, K(TEMPERATURE), 0, { NULL } },
    { 0x6461, 0, 1, FORM_MAP, 0, K(WEARING), 0, { yes_no } }, /* 0 is worn */
    { 0x6e16, 0, 9, FORM_READ, 0, 0, 0, { .read = mibeacon_read_scale } },
    { 0x7403, 0, 1, FORM_U8, 0, K(BATTERY), 0, { NULL } },
};
/* clang-format on */

#define OBJECTS (sizeof(objects) / sizeof(objects[0]))

/* The rows of an id: where they begin, or where they would. */
static const struct object *first_row(uint16_t id)
{
    size_t first = 0, end = OBJECTS;

    while (first < end) {
        const size_t middle = first + (end - first) / 2;
        if (objects[middle].id < id)
            first = middle + 1;
        else
            end = middle;
    }
    return &objects[first];
}

static const struct object *rows_end(void)
{
    return &objects[OBJECTS];
}

/* Whether the rows for this product alone are meant, or those for all: the product as the rows call
 * it. False when there are none for it. */
static bool choose_rows(const struct object *row, uint16_t id, uint16_t product_id,
                        uint8_t *product)
{
    bool is_general = false;

    for (; row < rows_end() && row->id == id; row++) {
        if (row->product != ANY_MODEL && own_rows[row->product] == product_id) {
            *product = row->product;
            return true;
        }
        is_general = is_general || row->product == ANY_MODEL;
    }
    *product = ANY_MODEL;
    return is_general;
}

static bool read_map(const struct object *row, uint8_t byte, struct beacon_decoded *d)
{
    if (byte >= row->u.map[0])
        return false;
    if (row->u.map[1 + byte] != MAP_NOTHING)
        reading_state(d, row->kind, row->u.map[1 + byte]);
    return true;
}

static bool read_number(const struct object *row, const uint8_t *data, size_t len,
                        struct beacon_decoded *d)
{
    const size_t size = row->form == FORM_WHOLE ? len : row->form & 0x0fu;
    const uint64_t raw = bytes_le(data + row->at, size);
    int64_t value = row->form == FORM_I16 ? bytes_sign(raw, size) : (int64_t)raw;

    if (row->form != FORM_FLOAT)
        return reading_number(d, row->kind, value, row->scale10);
    return number_float(data + row->at, size, &value) &&
           reading_number(d, row->kind, value, NUMBER_FLOAT_SCALE);
}

static bool read_row(const struct object *row, const uint8_t *data, size_t len,
                     struct beacon_decoded *d)
{
    switch (row->form) {
    case FORM_READ:
        return row->u.read(row, data, len, d);
    case FORM_MAP:
        return read_map(row, data[row->at], d);
    case FORM_FLAG:
        reading_state(d, row->kind, data[row->at] != 0);
        return true;
    case FORM_CONST:
        reading_state(d, row->kind, row->at);
        return true;
    default:
        return read_number(row, data, len, d);
    }
}

void mibeacon_object(uint16_t id, const uint8_t *data, size_t len, struct beacon_decoded *d,
                     struct tally *tally)
{
    const struct object *row = first_row(id);
    uint8_t product;
    const uint8_t before = d->n;
    bool fits = false, good = true;

    if (!choose_rows(row, id, d->product_id, &product)) {
        reading_unknown(d, id);
        tally->unknown = true;
        return;
    }
    tally->known = true;
    for (; good && row < rows_end() && row->id == id; row++) {
        if (row->product != product || (row->len != len && row->len != OBJECT_ANY_LEN))
            continue;
        fits = true;
        good = read_row(row, data, len, d);
    }
    if (!good || (!fits && len > 0)) { /* an empty object of any id carries nothing */
        d->n = before;
        tally->bad = true;
    }
}
