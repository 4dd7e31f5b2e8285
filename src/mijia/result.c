#include "mijia/mijia.h"

static const struct {
    const char *text, *remedy;
} results[MIJIA_RESULTS] = {
    [MIJIA_UNDER_WAY] = { "under way", "" },
    [MIJIA_DONE] = { "done", "" },
    [MIJIA_E_SILENT] = { "the device does not answer",
                         "wake it up, bring it nearer and try again" },
    [MIJIA_E_DEVICE_TIMEOUT] = { "the device says that we were too slow",
                                 "bring it nearer to the adapter and try again" },
    [MIJIA_E_DEVICE_ERROR] = { "the device gave up",
                               "take its battery out and in again, then try once more" },
    [MIJIA_E_REFUSED] = { "the device does not let itself be activated",
                          "remove it from Mi Home and reset it as its manual says" },
    [MIJIA_E_LOGIN_REFUSED] = { "the device does not know us", "activate it again" },
    [MIJIA_E_NOT_ITSELF] = { "what answered is not the device that was activated",
                             "activate it again, away from other devices" },
    [MIJIA_E_NOT_READY] = { "the device is not in pairing mode",
                            "hold its button until the light says so, and try at once" },
    [MIJIA_E_ORDER] = { "the device said something unexpected",
                        "its firmware may be unknown to mi32; try again, then report it" },
    [MIJIA_E_FRAMES] = { "the device sent something of a wrong length",
                         "bring it nearer and try again" },
    [MIJIA_E_KEY] = { "the device sent a public key that is none", "try again" },
    [MIJIA_E_CRYPTO] = { "the cryptography of this machine failed", "try again" },
};

const char *mijia_result_text(enum mijia_result result)
{
    return (unsigned)result < MIJIA_RESULTS ? results[result].text : "unknown result";
}

const char *mijia_result_remedy(enum mijia_result result)
{
    return (unsigned)result < MIJIA_RESULTS ? results[result].remedy : "";
}
