/* base: whatever text comes in, what is read can be printed back, and what is printed is JSON. */
#include "fuzz/fuzz.h"

#include "base/bytes.h"
#include "base/fixed.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/mac.h"

#include <cjson/cJSON.h>

#include <ctype.h>

/* True when both are equal apart from letter case. */
static bool same_digits(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (tolower((unsigned char)a[i]) != tolower((unsigned char)b[i]))
            return false;
    }
    return true;
}

static void hex_comes_back(const char *text, size_t len)
{
    uint8_t *raw = fuzz_copy("", 0, len / 2);
    char *again = fuzz_copy("", 0, len + 1);

    if (hex_decode(text, len, raw, len / 2)) {
        hex_encode(raw, len / 2, HEX_UPPER, again);
        fuzz_expect(strlen(again) == len && same_digits(text, again, len), "hex comes back");
    }
    free(again);
    free(raw);
}

static void mac_comes_back(const char *text, size_t len)
{
    struct mac mac, again;
    char printed[MAC_TEXT_LEN + 1];
    uint8_t reversed[6];

    if (!mac_parse(text, len, &mac))
        return;
    mac_print(mac, printed);
    fuzz_expect(mac_parse(printed, MAC_TEXT_LEN, &again), "a printed address is an address");
    fuzz_expect(mac_equal(mac, again), "an address comes back");
    mac_to_reversed(mac, reversed);
    fuzz_expect(mac_equal(mac, mac_from_reversed(reversed)), "reversed twice is the same");
}

static void bytes_end_where_they_end(const uint8_t *data, size_t size)
{
    struct bytes row = { .p = data, .len = size };
    size_t taken = 0;

    for (size_t n = 1; !row.failed; n = n % 8 + 1) {
        uint8_t back[8];
        const uint8_t *at = row.p;
        const uint64_t value = bytes_take_le(&row, n);
        if (row.failed)
            break;
        bytes_put_le(back, n, value);
        fuzz_expect(memcmp(back, at, n) == 0, "a number is written as it was read");
        taken += n;
    }
    fuzz_expect(taken + row.len == size, "what is left and what was taken is all");
}

/* One object with the input as name, as text and as number, in a buffer of `room` bytes. */
static bool write_json(char *out, size_t room, const char *text, size_t len)
{
    int64_t value = 0;
    struct json j;

    memcpy(&value, text, len < sizeof(value) ? len : sizeof(value));
    json_init(&j, out, room);
    json_object(&j, NULL);
    json_text(&j, text, "name");
    json_text_len(&j, "text", text, len);
    json_fixed(&j, "fixed", value, -((int)(len % 19)), FIXED_ALL_DIGITS);
    json_array(&j, "list");
    json_int(&j, NULL, value);
    json_bool(&j, NULL, len > 3);
    json_null(&j, NULL);
    json_array_end(&j);
    json_object_end(&j);
    return json_ok(&j);
}

static void json_is_json(const char *text, size_t len)
{
    const size_t room = 12 * len + 200; /* every byte twice, as \u00xx */
    char *out = fuzz_copy("", 0, room);

    fuzz_expect(write_json(out, room, text, len), "the buffer is large enough");
    for (const char *p = out; *p; p++)
        fuzz_expect((unsigned char)*p >= 0x20, "no control character goes out raw");
    cJSON *read = cJSON_ParseWithOpts(out, NULL, true);
    fuzz_expect(read != NULL, "what the writer wrote is JSON");
    fuzz_expect(cJSON_GetArraySize(read) == 4, "all members are there");
    fuzz_expect(cJSON_IsString(cJSON_GetArrayItem(read, 1)), "the text is a text");
    fuzz_expect(cJSON_IsNumber(cJSON_GetArrayItem(read, 2)), "the number is a number");
    cJSON_Delete(read);

    const size_t need = strlen(out);
    char *tight = fuzz_copy("", 0, need + 1);
    fuzz_expect(write_json(tight, need + 1, text, len), "its own length is enough");
    fuzz_expect(!write_json(tight, need, text, len), "one byte less is not");
    free(tight);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_copy(data, size, 1);

    hex_comes_back(text, size);
    mac_comes_back(text, size);
    bytes_end_where_they_end(data, size);
    json_is_json(text, size);
    free(text);
    return 0;
}
