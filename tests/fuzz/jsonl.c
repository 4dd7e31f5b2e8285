/* jsonl: recordings of any form. Whatever the bytes: reading ends, gives only adverts within their
 * bounds and faults with a text, does not depend on how the bytes come in, and an advert written
 * as a JSON line reads back as itself. */
#include "fuzz/fuzz.h"

#include "base/hex.h"
#include "base/json.h"
#include "capture/file.h"

struct pieces {
    struct capture_memory memory;
    size_t step; /* bytes a call of read() gives at most */
};

static long read_pieces(void *user, void *out, size_t size)
{
    struct pieces *pieces = user;
    const struct capture_input input = capture_from_memory(&pieces->memory);

    return input.read(input.user, out, size < pieces->step ? size : pieces->step);
}

static struct capture_reader *open_reader(struct pieces *pieces, const uint8_t *data, size_t size,
                                          size_t step)
{
    *pieces = (struct pieces){ { data, size, 0 }, step };
    struct capture_reader *reader =
        capture_reader_new((struct capture_input){ pieces, read_pieces });

    fuzz_expect(reader != NULL, "memory for a reader");
    return reader;
}

static void check_advert(const struct capture_advert *got)
{
    const struct mac nobody = { { 0 } };

    fuzz_expect(got->advert.len <= ADVERT_LEN_MAX, "an advert within its bounds");
    fuzz_expect(got->advert.data == got->data, "an advert's data is its own");
    fuzz_expect(memchr(got->name, '\0', sizeof(got->name)) != NULL, "a name ends");
    fuzz_expect(memchr(got->kind, '\0', sizeof(got->kind)) != NULL, "a kind ends");
    fuzz_expect(got->has_mac || mac_equal(got->advert.addr, nobody), "no sender is no address");
    fuzz_expect((got->key_state == CAPTURE_KEY_GIVEN) == (got->key_len == 12 || got->key_len == 16),
                "a key has a length, and nothing else has");
}

static void check_fault(const struct capture_fault *fault)
{
    char text[CAPTURE_FAULT_TEXT_SIZE];

    capture_fault_text(fault, text);
    fuzz_expect(strlen(text) > strlen("line 1: "), "a fault has a text");
}

/* The advert as a line that `mi32 record` could have written. */
static bool write_line(const struct capture_advert *got, char *out, size_t size)
{
    static char data[2 * ADVERT_LEN_MAX + 1];
    char mac[MAC_TEXT_LEN + 1], key[2 * CAPTURE_KEY_MAX + 1];
    struct json j;

    json_init(&j, out, size);
    json_object(&j, NULL);
    json_text(&j, "adv_hex", hex_encode(got->data, got->advert.len, HEX_LOWER, data));
    json_text(&j, "mac", mac_print(got->advert.addr, mac));
    json_text(&j, "addr_type", got->advert.addr_type == ADVERT_ADDR_RANDOM ? "random" : "public");
    json_int(&j, "rssi", got->advert.rssi);
    if (got->has_time)
        json_fixed(&j, "t", (int64_t)got->t_ms, -3, 3);
    if (got->key_state == CAPTURE_KEY_NONE)
        json_null(&j, "key");
    if (got->key_state == CAPTURE_KEY_GIVEN)
        json_text(&j, "key", hex_encode(got->key, got->key_len, HEX_LOWER, key));
    json_object_end(&j);
    return json_ok(&j);
}

static void comes_back(const struct capture_advert *got)
{
    static char line[CAPTURE_LINE_MAX];
    static struct capture_advert again;
    struct capture_fault fault;
    struct pieces pieces;

    fuzz_expect(write_line(got, line, sizeof(line)), "every advert fits into a line");
    struct capture_reader *reader =
        open_reader(&pieces, (const uint8_t *)line, strlen(line), SIZE_MAX);
    fuzz_expect(capture_next(reader, &again, &fault) == CAPTURE_ADVERT, "it is read again");
    fuzz_expect(again.advert.len == got->advert.len &&
                    memcmp(again.data, got->data, got->advert.len) == 0 &&
                    mac_equal(again.advert.addr, got->advert.addr) &&
                    again.advert.addr_type == got->advert.addr_type &&
                    again.advert.rssi == got->advert.rssi && again.key_state == got->key_state &&
                    again.key_len == got->key_len &&
                    memcmp(again.key, got->key, got->key_len) == 0 &&
                    again.has_time == got->has_time,
                "an advert comes back as itself");
    fuzz_expect(again.t_ms == got->t_ms, "a time comes back as itself");
    fuzz_expect(capture_next(reader, &again, &fault) == CAPTURE_END, "and nothing else");
    capture_reader_free(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct capture_advert got, same;
    struct capture_fault fault, same_fault;
    struct pieces whole, slow;
    uint8_t *copy = fuzz_copy(data, size, 0);
    struct capture_reader *reader = open_reader(&whole, copy, size, SIZE_MAX);
    struct capture_reader *slow_reader = open_reader(&slow, copy, size, 1);
    enum capture_result result;
    unsigned line = 0;

    for (size_t steps = 0; (result = capture_next(reader, &got, &fault)) != CAPTURE_END; steps++) {
        fuzz_expect(steps <= size + 1, "reading ends");
        fuzz_expect(capture_next(slow_reader, &same, &same_fault) == result,
                    "the pieces do not matter");
        fuzz_expect(capture_line(reader) >= line, "lines are counted up");
        line = capture_line(reader);
        if (result == CAPTURE_FAULT) {
            check_fault(&fault);
            fuzz_expect(fault.reason == same_fault.reason && fault.line == same_fault.line &&
                            fault.column == same_fault.column,
                        "nor for faults");
            continue;
        }
        check_advert(&got);
        fuzz_expect(got.advert.len == same.advert.len &&
                        memcmp(got.data, same.data, got.advert.len) == 0,
                    "nor for adverts");
        comes_back(&got);
    }
    fuzz_expect(capture_next(slow_reader, &same, &same_fault) == CAPTURE_END, "both end together");
    capture_reader_free(slow_reader);
    capture_reader_free(reader);
    free(copy);
    return 0;
}
