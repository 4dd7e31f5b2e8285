#include "att/att_private.h"

bool att_list_next(struct bytes *list, size_t size, struct bytes *entry)
{
    if (list->len < size)
        return false;
    *entry = (struct bytes){ .p = bytes_take(list, size), .len = size };
    return true;
}

size_t att_list_entry_size(struct bytes *list)
{
    const size_t size = (size_t)bytes_take_le(list, 1);

    return size > 0 && list->len > 0 && list->len % size == 0 ? size : 0;
}
