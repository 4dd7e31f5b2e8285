#include "modulus.h"

bool modulus_is_valid(struct cx_part mod)
{
    const uint8_t *p = mod.at;

    if (mod.len == 0 || mod.len > CX_MOD_MAX || p[0] == 0)
        return false;
    return p[mod.len - 1] % 2 == 1 && (mod.len > 1 || p[0] > 1);
}

bool operands_are_valid(const struct cx_part *operands, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (operands[i].len > CX_MOD_MAX)
            return false;
    return true;
}
