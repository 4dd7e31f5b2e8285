/* att_private.h: what the procedures of this folder share. */
#ifndef MI32_ATT_ATT_PRIVATE_H
#define MI32_ATT_ATT_PRIVATE_H

#include "att/att.h"
#include "base/bytes.h"

/* Part F, 3.4.8: the numbers of the PDUs. A response is its request + 1. */
enum {
    PDU_ERROR = 0x01,
    PDU_MTU = 0x02,
    PDU_FIND_INFORMATION = 0x04,
    PDU_FIND_BY_TYPE_VALUE = 0x06,
    PDU_READ_BY_TYPE = 0x08,
    PDU_READ = 0x0a,
    PDU_READ_BLOB = 0x0c,
    PDU_READ_BY_GROUP_TYPE = 0x10,
    PDU_WRITE = 0x12,
    PDU_PREPARE_WRITE = 0x16,
    PDU_EXECUTE_WRITE = 0x18,
    PDU_NOTIFICATION = 0x1b,
    PDU_INDICATION = 0x1d,
    PDU_CONFIRMATION = 0x1e,
    PDU_COMMAND = 0x40, /* this bit: nobody answers it */
    PDU_WRITE_COMMAND = 0x52,
};

/* Part F, 3.4.1.1: the errors that mean something to us. */
enum {
    CODE_READ_NOT_PERMITTED = 0x02,
    CODE_WRITE_NOT_PERMITTED = 0x03,
    CODE_AUTHENTICATION = 0x05,
    CODE_NOT_SUPPORTED = 0x06,
    CODE_INVALID_OFFSET = 0x07,
    CODE_AUTHORIZATION = 0x08,
    CODE_NOT_FOUND = 0x0a,
    CODE_NOT_LONG = 0x0b,
    CODE_KEY_SIZE = 0x0c,
    CODE_INVALID_LENGTH = 0x0d,
    CODE_ENCRYPTION = 0x0f,
};

/* What is done with the answer to a request. */
struct att_step {
    /* The response, without its first byte. */
    enum att_event (*answered)(struct att *att, struct bytes body);

    /* An error response; NULL where every error is the end of the operation. */
    enum att_event (*refused)(struct att *att, uint8_t code);
};

/* True when a new operation can begin; else it has ended with an error that *event says. */
bool att_begin(struct att *att, enum att_event *event);

/* The operation has ended. */
enum att_event att_end(struct att *att, enum att_error error);

/* It has ended with an error of the peer. */
enum att_event att_end_refused(struct att *att, uint8_t code);

/* Starts a request of the given opcode; more is put behind it, and `step` hears of the answer. */
void att_request(struct att *att, const struct att_step *step, uint8_t opcode);
void att_put_number(struct att *att, uint16_t number);
void att_put_bytes(struct att *att, const uint8_t *bytes, size_t len);

/* A request for what lies between two handles. */
void att_request_range(struct att *att, const struct att_step *step, uint8_t opcode, uint16_t first,
                       uint16_t last);

/* Puts `size` bytes off the front of a list of equal entries into *entry; false at its end. */
bool att_list_next(struct bytes *list, size_t size, struct bytes *entry);

/* Reads the length of the entries, which stands first in a list, and checks that it fits: a whole
 * number of entries, at least one. 0 when it does not. */
size_t att_list_entry_size(struct bytes *list);

/* The peer can receive PDUs of that many bytes. */
void att_agree_mtu(struct att *att, uint16_t peer_mtu);

/* What the peer asks of us. True when the PDU was such a thing. */
bool att_answer(struct att *att, const uint8_t *pdu, size_t len);

#endif
