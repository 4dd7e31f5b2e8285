#include "capture/keep_out.h"

static bool is_in(const struct mac *list, size_t n, struct mac addr)
{
    for (size_t i = 0; i < n; i++) {
        if (mac_equal(list[i], addr))
            return true;
    }
    return false;
}

bool keeps_out(const struct port_radio_lists *lists, struct mac addr)
{
    if (lists->n_watch > 0 && !is_in(lists->watch, lists->n_watch, addr))
        return true;
    return is_in(lists->block, lists->n_block, addr);
}
