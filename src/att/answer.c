/* What the peer may ask of us: it can be a client as well. We have no attributes, so it learns our
 * MTU and of everything else that we do not have it. */
#include "att/att_private.h"

#define MTU_PDU_LEN 3

static void answer_mtu(struct att *att, uint16_t peer_mtu)
{
    att_agree_mtu(att, peer_mtu);
    att->answer[0] = PDU_MTU + 1;
    bytes_put_le(att->answer + 1, 2, att->own_mtu);
    att->answer_len = MTU_PDU_LEN;
}

/* Part F, 3.4.1.1: the request's opcode, the handle in error (none), the reason. */
static void answer_not_supported(struct att *att, uint8_t opcode)
{
    att->answer[0] = PDU_ERROR;
    att->answer[1] = opcode;
    bytes_put_le(att->answer + 2, 2, 0);
    att->answer[4] = CODE_NOT_SUPPORTED;
    att->answer_len = sizeof(att->answer);
}

bool att_answer(struct att *att, const uint8_t *pdu, size_t len)
{
    const uint8_t opcode = pdu[0];

    if (opcode == PDU_CONFIRMATION || opcode & PDU_COMMAND)
        return true; /* nothing of ours was indicated, and commands are not answered */
    if (opcode % 2 != 0)
        return false; /* responses, notifications and indications have odd numbers */
    if (opcode == PDU_MTU && len == MTU_PDU_LEN)
        answer_mtu(att, (uint16_t)bytes_le(pdu + 1, 2));
    else
        answer_not_supported(att, opcode);
    return true;
}
