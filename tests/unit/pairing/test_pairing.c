/* Pairings in a whole gateway, with devices that play independently computed dialogues over the
 * simulated air: what the user is told, when, and that no key is ever lost or shown to others. */
#include "house.h"

#include "pairing/pairing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SENSOR  "A4C1382F876B"
#define ADVERT  "111695fe30585b05016b872f38c1a4280100" /* LYWSD03MMC, not activated */
#define BUTTON  "F82441C5988B"
#define PRESSED "181695fe5830b603d28b98c54124f8c3491476757e00000099" /* its press, encrypted */

static struct house house;
static struct device device;

static int setup(void **state)
{
    (void)state;
    house_open(&house);
    house_hear(&house, SENSOR, ADVERT);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    house_close(&house);
    return 0;
}

/* A device that plays these visits, one after the other. */
static void meet(const struct visit *first, const struct visit *second)
{
    const struct visit none = { NULL, NULL, NEVER, NEVER };
    const struct visit visits[] = { *first, second ? *second : none, none };

    device_open(&device, house.sim, SENSOR, visits);
}

static const struct visit whole = { register_new, login, NEVER, NEVER };
static const struct visit login_only = { login, NULL, NEVER, NEVER };

static void expect_success(void)
{
    assert_true(house_heard(&house, "\"state\":\"done\",\"key\":\"********\",\"saved\":true,"
                                    "\"verified\":true}"));
    assert_false(house_heard(&house, "\"state\":\"failed\""));
    assert_false(house_heard(&house, BIND_KEY));
    assert_int_equal(device.surprises, 0);
    assert_string_equal(house_key(&house, SENSOR), BIND_KEY);
}

static void expect_failure(const char *error)
{
    char text[128];

    snprintf(text, sizeof(text), "\"state\":\"failed\",\"error\":\"%s", error);
    assert_true(house_heard(&house, text));
    assert_false(house_heard(&house, "\"state\":\"done\""));
    assert_false(house_heard(&house, BIND_KEY));
}

/* ---- before ---- */

static void what_can_be_activated_is_listed(void **state)
{
    (void)state;
    house_type(&house, "MI32Pair", 0);
    assert_true(house_heard(&house, "{\"MI32Pair\":[{\"MAC\":\"" SENSOR "\""));
    assert_true(house_heard(&house, "\"State\":\"not activated\""));
}

#define THERMOMETER "A4C1380283F4"
#define ENCRYPTED   "0201061a1695fe58585b0550f4830238c1a495ef58763c26000097e2abb5"

/* Each with why; and neither what has a key nor what nobody wants to hear of. */
static void the_list_says_why(void **state)
{
    (void)state;
    house_hear(&house, BUTTON, PRESSED);
    house_hear(&house, THERMOMETER, ENCRYPTED);
    house_type(&house, "MI32Pair", 0);
    assert_true(house_heard(&house, "\"RSSI\":-60,\"State\":\"not activated\""));
    assert_true(house_heard(&house, "\"State\":\"needs a key\""));
    assert_int_equal(house_count(&house, "\"State\":"), 3);

    house_forget(&house);
    house_type(&house, "MI32Key e9ea895fac7cca6d30532432a516f3a8" THERMOMETER, 0);
    house_type(&house, "MI32Ignore " SENSOR, 0);
    house_forget(&house);
    house_type(&house, "MI32Pair", 0);
    assert_int_equal(house_count(&house, "\"State\":"), 1);
    assert_true(house_heard(&house, "\"MAC\":\"" BUTTON "\""));
}

#define OPENLY                                                                                     \
    "141695fe50205301028b98c54124f8011003000000" /* a press of one that encrypts nothing yet */

static void a_remote_control_that_encrypts_nothing_is_listed(void **state)
{
    (void)state;
    house_hear(&house, BUTTON, OPENLY);
    house_type(&house, "MI32Pair", 0);
    assert_true(house_heard(&house, "\"State\":\"has a key to be read\""));
}

/* Though it is not activated, or so it says: there is a key for it. */
static void what_has_a_key_is_not_listed(void **state)
{
    (void)state;
    house_type(&house, "MI32Key e9ea895fac7cca6d30532432a516f3a8" SENSOR, 0);
    house_hear(&house, SENSOR, ADVERT);
    house_type(&house, "MI32Pair", 0);
    assert_true(house_heard(&house, "{\"MI32Pair\":[]"));
}

static void what_waits_in_the_inbox_is_listed(void **state)
{
    (void)state;
    house_type(&house, "MI32Forget " SENSOR, 0);
    house_type(&house, "MI32Option3 0", 0);
    house_hear(&house, SENSOR, ADVERT);
    house_type(&house, "MI32Pair", 0);
    assert_true(house_heard(&house, "{\"MI32Pair\":[{\"MAC\":\"" SENSOR "\""));
}

static void the_warning_comes_before_anything_is_done(void **state)
{
    (void)state;
    meet(&whole, NULL);
    house_type(&house, "MI32Pair " SENSOR, 60000);
    assert_true(house_heard(&house, "\"MI32Pair\":\"Confirm\""));
    assert_true(house_heard(&house, "takes it away from the Mi Home app"));
    assert_int_equal(house.sim->gatt.attempts, 0);
}

/* It is not taken away from anything, but it must be ready. */
static void a_remote_control_is_to_be_made_ready(void **state)
{
    (void)state;
    house_hear(&house, BUTTON, PRESSED);
    house_type(&house, "MI32Pair " BUTTON, 1000);
    assert_true(house_heard(&house, "\"Warning\":\"Have the remote control in pairing mode"));
    assert_false(house_heard(&house, "Mi Home"));
    assert_int_equal(house.sim->gatt.attempts, 0);
}

static void a_stranger_cannot_be_activated(void **state)
{
    (void)state;
    house_type(&house, "MI32Pair A4C138000000 1", 1000);
    assert_true(house_heard(&house, "no sensor 'A4C138000000' was heard"));
    assert_int_equal(house.sim->gatt.attempts, 0);
}

/* ---- success ---- */

static void an_activation_is_told_step_by_step(void **state)
{
    (void)state;
    static const char *const steps[] = { "\"state\":\"connecting\",\"attempt\":1",
                                         "\"state\":\"activating\"", "\"state\":\"storing\"",
                                         "\"state\":\"verifying\"", "\"state\":\"done\"" };
    meet(&whole, NULL);
    house_type(&house, "MI32Pair " SENSOR " 1", 10000);
    expect_success();
    const char *at = sim_control_heard(&house.sim->control, house.client);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        at = strstr(at, steps[i]);
        assert_non_null(at);
    }
    assert_int_equal(house_count(&house, "\"attempt\""), 1);
}

static void a_device_is_called_by_the_type_of_its_address(void **state)
{
    (void)state;
    house_close(&house);
    house_open(&house);
    meet(&whole, NULL);
    house.sim->gatt.devices[0].addr_type = ADVERT_ADDR_RANDOM;
    house_hear_from(&house, SENSOR, ADVERT_ADDR_RANDOM, ADVERT);
    house_type(&house, "MI32Pair " SENSOR " 1", 10000);
    expect_success();
}

/* What is told as done is on the disk, whatever happens in the same moment. */
static void a_key_survives_the_power_cut_after_done(void **state)
{
    (void)state;
    meet(&whole, NULL);
    house_type(&house, "MI32Pair " SENSOR " 1", 0);
    for (unsigned ms = 0; ms < 10000 && !house_heard(&house, "\"state\":\"done\""); ms++)
        sim_advance(house.sim, 1);
    expect_success();
    house_restart(&house);
    assert_string_equal(house_key(&house, SENSOR), BIND_KEY);
    house_type(&house, "MI32Sensors", 0);
    assert_true(house_heard(&house, "\"MAC\":\"" SENSOR "\""));
}

static void only_a_local_program_sees_the_key(void **state)
{
    (void)state;
    house_type(&house, "MI32PairKey", 0);
    assert_true(house_heard(&house, "no key was made"));
    meet(&whole, NULL);
    house_type(&house, "MI32Pair " SENSOR " 1", 10000);
    expect_success();
    assert_int_equal(
        bus_command(gateway_bus(house.gateway), "MI32PairKey", 11, BUS_MQTT, 0, NULL, NULL),
        BUS_REFUSED);
    house_type(&house, "MI32PairKey", 0);
    assert_true(house_heard(&house, "{\"MI32PairKey\":{\"MAC\":\"" SENSOR "\",\"Key\":\"" BIND_KEY
                                    "\",\"Saved\":true}}"));
}

/* The token opens the device, and nobody needs it any more; the key is kept for MI32PairKey. */
static void the_token_is_forgotten(void **state)
{
    (void)state;
    const struct visit broken = { register_new, NULL, 27, NEVER };

    meet(&broken, &login_only); /* the second connection takes the token along */
    house_type(&house, "MI32Pair " SENSOR " 1", 0);
    for (unsigned ms = 0; !house_remembers(TOKEN); ms++) {
        assert_true(ms < 10000);
        sim_advance(house.sim, 1);
    }
    sim_advance(house.sim, 10000);
    expect_success();
    assert_false(house_remembers(TOKEN));
    assert_true(house_remembers(BIND_KEY));
    house_type(&house, "MI32Pair " SENSOR " 1", 0); /* of the next, nothing is there yet */
    assert_false(house_remembers(BIND_KEY));
}

static void a_token_in_doubt_is_forgotten(void **state)
{
    (void)state;
    const struct visit broken = { register_new, NULL, 27, NEVER };

    meet(&broken, NULL);
    house_type(&house, "MI32Pair " SENSOR " 1", 3000);
    assert_true(house_remembers(TOKEN));
    house_type(&house, "MI32Pair " SENSOR " 0", 1000);
    expect_failure("nobody knows whether it took the new key");
    assert_false(house_remembers(TOKEN));
}

/* The recorded frame of that remote control opens with the key that the dialogue gave. */
static void a_remote_control_is_read_and_then_understood(void **state)
{
    (void)state;
    const struct visit visits[] = { { legacy, NULL, NEVER, NEVER }, { NULL, NULL, NEVER, NEVER } };
    struct registry_sensor sensor;
    struct mac mac;

    house_hear(&house, BUTTON, PRESSED);
    device_open(&device, house.sim, BUTTON, visits);
    house_type(&house, "MI32Pair " BUTTON " 1", 10000);
    assert_true(house_heard(&house, "\"state\":\"reading\""));
    assert_true(house_heard(&house, "\"state\":\"done\",\"key\":\"********\",\"saved\":true}"));
    assert_string_equal(house_key(&house, BUTTON), BEACON_KEY);
    house_type(&house, "MI32PairKey", 0);
    assert_true(house_heard(&house, "\"Firmware\":\"1.0.0_1\""));

    sim_advance(house.sim, 60000);
    house_hear(&house, BUTTON, PRESSED);
    assert_true(mac_parse(BUTTON, strlen(BUTTON), &mac));
    assert_true(registry_find(gateway_registry(house.gateway), mac, &sensor));
    assert_int_equal(sensor.outcomes[BEACON_OK], 1);
    house_forget(&house);
    house_type(&house, "MI32Pair", 0);
    assert_true(house_heard(&house, "{\"MI32Pair\":["));
    assert_false(house_heard(&house, BUTTON));
}

/* Until it is being read; from then on the device says nothing, or it goes. */
static void until_read(uint16_t characteristic, bool goes)
{
    for (unsigned ms = 0; house_reads() != characteristic; ms++) {
        assert_true(ms < 10000);
        sim_advance(house.sim, 1);
    }
    device.peer.is_mute = true;
    if (goes)
        sim_gatt_drop(&house.sim->gatt);
    for (unsigned ms = 0; house.sim->gatt.attempts < 2; ms++) {
        assert_true(ms < 60000);
        sim_advance(house.sim, 1);
    }
    device.peer.is_mute = false;
}

/* As every other step: that nobody answers does not mean that there is no such value. */
static void a_read_without_an_answer_is_made_again(void **state)
{
    const struct visit all = { legacy, NULL, NEVER, NEVER }, none = { NULL, NULL, 0, 0 };
    const struct visit visits[] = { all, all, none };
    static const struct {
        uint16_t characteristic;
        bool goes;
    } rows[] = { { 0x0014, false }, { 0x0014, true }, { 0x0004, false }, { 0x0004, true } };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        house_hear(&house, BUTTON, PRESSED);
        device_open(&device, house.sim, BUTTON, visits);
        house.sim->gatt.devices[0].slow_ms = 5;
        house_type(&house, "MI32Pair " BUTTON " 1", 0);
        until_read(rows[i].characteristic, rows[i].goes);
        sim_advance(house.sim, 10000);
        assert_true(house_heard(&house, "\"state\":\"done\",\"key\":\"********\""));
        assert_string_equal(house_key(&house, BUTTON), BEACON_KEY);
        house_type(&house, "MI32PairKey", 0);
        assert_true(house_heard(&house, "\"Firmware\":\"1.0.0_1\""));
        house_close(&house);
        house_open(&house);
    }
}

static struct sim_attribute *value_of(uint16_t number)
{
    for (uint16_t i = 0; i < device.peer.count; i++) {
        if (uuid_equal(device.peer.attributes[i].type, uuid_from_16(number)))
            return &device.peer.attributes[i];
    }
    fail();
    return NULL;
}

static void read_from(uint16_t without, uint8_t error)
{
    const struct visit visits[] = { { legacy, NULL, NEVER, NEVER }, { NULL, NULL, NEVER, NEVER } };

    house_hear(&house, BUTTON, PRESSED);
    device_open(&device, house.sim, BUTTON, visits);
    value_of(without)->refuses = error;
    house_type(&house, "MI32Pair " BUTTON " 1", 10000);
    assert_int_equal(house.sim->gatt.attempts, 1);
}

/* A value that is refused is not there: the version may be missing, the key may not. */
static void a_remote_control_need_not_tell_its_version(void **state)
{
    (void)state;
    read_from(0x0004, 0x0e);
    assert_true(house_heard(&house, "\"state\":\"done\",\"key\":\"********\""));
    assert_string_equal(house_key(&house, BUTTON), BEACON_KEY);
}

static void a_remote_control_must_tell_its_key(void **state)
{
    (void)state;
    read_from(0x0014, 0x0e);
    expect_failure("");
    assert_string_equal(house_key(&house, BUTTON), "");
}

/* ---- connections that break ---- */

/* The device goes away at each line of activation and login; the second connection always leads to
 * the end. Once it has the last word it is not activated a second time: a login tells. */
static void a_broken_connection_is_made_again(void **state)
{
    (void)state;
    size_t registration = 0, all;

    while (register_new[registration].kind != LINE_END)
        registration++;
    for (all = registration; login[all - registration].kind != LINE_END;)
        all++;
    for (size_t at = 2; at < all; at++) {
        const struct visit broken = { register_new, login, at, NEVER };
        if (at >= registration && login[at - registration].kind == LINE_SUBSCRIBE)
            continue;
        meet(&broken, at >= registration - 2 ? &login_only : &whole);
        house_type(&house, "MI32Pair " SENSOR " 1", 30000);
        expect_success();
        assert_int_equal(house.sim->gatt.attempts, 2);
        house_close(&house);
        house_open(&house);
        house_hear(&house, SENSOR, ADVERT);
    }
}

/* It went away with the last word, and did not take the key. */
static void a_key_that_the_device_did_not_take_is_not_stored(void **state)
{
    (void)state;
    struct line refusing[sizeof(login) / sizeof(login[0])];
    const size_t n = sizeof(login) / sizeof(login[0]);
    const struct visit broken = { register_new, NULL, 27, NEVER };
    const struct visit refused = { refusing, NULL, NEVER, NEVER };

    memcpy(refusing, login, sizeof(login));
    refusing[n - 2].bytes = "23000000";
    meet(&broken, &refused);
    house_type(&house, "MI32Pair " SENSOR " 1", 30000);
    expect_failure("the device does not know us");
    assert_string_equal(house_key(&house, SENSOR), "");
    house_type(&house, "MI32PairKey", 0);
    assert_true(house_heard(&house, "no key was made"));
}

/* It went away with the last word and never came back. */
static void a_key_in_doubt_can_be_seen(void **state)
{
    (void)state;
    const struct visit broken = { register_new, NULL, 27, NEVER };

    meet(&broken, NULL);
    house_type(&house, "MI32Pair " SENSOR " 1", 3000);
    house.sim->gatt.devices[0].reach = SIM_GATT_FAR;
    sim_gatt_drop(&house.sim->gatt);
    sim_advance(house.sim, 200000);
    expect_failure("nobody knows whether it took the new key");
    assert_true(house_heard(&house, "MI32PairKey shows that key; enter it with MI32Key"));
    assert_string_equal(house_key(&house, SENSOR), "");
    house_type(&house, "MI32PairKey", 0);
    assert_true(house_heard(&house, "\"Key\":\"" BIND_KEY "\",\"Saved\":false"));
}

/* The login is only the proof: without it the key is stored all the same, and that is said. */
static void a_missing_proof_is_said(void **state)
{
    (void)state;
    const struct visit unproven = { register_new, login, NEVER, 40 };

    meet(&unproven, NULL);
    house_type(&house, "MI32Pair " SENSOR " 1", 60000);
    assert_true(house_heard(&house, "\"saved\":true,\"verified\":false,\"hint\":\"the device does "
                                    "not answer\"}"));
    assert_string_equal(house_key(&house, SENSOR), BIND_KEY);
}

/* The device does not know us any more, though it said that it took the key: that is told, and the
 * key stays. */
static void a_refused_login_takes_no_key_that_is_stored(void **state)
{
    (void)state;
    struct line refusing[sizeof(login) / sizeof(login[0])];
    const struct visit visit = { register_new, refusing, NEVER, NEVER };

    memcpy(refusing, login, sizeof(login));
    refusing[sizeof(login) / sizeof(login[0]) - 2].bytes = "23000000";
    meet(&visit, NULL);
    house_type(&house, "MI32Pair " SENSOR " 1", 30000);
    assert_true(house_heard(&house, "\"saved\":true,\"verified\":false,\"hint\":\"the device does "
                                    "not know us\"}"));
    assert_string_equal(house_key(&house, SENSOR), BIND_KEY);
}

/* It has the key in doubt, and on the second connection it says nothing. */
static void silence_settles_no_doubt(void **state)
{
    (void)state;
    const struct visit broken = { register_new, NULL, 27, NEVER };
    const struct visit silent = { login, NULL, NEVER, 5 };

    meet(&broken, &silent);
    house_type(&house, "MI32Pair " SENSOR " 1", 60000);
    expect_failure("nobody knows whether it took the new key: the device does not answer");
    house_type(&house, "MI32PairKey", 0);
    assert_true(house_heard(&house, "\"Key\":\"" BIND_KEY "\",\"Saved\":false"));
}

/* It takes the key, and goes before it has confirmed our last write. */
static void a_verdict_without_its_confirmation_counts(void **state)
{
    (void)state;
    const size_t last_write = sizeof(register_new) / sizeof(register_new[0]) - 3;

    meet(&whole, &login_only);
    house.sim->gatt.devices[0].slow_ms = 5;
    house_type(&house, "MI32Pair " SENSOR " 1", 0);
    for (unsigned ms = 0; device.at < last_write; ms++) {
        assert_true(ms < 10000);
        sim_advance(house.sim, 1);
    }
    device.peer.is_mute = true;
    sim_advance(house.sim, 100);
    assert_true(sim_peer_notify(&device.peer, device.control, "\x11\0\0\0", 4));
    sim_advance(house.sim, 100);
    assert_false(house_heard(&house, "storing"));
    device.peer.is_mute = false;
    sim_gatt_drop(&house.sim->gatt);
    sim_advance(house.sim, 30000);
    expect_success();
    assert_int_equal(house.sim->gatt.attempts, 2);
}

/* The verdict is one that nobody knows; the login tells. */
static struct line riddling[sizeof(register_new) / sizeof(register_new[0])];

static void a_verdict_that_makes_no_sense(void **state)
{
    (void)state;
    const struct visit riddle = { riddling, NULL, NEVER, NEVER };

    memcpy(riddling, register_new, sizeof(register_new));
    riddling[sizeof(register_new) / sizeof(register_new[0]) - 2].bytes = "99000000";
    meet(&riddle, &login_only);
    house_type(&house, "MI32Pair " SENSOR " 1", 30000);
    expect_success();
    assert_int_equal(house.sim->gatt.attempts, 2);
}

static void doubt_on_the_last_attempt_is_told(void **state)
{
    (void)state;
    const struct visit riddle = { riddling, NULL, NEVER, NEVER }, none = { NULL, NULL, 0, 0 };
    const struct visit visits[] = { riddle, riddle, riddle, riddle, riddle, none };

    memcpy(riddling, register_new, sizeof(register_new));
    riddling[sizeof(register_new) / sizeof(register_new[0]) - 2].bytes = "99000000";
    device_open(&device, house.sim, SENSOR, visits);
    house.sim->gatt.devices[0].reach = SIM_GATT_FAR;
    house_type(&house, "MI32Pair " SENSOR " 1", 83000); /* in the fourth attempt */
    assert_int_equal(house.sim->gatt.attempts, 4);
    house.sim->gatt.devices[0].reach = SIM_GATT_NEAR;
    sim_advance(house.sim, 60000);
    assert_int_equal(house.sim->gatt.attempts, 5);
    expect_failure("nobody knows whether it took the new key: the connection broke off");
}

/* The last one's proof is none for this one. */
static void each_pairing_needs_its_own_proof(void **state)
{
    (void)state;
    const struct visit unproven = { register_new, login, NEVER, 40 };

    meet(&whole, &unproven);
    house_type(&house, "MI32Pair " SENSOR " 1", 10000);
    expect_success();
    house_forget(&house);
    house_type(&house, "MI32Pair " SENSOR " 1", 60000);
    assert_true(house_heard(&house, "\"saved\":true,\"verified\":false"));
}

static void done_waits_for_the_disk(void **state)
{
    (void)state;
    meet(&whole, NULL);
    house_holds_saves = true;
    house_type(&house, "MI32Pair " SENSOR " 1", 60000);
    assert_true(house_heard(&house, "\"state\":\"verifying\""));
    assert_false(house_heard(&house, "\"state\":\"done\""));
    assert_int_equal(house_saves, 1);
    house_release();
    sim_advance(house.sim, 1000);
    expect_success();
}

/* ---- failures ---- */

static void a_device_that_is_away_is_tried_five_times(void **state)
{
    (void)state;
    house_type(&house, "MI32Pair " SENSOR " 1", 200000);
    expect_failure("the device cannot be reached");
    assert_int_equal(house.sim->gatt.attempts, 5);
    assert_int_equal(house_count(&house, "\"state\":\"connecting\""), 5);
}

static void without_an_adapter_it_fails_at_once(void **state)
{
    (void)state;
    house.sim->gatt.has_no_adapter = true;
    house_type(&house, "MI32Pair " SENSOR " 1", 2000);
    expect_failure("there is no Bluetooth adapter that could connect");
}

static void a_device_that_refuses_keeps_what_it_was(void **state)
{
    (void)state;
    struct line refusing[sizeof(register_new) / sizeof(register_new[0])];
    const size_t n = sizeof(register_new) / sizeof(register_new[0]);
    const struct visit refused = { refusing, NULL, NEVER, NEVER };

    memcpy(refusing, register_new, sizeof(register_new));
    refusing[n - 2].bytes = "12000000";
    meet(&refused, NULL);
    house_type(&house, "MI32Pair " SENSOR " 1", 10000);
    expect_failure("the device does not let itself be activated");
    assert_false(house_heard(&house, "\"key\""));
    assert_string_equal(house_key(&house, SENSOR), "");
}

static void a_device_without_the_service_is_another_one(void **state)
{
    (void)state;
    struct sim_peer other;

    sim_peer_init(&other);
    sim_peer_service(&other, uuid_from_16(0x180f));
    sim_gatt_add(&house.sim->gatt, SENSOR, 0, &other);
    house_type(&house, "MI32Pair " SENSOR " 1", 10000);
    expect_failure("the device has no Xiaomi service");
    assert_int_equal(house.sim->gatt.attempts, 1);
}

/* Nothing is told as done that is not on the disk; the key is not lost either. */
static void a_full_disk_loses_no_key(void **state)
{
    (void)state;
    meet(&whole, NULL);
    storage_set_size(house.sim->storage, 1);
    house_type(&house, "MI32Pair " SENSOR " 1", 10000);
    expect_failure("the key is not saved: the disk is full");
    assert_true(house_heard(&house, "MI32PairKey shows the key"));
    house_type(&house, "MI32PairKey", 0);
    assert_true(house_heard(&house, "\"Key\":\"" BIND_KEY "\",\"Saved\":false"));
    assert_string_equal(house_key(&house, SENSOR), BIND_KEY); /* and it works until the restart */
    storage_set_size(house.sim->storage, 1 << 20);
}

/* The worse of two misfortunes is told: a login that does not come about hides no loss. */
static void a_full_disk_is_told_also_when_the_login_fails(void **state)
{
    (void)state;
    const struct visit unproven = { register_new, login, NEVER, 40 };

    meet(&unproven, NULL);
    storage_set_size(house.sim->storage, 1);
    house_type(&house, "MI32Pair " SENSOR " 1", 60000);
    expect_failure("the key is not saved: the disk is full");
    assert_true(house_heard(&house, "MI32PairKey shows the key"));
    storage_set_size(house.sim->storage, 1 << 20);
}

/* Somebody fills the list while the device is asked: there is no place for the sensor any more. */
static void fill_the_list(unsigned count)
{
    for (unsigned n = 0; n < count; n++) {
        char command[80];

        snprintf(command, sizeof(command), "MI32Key 00112233445566778899aabbccddeeffa4c1380000%02x",
                 n);
        house_type(&house, command, 0);
    }
}

static void expect_unsaved_key(void)
{
    house_type(&house, "MI32PairKey", 0);
    assert_true(house_heard(&house, "\"Key\":\"" BIND_KEY "\",\"Saved\":false"));
    assert_int_equal(house_saves, 0);
}

static void a_key_without_a_place_is_shown(void **state)
{
    (void)state;
    meet(&whole, NULL);
    house_type(&house, "MI32Pair " SENSOR " 1", 50);
    house_type(&house, "MI32Forget " SENSOR, 0);
    fill_the_list(16);
    sim_advance(house.sim, 20000);
    expect_failure("the key is not saved: no room left");
    expect_unsaved_key();
    assert_string_equal(house_key(&house, SENSOR), "");
}

/* Its key is entered, and whoever hears of that throws it out. */
static void a_sensor_that_cannot_be_approved_is_told(void **state)
{
    (void)state;
    house_answer(&house, NULL, "MI32Forget " SENSOR);
    meet(&whole, NULL);
    house_type(&house, "MI32Pair " SENSOR " 1", 20000);
    expect_failure("the key is not saved: no sensor " SENSOR "");
    expect_unsaved_key();
}

/* Each answer comes in time for itself; all of them together would keep the adapter too long. */
static void a_device_that_dawdles_is_left(void **state)
{
    (void)state;
    meet(&whole, &whole);
    house.sim->gatt.devices[0].slow_ms = 9000;
    house_type(&house, "MI32Pair " SENSOR " 1", 20000);
    assert_true(house_heard(&house, "\"state\":\"activating\""));
    assert_int_equal(house.sim->gatt.attempts, 1);
    sim_advance(house.sim, 125000);
    assert_int_equal(house.sim->gatt.attempts, 2);
    sim_advance(house.sim, 600000);
    expect_failure("the device does not answer");
    assert_int_equal(house.sim->gatt.attempts, 5);
}

/* Silence anywhere ends the pairing in bounded time, and leaves the adapter free. */
static void silence_ends_it_and_another_may_follow(void **state)
{
    (void)state;
    const struct visit silent = { register_new, NULL, NEVER, 8 };

    meet(&silent, &whole);
    house_type(&house, "MI32Pair " SENSOR " 1", 60000);
    expect_failure("the device does not answer");
    house_forget(&house);
    house_type(&house, "MI32Pair " SENSOR " 1", 10000);
    expect_success();
}

/* ---- people ---- */

static void one_at_a_time(void **state)
{
    (void)state;
    meet(&whole, NULL);
    house_type(&house, "MI32Pair " SENSOR " 1", 50);
    house_type(&house, "MI32Pair " SENSOR " 1", 0);
    assert_true(house_heard(&house, "the pairing of " SENSOR " is under way"));
    house_type(&house, "MI32Pair", 0);
    assert_true(
        house_heard(&house, "{\"MI32Pair\":{\"MAC\":\"" SENSOR "\",\"State\":\"connecting\"}"));
    sim_advance(house.sim, 10000);
    expect_success();
}

/* At any moment; after it everything is as before, or the key is stored. */
static void it_can_be_broken_off_at_any_moment(void **state)
{
    (void)state;
    bool was_done = false;

    for (unsigned ms = 0; ms < 1000 && !was_done; ms++) {
        meet(&whole, NULL);
        house_type(&house, "MI32Pair " SENSOR " 1", ms);
        was_done = house_heard(&house, "\"state\":\"done\"");
        house_type(&house, "MI32Pair " SENSOR " 0", 2000);
        const bool is_stored = house_heard(&house, "\"state\":\"done\"");
        assert_int_equal(house_count(&house, "\"state\":\"failed\"") + is_stored, 1);
        assert_string_equal(house_key(&house, SENSOR), is_stored ? BIND_KEY : "");
        house_close(&house);
        house_open(&house);
        house_hear(&house, SENSOR, ADVERT);
    }
    assert_true(was_done);
}

/* By a rule or a script that hears of it: at once, with everybody still in the middle. */
static void it_can_be_broken_off_from_inside_an_event(void **state)
{
    static const struct {
        const char *state;
        bool is_stored;
    } rows[] = {
        { "connecting", false }, { "activating", false }, { "storing", true },
        { "verifying", true },   { "done", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        house_answer(&house, rows[i].state, "MI32Pair " SENSOR " 0");
        meet(&whole, &whole);
        house_type(&house, "MI32Pair " SENSOR " 1", 10000);
        assert_int_equal(house_count(&house, "\"state\":\"done\""), rows[i].is_stored);
        assert_int_equal(house_count(&house, "\"state\":\"failed\""), !rows[i].is_stored);
        assert_int_equal(house.sim->gatt.attempts, 1);
        assert_string_equal(house_key(&house, SENSOR), rows[i].is_stored ? BIND_KEY : "");
        house_type(&house, "MI32Pair " SENSOR " 1", 10000); /* the adapter is free */
        assert_int_equal(house.sim->gatt.attempts, 2);
        assert_int_equal(house_count(&house, "\"state\":\"done\""), rows[i].is_stored + 1);
        house_close(&house);
        house_open(&house);
        house_hear(&house, SENSOR, ADVERT);
    }
}

static void the_next_can_begin_from_inside_the_last_event(void **state)
{
    (void)state;
    house_answer(&house, "failed", "MI32Pair " SENSOR " 1");
    house.sim->gatt.has_no_adapter = true;
    house_type(&house, "MI32Pair " SENSOR " 1", 10000);
    assert_int_equal(house_count(&house, "\"state\":\"connecting\",\"attempt\":1"), 2);
    assert_int_equal(house_count(&house, "\"state\":\"failed\",\"error\":\"there is no "
                                         "Bluetooth adapter"),
                     2);
}

/* One that was broken off and has ended before that was done takes the next one not along. */
static void the_next_is_not_broken_off(void **state)
{
    static const char off[] = "MI32Pair " SENSOR " 0", on[] = "MI32Pair " SENSOR " 1";
    struct bus *bus = gateway_bus(house.gateway);

    (void)state;
    house_type(&house, on, 20500);
    assert_int_equal(bus_command(bus, off, strlen(off), BUS_LOCAL, 0, NULL, NULL), BUS_DONE);
    pairing_stop(house_pairing);
    meet(&whole, &whole);
    assert_int_equal(bus_command(bus, on, strlen(on), BUS_LOCAL, 0, NULL, NULL), BUS_DONE);
    sim_advance(house.sim, 10000);
    assert_int_equal(house_count(&house, "\"state\":\"failed\""), 1);
    assert_int_equal(house_count(&house, "\"state\":\"done\""), 1);
}

static void a_pause_between_two_attempts_can_be_broken_off(void **state)
{
    (void)state;
    house_type(&house, "MI32Pair " SENSOR " 1", 20500);
    house_type(&house, "MI32Pair " SENSOR " 0", 0);
    expect_failure("it was cancelled");
    sim_advance(house.sim, 100000);
    assert_int_equal(house.sim->gatt.attempts, 1);
}

/* While somebody else connects, it waits; broken off, it does not begin afterwards. */
static void waiting_for_the_adapter_can_be_broken_off(void **state)
{
    (void)state;
    house_hold_adapter(&house);
    house_type(&house, "MI32Pair " SENSOR " 1", 1000);
    house_type(&house, "MI32Pair", 0);
    assert_true(house_heard(&house, "\"State\":\"waiting\""));
    house_type(&house, "MI32Pair " SENSOR " 0", 0);
    expect_failure("it was cancelled");
    house_give_adapter(&house);
    assert_false(house_heard(&house, "connecting"));
    sim_advance(house.sim, 100000);
    assert_int_equal(house.sim->gatt.attempts, 1);
}

static void what_is_over_cannot_be_broken_off(void **state)
{
    (void)state;
    meet(&whole, NULL);
    house_type(&house, "MI32Pair " SENSOR " 1", 10000);
    expect_success();
    house_type(&house, "MI32Pair " SENSOR " 0", 1000);
    assert_true(house_heard(&house, "no pairing of this sensor is under way"));
}

/* Between two attempts, with and without somebody who breaks it off in the same moment. */
static void the_gateway_may_end_meanwhile(void **state)
{
    static const char *const last[] = { "MI32Pair", "MI32Pair " SENSOR " 0" };

    (void)state;
    for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++) {
        struct bus *bus = gateway_bus(house.gateway);

        house_type(&house, "MI32Pair " SENSOR " 1", 20500);
        assert_int_equal(bus_command(bus, last[i], strlen(last[i]), BUS_LOCAL, 0, NULL, NULL),
                         BUS_DONE);
        house_end(&house);
        house_open(&house);
        house_hear(&house, SENSOR, ADVERT);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_can_be_activated_is_listed),
        TEST(the_list_says_why),
        TEST(a_remote_control_that_encrypts_nothing_is_listed),
        TEST(what_has_a_key_is_not_listed),
        TEST(what_waits_in_the_inbox_is_listed),
        TEST(the_warning_comes_before_anything_is_done),
        TEST(a_remote_control_is_to_be_made_ready),
        TEST(a_stranger_cannot_be_activated),
        TEST(an_activation_is_told_step_by_step),
        TEST(a_device_is_called_by_the_type_of_its_address),
        TEST(a_key_survives_the_power_cut_after_done),
        TEST(only_a_local_program_sees_the_key),
        TEST(the_token_is_forgotten),
        TEST(a_token_in_doubt_is_forgotten),
        TEST(a_remote_control_is_read_and_then_understood),
        TEST(a_read_without_an_answer_is_made_again),
        TEST(a_remote_control_need_not_tell_its_version),
        TEST(a_remote_control_must_tell_its_key),
        TEST(a_broken_connection_is_made_again),
        TEST(a_key_that_the_device_did_not_take_is_not_stored),
        TEST(a_key_in_doubt_can_be_seen),
        TEST(a_missing_proof_is_said),
        TEST(a_refused_login_takes_no_key_that_is_stored),
        TEST(silence_settles_no_doubt),
        TEST(a_verdict_without_its_confirmation_counts),
        TEST(a_verdict_that_makes_no_sense),
        TEST(doubt_on_the_last_attempt_is_told),
        TEST(each_pairing_needs_its_own_proof),
        TEST(done_waits_for_the_disk),
        TEST(a_device_that_is_away_is_tried_five_times),
        TEST(without_an_adapter_it_fails_at_once),
        TEST(a_device_that_refuses_keeps_what_it_was),
        TEST(a_device_without_the_service_is_another_one),
        TEST(a_full_disk_loses_no_key),
        TEST(a_full_disk_is_told_also_when_the_login_fails),
        TEST(a_key_without_a_place_is_shown),
        TEST(a_sensor_that_cannot_be_approved_is_told),
        TEST(silence_ends_it_and_another_may_follow),
        TEST(a_device_that_dawdles_is_left),
        TEST(one_at_a_time),
        TEST(it_can_be_broken_off_at_any_moment),
        TEST(it_can_be_broken_off_from_inside_an_event),
        TEST(the_next_can_begin_from_inside_the_last_event),
        TEST(the_next_is_not_broken_off),
        TEST(a_pause_between_two_attempts_can_be_broken_off),
        TEST(waiting_for_the_adapter_can_be_broken_off),
        TEST(what_is_over_cannot_be_broken_off),
        TEST(the_gateway_may_end_meanwhile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
