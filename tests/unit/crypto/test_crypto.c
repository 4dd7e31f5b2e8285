#include "test_crypto.h"

#include "base/hex.h"

#include <string.h>

struct blob blob(const char *hex)
{
    struct blob b = { .len = strlen(hex) / 2 };

    assert_true(hex_decode(hex, strlen(hex), b.at, sizeof(b.at)));
    return b;
}

struct cx_part part_of(const struct blob *b)
{
    return (struct cx_part){ b->at, b->len };
}

struct cx_part part_of_text(const char *text)
{
    return (struct cx_part){ text, strlen(text) };
}

void assert_hex(const uint8_t *got, const char *hex)
{
    struct blob want = blob(hex);

    assert_memory_equal(got, want.at, want.len);
}

int is_zero(const uint8_t *p, size_t len)
{
    uint8_t any = 0;

    while (len--)
        any |= *p++;
    return any == 0;
}

int main(void)
{
    return ccm_tests() + cipher_tests() + curve_tests() + hash_tests() + modular_tests();
}
