#include "sim/peer.h"

#include "base/bytes.h"

#include <assert.h>
#include <string.h>

#define PRIMARY_SERVICE 0x2800
#define CHARACTERISTIC  0x2803
#define CONFIGURATION   0x2902
#define MTU_FIRST       23
#define MTU_USUAL       247

/* Core Specification 5.4, Vol 3 Part F, 3.4.1.1 */
enum {
    E_INVALID_HANDLE = 0x01,
    E_READ_NOT_PERMITTED = 0x02,
    E_WRITE_NOT_PERMITTED = 0x03,
    E_INVALID_PDU = 0x04,
    E_AUTHENTICATION = 0x05,
    E_NOT_SUPPORTED = 0x06,
    E_INVALID_OFFSET = 0x07,
    E_QUEUE_FULL = 0x09,
    E_NOT_FOUND = 0x0a,
    E_INVALID_LENGTH = 0x0d,
};

/* An answer on its way into a PDU. */
struct answer {
    uint8_t pdu[SIM_PEER_PDU_MAX];
    size_t len, room;
};

static void put(struct answer *answer, const uint8_t *bytes, size_t len)
{
    if (len > answer->room - answer->len)
        len = answer->room - answer->len;
    if (len > 0)
        memcpy(answer->pdu + answer->len, bytes, len);
    answer->len += len;
}

static void put_number(struct answer *answer, size_t size, uint64_t number)
{
    uint8_t bytes[8];

    bytes_put_le(bytes, size, number);
    put(answer, bytes, size);
}

/* ---- the table ---- */

void sim_peer_init(struct sim_peer *peer)
{
    memset(peer, 0, sizeof(*peer));
    peer->mtu = MTU_USUAL;
}

static struct sim_attribute *add(struct sim_peer *peer, struct uuid type, const void *value,
                                 size_t len)
{
    struct sim_attribute *attribute = &peer->attributes[peer->count++];

    assert(peer->count <= SIM_PEER_ATTRIBUTES_MAX && len <= sizeof(attribute->value));
    attribute->type = type;
    attribute->is_readable = true;
    attribute->len = len;
    if (len > 0)
        memcpy(attribute->value, value, len);
    return attribute;
}

void sim_peer_service(struct sim_peer *peer, struct uuid uuid)
{
    uint8_t value[16];
    const size_t len = uuid_to_air(uuid, value);

    add(peer, uuid_from_16(PRIMARY_SERVICE), value, len);
}

uint16_t sim_peer_characteristic(struct sim_peer *peer, struct uuid uuid, uint8_t properties,
                                 const void *value, size_t len)
{
    uint8_t declaration[3 + 16] = { properties };

    bytes_put_le(declaration + 1, 2, peer->count + 2u);
    const size_t size = uuid_to_air(uuid, declaration + 3);
    add(peer, uuid_from_16(CHARACTERISTIC), declaration, 3 + size);
    struct sim_attribute *it = add(peer, uuid, value, len);
    const uint16_t handle = peer->count;
    it->is_readable = properties & PORT_GATT_CAN_READ;
    it->is_writable = properties & (PORT_GATT_CAN_WRITE | PORT_GATT_CAN_WRITE_SILENTLY);
    if (properties & (PORT_GATT_CAN_NOTIFY | PORT_GATT_CAN_INDICATE))
        add(peer, uuid_from_16(CONFIGURATION), "\0", 2)->is_writable = true;
    return handle;
}

uint16_t sim_peer_descriptor(struct sim_peer *peer, struct uuid uuid, const void *value, size_t len)
{
    add(peer, uuid, value, len);
    return peer->count;
}

struct sim_attribute *sim_peer_attribute(struct sim_peer *peer, uint16_t handle)
{
    return handle > 0 && handle <= peer->count ? &peer->attributes[handle - 1] : NULL;
}

static bool is_of(const struct sim_attribute *attribute, uint16_t type)
{
    return uuid_equal(attribute->type, uuid_from_16(type));
}

/* Last handle of the service that begins at `handle`. */
static uint16_t end_of_service(const struct sim_peer *peer, uint16_t handle)
{
    uint16_t end = handle;

    while (end < peer->count && !is_of(&peer->attributes[end], PRIMARY_SERVICE))
        end++;
    return end;
}

/* ---- what lists show: a 16-bit UUID may be kept in its long form ---- */

static size_t put_long(const uint8_t number[2], uint8_t out[16])
{
    const struct uuid uuid = uuid_from_16((uint16_t)bytes_le(number, 2));

    for (size_t i = 0; i < sizeof(uuid.b); i++)
        out[i] = uuid.b[sizeof(uuid.b) - 1 - i];
    return sizeof(uuid.b);
}

/* The value of a declaration with its UUID, `at` bytes behind its start, as this peer keeps it. */
static size_t shown(const struct sim_peer *peer, const struct sim_attribute *it, size_t at,
                    uint8_t out[3 + 16])
{
    memcpy(out, it->value, it->len);
    if (!peer->keeps_long_uuids || it->len != at + 2)
        return it->len;
    return at + put_long(it->value + at, out + at);
}

/* ---- requests: each puts its answer and gives 0, or an error and its handle ---- */

struct request {
    struct sim_peer *peer;
    struct bytes body;
    uint16_t handle; /* in error */
    struct answer answer;
};

static uint16_t take_handle(struct request *r)
{
    r->handle = (uint16_t)bytes_take_le(&r->body, 2);
    return r->handle;
}

static uint8_t exchange_mtu(struct request *r)
{
    const uint16_t theirs = (uint16_t)bytes_take_le(&r->body, 2);

    if (r->body.failed)
        return E_INVALID_PDU;
    put_number(&r->answer, 2, r->peer->mtu);
    r->peer->agreed_mtu = theirs < r->peer->mtu ? theirs : r->peer->mtu;
    return 0;
}

/* Takes first and last handle. */
static uint16_t take_range(struct request *r, uint16_t *first)
{
    *first = take_handle(r);
    const uint16_t last = (uint16_t)bytes_take_le(&r->body, 2);

    return last < r->peer->count ? last : r->peer->count;
}

static uint8_t find_information(struct request *r)
{
    uint16_t first, last = take_range(r, &first);
    size_t size = 0;

    if (r->body.failed || first == 0)
        return E_INVALID_PDU;
    for (uint16_t handle = first; handle <= last; handle++) {
        uint8_t type[16];
        const size_t n = uuid_to_air(r->peer->attributes[handle - 1].type, type);

        if (size == 0)
            put_number(&r->answer, 1, n == 2 ? 1 : 2);
        if ((size != 0 && n != size) || r->answer.len + 2 + n > r->answer.room)
            break;
        size = n;
        put_number(&r->answer, 2, handle);
        put(&r->answer, type, n);
    }
    return size ? 0 : E_NOT_FOUND;
}

static uint8_t find_by_type_value(struct request *r)
{
    uint16_t first, last = take_range(r, &first);
    const uint16_t type = (uint16_t)bytes_take_le(&r->body, 2);
    bool is_any = false;

    if (r->body.failed || first == 0 || type != PRIMARY_SERVICE)
        return E_INVALID_PDU;
    for (uint16_t handle = first; handle <= last; handle++) {
        uint8_t value[3 + 16];
        const struct sim_attribute *it = &r->peer->attributes[handle - 1];

        if (!is_of(it, type) || shown(r->peer, it, 0, value) != r->body.len ||
            memcmp(value, r->body.p, r->body.len) != 0 || r->answer.len + 4 > r->answer.room)
            continue;
        is_any = true;
        put_number(&r->answer, 2, handle);
        put_number(&r->answer, 2, end_of_service(r->peer, handle));
    }
    return is_any ? 0 : E_NOT_FOUND;
}

/* The list of services (with the end of each) or of characteristics. */
static uint8_t list(struct request *r, uint16_t wanted, bool has_end)
{
    uint16_t first, last = take_range(r, &first);
    const uint16_t type = (uint16_t)bytes_take_le(&r->body, 2);
    const size_t header = has_end ? 4 : 2;
    size_t size = 0;

    if (r->body.failed || first == 0 || type != wanted)
        return E_INVALID_PDU;
    for (uint16_t handle = first; handle <= last; handle++) {
        uint8_t value[3 + 16];
        const struct sim_attribute *it = &r->peer->attributes[handle - 1];

        if (!is_of(it, type))
            continue;
        const size_t n = shown(r->peer, it, has_end ? 0 : 3, value);
        if (size == 0)
            put_number(&r->answer, 1, header + n);
        if ((size != 0 && n != size) || r->answer.len + header + n > r->answer.room)
            break;
        size = n;
        put_number(&r->answer, 2, handle);
        if (has_end)
            put_number(&r->answer, 2, end_of_service(r->peer, handle));
        put(&r->answer, value, n);
    }
    return size ? 0 : E_NOT_FOUND;
}

static uint8_t read_by_type(struct request *r)
{
    return list(r, CHARACTERISTIC, false);
}

static uint8_t read_by_group_type(struct request *r)
{
    return list(r, PRIMARY_SERVICE, true);
}

/* The attribute that is asked for; NULL and the reason in *error. */
static struct sim_attribute *attribute_of(struct request *r, uint8_t *error)
{
    struct sim_attribute *it = sim_peer_attribute(r->peer, take_handle(r));

    *error = !it                                         ? E_INVALID_HANDLE
             : it->needs_security && !r->peer->is_secure ? E_AUTHENTICATION
                                                         : it->refuses;
    return *error ? NULL : it;
}

static uint8_t put_value(struct request *r, const struct sim_attribute *it, size_t offset)
{
    if (!it->is_readable)
        return E_READ_NOT_PERMITTED;
    if (offset > it->len)
        return E_INVALID_OFFSET;
    put(&r->answer, it->value + offset, it->len - offset);
    return 0;
}

static uint8_t read_value(struct request *r)
{
    uint8_t error;
    const struct sim_attribute *it = attribute_of(r, &error);

    return it ? put_value(r, it, 0) : error;
}

static uint8_t read_blob(struct request *r)
{
    uint8_t error;
    const struct sim_attribute *it = attribute_of(r, &error);
    const size_t offset = (size_t)bytes_take_le(&r->body, 2);

    return it ? put_value(r, it, offset) : error;
}

static uint8_t set_value(struct sim_peer *peer, uint16_t handle, const uint8_t *data, size_t len)
{
    struct sim_attribute *it = sim_peer_attribute(peer, handle);

    if (!it->is_writable)
        return E_WRITE_NOT_PERMITTED;
    if (len > sizeof(it->value))
        return E_INVALID_LENGTH;
    if (len > 0)
        memcpy(it->value, data, len);
    it->len = len;
    if (peer->written)
        peer->written(peer->user, peer, handle, it->value, len);
    return 0;
}

static uint8_t write_value(struct request *r)
{
    uint8_t error;

    if (!attribute_of(r, &error))
        return error;
    return set_value(r->peer, r->handle, r->body.p, r->body.len);
}

static uint8_t prepare_write(struct request *r)
{
    struct sim_peer *peer = r->peer;
    const struct bytes whole = r->body;
    uint8_t error;
    const struct sim_attribute *it = attribute_of(r, &error);
    const size_t offset = (size_t)bytes_take_le(&r->body, 2);

    if (!it)
        return error;
    if (!it->is_writable)
        return E_WRITE_NOT_PERMITTED;
    if (offset != peer->prepared_len || r->body.len > sizeof(peer->prepared) - offset)
        return E_QUEUE_FULL;
    memcpy(peer->prepared + offset, r->body.p, r->body.len);
    peer->prepared_len += r->body.len;
    peer->prepared_handle = r->handle;
    put(&r->answer, whole.p, whole.len);
    return 0;
}

static uint8_t execute_write(struct request *r)
{
    struct sim_peer *peer = r->peer;
    const bool is_meant = bytes_take_le(&r->body, 1) == 1;
    const size_t len = peer->prepared_len;

    peer->prepared_len = 0;
    if (!is_meant || len == 0)
        return 0;
    r->handle = peer->prepared_handle;
    return set_value(peer, peer->prepared_handle, peer->prepared, len);
}

static const struct row {
    uint8_t opcode;
    uint8_t (*answer)(struct request *r);
} rows[] = {
    { 0x02, exchange_mtu },       { 0x04, find_information }, { 0x06, find_by_type_value },
    { 0x08, read_by_type },       { 0x0a, read_value },       { 0x0c, read_blob },
    { 0x10, read_by_group_type }, { 0x12, write_value },      { 0x16, prepare_write },
    { 0x18, execute_write },
};

#define CONFIRMATION  0x1e
#define WRITE_COMMAND 0x52

static const struct row *row_of(uint8_t opcode)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].opcode == opcode)
            return &rows[i];
    return NULL;
}

static void send_error(struct sim_peer *peer, uint8_t opcode, uint16_t handle, uint8_t error)
{
    const uint8_t pdu[] = { 0x01, opcode, (uint8_t)handle, (uint8_t)(handle >> 8), error };

    peer->send(peer->carrier, pdu, sizeof(pdu));
}

static void answer_request(struct sim_peer *peer, struct request *r, uint8_t opcode)
{
    const struct row *row = row_of(opcode);

    r->answer.pdu[r->answer.len++] = (uint8_t)(opcode + 1);
    const uint8_t error = row ? row->answer(r) : E_NOT_SUPPORTED;
    if (!peer->send)
        return; /* it hung up meanwhile */
    if (error)
        send_error(peer, opcode, r->handle, error);
    else
        peer->send(peer->carrier, r->answer.pdu, r->answer.len);
}

void sim_peer_feed(struct sim_peer *peer, const uint8_t *pdu, size_t len)
{
    struct request r = {
        .peer = peer,
        .body = { .p = pdu + 1, .len = len - 1 },
        .answer = { .room = peer->agreed_mtu },
    };

    if (len == 0 || !peer->send)
        return;
    if (pdu[0] == CONFIRMATION) {
        peer->confirmations++;
        return;
    }
    peer->requests++;
    if (peer->drops && peer->drop)
        peer->drop(peer->carrier);
    else if (pdu[0] == WRITE_COMMAND)
        write_value(&r);
    else if (!peer->is_mute)
        answer_request(peer, &r, pdu[0]);
}

/* ---- connections ---- */

void sim_peer_connect(struct sim_peer *peer, void *carrier,
                      void (*send)(void *carrier, const uint8_t *pdu, size_t len),
                      void (*drop)(void *carrier))
{
    peer->carrier = carrier;
    peer->send = send;
    peer->drop = drop;
    peer->agreed_mtu = MTU_FIRST;
    peer->is_secure = false;
    peer->prepared_len = 0;
    peer->requests = peer->confirmations = 0;
    for (uint16_t i = 0; i < peer->count; i++)
        if (is_of(&peer->attributes[i], CONFIGURATION))
            memset(peer->attributes[i].value, 0, 2);
}

void sim_peer_disconnect(struct sim_peer *peer)
{
    peer->send = NULL;
    peer->drop = NULL;
}

bool sim_peer_secure(struct sim_peer *peer)
{
    peer->is_secure = !peer->refuses_security;
    return peer->is_secure;
}

/* Bit 0 of the configuration asks for notifications, bit 1 for indications. */
static uint8_t configuration_of(const struct sim_peer *peer, uint16_t handle)
{
    for (uint16_t i = handle; i < peer->count && !is_of(&peer->attributes[i], CHARACTERISTIC) &&
                              !is_of(&peer->attributes[i], PRIMARY_SERVICE);
         i++)
        if (is_of(&peer->attributes[i], CONFIGURATION))
            return peer->attributes[i].value[0];
    return 0;
}

bool sim_peer_notify(struct sim_peer *peer, uint16_t handle, const void *data, size_t len)
{
    const uint8_t configuration = configuration_of(peer, handle);
    struct answer pdu = { .room = peer->agreed_mtu };

    if (!peer->send || configuration == 0)
        return false;
    put_number(&pdu, 1, configuration & 1 ? 0x1b : 0x1d);
    put_number(&pdu, 2, handle);
    put(&pdu, data, len);
    peer->send(peer->carrier, pdu.pdu, pdu.len);
    return true;
}
