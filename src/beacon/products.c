/*
 * products.c: every device we know by name, in the order of the ids.
 *
 * The ids are Xiaomi's, gathered from the tables of several gateways; where two of them disagree on
 * a model's name the one printed on the device is taken. Rows without an id of Xiaomi's (NO_ID)
 * stand for devices that speak other formats: 0a1c, 944a and b770 are the ids Tasmota gives such
 * families, 0000 is for those that it does not know.
 *
 * The last column is the name Tasmota's users know, where it is not the model without its
 * punctuation.
 *
 * BAD_BATTERY: LYWSD03MMC and MHO-C401 send a number that does not follow their cell (Tasmota
 * ignores it), CGPR1 sends an hourly counter in the same object (XiaomiGateway3 believes it only
 * when it comes twice).
 */
#include "beacon/beacon_private.h"

#include <string.h>

enum {
    LEGACY_KEY = BEACON_PRODUCT_LEGACY_KEY,
    ENCRYPTS = BEACON_PRODUCT_ENCRYPTS,
    BAD_BATTERY = BEACON_PRODUCT_BAD_BATTERY,
    NO_ID = BEACON_PRODUCT_NO_ID,
};

static const struct beacon_product rows[] = {
    [PRODUCT_CGP1W] = { 0x0000, NO_ID, "CGP1W", NULL },
    [PRODUCT_CGDN1] = { 0x0000, NO_ID, "CGDN1", NULL },
    [PRODUCT_CGM1] = { 0x0000, NO_ID, "CGM1", NULL },
    [PRODUCT_CGF1W] = { 0x0000, NO_ID, "CGF1W", NULL },
    [PRODUCT_CGP23W] = { 0x0000, NO_ID, "CGP23W", NULL },
    [PRODUCT_CGP22C] = { 0x0000, NO_ID, "CGP22C", NULL },
    [PRODUCT_MISCALE1] = { 0x0000, NO_ID, "XMTZC01HM/XMTZC04HM", "XMTZC01HM" },
    [PRODUCT_MISCALE2] = { 0x0000, NO_ID, "XMTZC02HM/XMTZC05HM/NUN4049CN", "XMTZC02HM" },
    [PRODUCT_HHCCJCY10] = { 0x0000, NO_ID, "HHCCJCY10", NULL },
    { 0x0083, 0, "YM-K1501", NULL },
    { 0x0098, 0, "HHCCJCY01", "Flora" },
    { 0x00db, 0, "MMC-T201-1", NULL },
    { 0x0113, 0, "YM-K1501EU", NULL },
    { 0x0153, LEGACY_KEY, "YLYK01YL", "YLYK01" },
    { 0x015d, 0, "HHCCPOT002", NULL },
    { 0x01aa, 0, "LYWSDCGQ", "MJ_HT_V1" },
    { 0x02df, 0, "JQJCY01YM", NULL },
    { 0x031a, 0, "MJZNMS02LM", NULL },
    { 0x0347, 0, "CGG1", NULL },
    { 0x0380, 0, "DSL-C08", NULL },
    { 0x0387, BAD_BATTERY, "MHO-C401", NULL },
    { 0x0391, 0, "MMC-W505", NULL },
    { 0x03b6, LEGACY_KEY, "YLKG07YL/YLKG08YL", "YLKG08" },
    { 0x03bb, 0, "ydhome.lock.m2silver", NULL },
    { 0x03bc, 0, "GCLS002", NULL },
    { 0x03bf, LEGACY_KEY, "YLYB01YL-BHFRC", NULL },
    { 0x03d6, 0, "CGH1", NULL },
    { 0x03dd, 0, "MUE4094RT", "NLIGHT" },
    { 0x040a, 0, "WX08ZM", NULL },
    { 0x045b, 0, "LYWSD02", NULL },
    { 0x045c, 0, "V-SK152", NULL },
    { 0x0489, 0, "M1S-T500", NULL },
    { 0x04b3, 0, "dsm.lock.q3", NULL },
    { 0x04e1, 0, "XMMF01JQD", NULL },
    { 0x04e6, LEGACY_KEY, "YLYK01YL-VENFAN", NULL },
    { 0x04e9, ENCRYPTS, "MJZNMSQ01YD", NULL },
    { 0x055b, BAD_BATTERY, "LYWSD03MMC", "LYWSD03" },
    { 0x0571, 0, "lcrmcr.safe.ms30b", NULL },
    { 0x0576, 0, "CGD1", NULL },
    { 0x0599, 0, "MJZNMS03LM", NULL },
    { 0x066f, 0, "CGDK2", NULL },
    { 0x068e, LEGACY_KEY, "YLYK01YL-FANCL", NULL },
    { 0x069e, 0, "ZNMS16LM", NULL },
    { 0x069f, 0, "ZNMS17LM", NULL },
    { 0x06d3, 0, "MHO-C303", NULL },
    { 0x0711, 0, "PTH-1", NULL },
    { 0x0784, 0, "XMZNMS04LM", NULL },
    { 0x07bf, 0, "YLAI003", NULL },
    { 0x07f6, 0, "MJYD02YL", "MJYD2S" },
    { 0x0806, ENCRYPTS, "T700", NULL },
    { 0x0863, 0, "SJWS01LM", "SJWS01L" },
    { 0x098b, ENCRYPTS, "MCCGQ02HL", "MCCGQ02" },
    { 0x098c, 0, "XMZNMST02YD", NULL },
    { 0x0997, ENCRYPTS, "JTYJGD03MI", NULL },
    { 0x09b0, 0, "BGX-5/X1-3001", NULL },
    { 0x09e0, 0, "MJHWSHO2YM", NULL },
    { 0x0a1c, NO_ID, "ATC", NULL },
    { 0x0a83, BAD_BATTERY, "CGPR1", NULL },
    { 0x0a8d, ENCRYPTS, "RTCGQ02LM", NULL },
    { 0x0b48, 0, "CGG1-ENCRYPTED", NULL },
    { 0x0beb, 0, "ZNMS20LM", NULL },
    { 0x0c3c, 0, "CGC1", NULL },
    { 0x0d0f, 0, "loock.lock.cc2xpro", NULL },
    { 0x0de7, ENCRYPTS, "SU001-T", NULL },
    { 0x0dfd, 0, "K9B-3BTN", NULL },
    { 0x0e39, ENCRYPTS, "XMZNMS08LM", NULL },
    { 0x0e65, 0, "XMZNMS06LM", NULL },
    { 0x0f3b, 0, "XMZNMSTO3YD", NULL },
    { 0x11c2, ENCRYPTS, "Lockin-SV40", NULL },
    { 0x1203, ENCRYPTS, "XMWSDJ04MMC", NULL },
    { 0x1568, 0, "K9B-1BTN", NULL },
    { 0x1569, 0, "K9B-2BTN", NULL },
    { 0x16e4, ENCRYPTS, "LYWSD02MMC", NULL },
    { 0x1781, 0, "XMZNMS09LM", NULL },
    { 0x1790, ENCRYPTS, "T700", NULL },
    { 0x1889, 0, "MS1BB(MI)", NULL },
    { 0x18e3, ENCRYPTS, "ZX1", NULL },
    { 0x1949, ENCRYPTS, "XMWXKG01YL", NULL },
    { 0x1a56, 0, "lemesh.remote.ts1", NULL },
    { 0x1c10, ENCRYPTS, "K9BB-1BTN", NULL },
    { 0x1e37, 0, "loock.lock.fvl109", NULL },
    { 0x20db, ENCRYPTS, "MJZNZ018H", NULL },
    { 0x21a5, 0, "huca.switch.dh2", NULL },
    { 0x2387, ENCRYPTS, "XMWXKG01LM", NULL },
    { 0x24a9, 0, "hoto.timer.kt", NULL },
    { 0x2542, ENCRYPTS, "LYWSD02MMC", NULL },
    { 0x2695, 0, "XFCL201", NULL },
    { 0x2809, 0, "XMZNMS01OD", NULL },
    { 0x2832, ENCRYPTS, "MJWSD05MMC", NULL },
    { 0x2aeb, ENCRYPTS, "HS1BB(MI)", NULL },
    { 0x2c09, 0, "PTX-X6-QMIMB", NULL },
    { 0x2cba, 0, "lcrmcr.lock.cb2207", NULL },
    { 0x2f97, 0, "loock.lock.r2", NULL },
    { 0x2fc5, 0, "MCN003", NULL },
    { 0x305e, 0, "huca.remote.wx8", NULL },
    { 0x30d9, ENCRYPTS, "MJTZC01YM", NULL },
    { 0x3286, 0, "XMZNMS201LM", NULL },
    { 0x3341, 0, "lumi.lock.mcn009", NULL },
    { 0x34fe, 0, "MJBQDYJ1-WC", NULL },
    { 0x3531, ENCRYPTS, "XMPIRO2SXS", NULL },
    { 0x3878, 0, "lemesh.remote.ts4", NULL },
    { 0x3884, 0, "lemesh.switch.sw3f01", NULL },
    { 0x3885, 0, "lemesh.switch.sw2f01", NULL },
    { 0x3886, 0, "lemesh.switch.sw1f01", NULL },
    { 0x38bb, ENCRYPTS, "PTX_YK1_QMIMB", NULL },
    { 0x3910, 0, "PTX-AK1-QMIMC", NULL },
    { 0x3911, 0, "PTX-AK2-QMIMB", NULL },
    { 0x3912, 0, "PTX-AK3-QMIMB", NULL },
    { 0x399a, 0, "xiaomi.pet_waterer.002", NULL },
    { 0x3a61, ENCRYPTS, "KS1", NULL },
    { 0x3bd5, ENCRYPTS, "MJTZC01YM", NULL },
    { 0x3e17, ENCRYPTS, "KS1BP", NULL },
    { 0x3f0f, ENCRYPTS, "RS1BB(MI)", NULL },
    { 0x3f34, 0, "giot.remote.v52kwm", NULL },
    { 0x3f35, 0, "giot.remote.v53kwm", NULL },
    { 0x3f36, 0, "giot.remote.v54kwm", NULL },
    { 0x3f38, 0, "giot.remote.v56kwm", NULL },
    { 0x3f3a, 0, "giot.remote.v58kwm", NULL },
    { 0x3f3f, 0, "giot.remote.v51kwm", NULL },
    { 0x3f4c, ENCRYPTS, "PS1BB", NULL },
    { 0x433d, 0, "line.lock.fms5", NULL },
    { 0x44c1, 0, "XMZNMS03OD", NULL },
    { 0x44fa, 0, "lemesh.remote.ts10", NULL },
    { 0x45a1, 0, "cxw.remote.ble006", NULL },
    { 0x45c9, ENCRYPTS, "MJTZC02YM", NULL },
    { 0x4683, ENCRYPTS, "XMOSB01XS", NULL },
    { 0x474a, 0, "ailol.remote.ts4", NULL },
    { 0x47d6, 0, "xiaomi.lock.b04sv", NULL },
    { 0x48c4, 0, "loock.lock.h01lyk", NULL },
    { 0x48cf, ENCRYPTS, "MJTZC01YM", NULL },
    { 0x4964, 0, "IZQ-BLE", NULL },
    { 0x4b05, ENCRYPTS, "MJTZC03YM", NULL },
    { 0x4b09, 0, "cxw.remote.panv01", NULL },
    { 0x4c04, ENCRYPTS, "MJTZC02YM", NULL },
    { 0x4c47, ENCRYPTS, "MJWSD05MMC", NULL },
    { 0x4c4d, 0, "shuse.flood.ss05", NULL },
    { 0x4c60, ENCRYPTS, "XMPIRO2GSXS", NULL },
    { 0x4dcb, ENCRYPTS, "MJTZC02YM", NULL },
    { 0x4ed3, 0, "rhj.sensor_occupy.l730a", NULL },
    { 0x4f59, ENCRYPTS, "CGDK3", NULL },
    { 0x50d4, 0, "HS3BB", NULL },
    { 0x50fb, ENCRYPTS, "ES3", NULL },
    { 0x51e2, 0, "MJTZC04YM", NULL },
    { 0x520b, ENCRYPTS, "KS2BB", NULL },
    { 0x52e6, 0, "YLYKG-0129", NULL },
    { 0x55b5, ENCRYPTS, "MJWSD06MMC", NULL },
    { 0x5808, ENCRYPTS, "CGG3", NULL },
    { 0x5968, ENCRYPTS, "XMWS01XS", NULL },
    { 0x59fa, ENCRYPTS, "M2457B1", NULL },
    { 0x59fb, ENCRYPTS, "M2456B1", NULL },
    { 0x59fc, ENCRYPTS, "M2456B1", NULL },
    { 0x5bea, ENCRYPTS, "MJWSD06MMC", NULL },
    { 0x5db1, ENCRYPTS, "MBS17", NULL },
    { 0x6188, ENCRYPTS, "M2456B1", NULL },
    { 0x6375, ENCRYPTS, "SJWS02LM", NULL },
    { 0x64c5, ENCRYPTS, "PTX-F1-Display", NULL },
    { 0x6651, 0, "shuse.airm.ss006", NULL },
    { 0x6655, 0, "bwj.diffuser.s5", NULL },
    { 0x6a0f, ENCRYPTS, "ES5BB", NULL },
    { 0x6b61, 0, "shuse.flood.ss05", NULL },
    { 0x6ed9, 0, "ES5DB", NULL },
    { 0x76c4, 0, "shuse.flood.ss40", NULL },
    { 0x78a3, 0, "AFWXKG220000", NULL },
    { 0x78d1, ENCRYPTS, "MC-COMM", NULL },
    { 0x78db, 0, "ESM787", NULL },
    { 0x7ee9, 0, "vchon.sensor_ht.mbs20", NULL },
    { 0x944a, NO_ID, "ATC", "PVVX" },
    { 0xb770, NO_ID, "BTHome", "BTHOME" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const struct beacon_product *product_without_id(enum product_place place)
{
    return &rows[place];
}

const struct beacon_product *beacon_product_by_id(uint16_t id)
{
    size_t first = 0, end = ROWS;

    while (first < end) {
        const size_t middle = first + (end - first) / 2;
        if (rows[middle].id < id)
            first = middle + 1;
        else
            end = middle;
    }
    return id != 0 && first < ROWS && rows[first].id == id ? &rows[first] : NULL;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_name(const char *a, const char *b, size_t len)
{
    if (strlen(a) != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (lower(a[i]) != lower(b[i]))
            return false;
    }
    return true;
}

static bool is_name_char(char c)
{
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_';
}

char *beacon_product_tasmota(const struct beacon_product *product, char out[BEACON_TASMOTA_SIZE])
{
    const char *from = product->own_tasmota ? product->own_tasmota : product->model;
    size_t n = 0;

    for (; *from && n < BEACON_TASMOTA_SIZE - 1; from++) {
        if (is_name_char(*from))
            out[n++] = *from;
    }
    out[n] = '\0';
    return out;
}

const struct beacon_product *beacon_product_by_name(const char *name, size_t len)
{
    char tasmota[BEACON_TASMOTA_SIZE];

    for (size_t i = 0; i < ROWS; i++) {
        if (same_name(rows[i].model, name, len))
            return &rows[i];
    }
    for (size_t i = 0; i < ROWS; i++) {
        if (same_name(beacon_product_tasmota(&rows[i], tasmota), name, len))
            return &rows[i];
    }
    return NULL;
}

const struct beacon_product *beacon_products(size_t *count)
{
    *count = ROWS;
    return rows;
}
