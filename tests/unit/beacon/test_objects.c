/* One example for each MiBeacon object and each rule about it: a plain version 5 frame with this
 * object, and the values it gives. Impossible lengths and values give reject:object. */
#include "invariants.h"

#include "base/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ANY_MODEL 0xffee /* an id nobody has */

struct example {
    uint16_t product;
    const char *object; /* id, length, data */
    const char *says;   /* the values as JSON members, or an outcome */
};

static const struct example examples[] = {
    { 0x03b6, "0200020110", "'pairing_object':4097" },
    { 0x03dd, "03000101", "'motion':true" },
    { 0x03dd, "03000100", "'motion':false" },
    { 0x069e, "060005ffffffff00", "'fingerprint':'match','key_id':4294967295" },
    { 0x069e, "060005efbeadde03", "'fingerprint':'low_quality','key_id':3735928559" },
    { 0x069e, "0600050000000006", "'fingerprint':'too_wet','key_id':0" },
    { 0x069e, "0600050000000007", "reject:object" },
    { 0x069e, "07000103", "'door':'knock'" },
    { 0x069e, "07000105", "'door':'stuck'" },
    { 0x069e, "07000106", "reject:object" },
    { 0x069e, "07000501807c4461", "'door':'closed','timestamp':1631878272" },
    { 0x069e, "0700020100", "reject:object" },
    { 0x069e, "08000101", "'armed':true" },
    { 0x0380, "08000500807c4461", "'armed':false,'timestamp':1631878272" },
    { ANY_MODEL, "0900020300", "'gesture':'flip_180'" },
    { 0x0391, "0a0002750d", "'temperature_c':34.45" },
    { 0x0391, "0a00020000", "reject:object" },
    { 0x069e, "0b000920020001807c442f61",
      "'lock':'unlocked','lock_action':'unlock_outside','lock_method':'biometric',"
      "'key_id':2147549186,'timestamp':1630487676" },
    { 0x069e, "0b0009a100000000807c4461",
      "'lock':'locked','lock_action':'lock','lock_method':'manual','key_id':0,"
      "'timestamp':1631878272" },
    { 0x069f, "0b00097601000000807c4461",
      "'childlock':true,'lock_action':'childlock_on','lock_method':'two_step','key_id':1,"
      "'timestamp':1631878272" },
    { 0x069f, "0b00098301000000807c4461",
      "'antilock':false,'lock_action':'antilock_off','lock_method':'coercion','key_id':1,"
      "'timestamp':1631878272" },
    { 0x069e, "0b0009ff0300dec0807c4461",
      "'lock_action':'abnormal','lock_method':'abnormal','lock_error':'lock_picking',"
      "'timestamp':1631878272" },
    { 0x069e, "0b0009ffff00dec0807c4461",
      "'lock_action':'abnormal','lock_method':'abnormal','key_id':3235774719,"
      "'timestamp':1631878272" },
    { 0x069e, "0b00090900000000807c4461", "reject:object" }, /* no such action */
    { 0x069e, "0b0009c000000000807c4461", "reject:object" }, /* no such method */
    { ANY_MODEL, "0c000101", "'leak':true" },
    { ANY_MODEL, "0d000101", "'smoke':true,'smoke_state':'alarm'" },
    { ANY_MODEL, "0d000102", "'smoke_state':'fault'" },
    { ANY_MODEL, "0d000103", "'smoke_state':'test'" },
    { ANY_MODEL, "0e000101", "'gas':true" },
    { ANY_MODEL, "0e000100", "'gas':false,'problem':false" },
    { ANY_MODEL, "0e000103", "'problem':true" },
    { ANY_MODEL, "0e000105", "no_object" },
    { 0x0a83, "0f00038b0900", "'motion':true,'illuminance_lux':2443" },
    { ANY_MODEL, "0f0003640000", "'motion':true,'illuminance_lux':100" },
    { 0x07f6, "0f0003640000", "'motion':true,'light':true,'illuminance_lux':100" },
    { 0x07f6, "0f0003010000", "'motion':true,'light':false,'illuminance_lux':1" },
    { 0x0a8d, "0f0003000100", "'motion':true,'light':true" },
    { 0x0a8d, "0f0003000000", "'motion':true,'light':false" },
    { 0x0489, "1000020003", "'brushing':true,'brush_count':3" },
    { 0x0489, "1000020153", "'brushing':false,'brush_score':83" },
    { 0x0489, "10000100", "'brushing':true" },
    { 0x0489, "1000020165", "reject:object" }, /* a score of 101 */
    { ANY_MODEL, "120003e80300", "'weight_kg':1" },
    { 0x6375, "eb030155", "'battery_pct':85" },
    { 0x07bf, "011003000000", "'event':'press','button_index':0" },
    { 0x0863, "011003000002", "'event':'long_press','button_index':0" },
    { ANY_MODEL, "011003030003", "'event':'triple_press','button_index':3" },
    { ANY_MODEL, "011003000004", "reject:object" },
    { 0x1568, "011003000001", "'event':'long_press','button_index':0" },
    { 0x1569, "011003010002", "'button':'right','event':'double_press','button_index':1" },
    { 0x1569, "011003030000", "reject:object" },
    { 0x0dfd, "011003040000", "'button':'middle+right','event':'press','button_index':4" },
    { 0x0dfd, "011003060000", "'button':'left+middle+right','event':'press','button_index':6" },
    { 0x0153, "011003000000", "'button':'on','event':'press','button_index':0" },
    { 0x0153, "011003050002", "'button':'minus','event':'long_press','button_index':5" },
    { 0x0153, "011003060000", "reject:object" },
    { 0x068e, "011003020000", "'button':'wind_speed','event':'press','button_index':2" },
    { 0x04e6, "011003030000", "'button':'stronger','event':'press','button_index':3" },
    { 0x03bf, "011003080000", "'button':'heat','event':'press','button_index':8" },
    { 0x04e1, "011003000000", "'event':'rotate_right'" },
    { 0x04e1, "011003010000", "'event':'rotate_left'" },
    { 0x03b6, "011003000203", "'event':'press','press_count':2" },
    { 0x03b6, "011003010403", "'event':'long_press','press_duration_s':4" },
    { 0x03b6, "01100300ff04", "'event':'rotate_left','steps':1" },
    { 0x03b6, "011003000704", "'event':'rotate_right','steps':7" },
    { 0x03b6, "011003fe0004", "'event':'rotate_left_pressed','steps':2" },
    { 0x03b6, "011003020004", "'event':'rotate_right_pressed','steps':2" },
    { 0x03b6, "011003000004", "reject:object" },
    { 0x03b6, "011003000000", "reject:object" },
    { ANY_MODEL, "02100101", "'asleep':true" },
    { 0x01aa, "041002d900", "'temperature_c':21.7" },
    { 0x01aa, "041002cbff", "'temperature_c':-5.3" },
    { 0x01aa, "0410020080", "reject:object" }, /* colder than anything is */
    { 0x01aa, "041003d90000", "reject:object" },
    { 0x0083, "0510020162", "'kettle_state':'heating','power':true,'temperature_c':98" },
    { 0x0083, "0510020018", "'kettle_state':'idle','power':false,'temperature_c':24" },
    { 0x01aa, "061002d301", "'humidity_pct':46.7" },
    { 0x01aa, "061002e903", "reject:object" }, /* 100.1 % */
    { 0x0098, "071003f32600", "'illuminance_lux':9971" },
    { 0x07f6, "0710035f0000", "'light':false,'illuminance_lux':95" },
    { 0x0098, "0810011e", "'moisture_pct':30" },
    { 0x0098, "0910023601", "'conductivity_us_cm':310" },
    { 0x01aa, "0a10013b", "'battery_pct':59" },
    { 0x01aa, "0a100165", "reject:object" },
    { 0x01aa, "0d1004fe004802", "'temperature_c':25.4,'humidity_pct':58.4" },
    { 0x0380, "0e100105", "'lock_bits':5,'lock':'locked','antilock':false,'childlock':false" },
    { 0x0380, "0e10010c", "'lock_bits':12,'lock':'unlocked','antilock':false,'childlock':true" },
    { 0x069e, "0f100100", "'door':'open'" },
    { 0x069e, "0f1001ff", "'door':'abnormal'" },
    { 0x069e, "0f100102", "reject:object" },
    { 0x02df, "1010020800", "'formaldehyde_mg_m3':0.08" },
    { 0x0711, "1010020800", "'formaldehyde_mg_m3':0.008" },
    { 0x040a, "12100101", "'power':true" },
    { 0x040a, "13100132", "'consumable_pct':50" },
    { 0x0863, "14100101", "'leak':true" },
    { 0x0997, "15100100", "'smoke':false,'smoke_state':'clear'" },
    { 0x0997, "15100101", "'smoke':true,'smoke_state':'alarm'" },
    { 0x0997, "15100102", "'smoke_state':'fault'" },
    { ANY_MODEL, "16100101", "'gas':true" },
    { 0x07f6, "17100400000000", "'motion':true,'idle_time_s':0" },
    { 0x07f6, "1710041e000000", "'idle_time_s':30" },
    { 0x07f6, "17100478000000", "'motion':false,'idle_time_s':120" },
    { 0x098b, "18100101", "'light':true" },
    { 0x098b, "19100100", "'door':'open'" },
    { 0x098b, "19100102", "'door':'open_timeout'" },
    { 0x098b, "19100103", "'door':'reset'" },
    { 0x098b, "19100104", "reject:object" },
    { ANY_MODEL, "1a1002e803", "'weight_kg':1" },
    { 0x0a8d, "1b100100", "'motion':true" },
    { 0x0a8d, "1b100101", "'motion':false" },
    { 0x0a8d, "1b100478000000", "'motion':false,'idle_time_s':120" },
    { 0x20db, "1c100101", "'in_bed':true" },
    { 0x00db, "002005c60d630d51",
      "'temperature_c':36.871,'skin_temperature_c':35.26,'pcb_temperature_c':34.27,"
      "'battery_pct':81" },
    { 0x00db, "002005d007d00751", /* on the table: no body's temperature */
      "'skin_temperature_c':20,'pcb_temperature_c':20,'battery_pct':81" },
    { ANY_MODEL, "e12004d2040000", "'count':1234" },
    { 0x0806, "0330050083669d64", "'brushing':true,'timestamp':1688036995" },
    { 0x0806, "0330060183669d6453", "'brushing':false,'timestamp':1688036995,'brush_score':83" },
    { 0x0806, "0330020183", "reject:object" },
    { 0x3e17, "0148040000ac41", "'temperature_c':21.5" },
    { 0x3e17, "0148046666aec1", "'temperature_c':-21.8" },
    { 0x3e17, "0148040000807f", "reject:object" }, /* infinity */
    { 0x3e17, "0148040000c07f", "reject:object" }, /* not a number */
    { 0x55b5, "02480127", "'humidity_pct':39" },
    { 0x1203, "03480164", "'battery_pct':100" },
    { 0x1889, "04480101", "'door':'open'" },
    { 0x1889, "04480102", "'door':'closed'" },
    { 0x50fb, "05480400002d43", "'illuminance_lux':173" },
    { 0x3f0f, "06480101", "'leak':true" },
    { 0x6375, "06480101", "'leak_bottom':true" },
    { 0x3e17, "08480400003442", "'humidity_pct':45" },
    { 0x78d1, "0c480100", "'door':'open'" },
    { 0x78d1, "0c480101", "'door':'closed'" },
    { 0x20db, "10480101", "'asleep':true" },
    { 0x20db, "10480102", "'event':'double_press'" },
    { 0x20db, "11480101", "'snoring':true" },
    { 0x2aeb, "1848023c00", "'motion':false,'idle_time_s':60" },
    { 0x3f4c, "3c480101", "'pressure_present':true" },
    { 0x3f4c, "3d4804781e0000", "'pressed_s':7800" },
    { 0x3f4c, "3e4804781e0000", "'unpressed_s':7800" },
    { 0x3f4c, "3f4804781e0000", "'pressed_set_s':7800" },
    { 0x3f4c, "404804781e0000", "'unpressed_set_s':7800" },
    { 0x50fb, "4e48011f", "'occupancy':true" },
    { 0x4683, "4e480102", "'occupancy':false" },
    { 0x6a0f, "4e480102", "'occupancy':true" },
    { 0x50fb, "4f480105", "'unoccupied_min':5" },
    { 0x50fb, "50480105", "'occupied_min':5" },
    { 0x4683, "51480102", "'occupied_min':2" },
    { 0x6a0f, "51480405000000", "'occupied_min':5" },
    { 0x4683, "5248011e", "'unoccupied_min':30" },
    { 0x6a0f, "5248041e000000", "'unoccupied_min':30" },
    { 0x6375, "7b480101", "'leak_top':true" },
    { 0x1889, "014a0101", "'battery_low':true" },
    { 0x3531, "084a0400004c42", "'motion':true,'illuminance_lux':51" },
    { 0x38bb, "0c4a00", "'event':'press'" },
    { 0x5968, "0c4a0100", "'button':'left','button_index':0,'event':'press'" },
    { 0x5968, "0d4a0101", "'button':'right','button_index':1,'event':'double_press'" },
    { 0x5968, "0e4a0103", "reject:object" },
    { 0x3f3a, "0e4a0108", "'button':'8','button_index':8,'event':'long_press'" },
    { 0x3f3a, "0e4a020801", "reject:object" },
    { 0x1889, "0f4a0101", "'door':'removed'" },
    { 0x1889, "124a0101", "'door':'open'" },
    { 0x1889, "124a0102", "'door':'closed'" },
    { 0x1889, "134a0101", "'event':'press'" },
    { 0x1889, "1a4a0101", "'door':'open_timeout'" },
    { 0x3f4c, "1c4a0101", "'reset':true" },
    { 0x6375, "684a0100", "'leak_bottom':true" },
    { 0x6375, "684a0101", "'leak_bottom':false" },
    { 0x6375, "684a0102", "'leak_top':true" },
    { 0x6375, "684a0103", "'leak_top':false" },
    { 0x6375, "684a0104", "reject:object" },
    { 0x1203, "014c040000ac41", "'temperature_c':21.5" },
    { 0x16e4, "024c013a", "'humidity_pct':58" },
    { 0x2aeb, "034c0164", "'battery_pct':100" },
    { 0x1203, "084c0400003442", "'humidity_pct':45" },
    { 0x2832, "144c0102", "'mode':2" },
    { 0x1949, "014e0100", "'battery_low':false" },
    { 0x1949, "0c4e0101", "'button':'left','button_index':1,'event':'press'" },
    { 0x1949, "0d4e0103", "'button':'left+right','button_index':3,'event':'double_press'" },
    { 0x1949, "0e4e0104", "reject:object" },
    { 0x1c10, "0c4e0101", "'event':'press'" },
    { 0x1c10, "0c4e0108", "'event':'long_press'" },
    { 0x1c10, "0c4e010f", "'event':'double_press'" },
    { 0x1c10, "0c4e0110", "reject:object" },
    { 0x2387, "0c4e00", "'event':'press'" },
    { 0x2387, "0d4e00", "'event':'double_press'" },
    { 0x2387, "0e4e00", "'event':'long_press'" },
    { 0x64c5, "0c4e0104", "'button':'4','button_index':4,'event':'press'" },
    { 0x45c9, "164e0902281e0000807c4461",
      "'profile_id':2,'weight_kg':77.2,'timestamp':1631878272" },
    { 0x20db, "164e0101", "'in_bed':true" },
    { 0x20db, "174e0101", "'in_bed':false" },
    { 0x2387, "1c4e00", "'reset':true" },
    { 0x2387, "1c4e0101", "'reset':true" },
    { 0x3a61, "03500155", "'battery_pct':85" },
    { 0x18e3, "10500100", "'asleep':false" },
    { 0x18e3, "11500100", "'snoring':false" },
    { 0x20db, "0354014c", "'battery_pct':76" },
    { 0x6a0f, "13540101", "'occupancy_close':true" },
    { 0x3a61, "14540101", "'mode':1" },
    { 0x59fa, "22540100", "'charging':'charging'" },
    { 0x59fa, "22540102", "'charging':'full'" },
    { 0x59fa, "22540103", "reject:object" },
    { 0x3a61, "01560101", "'battery_low':true" },
    { 0x3a61, "0c560102", "'button':'2','button_index':2,'event':'press'" },
    { 0x3e17, "0d560104", "'button':'4','button_index':4,'event':'double_press'" },
    { 0x520b, "0c56017f", "'event':'press'" },
    { 0x520b, "0e5600", "'event':'long_press'" },
    { 0x59fa, "10580100", "'asleep':true" },
    { 0x20db, "165a0102", "'in_bed':false" },
    { 0x20db, "165a0103", "'event':'double_press'" },
    { 0x6375, "165a0102", "unknown_object" }, /* its own custom event, not the pillow's */
    { 0x64c5, "12600127", "'humidity_pct':39" },
    { 0x64c5, "5d600119", "'temperature_c':25" },
    { 0x59fa, "61640100", "'wearing':true" },
    { 0x3bd5, "166e090104130000807c4461",
      "'profile_id':1,'weight_kg':77.2,'heart_rate_bpm':52,'timestamp':1631878272" },
    { 0x3bd5, "166e09010443104e807c4461",
      "'profile_id':1,'weight_kg':77.2,'heart_rate_bpm':58,'impedance_low_ohm':499.6,"
      "'timestamp':1631878272" },
    { 0x3bd5, "166e09010000104e807c4461",
      "'profile_id':1,'impedance_high_ohm':499.6,'timestamp':1631878272" },
    { 0x3bd5, "166e090100000000807c4461",
      "'profile_id':1,'weight_removed':true,'timestamp':1631878272" },
    /* what nobody has published a meaning for */
    { ANY_MODEL, "010000", "unknown_object" },
    { ANY_MODEL, "ff7f0101", "unknown_object" },
    /* an empty object of an id that wants bytes carries nothing */
    { 0x01aa, "041000", "no_object" },
    /* all objects of a frame count, and a kind's second value gets its number */
    { 0x01aa, "0d1004b400950204100200010a10013b",
      "'temperature_c':18,'humidity_pct':66.1,'temperature_c_2':25.6,'battery_pct':59" },
    /* one bad or unknown object takes nothing from the others */
    { 0x01aa, "0a1001ff041002d900", "'temperature_c':21.7" },
    { 0x01aa, "ff7f0101041002d900", "'temperature_c':21.7" },
    /* an object that runs past the end ends the walk */
    { 0x01aa, "041002d9000a1002", "'temperature_c':21.7" },
    { 0x01aa, "041003d900", "reject:short" },
    { 0x01aa, "0410", "reject:short" },
};

/* A plain version 5 frame with the sender's address; *len bytes at `out`. */
static void make_frame(const struct example *x, struct mac mac, uint8_t *out, uint16_t *len)
{
    static const uint8_t head[] = { 0x16, 0x95, 0xfe, 0x50, 0x50 };
    const size_t object = strlen(x->object) / 2;

    out[0] = (uint8_t)(14 + object);
    memcpy(out + 1, head, sizeof(head));
    out[6] = (uint8_t)x->product;
    out[7] = (uint8_t)(x->product >> 8);
    out[8] = 42;
    mac_to_reversed(mac, out + 9);
    assert_true(hex_decode(x->object, 2 * object, out + 15, object));
    *len = (uint16_t)(15 + object);
}

/* The values as JSON without the braces, with ' for " so that the table above is legible. */
static void print_values(const struct advert *advert, const struct beacon_decoded *d, char *out,
                         size_t size)
{
    struct json j;

    json_init(&j, out, size);
    beacon_json_readings(&j, advert, d);
    for (char *p = out; *p; p++) {
        if (*p == '"')
            *p = '\'';
    }
}

static void every_object_says_what_it_should(void **state)
{
    const struct mac mac = { { 0xa4, 0xc1, 0x38, 0x01, 0x23, 0x45 } };
    unsigned wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        uint8_t bytes[64];
        char got[512];
        struct advert advert = { .addr = mac, .data = bytes };
        struct beacon_decoded d;
        make_frame(&examples[i], mac, bytes, &advert.len);
        const char *broken = beacon_decode_checked(&advert, NULL, &d);
        if (broken)
            fail_msg("%s: does not hold: %s", examples[i].object, broken);
        print_values(&advert, &d, got, sizeof(got));
        const char *says =
            d.outcome == BEACON_OK ? got : beacon_outcome_name((enum beacon_outcome)d.outcome);
        if (strcmp(says, examples[i].says) == 0)
            continue;
        print_error("%04x %s\n  wants %s\n  gives %s\n", (unsigned)examples[i].product,
                    examples[i].object, examples[i].says, says);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_object_says_what_it_should),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
