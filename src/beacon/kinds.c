/*
 * kinds.c: the vocabulary, one row a kind.
 *
 * Columns: name, unit, type, decimals shown, happens rather than is, Tasmota's JSON name, Home
 * Assistant platform and device class, HomeKit service. Tasmota's own names are Temperature,
 * Humidity, DewPoint, Battery, Illuminance, Moisture, Fertility, Button, Dimmer, Hold, Motion, NMT,
 * Door and Leak; the others are ours in its manner. A Home Assistant class is given only where
 * that platform has it. Locks are left out of HomeKit on purpose: a radio frame must not move one.
 */
#include "beacon/kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The words follow the enums of kinds.h. */
static const char *const event_words[] = {
    "press",
    "double_press",
    "triple_press",
    "long_press",
    "long_double_press",
    "long_triple_press",
    "hold_press",
    "rotate_left",
    "rotate_right",
    "rotate_left_pressed",
    "rotate_right_pressed",
    "unknown",
    NULL,
};

static const char *const button_words[] = {
    "left",
    "right",
    "middle",
    "left+right",
    "left+middle",
    "middle+right",
    "left+middle+right",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "on",
    "off",
    "brightness",
    "plus",
    "m",
    "minus",
    "fan",
    "light",
    "wind_speed",
    "color_temperature",
    "wind_mode",
    "swing",
    "power",
    "timer_60",
    "stronger",
    "timer_30",
    "weaker",
    "stop",
    "air_exchange",
    "faster",
    "slower",
    "dry",
    "heat",
    NULL,
};

static const char *const door_words[] = {
    "open",  "closed", "open_timeout", "knock",    "pried",
    "stuck", "reset",  "removed",      "abnormal", NULL,
};

static const char *const opening_words[] = {
    "open",
    "closed",
    NULL,
};

static const char *const window_words[] = {
    "open",
    "closed",
    NULL,
};

static const char *const garage_door_words[] = {
    "open",
    "closed",
    NULL,
};

static const char *const lock_words[] = {
    "locked",
    "unlocked",
    NULL,
};

static const char *const lock_action_words[] = {
    "unlock_outside", "unlock_inside", "lock",         "lock_inside",
    "lock_outside",   "antilock_on",   "antilock_off", "childlock_on",
    "childlock_off",  "abnormal",      NULL,
};

static const char *const lock_method_words[] = {
    "bluetooth", "password", "biometric", "key",    "turntable", "nfc",      "one_time_password",
    "two_step",  "coercion", "homekit",   "manual", "automatic", "abnormal", NULL,
};

static const char *const lock_error_words[] = {
    "wrong_password",
    "wrong_fingerprint",
    "input_timeout",
    "lock_picking",
    "reset_button",
    "wrong_key",
    "keyhole_blocked",
    "key_left",
    "wrong_nfc",
    "not_locked",
    "wrong_combination",
    "wrong_face",
    "wrong_vein",
    "hijacking",
    "unlocked_while_armed",
    "wrong_palm",
    "safe_moved",
    "battery_below_10",
    "battery_below_5",
    "fingerprint_sensor_fault",
    "accessory_battery_low",
    "mechanical_fault",
    "lock_sensor_fault",
    NULL,
};

static const char *const fingerprint_words[] = {
    "match", "fail", "timeout", "low_quality", "insufficient_area", "too_dry", "too_wet", NULL,
};

static const char *const smoke_state_words[] = {
    "clear", "alarm", "fault", "test", NULL,
};

static const char *const kettle_state_words[] = {
    "idle", "heating", "cooling", "keep_warm", NULL,
};

static const char *const charging_words[] = {
    "charging",
    "not_charging",
    "full",
    NULL,
};

static const char *const weight_unit_words[] = {
    "kg",
    "lb",
    "jin",
    NULL,
};

static const char *const gesture_words[] = {
    "shake", "flip_90", "flip_180", "turn_flat", "tap", "nudge", NULL,
};

static const struct beacon_kind_row rows[BEACON_KINDS] = {
    [BEACON_KIND_NONE] = { "", "", BEACON_NUMBER, 0, false, "", NULL, NULL, NULL, NULL },
    [BEACON_KIND_TEMPERATURE] = { "temperature_c", "°C", BEACON_NUMBER, 1, false, "Temperature",
                                  "sensor", "temperature", "TemperatureSensor", NULL },
    [BEACON_KIND_SKIN_TEMPERATURE] = { "skin_temperature_c", "°C", BEACON_NUMBER, 2, false,
                                       "SkinTemperature", "sensor", "temperature", NULL, NULL },
    [BEACON_KIND_PCB_TEMPERATURE] = { "pcb_temperature_c", "°C", BEACON_NUMBER, 2, false,
                                      "PcbTemperature", "sensor", "temperature", NULL, NULL },
    [BEACON_KIND_DEW_POINT] = { "dew_point_c", "°C", BEACON_NUMBER, 1, false, "DewPoint", "sensor",
                                "temperature", NULL, NULL },
    [BEACON_KIND_HUMIDITY] = { "humidity_pct", "%", BEACON_NUMBER, 1, false, "Humidity", "sensor",
                               "humidity", "HumiditySensor", NULL },
    [BEACON_KIND_MOISTURE] = { "moisture_pct", "%", BEACON_NUMBER, 0, false, "Moisture", "sensor",
                               "moisture", "HumiditySensor", NULL },
    [BEACON_KIND_CONDUCTIVITY] = { "conductivity_us_cm", "µS/cm", BEACON_NUMBER, 0, false,
                                   "Fertility", "sensor", "conductivity", NULL, NULL },
    [BEACON_KIND_ILLUMINANCE] = { "illuminance_lux", "lx", BEACON_NUMBER, 0, false, "Illuminance",
                                  "sensor", "illuminance", "LightSensor", NULL },
    [BEACON_KIND_LIGHT_LEVEL] = { "light_level", "", BEACON_NUMBER, 0, false, "LightLevel",
                                  "sensor", NULL, NULL, NULL },
    [BEACON_KIND_PRESSURE] = { "pressure_hpa", "hPa", BEACON_NUMBER, 1, false, "Pressure", "sensor",
                               "atmospheric_pressure", NULL, NULL },
    [BEACON_KIND_FORMALDEHYDE] = { "formaldehyde_mg_m3", "mg/m³", BEACON_NUMBER, 2, false,
                                   "Formaldehyde", "sensor", NULL, "AirQualitySensor", NULL },
    [BEACON_KIND_PM25] = { "pm25_ug_m3", "µg/m³", BEACON_NUMBER, 0, false, "PM2_5", "sensor",
                           "pm25", "AirQualitySensor", NULL },
    [BEACON_KIND_PM10] = { "pm10_ug_m3", "µg/m³", BEACON_NUMBER, 0, false, "PM10", "sensor", "pm10",
                           "AirQualitySensor", NULL },
    [BEACON_KIND_TVOC] = { "tvoc_ug_m3", "µg/m³", BEACON_NUMBER, 0, false, "TVOC", "sensor",
                           "volatile_organic_compounds", "AirQualitySensor", NULL },
    [BEACON_KIND_CO2] = { "co2_ppm", "ppm", BEACON_NUMBER, 0, false, "CarbonDioxide", "sensor",
                          "carbon_dioxide", "CarbonDioxideSensor", NULL },
    [BEACON_KIND_UV_INDEX] = { "uv_index", "", BEACON_NUMBER, 1, false, "UvIndex", "sensor", NULL,
                               NULL, NULL },
    [BEACON_KIND_DISTANCE_MM] = { "distance_mm", "mm", BEACON_NUMBER, 0, false, "DistanceMm",
                                  "sensor", "distance", NULL, NULL },
    [BEACON_KIND_DISTANCE] = { "distance_m", "m", BEACON_NUMBER, 1, false, "Distance", "sensor",
                               "distance", NULL, NULL },
    [BEACON_KIND_DURATION] = { "duration_s", "s", BEACON_NUMBER, 3, false, "Duration", "sensor",
                               "duration", NULL, NULL },
    [BEACON_KIND_SPEED] = { "speed_m_s", "m/s", BEACON_NUMBER, 2, false, "Speed", "sensor", "speed",
                            NULL, NULL },
    [BEACON_KIND_ACCELERATION] = { "acceleration_m_s2", "m/s²", BEACON_NUMBER, 3, false,
                                   "Acceleration", "sensor", NULL, NULL, NULL },
    [BEACON_KIND_GYROSCOPE] = { "gyroscope_deg_s", "°/s", BEACON_NUMBER, 3, false, "Gyroscope",
                                "sensor", NULL, NULL, NULL },
    [BEACON_KIND_ROTATION] = { "rotation_deg", "°", BEACON_NUMBER, 1, false, "Rotation", "sensor",
                               NULL, NULL, NULL },
    [BEACON_KIND_DIRECTION] = { "direction_deg", "°", BEACON_NUMBER, 2, false, "Direction",
                                "sensor", NULL, NULL, NULL },
    [BEACON_KIND_ROTATIONAL_SPEED] = { "rotational_speed_rpm", "rpm", BEACON_NUMBER, 0, false,
                                       "RotationalSpeed", "sensor", NULL, NULL, NULL },
    [BEACON_KIND_PRECIPITATION] = { "precipitation_mm", "mm", BEACON_NUMBER, 1, false,
                                    "Precipitation", "sensor", "precipitation", NULL, NULL },
    [BEACON_KIND_VOLUME] = { "volume_l", "L", BEACON_NUMBER, 1, false, "Volume", "sensor", "volume",
                             NULL, NULL },
    [BEACON_KIND_VOLUME_ML] = { "volume_ml", "mL", BEACON_NUMBER, 0, false, "VolumeMl", "sensor",
                                "volume", NULL, NULL },
    [BEACON_KIND_VOLUME_STORAGE] = { "volume_storage_l", "L", BEACON_NUMBER, 1, false,
                                     "VolumeStorage", "sensor", "volume_storage", NULL, NULL },
    [BEACON_KIND_WATER] = { "water_l", "L", BEACON_NUMBER, 1, false, "Water", "sensor", "water",
                            NULL, NULL },
    [BEACON_KIND_GAS_M3] = { "gas_m3", "m³", BEACON_NUMBER, 3, false, "GasVolume", "sensor", "gas",
                             NULL, NULL },
    [BEACON_KIND_FLOW] = { "flow_m3_h", "m³/h", BEACON_NUMBER, 3, false, "Flow", "sensor",
                           "volume_flow_rate", NULL, NULL },
    [BEACON_KIND_COUNT] = { "count", "", BEACON_NUMBER, 0, false, "Count", "sensor", NULL, NULL,
                            NULL },
    [BEACON_KIND_CHANNEL] = { "channel", "", BEACON_NUMBER, 0, false, "Channel", "sensor", NULL,
                              NULL, NULL },
    [BEACON_KIND_VOLTAGE] = { "voltage_v", "V", BEACON_NUMBER, 3, false, "Voltage", "sensor",
                              "voltage", NULL, NULL },
    [BEACON_KIND_CURRENT] = { "current_a", "A", BEACON_NUMBER, 3, false, "Current", "sensor",
                              "current", NULL, NULL },
    [BEACON_KIND_POWER_W] = { "power_w", "W", BEACON_NUMBER, 2, false, "ActivePower", "sensor",
                              "power", NULL, NULL },
    [BEACON_KIND_ENERGY] = { "energy_kwh", "kWh", BEACON_NUMBER, 3, false, "Energy", "sensor",
                             "energy", NULL, NULL },
    [BEACON_KIND_BATTERY] = { "battery_pct", "%", BEACON_NUMBER, 0, false, "Battery", "sensor",
                              "battery", "Battery", NULL },
    [BEACON_KIND_CONSUMABLE] = { "consumable_pct", "%", BEACON_NUMBER, 0, false, "Consumable",
                                 "sensor", NULL, NULL, NULL },
    [BEACON_KIND_IDLE_TIME] = { "idle_time_s", "s", BEACON_NUMBER, 0, false, "NMT", "sensor",
                                "duration", NULL, NULL },
    [BEACON_KIND_OCCUPIED] = { "occupied_min", "min", BEACON_NUMBER, 0, false, "OccupiedTime",
                               "sensor", "duration", NULL, NULL },
    [BEACON_KIND_UNOCCUPIED] = { "unoccupied_min", "min", BEACON_NUMBER, 0, false, "UnoccupiedTime",
                                 "sensor", "duration", NULL, NULL },
    [BEACON_KIND_PRESSED] = { "pressed_s", "s", BEACON_NUMBER, 0, false, "PressedTime", "sensor",
                              "duration", NULL, NULL },
    [BEACON_KIND_UNPRESSED] = { "unpressed_s", "s", BEACON_NUMBER, 0, false, "UnpressedTime",
                                "sensor", "duration", NULL, NULL },
    [BEACON_KIND_PRESSED_SET] = { "pressed_set_s", "s", BEACON_NUMBER, 0, false, "PressedTimeSet",
                                  NULL, NULL, NULL, NULL },
    [BEACON_KIND_UNPRESSED_SET] = { "unpressed_set_s", "s", BEACON_NUMBER, 0, false,
                                    "UnpressedTimeSet", NULL, NULL, NULL, NULL },
    [BEACON_KIND_WEIGHT] = { "weight_kg", "kg", BEACON_NUMBER, 2, false, "Weight", "sensor",
                             "weight", NULL, NULL },
    [BEACON_KIND_WEIGHT_LIVE] = { "weight_live_kg", "kg", BEACON_NUMBER, 2, false, "WeightLive",
                                  "sensor", "weight", NULL, NULL },
    [BEACON_KIND_WEIGHT_LB] = { "weight_lb", "lb", BEACON_NUMBER, 2, false, "WeightLb", "sensor",
                                "weight", NULL, NULL },
    [BEACON_KIND_IMPEDANCE] = { "impedance_ohm", "Ω", BEACON_NUMBER, 0, false, "Impedance",
                                "sensor", NULL, NULL, NULL },
    [BEACON_KIND_IMPEDANCE_LOW] = { "impedance_low_ohm", "Ω", BEACON_NUMBER, 1, false,
                                    "ImpedanceLow", "sensor", NULL, NULL, NULL },
    [BEACON_KIND_IMPEDANCE_HIGH] = { "impedance_high_ohm", "Ω", BEACON_NUMBER, 1, false,
                                     "ImpedanceHigh", "sensor", NULL, NULL, NULL },
    [BEACON_KIND_HEART_RATE] = { "heart_rate_bpm", "bpm", BEACON_NUMBER, 0, false, "HeartRate",
                                 "sensor", NULL, NULL, NULL },
    [BEACON_KIND_BRUSH_COUNT] = { "brush_count", "", BEACON_NUMBER, 0, false, "BrushCount",
                                  "sensor", NULL, NULL, NULL },
    [BEACON_KIND_BRUSH_SCORE] = { "brush_score", "", BEACON_NUMBER, 0, false, "BrushScore",
                                  "sensor", NULL, NULL, NULL },
    [BEACON_KIND_STEPS] = { "steps", "", BEACON_NUMBER, 0, true, "Dimmer", NULL, NULL, NULL, NULL },
    [BEACON_KIND_PRESS_COUNT] = { "press_count", "", BEACON_NUMBER, 0, true, "PressCount", NULL,
                                  NULL, NULL, NULL },
    [BEACON_KIND_PRESS_DURATION] = { "press_duration_s", "s", BEACON_NUMBER, 0, true, "Hold", NULL,
                                     NULL, NULL, NULL },
    [BEACON_KIND_BUTTON_INDEX] = { "button_index", "", BEACON_NUMBER, 0, true, "ButtonIndex", NULL,
                                   NULL, NULL, NULL },
    [BEACON_KIND_PROFILE_ID] = { "profile_id", "", BEACON_NUMBER, 0, false, "ProfileId", "sensor",
                                 NULL, NULL, NULL },
    [BEACON_KIND_KEY_ID] = { "key_id", "", BEACON_NUMBER, 0, true, "KeyId", NULL, NULL, NULL,
                             NULL },
    [BEACON_KIND_TIMESTAMP] = { "timestamp", "s", BEACON_NUMBER, 0, false, "Timestamp", NULL, NULL,
                                NULL, NULL },
    [BEACON_KIND_MODE] = { "mode", "", BEACON_NUMBER, 0, false, "Mode", "sensor", NULL, NULL,
                           NULL },
    [BEACON_KIND_FLAGS] = { "flags", "", BEACON_NUMBER, 0, false, "Flags", NULL, NULL, NULL, NULL },
    [BEACON_KIND_LOCK_BITS] = { "lock_bits", "", BEACON_NUMBER, 0, false, "LockBits", NULL, NULL,
                                NULL, NULL },
    [BEACON_KIND_PAIRING_OBJECT] = { "pairing_object", "", BEACON_NUMBER, 0, true, "PairingObject",
                                     NULL, NULL, NULL, NULL },
    [BEACON_KIND_MOTION] = { "motion", "", BEACON_BOOL, 0, false, "Motion", "binary_sensor",
                             "motion", "MotionSensor", NULL },
    [BEACON_KIND_OCCUPANCY] = { "occupancy", "", BEACON_BOOL, 0, false, "Occupancy",
                                "binary_sensor", "occupancy", "OccupancySensor", NULL },
    [BEACON_KIND_OCCUPANCY_CLOSE] = { "occupancy_close", "", BEACON_BOOL, 0, false,
                                      "OccupancyClose", "binary_sensor", "occupancy", NULL, NULL },
    [BEACON_KIND_PRESENCE] = { "presence", "", BEACON_BOOL, 0, false, "Presence", "binary_sensor",
                               "presence", "OccupancySensor", NULL },
    [BEACON_KIND_LIGHT] = { "light", "", BEACON_BOOL, 0, false, "Light", "binary_sensor", "light",
                            NULL, NULL },
    [BEACON_KIND_LEAK] = { "leak", "", BEACON_BOOL, 0, false, "Leak", "binary_sensor", "moisture",
                           "LeakSensor", NULL },
    [BEACON_KIND_LEAK_BOTTOM] = { "leak_bottom", "", BEACON_BOOL, 0, false, "LeakBottom",
                                  "binary_sensor", "moisture", "LeakSensor", NULL },
    [BEACON_KIND_LEAK_TOP] = { "leak_top", "", BEACON_BOOL, 0, false, "LeakTop", "binary_sensor",
                               "moisture", "LeakSensor", NULL },
    [BEACON_KIND_SMOKE] = { "smoke", "", BEACON_BOOL, 0, false, "Smoke", "binary_sensor", "smoke",
                            "SmokeSensor", NULL },
    [BEACON_KIND_GAS] = { "gas", "", BEACON_BOOL, 0, false, "Gas", "binary_sensor", "gas", NULL,
                          NULL },
    [BEACON_KIND_CARBON_MONOXIDE] = { "carbon_monoxide", "", BEACON_BOOL, 0, false,
                                      "CarbonMonoxide", "binary_sensor", "carbon_monoxide",
                                      "CarbonMonoxideSensor", NULL },
    [BEACON_KIND_HEAT] = { "heat", "", BEACON_BOOL, 0, false, "Heat", "binary_sensor", "heat", NULL,
                           NULL },
    [BEACON_KIND_COLD] = { "cold", "", BEACON_BOOL, 0, false, "Cold", "binary_sensor", "cold", NULL,
                           NULL },
    [BEACON_KIND_SOUND] = { "sound", "", BEACON_BOOL, 0, false, "Sound", "binary_sensor", "sound",
                            NULL, NULL },
    [BEACON_KIND_TAMPER] = { "tamper", "", BEACON_BOOL, 0, false, "Tamper", "binary_sensor",
                             "tamper", NULL, NULL },
    [BEACON_KIND_VIBRATION] = { "vibration", "", BEACON_BOOL, 0, false, "Vibration",
                                "binary_sensor", "vibration", NULL, NULL },
    [BEACON_KIND_PROBLEM] = { "problem", "", BEACON_BOOL, 0, false, "Problem", "binary_sensor",
                              "problem", NULL, NULL },
    [BEACON_KIND_SAFETY] = { "safety", "", BEACON_BOOL, 0, false, "Safety", "binary_sensor", NULL,
                             NULL, NULL },
    [BEACON_KIND_RUNNING] = { "running", "", BEACON_BOOL, 0, false, "Running", "binary_sensor",
                              "running", NULL, NULL },
    [BEACON_KIND_MOVING] = { "moving", "", BEACON_BOOL, 0, false, "Moving", "binary_sensor",
                             "moving", NULL, NULL },
    [BEACON_KIND_PLUG] = { "plug", "", BEACON_BOOL, 0, false, "Plug", "binary_sensor", "plug", NULL,
                           NULL },
    [BEACON_KIND_CONNECTIVITY] = { "connectivity", "", BEACON_BOOL, 0, false, "Connectivity",
                                   "binary_sensor", "connectivity", NULL, NULL },
    [BEACON_KIND_GENERIC] = { "generic", "", BEACON_BOOL, 0, false, "Generic", "binary_sensor",
                              NULL, NULL, NULL },
    [BEACON_KIND_POWER] = { "power", "", BEACON_BOOL, 0, false, "Power", "binary_sensor", "power",
                            NULL, NULL },
    [BEACON_KIND_BATTERY_LOW] = { "battery_low", "", BEACON_BOOL, 0, false, "BatteryLow",
                                  "binary_sensor", "battery", "Battery", NULL },
    [BEACON_KIND_BATTERY_CHARGING] = { "battery_charging", "", BEACON_BOOL, 0, false,
                                       "BatteryCharging", "binary_sensor", "battery_charging",
                                       "Battery", NULL },
    [BEACON_KIND_ARMED] = { "armed", "", BEACON_BOOL, 0, false, "Armed", "binary_sensor", NULL,
                            NULL, NULL },
    [BEACON_KIND_CHILDLOCK] = { "childlock", "", BEACON_BOOL, 0, false, "ChildLock",
                                "binary_sensor", NULL, NULL, NULL },
    [BEACON_KIND_ANTILOCK] = { "antilock", "", BEACON_BOOL, 0, false, "AntiLock", "binary_sensor",
                               NULL, NULL, NULL },
    [BEACON_KIND_BRUSHING] = { "brushing", "", BEACON_BOOL, 0, false, "Brushing", "binary_sensor",
                               "running", NULL, NULL },
    [BEACON_KIND_ASLEEP] = { "asleep", "", BEACON_BOOL, 0, false, "Asleep", "binary_sensor", NULL,
                             NULL, NULL },
    [BEACON_KIND_SNORING] = { "snoring", "", BEACON_BOOL, 0, false, "Snoring", "binary_sensor",
                              NULL, NULL, NULL },
    [BEACON_KIND_IN_BED] = { "in_bed", "", BEACON_BOOL, 0, false, "InBed", "binary_sensor",
                             "occupancy", "OccupancySensor", NULL },
    [BEACON_KIND_WEARING] = { "wearing", "", BEACON_BOOL, 0, false, "Wearing", "binary_sensor",
                              NULL, NULL, NULL },
    [BEACON_KIND_PRESSURE_PRESENT] = { "pressure_present", "", BEACON_BOOL, 0, false,
                                       "PressurePresent", "binary_sensor", "occupancy",
                                       "OccupancySensor", NULL },
    [BEACON_KIND_REED_SWITCH] = { "reed_switch", "", BEACON_BOOL, 0, false, "ReedSwitch",
                                  "binary_sensor", "opening", NULL, NULL },
    [BEACON_KIND_TRIGGER_OUTPUT] = { "trigger_output", "", BEACON_BOOL, 0, false, "TriggerOutput",
                                     "binary_sensor", NULL, NULL, NULL },
    [BEACON_KIND_TRIGGER] = { "trigger", "", BEACON_BOOL, 0, false, "Trigger", "binary_sensor",
                              NULL, NULL, NULL },
    [BEACON_KIND_RESET] = { "reset", "", BEACON_BOOL, 0, true, "Reset", NULL, NULL, NULL, NULL },
    [BEACON_KIND_STABILIZED] = { "stabilized", "", BEACON_BOOL, 0, false, "Stabilized",
                                 "binary_sensor", NULL, NULL, NULL },
    [BEACON_KIND_WEIGHT_REMOVED] = { "weight_removed", "", BEACON_BOOL, 0, false, "WeightRemoved",
                                     "binary_sensor", NULL, NULL, NULL },
    [BEACON_KIND_EVENT] = { "event", "", BEACON_WORD, 0, true, "Button", "event", "button",
                            "StatelessProgrammableSwitch", event_words },
    [BEACON_KIND_BUTTON] = { "button", "", BEACON_WORD, 0, true, "ButtonName", NULL, NULL, NULL,
                             button_words },
    [BEACON_KIND_DOOR] = { "door", "", BEACON_WORD, 0, false, "Door", "binary_sensor", "door",
                           "ContactSensor", door_words },
    [BEACON_KIND_OPENING] = { "opening", "", BEACON_WORD, 0, false, "Opening", "binary_sensor",
                              "opening", "ContactSensor", opening_words },
    [BEACON_KIND_WINDOW] = { "window", "", BEACON_WORD, 0, false, "Window", "binary_sensor",
                             "window", "ContactSensor", window_words },
    [BEACON_KIND_GARAGE_DOOR] = { "garage_door", "", BEACON_WORD, 0, false, "GarageDoor",
                                  "binary_sensor", "garage_door", "ContactSensor",
                                  garage_door_words },
    [BEACON_KIND_LOCK] = { "lock", "", BEACON_WORD, 0, false, "Lock", "binary_sensor", "lock", NULL,
                           lock_words },
    [BEACON_KIND_LOCK_ACTION] = { "lock_action", "", BEACON_WORD, 0, true, "LockAction", "event",
                                  NULL, NULL, lock_action_words },
    [BEACON_KIND_LOCK_METHOD] = { "lock_method", "", BEACON_WORD, 0, true, "LockMethod", NULL, NULL,
                                  NULL, lock_method_words },
    [BEACON_KIND_LOCK_ERROR] = { "lock_error", "", BEACON_WORD, 0, true, "LockError", "event", NULL,
                                 NULL, lock_error_words },
    [BEACON_KIND_FINGERPRINT] = { "fingerprint", "", BEACON_WORD, 0, true, "Fingerprint", "event",
                                  NULL, NULL, fingerprint_words },
    [BEACON_KIND_SMOKE_STATE] = { "smoke_state", "", BEACON_WORD, 0, false, "SmokeState", "sensor",
                                  "enum", NULL, smoke_state_words },
    [BEACON_KIND_KETTLE_STATE] = { "kettle_state", "", BEACON_WORD, 0, false, "KettleState",
                                   "sensor", "enum", NULL, kettle_state_words },
    [BEACON_KIND_CHARGING] = { "charging", "", BEACON_WORD, 0, false, "Charging", "sensor", "enum",
                               NULL, charging_words },
    [BEACON_KIND_WEIGHT_UNIT] = { "weight_unit", "", BEACON_WORD, 0, false, "WeightUnit", NULL,
                                  NULL, NULL, weight_unit_words },
    [BEACON_KIND_GESTURE] = { "gesture", "", BEACON_WORD, 0, true, "Gesture", "event", NULL, NULL,
                              gesture_words },
    [BEACON_KIND_SCALE_TIME] = { "scale_time", "", BEACON_TIME, 0, false, "ScaleTime", NULL, NULL,
                                 NULL, NULL },
    [BEACON_KIND_TEXT] = { "text", "", BEACON_TEXT, 0, false, "Text", "sensor", NULL, NULL, NULL },
    [BEACON_KIND_RAW] = { "raw", "", BEACON_RAW, 0, false, "Raw", NULL, NULL, NULL, NULL },
};

const struct beacon_kind_row *beacon_kind(unsigned kind)
{
    return &rows[kind < BEACON_KINDS ? kind : BEACON_KIND_NONE];
}

const char *beacon_word(unsigned kind, int64_t value)
{
    const char *const *words = beacon_kind(kind)->words;

    if (!words)
        return "";
    for (int64_t i = 0; words[i]; i++) {
        if (i == value)
            return words[i];
    }
    return "";
}

enum beacon_kind beacon_kind_find(const char *name, size_t len)
{
    for (unsigned kind = BEACON_KIND_NONE + 1; kind < BEACON_KINDS; kind++) {
        if (strlen(rows[kind].name) == len && memcmp(rows[kind].name, name, len) == 0)
            return (enum beacon_kind)kind;
    }
    return BEACON_KIND_NONE;
}

char *beacon_value_name(unsigned kind, unsigned nth, char out[BEACON_NAME_SIZE])
{
    if (nth > 1)
        snprintf(out, BEACON_NAME_SIZE, "%s_%u", beacon_kind(kind)->name, nth);
    else
        snprintf(out, BEACON_NAME_SIZE, "%s", beacon_kind(kind)->name);
    return out;
}

enum beacon_kind beacon_value_find(const char *name, unsigned *nth)
{
    const char *suffix = strrchr(name, '_');
    char again[BEACON_NAME_SIZE];
    enum beacon_kind kind = beacon_kind_find(name, strlen(name));

    *nth = 1;
    if (kind != BEACON_KIND_NONE || !suffix)
        return kind;
    const unsigned long number = strtoul(suffix + 1, NULL, 10);
    kind = beacon_kind_find(name, (size_t)(suffix - name));
    if (number < 2 || number > UINT8_MAX)
        return BEACON_KIND_NONE;
    *nth = (unsigned)number;
    return strcmp(beacon_value_name(kind, *nth, again), name) == 0 ? kind : BEACON_KIND_NONE;
}
