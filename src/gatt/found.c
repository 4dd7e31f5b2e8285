#include "gatt/gatt_private.h"

static bool is_of(const struct gatt_found *found, const struct gatt_job *job)
{
    if (found->in_any_service != job->in_any_service ||
        !uuid_equal(found->characteristic, job->characteristic))
        return false;
    return job->in_any_service || uuid_equal(found->service, job->service);
}

struct gatt_found *gatt_found_of_job(struct gatt *gatt, const struct gatt_job *job)
{
    for (size_t i = 0; i < gatt->found_count; i++)
        if (is_of(&gatt->found[i], job))
            return &gatt->found[i];
    return NULL;
}

struct gatt_found *gatt_found_of_handle(struct gatt *gatt, uint16_t handle)
{
    for (size_t i = 0; i < gatt->found_count; i++)
        if (gatt->found[i].it.handle == handle)
            return &gatt->found[i];
    return NULL;
}

static struct gatt_found *place(struct gatt *gatt)
{
    if (gatt->found_count < GATT_FOUND_MAX)
        return &gatt->found[gatt->found_count++];
    for (size_t i = 0; i < GATT_FOUND_MAX; i++)
        if (!gatt->found[i].is_subscribed)
            return &gatt->found[i];
    return &gatt->found[0];
}

struct gatt_found *gatt_found_add(struct gatt *gatt, const struct gatt_job *job,
                                  const struct port_gatt_char *it)
{
    struct gatt_found *found = gatt_found_of_handle(gatt, it->handle);
    const bool is_subscribed = found && found->is_subscribed;

    if (!found)
        found = place(gatt);
    *found = (struct gatt_found){
        .in_any_service = job->in_any_service,
        .is_subscribed = is_subscribed,
        .service = job->service,
        .characteristic = job->characteristic,
        .it = *it,
    };
    return found;
}
