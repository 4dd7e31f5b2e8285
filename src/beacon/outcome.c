/* outcome.c: the words for outcomes and formats. */
#include "beacon/beacon.h"

static const char *const outcomes[BEACON_OUTCOMES] = {
    [BEACON_OK] = "ok",
    [BEACON_NO_OBJECT] = "no_object",
    [BEACON_UNKNOWN_OBJECT] = "unknown_object",
    [BEACON_UNKNOWN_DEVICE] = "unknown_device",
    [BEACON_NO_KEY] = "no_key",
    [BEACON_IGNORE] = "ignore",
    [BEACON_DUPLICATE] = "duplicate",
    [BEACON_REJECT_MIC] = "reject:mic",
    [BEACON_REJECT_SHORT] = "reject:short",
    [BEACON_REJECT_MAC] = "reject:mac",
    [BEACON_REJECT_VERSION] = "reject:version",
    [BEACON_REJECT_OBJECT] = "reject:object",
    [BEACON_REJECT_DOWNGRADE] = "reject:downgrade",
};

static const char *const formats[BEACON_FORMATS] = {
    [BEACON_FORMAT_NONE] = "",
    [BEACON_MIBEACON] = "mibeacon",
    [BEACON_MIBEACON_LEGACY] = "mibeacon-legacy",
    [BEACON_ATC1441] = "atc1441",
    [BEACON_ATC1441_ENC] = "atc1441-enc",
    [BEACON_PVVX] = "pvvx",
    [BEACON_PVVX_ENC] = "pvvx-enc",
    [BEACON_BTHOME1] = "bthome1",
    [BEACON_BTHOME1_ENC] = "bthome1-enc",
    [BEACON_BTHOME2] = "bthome2",
    [BEACON_BTHOME2_ENC] = "bthome2-enc",
    [BEACON_QINGPING] = "qingping",
    [BEACON_MISCALE1] = "miscale1",
    [BEACON_MISCALE2] = "miscale2",
    [BEACON_HHCCJCY10] = "hhccjcy10",
};

const char *beacon_outcome_name(enum beacon_outcome outcome)
{
    return (unsigned)outcome < BEACON_OUTCOMES ? outcomes[outcome] : "";
}

const char *beacon_format_name(enum beacon_format format)
{
    return (unsigned)format < BEACON_FORMATS ? formats[format] : "";
}
