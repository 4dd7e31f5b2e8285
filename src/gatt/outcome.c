#include "gatt/gatt_private.h"

enum step { CONNECT, FIND, READ, WRITE, SUBSCRIBE, STEPS };

#define ANYWHERE(error)                                                                            \
    {                                                                                              \
        (error), (error), (error), (error), (error)                                                \
    }

/* A row is what the port says, a column what was being done. */
static const uint8_t outcomes[PORT_GATT_ERRORS][STEPS] = {
    [PORT_GATT_OK] = ANYWHERE(GATT_OK),
    [PORT_GATT_UNREACHABLE] = ANYWHERE(GATT_E_CONNECT),
    [PORT_GATT_HELD] = ANYWHERE(GATT_E_CONNECT),
    [PORT_GATT_NO_ADAPTER] = ANYWHERE(GATT_E_CONNECT),
    [PORT_GATT_LOST] = { GATT_E_CONNECT, GATT_E_DISCONNECTED, GATT_E_DISCONNECTED,
                         GATT_E_DISCONNECTED, GATT_E_DISCONNECTED },
    [PORT_GATT_TIMEOUT] = { GATT_E_CONNECT, GATT_E_NO_SERVICE, GATT_E_READ, GATT_E_WRITE,
                            GATT_E_CANNOT_NOTIFY },
    [PORT_GATT_NO_SERVICE] = ANYWHERE(GATT_E_NO_SERVICE),
    [PORT_GATT_NO_CHARACTERISTIC] = ANYWHERE(GATT_E_NO_CHARACTERISTIC),
    [PORT_GATT_NOT_PERMITTED] = { GATT_E_CONNECT, GATT_E_NO_SERVICE, GATT_E_READ,
                                  GATT_E_NOT_WRITABLE, GATT_E_CANNOT_NOTIFY },
    [PORT_GATT_NOT_SECURE] = { GATT_E_CONNECT, GATT_E_NO_SERVICE, GATT_E_READ, GATT_E_WRITE,
                               GATT_E_CANNOT_NOTIFY },
    [PORT_GATT_REFUSED] = { GATT_E_CONNECT, GATT_E_NO_SERVICE, GATT_E_READ, GATT_E_WRITE,
                            GATT_E_CANNOT_NOTIFY },
    [PORT_GATT_TOO_LONG] = { GATT_E_CONNECT, GATT_E_NO_SERVICE, GATT_E_READ, GATT_E_WRITE,
                             GATT_E_CANNOT_NOTIFY },
};

static enum step step_of(enum gatt_state state, enum gatt_op op)
{
    if (state == GATT_CONNECTING)
        return CONNECT;
    if (state == GATT_FINDING)
        return FIND;
    return op == GATT_READ ? READ : op == GATT_WRITE ? WRITE : SUBSCRIBE;
}

enum gatt_error gatt_outcome(enum gatt_state state, enum gatt_op op, enum port_gatt_error error)
{
    return (enum gatt_error)outcomes[error][step_of(state, op)];
}

const char *gatt_reason_text(enum port_gatt_error reason)
{
    static const char *const texts[PORT_GATT_ERRORS] = {
        [PORT_GATT_OK] = "All went well.",
        [PORT_GATT_UNREACHABLE] = "The device could not be reached: bring it nearer, or wake it.",
        [PORT_GATT_HELD] = "Another program here is connected to it: disconnect it there.",
        [PORT_GATT_NO_ADAPTER] = "There is no Bluetooth adapter that is on: see mi32 doctor.",
        [PORT_GATT_LOST] = "The connection was lost: bring the device nearer.",
        [PORT_GATT_TIMEOUT] = "The device did not answer.",
        [PORT_GATT_NO_SERVICE] = "The device does not have that service.",
        [PORT_GATT_NO_CHARACTERISTIC] = "The device does not have that characteristic.",
        [PORT_GATT_NOT_PERMITTED] = "The characteristic does not permit that.",
        [PORT_GATT_NOT_SECURE] = "The device wants a Bluetooth pairing, which did not come about.",
        [PORT_GATT_REFUSED] = "The device refused.",
        [PORT_GATT_TOO_LONG] = "The value is longer than the device takes.",
    };

    return texts[reason];
}
