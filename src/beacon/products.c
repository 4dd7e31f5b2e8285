/*
 * products.c: every device we know by name, in the order of the ids.
 *
 * The ids are Xiaomi's, gathered from the tables of several gateways; where two of them disagree on
 * a model's name the one printed on the device is taken. Rows without an id of Xiaomi's (NO_ID)
 * stand for devices that speak other formats: 0a1c, 944a and b770 are the ids Tasmota gives such
 * families, 0000 is for those that it does not know.
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
    [PRODUCT_CGP1W] = { 0x0000, "CGP1W", "CGP1W", "Qingping air pressure clock", NO_ID },
    [PRODUCT_CGDN1] = { 0x0000, "CGDN1", "CGDN1", "Qingping Air Monitor Lite", NO_ID },
    [PRODUCT_CGM1] = { 0x0000, "CGM1", "CGM1", "Qingping CGM1", NO_ID },
    [PRODUCT_CGF1W] = { 0x0000, "CGF1W", "CGF1W", "Qingping CGF1W", NO_ID },
    [PRODUCT_CGP23W] = { 0x0000, "CGP23W", "CGP23W", "Qingping Temp & RH Barometer Pro", NO_ID },
    [PRODUCT_CGP22C] = { 0x0000, "CGP22C", "CGP22C", "Qingping CO2 & Temp & RH Monitor", NO_ID },
    [PRODUCT_MISCALE1] = { 0x0000, "XMTZC01HM/XMTZC04HM", "XMTZC01HM", "Mi Smart Scale", NO_ID },
    [PRODUCT_MISCALE2] = { 0x0000, "XMTZC02HM/XMTZC05HM/NUN4049CN", "XMTZC02HM",
                           "Mi Body Composition Scale 2", NO_ID },
    [PRODUCT_HHCCJCY10] = { 0x0000, "HHCCJCY10", "HHCCJCY10", "Flower Care, Tuya build", NO_ID },
    { 0x0083, "YM-K1501", "YMK1501", "Xiaomi Mijia Smart kettle", 0 },
    { 0x0098, "HHCCJCY01", "Flora", "Flower Care / MiFlora", 0 },
    { 0x00db, "MMC-T201-1", "MMCT2011", "Miaomiaoce iHealth baby thermometer", 0 },
    { 0x0113, "YM-K1501EU", "YMK1501EU", "Xiaomi Kettle", 0 },
    { 0x0153, "YLYK01YL", "YLYK01", "Yeelight Remote Control", LEGACY_KEY },
    { 0x015d, "HHCCPOT002", "HHCCPOT002", "Flower Care smart pot (RoPot)", 0 },
    { 0x01aa, "LYWSDCGQ", "MJ_HT_V1",
      "Mijia Bluetooth Temperature and Humidity Sensor (round, LCD)", 0 },
    { 0x02df, "JQJCY01YM", "JQJCY01YM", "Xiaomi/Honeywell Formaldehyde Sensor", 0 },
    { 0x031a, "MJZNMS02LM", "MJZNMS02LM", "Xiaomi Door Lock", 0 },
    { 0x0347, "CGG1", "CGG1", "ClearGrass/Qingping Temp & RH round e-ink", 0 },
    { 0x0380, "DSL-C08", "DSLC08", "Xiaomi Lockin Q2", 0 },
    { 0x0387, "MHO-C401", "MHOC401", "Xiaomi/MiaoMiaoCe Alarm clock", BAD_BATTERY },
    { 0x0391, "MMC-W505", "MMCW505", "Miaomiaoce body thermometer", 0 },
    { 0x03b6, "YLKG07YL/YLKG08YL", "YLKG08", "Yeelight Rotating Dimmer", LEGACY_KEY },
    { 0x03bb, "ydhome.lock.m2silver", "ydhomelockm2silver", "Lock M2", 0 },
    { 0x03bc, "GCLS002", "GCLS002", "VegTrug Grow Care Garden", 0 },
    { 0x03bf, "YLYB01YL-BHFRC", "YLYB01YLBHFRC", "Yeelight Bathroom Heater Remote Control",
      LEGACY_KEY },
    { 0x03d6, "CGH1", "CGH1", "Qingping Window Door/Sensor", 0 },
    { 0x03dd, "MUE4094RT", "NLIGHT", "Xiaomi/Philips Bluetooth Night Light", 0 },
    { 0x040a, "WX08ZM", "WX08ZM", "Xiaomi Mija Mosquito Repellent", 0 },
    { 0x045b, "LYWSD02", "LYWSD02", "Mijia Temperature and Humidity Monitor Clock", 0 },
    { 0x045c, "V-SK152", "VSK152", "Viomi Smart Kettle", 0 },
    { 0x0489, "M1S-T500", "M1ST500", "Xiaomi Mi Electric Toothbrush T500", 0 },
    { 0x04b3, "dsm.lock.q3", "dsmlockq3", "Dessmann Q3", 0 },
    { 0x04e1, "XMMF01JQD", "XMMF01JQD", "Xiaomi Smart Mijia Magic Cube", 0 },
    { 0x04e6, "YLYK01YL-VENFAN", "YLYK01YLVENFAN", "Yeelight Ventilator Fan Remote Control",
      LEGACY_KEY },
    { 0x04e9, "MJZNMSQ01YD", "MJZNMSQ01YD", "Xiaomi Door Lock Youth Edition", ENCRYPTS },
    { 0x055b, "LYWSD03MMC", "LYWSD03", "Mijia Bluetooth Hygrothermograph 2", BAD_BATTERY },
    { 0x0571, "lcrmcr.safe.ms30b", "lcrmcrsafems30b", "Xiaomi Safe Cayo Anno 30Z", 0 },
    { 0x0576, "CGD1", "CGD1", "Qingping Cleargrass CGD1 alarm clock", 0 },
    { 0x0599, "MJZNMS03LM", "MJZNMS03LM", "Xiaomi Door Lock", 0 },
    { 0x066f, "CGDK2", "CGDK2", "Qingping Temp & RH Monitor Lite", 0 },
    { 0x068e, "YLYK01YL-FANCL", "YLYK01YLFANCL", "Yeelight Fan Remote Control", LEGACY_KEY },
    { 0x069e, "ZNMS16LM", "ZNMS16LM", "Xiaomi Aqara Lock N100", 0 },
    { 0x069f, "ZNMS17LM", "ZNMS17LM", "Xiaomi Aqara Lock N200", 0 },
    { 0x06d3, "MHO-C303", "MHOC303", "Xiaomi/MiaoMiaoCe Alarm clock", 0 },
    { 0x0711, "PTH-1", "PTH1", "Xiaomi Air Quality Monitor", 0 },
    { 0x0784, "XMZNMS04LM", "XMZNMS04LM", "Xiaomi Smart Door Lock E", 0 },
    { 0x07bf, "YLAI003", "YLAI003", "Yeelight Smart Wireless Switch", 0 },
    { 0x07f6, "MJYD02YL", "MJYD2S", "Xiaomi Motion Activated Night Light", 0 },
    { 0x0806, "T700", "T700", "Xiaomi Mi Electric Toothbrush T700", ENCRYPTS },
    { 0x0863, "SJWS01LM", "SJWS01L", "Xiaomi Smart Water Leak Sensor", 0 },
    { 0x098b, "MCCGQ02HL", "MCCGQ02", "Xiaomi Mijia Window/Door Sensor 2", ENCRYPTS },
    { 0x098c, "XMZNMST02YD", "XMZNMST02YD", "Xiaomi Mijia Mi Smart Door Lock Push Pull", 0 },
    { 0x0997, "JTYJGD03MI", "JTYJGD03MI", "Xiaomi/Honeywell Smoke Detector (Bluetooth)", ENCRYPTS },
    { 0x09b0, "BGX-5/X1-3001", "BGX5X13001", "Lockin Safe Box", 0 },
    { 0x09e0, "MJHWSHO2YM", "MJHWSHO2YM", "Xiaomi Kettle Pro", 0 },
    { 0x0a1c, "ATC", "ATC", "Thermometer with ATC1441 firmware", NO_ID },
    { 0x0a83, "CGPR1", "CGPR1", "Qingping Motion and ambient light sensor", BAD_BATTERY },
    { 0x0a8d, "RTCGQ02LM", "RTCGQ02LM", "Xiaomi Mi Motion Sensor 2", ENCRYPTS },
    { 0x0b48, "CGG1-ENCRYPTED", "CGG1ENCRYPTED", "Qingping Temp & RH Monitor M (CGG1-M)", 0 },
    { 0x0beb, "ZNMS20LM", "ZNMS20LM", "Aqara Door Lock D100", 0 },
    { 0x0c3c, "CGC1", "CGC1", "Qingping Bluetooth alarm clock", 0 },
    { 0x0d0f, "loock.lock.cc2xpro", "loocklockcc2xpro", "Lockin Door Lock Classic 2X Pro", 0 },
    { 0x0de7, "SU001-T", "SU001T", "Petoneer Smart Odor Eliminator Pro SU001-T", ENCRYPTS },
    { 0x0dfd, "K9B-3BTN", "K9B3BTN", "Linptech Switch (three button version)", 0 },
    { 0x0e39, "XMZNMS08LM", "XMZNMS08LM", "Xiaomi Smart Door Lock 1S", ENCRYPTS },
    { 0x0e65, "XMZNMS06LM", "XMZNMS06LM", "Xiaomi Face Recognition Smart Door Lock X", 0 },
    { 0x0f3b, "XMZNMSTO3YD", "XMZNMSTO3YD", "Lockin Door Lock", 0 },
    { 0x11c2, "Lockin-SV40", "LockinSV40", "Lockin Push-Pull Smart Lock SV40", ENCRYPTS },
    { 0x1203, "XMWSDJ04MMC", "XMWSDJ04MMC", "Xiaomi Electronic Thermometer and Hygrometer",
      ENCRYPTS },
    { 0x1568, "K9B-1BTN", "K9B1BTN", "Linptech Switch (one button version)", 0 },
    { 0x1569, "K9B-2BTN", "K9B2BTN", "Linptech Switch (two button version)", 0 },
    { 0x16e4, "LYWSD02MMC", "LYWSD02MMC", "Xiaomi Temperature and Humidity Monitor Clock",
      ENCRYPTS },
    { 0x1781, "XMZNMS09LM", "XMZNMS09LM", "Xiaomi Face Recognition Smart Door Lock", 0 },
    { 0x1790, "T700", "T700", "Xiaomi Mi Electric Toothbrush T700", ENCRYPTS },
    { 0x1889, "MS1BB(MI)", "MS1BBMI", "Linptech Door and Window Sensor", 0 },
    { 0x18e3, "ZX1", "ZX1", "8H sleep sensor ZX1", ENCRYPTS },
    { 0x1949, "XMWXKG01YL", "XMWXKG01YL", "Xiaomi Smart Switch (two button version)", ENCRYPTS },
    { 0x1a56, "lemesh.remote.ts1", "lemeshremotets1", "LeMesh Wireless Button", 0 },
    { 0x1c10, "K9BB-1BTN", "K9BB1BTN", "Linptech Switch (one button version, battery powered)",
      ENCRYPTS },
    { 0x1e37, "loock.lock.fvl109", "loocklockfvl109", "Lockin Smart Door Lock S50M", 0 },
    { 0x20db, "MJZNZ018H", "MJZNZ018H", "Mijia smart pillow", ENCRYPTS },
    { 0x21a5, "huca.switch.dh2", "hucaswitchdh2", "H+ Double Wall Switch", 0 },
    { 0x2387, "XMWXKG01LM", "XMWXKG01LM", "Xiaomi Mijia wireless switch", ENCRYPTS },
    { 0x24a9, "hoto.timer.kt", "hototimerkt", "Mijia Timer", 0 },
    { 0x2542, "LYWSD02MMC", "LYWSD02MMC", "Xiaomi Temperature and Humidity Monitor Clock",
      ENCRYPTS },
    { 0x2695, "XFCL201", "XFCL201", "Loock Loock Smart Lock V5 Max", 0 },
    { 0x2809, "XMZNMS01OD", "XMZNMS01OD", "Xiaomi Door Lock E10", 0 },
    { 0x2832, "MJWSD05MMC", "MJWSD05MMC", "Xiaomi Mijia Smart Temperature and Humidity Monitor 3",
      ENCRYPTS },
    { 0x2aeb, "HS1BB(MI)", "HS1BBMI", "Linptech Motion Sensor", ENCRYPTS },
    { 0x2c09, "PTX-X6-QMIMB", "PTXX6QMIMB", "PTX BLE Wireless situation knob switch", 0 },
    { 0x2cba, "lcrmcr.lock.cb2207", "lcrmcrlockcb2207", "CRMCR intelligent glass door lock", 0 },
    { 0x2f97, "loock.lock.r2", "loocklockr2", "Lockin Door Lock M20 Pro", 0 },
    { 0x2fc5, "MCN003", "MCN003", "Xiaomi Safe Box", 0 },
    { 0x305e, "huca.remote.wx8", "hucaremotewx8", "H+ Wireless Button", 0 },
    { 0x30d9, "MJTZC01YM", "MJTZC01YM", "Xiaomi Body Composition Scale S400", ENCRYPTS },
    { 0x3286, "XMZNMS201LM", "XMZNMS201LM", "Xiaomi Smart Door Lock E20 WIFI", 0 },
    { 0x3341, "lumi.lock.mcn009", "lumilockmcn009", "Xiaomi Smart Door Lock E20 (Video Monitor)",
      0 },
    { 0x34fe, "MJBQDYJ1-WC", "MJBQDYJ1WC", "Xiaomi Label printer", 0 },
    { 0x3531, "XMPIRO2SXS", "XMPIRO2SXS", "Xiaomi Human Body Sensor 2S", ENCRYPTS },
    { 0x3878, "lemesh.remote.ts4", "lemeshremotets4", "LeMesh Scenario wireless knob switch K4",
      0 },
    { 0x3884, "lemesh.switch.sw3f01", "lemeshswitchsw3f01", "LeMesh Triple Wall Switch", 0 },
    { 0x3885, "lemesh.switch.sw2f01", "lemeshswitchsw2f01", "LeMesh Double Wall Switch", 0 },
    { 0x3886, "lemesh.switch.sw1f01", "lemeshswitchsw1f01", "LeMesh Single Wall Switch", 0 },
    { 0x38bb, "PTX_YK1_QMIMB", "PTX_YK1_QMIMB", "Xiaomi BLE wireless switch", ENCRYPTS },
    { 0x3910, "PTX-AK1-QMIMC", "PTXAK1QMIMC", "PTX Mesh Wireless Switch", 0 },
    { 0x3911, "PTX-AK2-QMIMB", "PTXAK2QMIMB", "PTX Mesh Double Wireless Switch", 0 },
    { 0x3912, "PTX-AK3-QMIMB", "PTXAK3QMIMB", "PTX Mesh Triple Wireless Switch", 0 },
    { 0x399a, "xiaomi.pet_waterer.002", "xiaomipet_waterer002", "Xiaomi Pet Drinking Fountain", 0 },
    { 0x3a61, "KS1", "KS1", "Linptech Smart Wireless Switch KS1", ENCRYPTS },
    { 0x3bd5, "MJTZC01YM", "MJTZC01YM", "Xiaomi Body Composition Scale S400", ENCRYPTS },
    { 0x3e17, "KS1BP", "KS1BP", "Linptech Smart Wireless Switch KS1 Pro", ENCRYPTS },
    { 0x3f0f, "RS1BB(MI)", "RS1BBMI", "Linptech Water Immersion and Rainwater sensor", ENCRYPTS },
    { 0x3f34, "giot.remote.v52kwm", "giotremotev52kwm", "GranwinIoT V5 Two Key Switch (BLE)", 0 },
    { 0x3f35, "giot.remote.v53kwm", "giotremotev53kwm", "GranwinIoT V5 Three Key Switch (BLE)", 0 },
    { 0x3f36, "giot.remote.v54kwm", "giotremotev54kwm", "GranwinIoT V5 Four Key Switch (BLE)", 0 },
    { 0x3f38, "giot.remote.v56kwm", "giotremotev56kwm", "GranwinIoT V5 Six Key Switch (BLE)", 0 },
    { 0x3f3a, "giot.remote.v58kwm", "giotremotev58kwm", "GranwinIoT V5 Eight Key Switch (BLE)", 0 },
    { 0x3f3f, "giot.remote.v51kwm", "giotremotev51kwm", "GranwinIoT V5 One Key Switch (BLE)", 0 },
    { 0x3f4c, "PS1BB", "PS1BB", "Linptech Pressure Sensor", ENCRYPTS },
    { 0x433d, "line.lock.fms5", "linelockfms5", "Smart Door Lock S5", 0 },
    { 0x44c1, "XMZNMS03OD", "XMZNMS03OD", "Xiaomi Smart Door Lock 2 (Finger Vein Unlock)", 0 },
    { 0x44fa, "lemesh.remote.ts10", "lemeshremotets10", "LeMesh Remote Control TS10", 0 },
    { 0x45a1, "cxw.remote.ble006", "cxwremoteble006", "Eight scene knob switch", 0 },
    { 0x45c9, "MJTZC02YM", "MJTZC02YM", "Xiaomi Smart Scale S200", ENCRYPTS },
    { 0x4683, "XMOSB01XS", "XMOSB01XS", "Xiaomi Mijia Human Body Occupancy Sensor", ENCRYPTS },
    { 0x474a, "ailol.remote.ts4", "ailolremotets4", "ZXFANS F2 smart knob remote control", 0 },
    { 0x47d6, "xiaomi.lock.b04sv", "xiaomilockb04sv", "Xiaomi Smart Door Lock E30", 0 },
    { 0x48c4, "loock.lock.h01lyk", "loocklockh01lyk", "Xiaomi Smart Door Lock E30", 0 },
    { 0x48cf, "MJTZC01YM", "MJTZC01YM", "Xiaomi Body Composition Scale S400", ENCRYPTS },
    { 0x4964, "IZQ-BLE", "IZQBLE", "ZiQing IZQ Presence Sensor Loong", 0 },
    { 0x4b05, "MJTZC03YM", "MJTZC03YM", "Xiaomi Body Composition Scale S400 Pro", ENCRYPTS },
    { 0x4b09, "cxw.remote.panv01", "cxwremotepanv01", "Eight Key Twenty-four Scene Switch V1", 0 },
    { 0x4c04, "MJTZC02YM", "MJTZC02YM", "Xiaomi Smart Scale S200", ENCRYPTS },
    { 0x4c47, "MJWSD05MMC", "MJWSD05MMC", "Xiaomi Mijia Smart Temperature and Humidity Monitor 3",
      ENCRYPTS },
    { 0x4c4d, "shuse.flood.ss05", "shusefloodss05", "Shuse Water Leak Sensor", 0 },
    { 0x4c60, "XMPIRO2GSXS", "XMPIRO2GSXS", "Xiaomi Motion Sensor", ENCRYPTS },
    { 0x4dcb, "MJTZC02YM", "MJTZC02YM", "Xiaomi Smart Scale S200", ENCRYPTS },
    { 0x4ed3, "rhj.sensor_occupy.l730a", "rhjsensor_occupyl730a", "LeTianPai Presence Sensor POP",
      0 },
    { 0x4f59, "CGDK3", "CGDK3", "Qingping Temp & RH Monitor Lite", ENCRYPTS },
    { 0x50d4, "HS3BB", "HS3BB", "Linptech Motion Sensor 3", 0 },
    { 0x50fb, "ES3", "ES3", "Linptech Human Presence Sensor", ENCRYPTS },
    { 0x51e2, "MJTZC04YM", "MJTZC04YM", "Xiaomi 8-electrode Body Fat Scale S800", 0 },
    { 0x520b, "KS2BB", "KS2BB", "Linptech Temperature Humidity Sensor KS2", ENCRYPTS },
    { 0x52e6, "YLYKG-0129", "YLYKG0129", "Yeelight K Series 4-Key Wall Switch", 0 },
    { 0x55b5, "MJWSD06MMC", "MJWSD06MMC",
      "Xiaomi Mijia Smart Temperature and Humidity Monitor 3 Mini", ENCRYPTS },
    { 0x5808, "CGG3", "CGG3", "Qingping Temp & RH Monitor (CGG3)", ENCRYPTS },
    { 0x5968, "XMWS01XS", "XMWS01XS", "Xiaomi Double Wall Button", ENCRYPTS },
    { 0x59fa, "M2457B1", "M2457B1", "Xiaomi Smart Band 10", ENCRYPTS },
    { 0x59fb, "M2456B1", "M2456B1", "Xiaomi Smart Band 10 NFC", ENCRYPTS },
    { 0x59fc, "M2456B1", "M2456B1", "Xiaomi Smart Band 10 Ceramic Edition", ENCRYPTS },
    { 0x5bea, "MJWSD06MMC", "MJWSD06MMC",
      "Xiaomi Mijia Smart Temperature and Humidity Monitor 3 Mini", ENCRYPTS },
    { 0x5db1, "MBS17", "MBS17", "Xiaomi Temperature/Humidity Sensor", ENCRYPTS },
    { 0x6188, "M2456B1", "M2456B1", "Xiaomi Smart Band 10 Glimmer Edition", ENCRYPTS },
    { 0x6375, "SJWS02LM", "SJWS02LM", "Xiaomi Water Leak Detector 2", ENCRYPTS },
    { 0x64c5, "PTX-F1-Display", "PTXF1Display", "PTX F1 4-key wireless switch with display",
      ENCRYPTS },
    { 0x6651, "shuse.airm.ss006", "shuseairmss006", "Shuse Air Monitor", 0 },
    { 0x6655, "bwj.diffuser.s5", "bwjdiffusers5", "SO Smart Aroma Diffuser S5", 0 },
    { 0x6a0f, "ES5BB", "ES5BB", "Linptech Human Presence Sensor ES5", ENCRYPTS },
    { 0x6b61, "shuse.flood.ss05", "shusefloodss05", "Shuse Water Leak Sensor Pro", 0 },
    { 0x6ed9, "ES5DB", "ES5DB", "Linptech Human Presence Sensor ES5(Top Mounted)", 0 },
    { 0x76c4, "shuse.flood.ss40", "shusefloodss40", "Shuse Water Leak Sensor", 0 },
    { 0x78a3, "AFWXKG220000", "AFWXKG220000", "LineHope Ark Fish Wireless Switch E2", 0 },
    { 0x78d1, "MC-COMM", "MCCOMM", "Xiaomi Door/Window Sensor", ENCRYPTS },
    { 0x78db, "ESM787", "ESM787", "Yanmi Temperature/Humidity Sensor", 0 },
    { 0x7ee9, "vchon.sensor_ht.mbs20", "vchonsensor_htmbs20", "RSH Thermometer and hygrometer", 0 },
    { 0x944a, "ATC", "PVVX", "Thermometer with pvvx firmware", NO_ID },
    { 0xb770, "BTHome", "BTHOME", "BTHome device", NO_ID },
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

const struct beacon_product *beacon_product_by_name(const char *name, size_t len)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (same_name(rows[i].model, name, len))
            return &rows[i];
    }
    for (size_t i = 0; i < ROWS; i++) {
        if (same_name(rows[i].tasmota, name, len))
            return &rows[i];
    }
    return NULL;
}

const struct beacon_product *beacon_products(size_t *count)
{
    *count = ROWS;
    return rows;
}
