#include "capture/capture.h"

#include <stdio.h>

/* What is wrong, behind the place or the member's name. */
static const char *const reasons[] = {
    [CAPTURE_UNREADABLE] = "reading failed",
    [CAPTURE_LINE_TOO_LONG] = "longer than 16384 characters",
    [CAPTURE_ZERO_BYTE] = "a zero byte: this is no text",
    [CAPTURE_NOT_JSON] = "not JSON",
    [CAPTURE_TRAILING_TEXT] = "text behind the end of the object",
    [CAPTURE_NO_HEX_DIGIT] = "neither a JSON object nor a hex digit",
    [CAPTURE_ODD_DIGITS] = "an odd number of hex digits",
    [CAPTURE_ADVERT_TOO_LONG] = "longer than the 1650 bytes of the longest advert",
    [CAPTURE_MEMBER_MISSING] = "this member is missing",
    [CAPTURE_NO_TEXT] = "must be a text",
    [CAPTURE_TEXT_TOO_LONG] = "this text is too long",
    [CAPTURE_BAD_MAC] = "12 hex digits are needed, with colons or without",
    [CAPTURE_BAD_ADDR_TYPE] = "must be \"public\" or \"random\"",
    [CAPTURE_BAD_RSSI] = "a whole number from -128 to 127 is needed",
    [CAPTURE_BAD_KEY] = "null, or 32 hex digits (bind key) or 24 (beacon key) are needed",
    [CAPTURE_BAD_TIME] = "seconds are needed, 0 or more",
    [CAPTURE_NO_REPORT] = "an HCI event, but no advertising report",
    [CAPTURE_BAD_REPORT] = "the HCI event is shorter than its reports say",
    [CAPTURE_SNOOP_UNKNOWN] = "a btsnoop file of a version or content that is not known",
    [CAPTURE_SNOOP_CUT] = "the file ends within a record",
    [CAPTURE_NO_SENDER] = "the sender's address is missing, so this line cannot be replayed",
};

char *capture_fault_text(const struct capture_fault *fault, char out[CAPTURE_FAULT_TEXT_SIZE])
{
    const char *what = fault->is_record ? "record" : "line";
    const char *reason = reasons[fault->reason];

    if (fault->member)
        snprintf(out, CAPTURE_FAULT_TEXT_SIZE, "%s %u: %s: %s", what, fault->line, fault->member,
                 reason);
    else if (fault->column > 0)
        snprintf(out, CAPTURE_FAULT_TEXT_SIZE, "%s %u, column %u: %s", what, fault->line,
                 fault->column, reason);
    else
        snprintf(out, CAPTURE_FAULT_TEXT_SIZE, "%s %u: %s", what, fault->line, reason);
    return out;
}
