/* What the vectors of other projects do not show: frames nobody has published, made by the layouts
 * on top of the formats' files. Each row is one advert, hex, and what comes out of it. */
#include "invariants.h"

#include "base/hex.h"
#include "beacon/products.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MAC_TEXT "A4C138012345"
#define MAC_AIR  "45230138c1a4"
#define KEY_TEXT "00112233445566778899aabbccddeeff"

struct heard {
    uint8_t bytes[ADVERT_LEN_MAX];
    struct advert advert;
    struct beacon_decoded d;
};

static void hear(struct heard *h, const char *hex, const struct beacon_key *key)
{
    const size_t len = strlen(hex) / 2;

    assert_true(hex_decode(hex, 2 * len, h->bytes, sizeof(h->bytes)));
    h->advert = (struct advert){ .data = h->bytes, .len = (uint16_t)len };
    assert_true(mac_parse(MAC_TEXT, MAC_TEXT_LEN, &h->advert.addr));
    const char *broken = beacon_decode_checked(&h->advert, key, &h->d);
    if (broken)
        fail_msg("%s: does not hold: %s", hex, broken);
}

/* Frame and values as JSON without the braces, with ' for ". */
static const char *said(const struct heard *h, char *out, size_t size)
{
    struct json j;

    json_init(&j, out, size);
    json_text(&j, "outcome", beacon_outcome_name((enum beacon_outcome)h->d.outcome));
    beacon_json_frame(&j, &h->d);
    beacon_json_readings(&j, &h->advert, &h->d);
    assert_true(json_ok(&j));
    for (char *p = out; *p; p++) {
        if (*p == '"')
            *p = '\'';
    }
    return out;
}

#define MI(product)                                                                                \
    "'format':'mibeacon','model':'LYWSDCGQ','product_id':'" product                                \
    "','version':5,'encrypted':false,'frame_counter':1"

static const struct {
    const char *what, *hex, *says;
} frames[] = {
    { "nothing at all", "", "'outcome':'ignore'" },
    { "padding", "00000000", "'outcome':'ignore'" },
    { "a lone length", "02", "'outcome':'ignore'" },

    { "a frame without MAC", "0c1695fe4050aa01010a10013b",
      "'outcome':'ok'," MI("01aa") ",'battery_pct':59" },
    { "mesh: two bytes at the end", "0e1695fec050aa01010a10013bbeef",
      "'outcome':'ok'," MI("01aa") ",'battery_pct':59" },
    { "mesh: too short for its two bytes", "061695fec050aa", "'outcome':'reject:short'" },
    { "capability", "0d1695fe6050aa0101080a10013b",
      "'outcome':'ok'," MI("01aa") ",'capability':8,'battery_pct':59" },
    { "I/O capability", "0f1695fe6050aa01012801000a10013b",
      "'outcome':'ok'," MI("01aa") ",'capability':40,'battery_pct':59" },
    { "combo: Wi-Fi bytes before the I/O capability", "111695fe6050aa010138aabb01000a10013b",
      "'outcome':'ok'," MI("01aa") ",'capability':56,'battery_pct':59" },
    { "I/O capability cut off", "0a1695fe6050aa01012801",
      "'outcome':'reject:short'," MI("01aa") ",'capability':40" },
    { "MAC cut off", "0b1695fe5050aa010145230138", "'outcome':'reject:short'," MI("01aa") },
    { "MAC of another", "121695fe5050aa010146230138c1a40a10013b",
      "'outcome':'reject:mac'," MI("01aa") },
    { "version 1", "0c1695fe4010aa01010a10013b",
      "'outcome':'reject:version','format':'mibeacon','model':'LYWSDCGQ','product_id':'01aa',"
      "'version':1,'encrypted':false,'frame_counter':1" },
    { "object announced, not there", "081695fe4050aa0101", "'outcome':'reject:short'," MI("01aa") },
    { "no object announced", "081695fe0050aa0101", "'outcome':'no_object'," MI("01aa") },
    { "four bytes are no frame", "071695fe4050aa01", "'outcome':'reject:short'" },
    { "encrypted, too short for counter and tag",
      "0f1695fe4858aa0101"
      "01020304050607",
      "'outcome':'reject:short','format':'mibeacon','model':'LYWSDCGQ','product_id':'01aa',"
      "'version':5,'encrypted':true,'frame_counter':1" },
    { "a model nobody knows", "0c1695fe4050eeff010a10013b",
      "'outcome':'ok','format':'mibeacon','product_id':'ffee','version':5,'encrypted':false,"
      "'frame_counter':1,'battery_pct':59" },
    { "an id that Tasmota invented is not matched on air", "0c1695fe40501c0a010a10013b",
      "'outcome':'ok','format':'mibeacon','product_id':'0a1c','version':5,'encrypted':false,"
      "'frame_counter':1,'battery_pct':59" },
    { "skipped objects are named", "101695fe4050aa0101094a00ff7f020102",
      "'outcome':'unknown_object'," MI("01aa") ",'unknown_objects':'4a09,7fff'" },

    { "Xiaomi's manufacturer data with the sender's MAC", "0eff8f031050aa0101" MAC_AIR,
      "'outcome':'no_object'," MI("01aa") },
    { "Xiaomi's manufacturer data of another kind", "0eff8f031050aa0101010203040506",
      "'outcome':'ignore'" },
    { "a foreign element goes first",
      "05160a18b14c"
      "0c1695fe4050aa01010a10013b",
      "'outcome':'ok'," MI("01aa") ",'battery_pct':59" },
    { "the better of two wins",
      "081695fe0050aa0101"
      "0c1695fe4050aa01010a10013b",
      "'outcome':'ok'," MI("01aa") ",'battery_pct':59" },
    { "the better of two wins, also when it is the first",
      "081695fe0050aa0101"
      "061695fec050aa"
      "05160a18b14c",
      "'outcome':'no_object'," MI("01aa") },
    { "an element of ours that is cut off", "0c1695fe4050aa01010a1001",
      "'outcome':'reject:short'" },
    { "a foreign element that is cut off", "0c160a184050aa01010a1001", "'outcome':'ignore'" },
    { "what stands before a broken structure is good",
      "0c1695fe4050aa01010a10013b"
      "20ff",
      "'outcome':'ok'," MI("01aa") ",'battery_pct':59" },

    { "ATC1441, battery of 130 %: the rest is good", "10161a18a4c13801234500ce33820a6ec3",
      "'outcome':'ok','format':'atc1441','model':'ATC','encrypted':false,'frame_counter':195,"
      "'temperature_c':20.6,'humidity_pct':51,'voltage_v':2.67" },
    { "ATC1441 of another sender", "10161a18a4c13801234600ce33430a6ec3",
      "'outcome':'reject:mac','format':'atc1441','model':'ATC','encrypted':false,"
      "'frame_counter':195" },
    { "pvvx without the flags", "11161a18" MAC_AIR "6c07fa13d60a5209",
      "'outcome':'ok','format':'pvvx','model':'ATC','encrypted':false,'frame_counter':9,"
      "'temperature_c':19,'humidity_pct':51.14,'voltage_v':2.774,'battery_pct':82" },
    { "pvvx with the flags", "12161a18" MAC_AIR "6c07fa13d60a520905",
      "'outcome':'ok','format':'pvvx','model':'ATC','encrypted':false,'frame_counter':9,"
      "'temperature_c':19,'humidity_pct':51.14,'voltage_v':2.774,'battery_pct':82,"
      "'reed_switch':true,'trigger_output':false,'trigger':true" },
    { "181a of another length", "0d161a18a4c13801234500ce3343", "'outcome':'ignore'" },

    { "BTHome 1, a float: the factor of the id still counts",
      "0c161c184502000006450201"
      "64",
      "'outcome':'ok','format':'bthome1','model':'BTHome','version':1,'encrypted':false,"
      "'temperature_c':21.44,'battery_pct':100" },
    { "BTHome 1, a float that is infinite",
      "09161c18450200"
      "00807f",
      "'outcome':'reject:object','format':'bthome1','model':'BTHome','version':1,"
      "'encrypted':false" },
    { "BTHome 1, signed and shorter than in version 2", "06161c182202ce",
      "'outcome':'ok','format':'bthome1','model':'BTHome','version':1,'encrypted':false,"
      "'temperature_c':-0.5" },
    { "BTHome 1, a number of 64 bits",
      "0d161c180905"
      "ffffffffffffffff",
      "'outcome':'reject:object','format':'bthome1','model':'BTHome','version':1,"
      "'encrypted':false" },
    { "BTHome 1, an id nobody knows", "06161c1802ff00",
      "'outcome':'unknown_object','format':'bthome1','model':'BTHome','version':1,"
      "'encrypted':false,'unknown_objects':'ff'" },
    { "BTHome 1, text", "09161c1865534162c3a4",
      "'outcome':'ok','format':'bthome1','model':'BTHome','version':1,'encrypted':false,"
      "'text':'Ab\xc3\xa4'" },
    { "BTHome 1, an object that is cut off", "08161c1865534162c3",
      "'outcome':'reject:short','format':'bthome1','model':'BTHome','version':1,"
      "'encrypted':false" },

    { "BTHome 2, only a packet id", "0616d2fc400009",
      "'outcome':'no_object','format':'bthome2','model':'BTHome','version':2,'encrypted':false,"
      "'packet_id':9,'trigger_based':false" },
    { "BTHome 2, the second of two buttons", "0816d2fc443a003a02",
      "'outcome':'ok','format':'bthome2','model':'BTHome','version':2,'encrypted':false,"
      "'trigger_based':true,'event_2':'double_press'" },
    { "BTHome 2, two buttons without event", "0816d2fc443a003a00",
      "'outcome':'no_object','format':'bthome2','model':'BTHome','version':2,'encrypted':false,"
      "'trigger_based':true" },
    { "BTHome 2, a button and a dial", "0916d2fc443a803c0203",
      "'outcome':'ok','format':'bthome2','model':'BTHome','version':2,'encrypted':false,"
      "'trigger_based':true,'event':'hold_press','event_2':'rotate_right','steps':3" },
    { "BTHome 2, a button that nobody knows yet", "0616d2fc443a17",
      "'outcome':'ok','format':'bthome2','model':'BTHome','version':2,'encrypted':false,"
      "'trigger_based':true,'event':'unknown'" },
    { "BTHome 2, an unknown id ends the walk", "0816d2fc400164ef0203",
      "'outcome':'ok','format':'bthome2','model':'BTHome','version':2,'encrypted':false,"
      "'trigger_based':false,'unknown_objects':'ef','battery_pct':100" },
    { "BTHome 2, a value that is cut off", "0516d2fc4002ca",
      "'outcome':'reject:short','format':'bthome2','model':'BTHome','version':2,"
      "'encrypted':false,'trigger_based':false" },
    { "BTHome 2, steps of 0.35 degrees", "0616d2fc4058f6",
      "'outcome':'ok','format':'bthome2','model':'BTHome','version':2,'encrypted':false,"
      "'trigger_based':false,'temperature_c':-3.5" },
    { "BTHome 2, text and raw bytes", "0d16d2fc40530341c3a45402beef",
      "'outcome':'ok','format':'bthome2','model':'BTHome','version':2,'encrypted':false,"
      "'trigger_based':false,'text':'A\xc3\xa4','raw':'beef'" },
    { "BTHome 2, text that is no UTF-8 and has a quote", "0a16d2fc405304ff220041",
      "'outcome':'ok','format':'bthome2','model':'BTHome','version':2,'encrypted':false,"
      "'trigger_based':false,'text':'\xef\xbf\xbd\\'\\u0000A'" },
    { "BTHome 2 of version 3", "0616d2fc600164",
      "'outcome':'reject:version','format':'bthome2','model':'BTHome','version':3,"
      "'encrypted':false,'trigger_based':false" },
    { "BTHome 2 with its MAC", "0c16d2fc42" MAC_AIR "0164",
      "'outcome':'ok','format':'bthome2','model':'BTHome','version':2,'encrypted':false,"
      "'trigger_based':false,'battery_pct':100" },
    { "BTHome 2 with another's MAC",
      "0c16d2fc42"
      "46230138c1a4"
      "0164",
      "'outcome':'reject:mac','format':'bthome2','model':'BTHome','version':2,"
      "'encrypted':false,'trigger_based':false" },
    { "BTHome 2, a truth that is neither", "0616d2fc402102",
      "'outcome':'reject:object','format':'bthome2','model':'BTHome','version':2,"
      "'encrypted':false,'trigger_based':false" },
    { "BTHome 2 with nothing", "0316d2fc",
      "'outcome':'reject:short','format':'bthome2','model':'BTHome','version':0,"
      "'encrypted':false,'trigger_based':false" },

    { "a Qingping type nobody knows", "0e16cdfd0877" MAC_AIR "020155",
      "'outcome':'unknown_device','format':'qingping','encrypted':false" },
    { "Qingping of another sender",
      "0e16cdfd0801"
      "46230138c1a4"
      "020155",
      "'outcome':'reject:mac','format':'qingping','model':'CGG1','encrypted':false" },
    { "Qingping under its other UUID", "0e16f9ff0801" MAC_AIR "020155",
      "'outcome':'ok','format':'qingping','model':'CGG1','encrypted':false,'battery_pct':85" },
    { "a Qingping value nobody knows", "0e16cdfd0801" MAC_AIR "7f0155",
      "'outcome':'unknown_object','format':'qingping','model':'CGG1','encrypted':false,"
      "'unknown_objects':'7f'" },
    { "a Qingping value of the wrong length", "0f16cdfd0801" MAC_AIR "02025500",
      "'outcome':'reject:object','format':'qingping','model':'CGG1','encrypted':false" },
    { "a Qingping value that is cut off", "0d16cdfd0801" MAC_AIR "0201",
      "'outcome':'reject:short','format':'qingping','model':'CGG1','encrypted':false" },
    { "a Qingping door that is left open", "0e16cdfd4804" MAC_AIR "040102",
      "'outcome':'ok','format':'qingping','model':'CGH1','encrypted':false,"
      "'door':'open_timeout'" },

    { "a scale in jin, its clock never set",
      "0d161d18301027"
      "00000000000000",
      "'outcome':'ok','format':'miscale1','model':'XMTZC01HM/XMTZC04HM','encrypted':false,"
      "'weight_live_kg':50,'weight_kg':50,'weight_unit':'jin','stabilized':true,"
      "'weight_removed':false" },
    { "a scale's clock on a leap day",
      "0d161d18221027"
      "e807021d173b3b",
      "'outcome':'ok','format':'miscale1','model':'XMTZC01HM/XMTZC04HM','encrypted':false,"
      "'weight_live_kg':50,'weight_kg':50,'weight_unit':'kg','stabilized':true,"
      "'weight_removed':false,'scale_time':'2024-02-29T23:59:59'" },
    { "a scale's clock on a day that is none",
      "0d161d18221027"
      "e707021d173b3b",
      "'outcome':'ok','format':'miscale1','model':'XMTZC01HM/XMTZC04HM','encrypted':false,"
      "'weight_live_kg':50,'weight_kg':50,'weight_unit':'kg','stabilized':true,"
      "'weight_removed':false" },
    { "Tuya's UUID with something else", "0c1650fd650011001122640033", "'outcome':'ignore'" },
};

static void frames_say_what_they_should(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
        struct heard h;
        char text[1024];
        hear(&h, frames[i].hex, NULL);
        if (strcmp(said(&h, text, sizeof(text)), frames[i].says) == 0)
            continue;
        print_error("%s\n  wants %s\n  gives %s\n", frames[i].what, frames[i].says, text);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void set_key(struct beacon_key *key, const char *hex)
{
    uint8_t bytes[16];

    assert_true(hex_decode(hex, strlen(hex), bytes, sizeof(bytes)));
    assert_true(beacon_key_set(key, bytes, strlen(hex) / 2));
}

/* A 12-byte key, and the 16 bytes that mi32cfg files hold for it, open the same frames. */
static void an_expanded_key_is_its_beacon_key(void **state)
{
    const char *const keys[] = { "b853075158487ca39a5b5ea9", "b853075158488d3d3c977ca39a5b5ea9" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct beacon_key key = { 0 };
        uint8_t bytes[32];
        struct advert advert = { .data = bytes, .len = 25 };
        struct beacon_decoded d;
        set_key(&key, keys[i]);
        assert_int_equal(key.len, 12);
        assert_true(hex_decode("181695fe5830b603368b98c54124f88bb8f2661351000000d6", 50, bytes,
                               sizeof(bytes)));
        assert_true(mac_parse("F82441C5988B", 12, &advert.addr));
        assert_int_equal(beacon_decode(&advert, &key, &d), BEACON_OK);
        assert_int_equal(d.format, BEACON_MIBEACON_LEGACY);
        assert_false(beacon_is_authenticated(&d));
        beacon_key_clear(&key);
        assert_int_equal(key.len, 0);
    }
}

static void other_lengths_are_no_key(void **state)
{
    struct beacon_key key = { 0 };
    uint8_t bytes[32] = { 0 };

    (void)state;
    for (size_t len = 0; len <= sizeof(bytes); len++) {
        const bool is_key = len == 12 || len == 16;
        assert_int_equal(beacon_key_set(&key, bytes, len), is_key);
        beacon_key_clear(&key);
    }
}

/* Seals `plain` as BTHome 2 does; the advert's length at *len. */
static void seal_bthome2(const uint8_t *plain, size_t n, uint8_t *out, uint16_t *len)
{
    static const uint8_t head[] = { 0x16, 0xd2, 0xfc, 0x41 };
    struct beacon_key key = { 0 };
    uint8_t nonce[13] = { 0xa4, 0xc1, 0x38, 0x01, 0x23, 0x45, 0xd2, 0xfc, 0x41, 7, 0, 0, 0 };
    const struct cx_ccm_call call = { nonce, sizeof(nonce), 4, NULL, 0, plain, n };

    set_key(&key, KEY_TEXT);
    out[0] = (uint8_t)(12 + n);
    memcpy(out + 1, head, sizeof(head));
    assert_int_equal(cx_ccm_seal(&key.ccm, &call, out + 5, out + 5 + n + 4), CX_OK);
    memcpy(out + 5 + n, nonce + 9, 4);
    *len = (uint16_t)(5 + n + 8);
    beacon_key_clear(&key);
}

/* Text of an encrypted frame is found in the plain text, not in the advert. */
static void encrypted_text_is_the_plain_one(void **state)
{
    static const uint8_t plain[] = "\x01\x64\x53\x05Hello";
    struct heard h = { 0 };
    struct beacon_key key = { 0 };
    size_t len;

    (void)state;
    set_key(&key, KEY_TEXT);
    seal_bthome2(plain, sizeof(plain) - 1, h.bytes, &h.advert.len);
    h.advert.data = h.bytes;
    assert_true(mac_parse(MAC_TEXT, MAC_TEXT_LEN, &h.advert.addr));
    assert_null(beacon_decode_checked(&h.advert, &key, &h.d));
    assert_int_equal(h.d.outcome, BEACON_OK);
    assert_true(beacon_is_authenticated(&h.d));
    assert_int_equal(h.d.counter, 7);
    assert_int_equal(h.d.readings[1].kind, BEACON_KIND_TEXT);
    const uint8_t *text = beacon_reading_bytes(&h.advert, &h.d, &h.d.readings[1], &len);
    assert_int_equal(len, 5);
    assert_memory_equal(text, "Hello", 5);
    assert_true(h.d.readings[0].flags & BEACON_AUTHENTIC);
    beacon_key_clear(&key);
}

/* What the tag covers is believed, and still nothing impossible comes out of it. */
static void authentic_nonsense_is_refused(void **state)
{
    static const uint8_t plain[] = { 0x01, 0xff };
    struct heard h = { 0 };
    struct beacon_key key = { 0 };

    (void)state;
    set_key(&key, KEY_TEXT);
    seal_bthome2(plain, sizeof(plain), h.bytes, &h.advert.len);
    h.advert.data = h.bytes;
    assert_true(mac_parse(MAC_TEXT, MAC_TEXT_LEN, &h.advert.addr));
    assert_null(beacon_decode_checked(&h.advert, &key, &h.d));
    assert_int_equal(h.d.outcome, BEACON_REJECT_OBJECT);
    assert_true(beacon_is_authenticated(&h.d));
    beacon_key_clear(&key);
}

/* Extended adverts: an element of 255 bytes at the end of 1,650, and more values than fit. */
static void long_adverts_are_read_to_the_end(void **state)
{
    static const uint8_t head[] = { 0x16, 0xd2, 0xfc, 0x40 };
    struct heard h = { 0 };

    (void)state;
    for (size_t at = 0; at < 1394; at += 17) { /* 82 foreign structures */
        h.bytes[at] = 16;
        h.bytes[at + 1] = 0xff;
    }
    h.bytes[1394] = 255;
    memcpy(h.bytes + 1395, head, sizeof(head));
    for (size_t at = 1399; at + 1 < ADVERT_LEN_MAX; at += 2) {
        h.bytes[at] = 0x01;
        h.bytes[at + 1] = (uint8_t)((at - 1399) / 2 % 100);
    }
    h.advert = (struct advert){ .data = h.bytes, .len = ADVERT_LEN_MAX };
    assert_null(beacon_decode_checked(&h.advert, NULL, &h.d));
    assert_int_equal(h.d.outcome, BEACON_OK);
    assert_int_equal(h.d.n, BEACON_READINGS_MAX);
    assert_true(h.d.truncated);
    for (unsigned i = 0; i < h.d.n; i++) {
        assert_int_equal(h.d.readings[i].nth, i + 1);
        assert_int_equal(h.d.readings[i].u.value, i);
    }
}

/* The battery of these models is decoded, and marked for what it is; another's is not. */
static void a_battery_known_to_be_wrong_is_marked(void **state)
{
    struct heard h;

    (void)state;
    hear(&h, "0c1695fe40505b05010a10013b", NULL);
    assert_true(h.d.readings[0].flags & BEACON_UNRELIABLE);
    hear(&h, "0c1695fe40508703010a10013b", NULL);
    assert_true(h.d.readings[0].flags & BEACON_UNRELIABLE);
    hear(&h, "0d1695fe40505b0501041002d900", NULL);
    assert_false(h.d.readings[0].flags & BEACON_UNRELIABLE);
    hear(&h, "0c1695fe4050aa01010a10013b", NULL);
    assert_false(h.d.readings[0].flags & BEACON_UNRELIABLE);
    /* the same clock's battery in Qingping's own format is good */
    hear(&h, "0e16cdfd0812" MAC_AIR "020155", NULL);
    assert_false(h.d.readings[0].flags & BEACON_UNRELIABLE);
}

static void a_press_is_an_event_and_a_temperature_is_not(void **state)
{
    struct heard h;

    (void)state;
    hear(&h, "0e1695fe4050bf0701011003000000", NULL);
    assert_int_equal(h.d.readings[0].kind, BEACON_KIND_EVENT);
    assert_true(h.d.readings[0].flags & BEACON_EVENT);
    hear(&h, "0d1695fe4050aa0101041002d900", NULL);
    assert_false(h.d.readings[0].flags & BEACON_EVENT);
}

/* The capability byte of a device that nobody has activated announces how it could be paired. */
static void an_unpaired_device_says_so(void **state)
{
    struct heard h;

    (void)state;
    hear(&h, "111695fe30585b0501" MAC_AIR "280100", NULL);
    assert_int_equal(h.d.outcome, BEACON_NO_OBJECT);
    assert_true(h.d.unbound);
    hear(&h, "0f1695fe30585b05bf" MAC_AIR "08", NULL);
    assert_int_equal(h.d.outcome, BEACON_NO_OBJECT);
    assert_false(h.d.unbound);
}

static void equal_service_data_has_an_equal_hash(void **state)
{
    struct heard a, b, c;

    (void)state;
    hear(&a, "0201060c1695fe4050aa01010a10013b", NULL);
    hear(&b, "0c1695fe4050aa01010a10013b0509526f6f6d", NULL);
    hear(&c, "0c1695fe4050aa01010a10013c", NULL);
    assert_int_equal(a.d.content_hash, b.d.content_hash);
    assert_int_not_equal(a.d.content_hash, c.d.content_hash);
}

static void the_local_name_is_found(void **state)
{
    struct heard h;
    size_t len;

    (void)state;
    hear(&h, "0201060308415406094154435f38", NULL);
    const char *name = beacon_local_name(&h.advert, &len);
    assert_int_equal(len, 5);
    assert_memory_equal(name, "ATC_8", 5);
    hear(&h, "02010603084154", NULL);
    name = beacon_local_name(&h.advert, &len);
    assert_int_equal(len, 2);
    assert_memory_equal(name, "AT", 2);
    hear(&h, "020106090941", NULL); /* cut off */
    assert_null(beacon_local_name(&h.advert, &len));
    assert_int_equal(len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_say_what_they_should),
        cmocka_unit_test(an_expanded_key_is_its_beacon_key),
        cmocka_unit_test(other_lengths_are_no_key),
        cmocka_unit_test(encrypted_text_is_the_plain_one),
        cmocka_unit_test(authentic_nonsense_is_refused),
        cmocka_unit_test(long_adverts_are_read_to_the_end),
        cmocka_unit_test(a_battery_known_to_be_wrong_is_marked),
        cmocka_unit_test(a_press_is_an_event_and_a_temperature_is_not),
        cmocka_unit_test(an_unpaired_device_says_so),
        cmocka_unit_test(equal_service_data_has_an_equal_hash),
        cmocka_unit_test(the_local_name_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
