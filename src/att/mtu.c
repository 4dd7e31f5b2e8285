#include "att/att_private.h"

void att_agree_mtu(struct att *att, uint16_t peer_mtu)
{
    att->mtu = peer_mtu < att->own_mtu ? peer_mtu : att->own_mtu;
    if (att->mtu < ATT_MTU_MIN)
        att->mtu = ATT_MTU_MIN;
}

static enum att_event on_mtu(struct att *att, struct bytes body)
{
    const uint16_t peer_mtu = (uint16_t)bytes_take_le(&body, 2);

    if (body.failed || body.len > 0)
        return att_end(att, ATT_E_MALFORMED);
    att_agree_mtu(att, peer_mtu);
    return att_end(att, ATT_OK);
}

static enum att_event on_no_mtu(struct att *att, uint8_t code)
{
    (void)code;
    return att_end(att, ATT_OK);
}

enum att_event att_exchange_mtu(struct att *att)
{
    static const struct att_step step = { .answered = on_mtu, .refused = on_no_mtu };
    enum att_event event;

    if (!att_begin(att, &event))
        return event;
    att_request(att, &step, PDU_MTU);
    att_put_number(att, att->own_mtu);
    return ATT_NOTHING;
}
