/* Dialogues that an independent program computed (transcripts.py) are replayed against the room:
 * what it wants to write must be what that program wrote, byte for byte. Then the device misbehaves
 * in every way we could think of. */
#include "mijia/mijia.h"

#include "base/hex.h"
#include "transcripts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW 5000

/* ---- the four dialogues ---- */

static size_t decode(const char *hex, uint8_t *out, size_t size)
{
    assert_true(hex_decode(hex, strlen(hex), out, size));
    return strlen(hex) / 2;
}

static void start_registering(struct mijia *m)
{
    uint8_t secret[32], chance[6];

    decode(APP_SECRET, secret, sizeof(secret));
    decode(CHANCE, chance, sizeof(chance));
    mijia_register(m, secret, chance, NOW);
}

static void start_login(struct mijia *m)
{
    uint8_t token[MIJIA_TOKEN_SIZE], chance[16];

    decode(TOKEN, token, sizeof(token));
    decode(RANDOM, chance, sizeof(chance));
    mijia_login(m, token, chance, NOW);
}

static void start_legacy(struct mijia *m)
{
    uint8_t chance[12];
    struct mac mac;

    decode(REMOTE_CHANCE, chance, sizeof(chance));
    assert_true(mac_parse(REMOTE_MAC, strlen(REMOTE_MAC), &mac));
    mijia_legacy(m, mac, REMOTE_PRODUCT, chance, NOW);
}

static const struct dialogue {
    const struct line *lines;
    void (*start)(struct mijia *m);
} dialogues[] = {
    { register_new, start_registering },
    { register_again, start_registering },
    { login, start_login },
    { legacy, start_legacy },
};

#define DIALOGUES (sizeof(dialogues) / sizeof(dialogues[0]))

static size_t lines_of(const struct dialogue *d)
{
    size_t n = 0;

    while (d->lines[n].kind != LINE_END)
        n++;
    return n;
}

/* ---- replaying ---- */

/* Gives bytes to the room in memory that ends where they end, so that the address sanitizer sees
 * the first one read too far. */
static void notify(struct mijia *m, uint16_t at, const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);

    assert_non_null(copy);
    if (len > 0)
        memcpy(copy, bytes, len);
    mijia_notified(m, at, copy, len, NOW);
    free(copy);
}

static void expect_op(struct mijia *m, enum mijia_op_kind kind, const struct line *line)
{
    uint8_t bytes[20];
    const size_t len = decode(line->kind == LINE_READ ? "" : line->bytes, bytes, sizeof(bytes));
    struct mijia_op op;

    assert_true(mijia_next(m, &op, NOW));
    assert_int_equal(op.kind, kind);
    assert_int_equal(op.characteristic, line->at);
    assert_int_equal(op.len, len);
    assert_memory_equal(op.data, bytes, len);
}

static void play_line(struct mijia *m, const struct line *line)
{
    uint8_t bytes[20];
    const size_t len = decode(line->bytes, bytes, sizeof(bytes));
    struct mijia_op op;

    switch (line->kind) {
    case LINE_SUBSCRIBE:
        expect_op(m, MIJIA_SUBSCRIBE, line);
        break;
    case LINE_WRITE:
        expect_op(m, MIJIA_WRITE, line);
        break;
    case LINE_READ:
        expect_op(m, MIJIA_READ, line);
        for (unsigned again = 0; again < 300; again++) /* a value is asked for once */
            assert_false(mijia_next(m, &op, NOW));
        mijia_read(m, bytes, len, NOW);
        break;
    case LINE_NOTIFY: /* the device has the word */
        assert_false(mijia_next(m, &op, NOW));
        notify(m, line->at, bytes, len);
        break;
    case LINE_END:
        break;
    }
}

/* The first `n` lines, in which nothing goes wrong. */
static void play(struct mijia *m, const struct dialogue *d, size_t n)
{
    d->start(m);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(mijia_result(m), MIJIA_UNDER_WAY);
        play_line(m, &d->lines[i]);
    }
}

static void expect_over(struct mijia *m)
{
    struct mijia_op op;

    assert_int_not_equal(mijia_result(m), MIJIA_UNDER_WAY);
    assert_false(mijia_next(m, &op, NOW));
    assert_true(mijia_deadline(m) == UINT64_MAX);
}

static void expect_key(const struct mijia *m, const char *hex)
{
    uint8_t key[16];
    const size_t len = decode(hex, key, sizeof(key));

    assert_int_equal(mijia_keys(m)->key_len, len);
    assert_memory_equal(mijia_keys(m)->key, key, len);
}

/* Both registrations give the keys that the other side has. */
static void a_registration_gives_token_and_key(void **state)
{
    (void)state;
    for (size_t d = 0; d < 2; d++) {
        uint8_t token[MIJIA_TOKEN_SIZE];
        struct mijia m;
        play(&m, &dialogues[d], lines_of(&dialogues[d]));
        assert_int_equal(mijia_result(&m), MIJIA_DONE);
        expect_over(&m);
        decode(TOKEN, token, sizeof(token));
        assert_memory_equal(mijia_keys(&m)->token, token, sizeof(token));
        expect_key(&m, BIND_KEY);
    }
}

static void a_login_proves_both_sides(void **state)
{
    (void)state;
    struct mijia m;

    play(&m, &dialogues[2], lines_of(&dialogues[2]));
    assert_int_equal(mijia_result(&m), MIJIA_DONE);
    expect_over(&m);
}

/* The token may be that of the registration in the same memory. */
static void a_login_may_take_the_place_of_its_registration(void **state)
{
    (void)state;
    uint8_t chance[16];
    struct mijia m;

    play(&m, &dialogues[0], lines_of(&dialogues[0]));
    decode(RANDOM, chance, sizeof(chance));
    mijia_login(&m, mijia_keys(&m)->token, chance, NOW);
    for (size_t i = 0; i < lines_of(&dialogues[2]); i++)
        play_line(&m, &login[i]);
    assert_int_equal(mijia_result(&m), MIJIA_DONE);
}

/* Some devices confirm the app's proof before they judge it. */
static void a_confirmed_proof_is_no_verdict_yet(void **state)
{
    (void)state;
    static const uint8_t accepted[] = { 0, 0, 1, 0 };
    const size_t n = lines_of(&dialogues[2]);
    struct mijia m;

    play(&m, &dialogues[2], n - 1);
    notify(&m, 0x0019, accepted, sizeof(accepted));
    assert_int_equal(mijia_result(&m), MIJIA_UNDER_WAY);
    play_line(&m, &login[n - 1]);
    assert_int_equal(mijia_result(&m), MIJIA_DONE);
}

/* Nothing has moved by it, or a device could keep the adapter for ever. */
static void a_confirmed_proof_is_no_more_patience(void **state)
{
    (void)state;
    static const uint8_t accepted[] = { 0, 0, 1, 0 };
    struct mijia m;

    play(&m, &dialogues[2], lines_of(&dialogues[2]) - 1);
    const uint64_t deadline_ms = mijia_deadline(&m);
    mijia_notified(&m, 0x0019, accepted, sizeof(accepted), deadline_ms - 1);
    assert_int_equal(mijia_result(&m), MIJIA_UNDER_WAY);
    assert_true(mijia_deadline(&m) == deadline_ms);
    mijia_tick(&m, deadline_ms);
    assert_int_equal(mijia_result(&m), MIJIA_E_SILENT);
}

static void a_remote_control_gives_its_beacon_key(void **state)
{
    (void)state;
    struct mijia m;

    play(&m, &dialogues[3], lines_of(&dialogues[3]));
    assert_int_equal(mijia_result(&m), MIJIA_DONE);
    expect_key(&m, BEACON_KEY);
    assert_string_equal(mijia_keys(&m)->firmware, "1.0.0_1");
}

/* A remote control without a firmware version has given its key all the same; one without a key has
 * given nothing. */
static void only_the_key_of_a_remote_control_is_needed(void **state)
{
    (void)state;
    struct mijia m;
    struct mijia_op op;

    play(&m, &dialogues[3], lines_of(&dialogues[3]) - 1);
    assert_true(mijia_next(&m, &op, NOW));
    mijia_read(&m, NULL, 0, NOW);
    assert_int_equal(mijia_result(&m), MIJIA_DONE);
    assert_string_equal(mijia_keys(&m)->firmware, "");

    play(&m, &dialogues[3], lines_of(&dialogues[3]) - 2);
    assert_true(mijia_next(&m, &op, NOW));
    mijia_read(&m, NULL, 0, NOW);
    assert_int_equal(mijia_result(&m), MIJIA_E_FRAMES);
    assert_int_equal(mijia_keys(&m)->key_len, 0);
}

/* ---- silence ---- */

/* Wherever a device falls silent, the dialogue ends when its patience is over and not before. Only
 * at the verdict of a registration is it unknown whether the key is in force. */
static void silence_ends_every_dialogue_at_every_line(void **state)
{
    (void)state;
    for (size_t d = 0; d < DIALOGUES; d++) {
        const size_t n = lines_of(&dialogues[d]);
        for (size_t i = 0; i < n; i++) {
            struct mijia m;
            play(&m, &dialogues[d], i);
            const uint64_t deadline_ms = mijia_deadline(&m);
            assert_true(deadline_ms == NOW + MIJIA_PATIENCE_MS);
            mijia_tick(&m, deadline_ms - 1);
            assert_int_equal(mijia_result(&m), MIJIA_UNDER_WAY);
            mijia_tick(&m, deadline_ms);
            assert_int_equal(mijia_result(&m), MIJIA_E_SILENT);
            assert_int_equal(mijia_is_undecided(&m), d < 2 && i == n - 1);
            expect_over(&m);
        }
    }
}

/* ---- a device that says something else ---- */

/* True for what may stand in the place of `due`: the same bytes, a frame with other content, which
 * nobody can judge yet, or a late confirmation where a verdict is due. */
static bool may_be_said(const struct line *said, const struct line *due)
{
    const bool is_frame = strlen(due->bytes) > 12;

    if (due->at == 0x0010 && strcmp(said->bytes, "00000100") == 0)
        return true;
    return strcmp(said->bytes, due->bytes) == 0 ||
           (is_frame && strlen(said->bytes) == strlen(due->bytes) &&
            strncmp(said->bytes, due->bytes, 4) == 0);
}

static unsigned say_instead(const struct dialogue *d, size_t at, const struct line *said)
{
    struct mijia m;

    if (said->kind != LINE_NOTIFY || may_be_said(said, &d->lines[at]))
        return 0;
    play(&m, d, at);
    play_line(&m, said);
    expect_over(&m);
    assert_int_not_equal(mijia_result(&m), MIJIA_DONE);
    return 1;
}

/* At each place where the device has the word, everything that it says anywhere else. */
static void nothing_out_of_order_leads_to_success(void **state)
{
    (void)state;
    unsigned tried = 0;

    for (size_t d = 0; d < DIALOGUES; d++) {
        const size_t n = lines_of(&dialogues[d]);
        for (size_t at = 0; at < n; at++)
            for (size_t k = 0; dialogues[d].lines[at].kind == LINE_NOTIFY && k < n; k++)
                tried += say_instead(&dialogues[d], at, &dialogues[d].lines[k]);
    }
    assert_true(tried > 300);
}

/* A device that speaks before we have said what it answers. */
static void an_answer_before_the_question_is_refused(void **state)
{
    (void)state;
    for (size_t d = 0; d < DIALOGUES; d++) {
        for (size_t i = 1; i < lines_of(&dialogues[d]); i++) {
            struct mijia m;
            if (dialogues[d].lines[i].kind != LINE_NOTIFY ||
                dialogues[d].lines[i - 1].kind != LINE_WRITE)
                continue;
            uint8_t bytes[20];
            const size_t len = decode(dialogues[d].lines[i].bytes, bytes, sizeof(bytes));
            play(&m, &dialogues[d], i - 1);
            notify(&m, dialogues[d].lines[i].at, bytes, len);
            expect_over(&m);
            assert_int_not_equal(mijia_result(&m), MIJIA_DONE);
        }
    }
}

/* Plays a login to its end with these bytes in the place of one line; our own words may differ. */
static void finish_login(struct mijia *m, size_t at, const uint8_t *bytes, size_t len)
{
    play(m, &dialogues[2], at);
    notify(m, login[at].at, bytes, len);
    for (size_t k = at + 1; login[k].kind != LINE_END; k++) {
        struct mijia_op op;
        while (mijia_next(m, &op, NOW))
            ;
        if (login[k].kind == LINE_NOTIFY)
            play_line(m, &login[k]);
    }
}

/* Of a login nothing can be changed: what is not checked itself goes into the proof. */
static void a_flipped_bit_fails_a_login(void **state)
{
    (void)state;
    for (size_t i = 0; login[i].kind != LINE_END; i++) {
        uint8_t bytes[20];
        const size_t len = decode(login[i].bytes, bytes, sizeof(bytes));
        for (size_t bit = 0; login[i].kind == LINE_NOTIFY && bit < 8 * len; bit++) {
            struct mijia m;
            bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            finish_login(&m, i, bytes, len);
            bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            expect_over(&m);
            assert_int_not_equal(mijia_result(&m), MIJIA_DONE);
        }
    }
}

/* Each notification one byte shorter, down to nothing, and longer, up to what GATT can carry. */
static void other_lengths_are_refused(void **state)
{
    (void)state;
    uint8_t bytes[512] = { 0 };

    for (size_t d = 0; d < DIALOGUES; d++) {
        for (size_t i = 0; i < lines_of(&dialogues[d]); i++) {
            const struct line *line = &dialogues[d].lines[i];
            const size_t right = decode(line->bytes, bytes, sizeof(bytes));
            for (size_t len = 0; line->kind == LINE_NOTIFY && len <= sizeof(bytes); len++) {
                struct mijia m;
                if (len == right || (len > right + 4 && len < sizeof(bytes)))
                    continue;
                play(&m, &dialogues[d], i);
                notify(&m, line->at, bytes, len);
                expect_over(&m);
                assert_int_not_equal(mijia_result(&m), MIJIA_DONE);
            }
        }
    }
}

/* Values that are read are no longer than there is room. */
static void a_long_value_is_refused(void **state)
{
    (void)state;
    static const uint8_t bytes[512];
    const size_t n = lines_of(&dialogues[3]);
    struct mijia m;
    struct mijia_op op;

    for (size_t left = 1; left <= 2; left++) {
        play(&m, &dialogues[3], n - left);
        assert_true(mijia_next(&m, &op, NOW));
        mijia_read(&m, bytes, left == 1 ? MIJIA_FIRMWARE_SIZE + 1 : 13, NOW);
        assert_int_equal(mijia_result(&m), MIJIA_E_FRAMES);
    }
}

/* What a device can say in place of line `line`, and what the room calls it. */
static const struct {
    size_t dialogue, line;
    const char *instead;
    enum mijia_result result;
} refusals[] = {
    /* errors that it names, wherever it waits for us */
    { 0, 3, "000001050100", MIJIA_E_DEVICE_TIMEOUT },
    { 0, 3, "000001050300", MIJIA_E_DEVICE_ERROR },
    { 0, 9, "000001050100", MIJIA_E_DEVICE_TIMEOUT },
    { 0, 17, "000001050300", MIJIA_E_DEVICE_ERROR },
    { 0, 17, "00000105", MIJIA_E_DEVICE_ERROR },
    { 2, 7, "000001050100", MIJIA_E_DEVICE_TIMEOUT },
    /* verdicts */
    { 0, 28, "12000000", MIJIA_E_REFUSED },
    { 0, 28, "13000000", MIJIA_E_ORDER },
    { 2, 20, "23000000", MIJIA_E_LOGIN_REFUSED },
    { 2, 20, "11000000", MIJIA_E_ORDER },
    /* counts of frames */
    { 0, 3, "000000000000", MIJIA_E_FRAMES },
    { 0, 3, "000000000300", MIJIA_E_FRAMES },
    { 0, 3, "00000000ffff", MIJIA_E_FRAMES },
    { 0, 15, "000000030300", MIJIA_E_FRAMES },
    { 0, 15, "000000030500", MIJIA_E_FRAMES },
    { 0, 15, "000000030401", MIJIA_E_FRAMES },
    { 0, 15, "000000030000", MIJIA_E_FRAMES },
    { 2, 7, "0000000d0200", MIJIA_E_FRAMES },
    { 2, 11, "0000000c0100", MIJIA_E_FRAMES },
    /* another transfer than the one that is due */
    { 0, 15, "000000000400", MIJIA_E_ORDER },
    { 2, 7, "0000000c0200", MIJIA_E_ORDER },
    /* numbers of frames: 0, one that was, one too far */
    { 0, 17, "0000e266ddfdc12668db30d4ca3e8f7749432c41", MIJIA_E_FRAMES },
    { 0, 18, "01006044f2d2b8c10bf3d4012aeffa8abfa86404", MIJIA_E_FRAMES },
    { 0, 17, "0200e266ddfdc12668db30d4ca3e8f7749432c41", MIJIA_E_FRAMES },
    { 0, 17, "0101e266ddfdc12668db30d4ca3e8f7749432c41", MIJIA_E_FRAMES },
    /* a point that is not on the curve */
    { 0, 20, "04002cfc6928973ab5b1cb38", MIJIA_E_KEY },
    /* another device's random bytes, another token's proof */
    { 2, 14, "0200a5c093920e39496d6cd0577944d4", MIJIA_E_NOT_ITSELF },
    /* a remote control that is not held */
    { 3, 3, "000000000000000000000000", MIJIA_E_NOT_READY },
};

static void what_goes_wrong_has_a_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        const struct dialogue *d = &dialogues[refusals[i].dialogue];
        const struct line *due = &d->lines[refusals[i].line];
        const struct line said = { due->kind, due->at, refusals[i].instead };
        struct mijia m;

        assert_int_equal(due->kind, LINE_NOTIFY);
        play(&m, d, refusals[i].line);
        play_line(&m, &said);
        assert_int_equal(mijia_result(&m), refusals[i].result);
        assert_false(mijia_is_undecided(&m) && refusals[i].result == MIJIA_E_REFUSED);
        expect_over(&m);
    }
}

/* It is shown to people: what a terminal would obey ends it. */
static void a_firmware_version_is_text(void **state)
{
    (void)state;
    static const struct {
        uint8_t at, change; /* of the cipher, which changes the text alike */
        const char *shown;
    } rows[] = {
        { 3, '.' ^ 0x1b, "1.0" },
        { 5, '_' ^ 0xff, "1.0.0" },
        { 4, '0' ^ ' ', "1.0." },
        { 0, '1' ^ 0x7f, "" },
    };
    const struct line *line = &legacy[lines_of(&dialogues[3]) - 1];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t bytes[20];
        const size_t len = decode(line->bytes, bytes, sizeof(bytes));
        struct mijia m;
        struct mijia_op op;

        play(&m, &dialogues[3], lines_of(&dialogues[3]) - 1);
        assert_true(mijia_next(&m, &op, NOW));
        bytes[rows[i].at] ^= rows[i].change;
        mijia_read(&m, bytes, len, NOW);
        assert_int_equal(mijia_result(&m), MIJIA_DONE);
        assert_string_equal(mijia_keys(&m)->firmware, rows[i].shown);
    }
}

static void a_ticket_that_is_too_short_is_none(void **state)
{
    (void)state;
    uint8_t bytes[20];
    struct mijia m;

    play(&m, &dialogues[3], 3);
    decode(legacy[3].bytes, bytes, sizeof(bytes));
    notify(&m, 0x0001, bytes, 11);
    assert_int_equal(mijia_result(&m), MIJIA_E_FRAMES);
}

static void a_value_nobody_has_asked_for_is_none(void **state)
{
    (void)state;
    const size_t reads = lines_of(&dialogues[3]) - 2;
    uint8_t bytes[20];
    const size_t len = decode(legacy[reads].bytes, bytes, sizeof(bytes));
    struct mijia m;

    play(&m, &dialogues[3], reads);
    bytes[0] ^= 1;
    mijia_read(&m, bytes, len, NOW);
    play_line(&m, &legacy[reads]);
    play_line(&m, &legacy[reads + 1]);
    assert_int_equal(mijia_result(&m), MIJIA_DONE);
    expect_key(&m, BEACON_KEY);
}

/* ---- the rest ---- */

/* The right word at another of the characteristics that are listened to; in the two dialogues that
 * take no time on a small target, which have steps of all kinds. */
static void a_word_in_the_wrong_place_does_not_count(void **state)
{
    (void)state;
    static const uint16_t places[] = { 0x0001, 0x0010, 0x0019 };

    for (size_t d = 2; d < DIALOGUES; d++) {
        for (size_t i = 0; i < 3 * lines_of(&dialogues[d]); i++) {
            const struct line *line = &dialogues[d].lines[i / 3];
            uint8_t bytes[20];
            struct mijia m;

            if (line->kind != LINE_NOTIFY || line->at == places[i % 3])
                continue;
            play(&m, &dialogues[d], i / 3);
            notify(&m, places[i % 3], bytes, decode(line->bytes, bytes, sizeof(bytes)));
            assert_int_equal(mijia_result(&m), MIJIA_E_ORDER);
        }
    }
}

/* A refusal in the wrong place leaves it open whether the device has taken the key. */
static void a_refusal_in_the_wrong_place_decides_nothing(void **state)
{
    (void)state;
    static const uint8_t no[] = { 0x12, 0, 0, 0 };
    struct mijia m;

    play(&m, &dialogues[0], lines_of(&dialogues[0]) - 1);
    notify(&m, 0x0019, no, sizeof(no));
    assert_int_equal(mijia_result(&m), MIJIA_E_ORDER);
    assert_true(mijia_is_undecided(&m));
}

static bool remembers(const struct mijia *m, const char *hex)
{
    uint8_t bytes[32];
    const size_t len = decode(hex, bytes, sizeof(bytes));
    const uint8_t *all = (const uint8_t *)m;

    for (size_t at = 0; at + len <= sizeof(*m); at++) {
        if (memcmp(all + at, bytes, len) == 0)
            return true;
    }
    return false;
}

static void a_private_key_is_used_once(void **state)
{
    (void)state;
    struct mijia m;

    start_registering(&m);
    assert_true(remembers(&m, APP_SECRET));
    play(&m, &dialogues[0], lines_of(&dialogues[0]));
    assert_false(remembers(&m, APP_SECRET));
}

static void other_characteristics_do_not_disturb(void **state)
{
    (void)state;
    static const uint8_t junk[] = { 1, 2, 3 };
    struct mijia m;

    start_registering(&m);
    for (size_t i = 0; i < lines_of(&dialogues[0]); i++) {
        notify(&m, 0x0018, junk, sizeof(junk));
        mijia_read(&m, junk, sizeof(junk), NOW);
        play_line(&m, &register_new[i]);
    }
    assert_int_equal(mijia_result(&m), MIJIA_DONE);
    notify(&m, 0x0019, junk, sizeof(junk));
    mijia_tick(&m, UINT64_MAX);
    assert_int_equal(mijia_result(&m), MIJIA_DONE);
}

/* The port's random bytes give no such key in the life of the universe; a broken generator does. */
static void a_private_key_of_zero_is_our_fault(void **state)
{
    (void)state;
    static const uint8_t zero[32];
    struct mijia m;
    struct mijia_op op;

    mijia_register(&m, zero, zero, NOW);
    for (size_t i = 0; i < 8; i++) /* up to where our public key is due */
        play_line(&m, &register_new[i]);
    assert_false(mijia_next(&m, &op, NOW));
    assert_int_equal(mijia_result(&m), MIJIA_E_CRYPTO);
}

static void wiped_it_knows_nothing(void **state)
{
    (void)state;
    static const struct mijia nothing;
    struct mijia m;

    play(&m, &dialogues[0], lines_of(&dialogues[0]));
    mijia_wipe(&m);
    assert_int_equal(mijia_result(&m), MIJIA_E_CRYPTO);
    m.result = nothing.result;
    assert_memory_equal(&m, &nothing, sizeof(m));
}

static void every_result_has_its_own_words(void **state)
{
    (void)state;
    for (int a = 0; a < MIJIA_RESULTS; a++) {
        assert_true(strlen(mijia_result_text((enum mijia_result)a)) > 3);
        assert_true(a <= MIJIA_DONE || strlen(mijia_result_remedy((enum mijia_result)a)) > 3);
        for (int b = 0; b < a; b++)
            assert_string_not_equal(mijia_result_text((enum mijia_result)a),
                                    mijia_result_text((enum mijia_result)b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_registration_gives_token_and_key),
        cmocka_unit_test(a_login_proves_both_sides),
        cmocka_unit_test(a_login_may_take_the_place_of_its_registration),
        cmocka_unit_test(a_confirmed_proof_is_no_verdict_yet),
        cmocka_unit_test(a_confirmed_proof_is_no_more_patience),
        cmocka_unit_test(a_remote_control_gives_its_beacon_key),
        cmocka_unit_test(only_the_key_of_a_remote_control_is_needed),
        cmocka_unit_test(silence_ends_every_dialogue_at_every_line),
        cmocka_unit_test(nothing_out_of_order_leads_to_success),
        cmocka_unit_test(an_answer_before_the_question_is_refused),
        cmocka_unit_test(a_flipped_bit_fails_a_login),
        cmocka_unit_test(other_lengths_are_refused),
        cmocka_unit_test(a_long_value_is_refused),
        cmocka_unit_test(what_goes_wrong_has_a_name),
        cmocka_unit_test(a_firmware_version_is_text),
        cmocka_unit_test(a_ticket_that_is_too_short_is_none),
        cmocka_unit_test(a_value_nobody_has_asked_for_is_none),
        cmocka_unit_test(a_word_in_the_wrong_place_does_not_count),
        cmocka_unit_test(a_refusal_in_the_wrong_place_decides_nothing),
        cmocka_unit_test(a_private_key_is_used_once),
        cmocka_unit_test(other_characteristics_do_not_disturb),
        cmocka_unit_test(a_private_key_of_zero_is_our_fault),
        cmocka_unit_test(wiped_it_knows_nothing),
        cmocka_unit_test(every_result_has_its_own_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
