#include "capture/keep_out.h"

static bool is_in(const struct mac *list, size_t n, struct mac addr)
{
    for (size_t i = 0; i < n; i++) {
        if (mac_equal(list[i], addr))
            return true;
    }
    return false;
}

bool keeps_out(const struct port_radio_tuning *tuning, struct mac addr)
{
    if (tuning->n_watch > 0 && !is_in(tuning->watch, tuning->n_watch, addr))
        return true;
    return is_in(tuning->block, tuning->n_block, addr);
}
