#include "test_crypto.h"

#include "base/hex.h"

#include <string.h>

struct blob blob(const char *hex)
{
    struct blob b = { .len = strlen(hex) / 2 };

    assert_true(hex_decode(hex, strlen(hex), b.at, sizeof(b.at)));
    return b;
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
    return ccm_tests();
}
