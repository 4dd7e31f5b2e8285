#!/usr/bin/env python3
"""An hour of the demo house under all eight settings of MI32Option0 to 2: every SENSOR message is
the one that docs/mqtt.md describes, and no other comes.

The messages are worked out here from what each frame was made of, by the tables of the manual and
not by the program's: which ones come, their members, their order, and each digit.

usage: test_hour.py DEMO_HOUR
"""
import decimal
import itertools
import json
import math
import subprocess
import sys
import time

BEGIN = 1663617600  # of the hour, UTC, which is local time there
TELE_FIRST, TELE_PERIOD = 5, 300

# Models that Tasmota knows: they have its members and no others.
TASMOTAS = ("Living room", "Kitchen", "Freezer", "Ficus", "Remote", "Dimmer", "Night light",
            "Front door", "Washing machine", "Bedroom", "Bath", "Cellar")
# In the order of the list, mi32cfg.
HOUSE = ("Living room", "Kitchen", "Freezer", "Office (key missing)", "Ficus", "Remote", "Dimmer",
         "Night light", "Hall motion", "Front door", "Washing machine", "Desk switch", "Bedroom",
         "Bath", "Cellar", "Garden shed", "Workshop", "Classroom", "Doorbell", "Clock", "Scale")
# A frame of these is never heard twice, however late; of the others not within ten seconds.
AUTHENTIC = ("Living room", "Hall motion", "Front door", "Washing machine", "Desk switch",
             "Classroom")
MOVES = ("Night light", "Front door")  # Events is in every report

# member: (field, digits or words), in the order in which they come
CLIMATE = (("Temperature", "temperature_c", 1), ("Humidity", "humidity_pct", 1),
           ("DewPoint", None, 1), ("Illuminance", "illuminance_lux", 0),
           ("Moisture", "moisture_pct", 0), ("Fertility", "conductivity_us_cm", 0))
OTHERS = (("Pressure", "pressure_hpa", 1), ("CarbonDioxide", "co2_ppm", 0), ("Light", "light", 0),
          ("Weight", "weight_kg", 2), ("WeightLive", "weight_live_kg", 2),
          ("Impedance", "impedance_ohm", 0), ("Stabilized", "stabilized", 0),
          ("WeightRemoved", "weight_removed", 0))
HAPPENED = ("event", "steps", "press_count", "button", "motion", "door", "idle_time_s")
STATES = ("light", "stabilized", "weight_removed")  # whose change is something that happened
PRESSES = {"press": 1, "double_press": 2, "long_press": 3, "triple_press": 4}
BUTTONS = ("on", "off", "brightness", "plus", "m", "minus")


# Of the scale the capture does not say all that is in its frames.
UNTOLD = ("WeightUnit", "ScaleTime", "WeightLive")


def comparable(told):
    """Models that Tasmota does not know have their further members in any order."""
    t, message = told
    members = []
    for member, value in message:
        if isinstance(value, list):
            value = [m for m in map(tuple, value) if m[0] not in UNTOLD]
            if member not in TASMOTAS:
                value.sort()
        members.append((member, value))
    return t, members


def rounded(value, digits):
    """Half away from zero, always so many digits."""
    step = decimal.Decimal(1).scaleb(-digits)
    return str(decimal.Decimal(value).quantize(step, decimal.ROUND_HALF_UP))


def dew_point(t, h):
    g = math.log(float(h) / 100) + 17.62 * float(t) / (243.5 + float(t))
    return rounded(f"{243.5 * g / (17.62 - g):.6f}", 1)


class Sensor:
    def __init__(self, name):
        self.name, self.known, self.events, self.frames = name, {}, 0, {}
        self.rssi = self.heard = None

    def is_duplicate(self, line):
        before = self.frames.get(line["data"])
        self.frames[line["data"]] = line["t"]
        return before is not None and (self.name in AUTHENTIC or line["t"] - before <= 10)

    def values(self, fields, rows):
        told = []
        for member, field, digits in rows:
            if field is None:
                if "temperature_c" in fields and "humidity_pct" in fields:
                    told.append((member, dew_point(fields["temperature_c"],
                                                   fields["humidity_pct"])))
            elif field in fields:
                value = fields[field]
                told.append((member, rounded(int(value) if isinstance(value, bool) else value,
                                             digits)))
        return told

    def happened(self, fields):
        told = []
        event = fields.get("event", "")
        if event in PRESSES:
            number = BUTTONS.index(fields["button"]) if "button" in fields else 0
            told.append((f"Button{number}", str(fields.get("press_count", PRESSES[event]))))
        if event.startswith("rotate"):
            told.append(("Dimmer", f"{'-' if event == 'rotate_left' else ''}{fields['steps']}"))
        moves = "door" in fields or fields.get("motion") is True
        if fields.get("motion") is True:
            told.append(("Motion", "1"))
        if "door" in fields:
            told.append(("Door", "0" if fields["door"] == "closed" else "1"))
        self.events += moves
        return told, moves

    def members(self, known, happened, fields, moves, period):
        """The object of a report (period) or of a message about a frame."""
        told = self.values(known, CLIMATE) + happened
        if moves or (period and (self.events or self.name in MOVES)):
            told.append(("Events", str(self.events)))
        if "leak" in known:
            told.append(("Leak", str(int(known["leak"]))))
        if self.name not in TASMOTAS:
            told += self.values(known, OTHERS)
        if "idle_time_s" in fields:
            told.append(("NMT", str(fields["idle_time_s"])))
        if "battery_pct" in known:
            told.append(("Battery", str(known["battery_pct"])))
        if self.heard is not None:
            told.append(("RSSI", str(self.rssi)))
        if period and self.heard is not None:
            told.append(("Time", str(BEGIN + int(self.heard))))
        return told


class House:
    def __init__(self, option0, option1, option2):
        self.options = (option0, option1, option2)
        self.sensors = {name: Sensor(name) for name in HOUSE}
        self.due = TELE_FIRST
        self.told = []

    def tell(self, t, sensors):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(BEGIN + int(t)))
        message = [("Time", stamp)] + sensors
        members = [member for _, object_ in sensors for member, _ in object_]
        if "Pressure" in members:
            message.append(("PressureUnit", "hPa"))
        if "Temperature" in members:
            message.append(("TempUnit", "C"))
        self.told.append((t, message))

    def report_until(self, t):
        while self.due <= t:
            if not self.options[1]:
                self.tell(self.due, [(s.name, s.members(s.known, [], {}, False, True))
                                     for s in self.sensors.values()])
            self.due += TELE_PERIOD

    def hear(self, line):
        self.report_until(line["t"])
        sensor = self.sensors.get(line["name"])
        if not sensor:
            return
        is_new = not sensor.is_duplicate(line)
        sensor.rssi, sensor.heard = line["rssi"], line["t"]
        if is_new and line["expect"]["outcome"] == "ok":
            self.take(sensor, line)

    def take(self, sensor, line):
        fields = {k: v for k, v in line["expect"].items() if k not in ("outcome", "format")}
        is_urgent = any(k in HAPPENED for k in fields) or (
            "leak" in fields and sensor.known.get("leak", False) != fields["leak"]) or (
            sensor.name not in TASMOTAS and
            any(k in STATES and sensor.known.get(k, fields[k]) != fields[k] for k in fields))
        sensor.known.update((k, v) for k, v in fields.items() if k not in HAPPENED)
        happened, moves = sensor.happened(fields)
        known = sensor.known if self.options[0] else fields
        members = sensor.members(known, happened, fields, moves, False)
        if (is_urgent or self.options[2]) and len(members) > 1:
            self.tell(line["t"], [(sensor.name, members)])


def check(demo_hour, options):
    result = subprocess.run([demo_hour, *map(str, options)], capture_output=True, text=True,
                            check=True)
    house, told = House(*options), []
    for line in result.stdout.splitlines():
        line = json.loads(line, object_pairs_hook=list, parse_int=str, parse_float=str)
        line = dict(line)
        line["t"] = float(line["t"])
        if "SENSOR" in line:
            assert line["retain"] == "0"
            told.append(comparable((line["t"], [tuple(m) for m in line["SENSOR"]])))
        else:
            line["expect"] = dict(line["expect"])
            house.hear(line)
    house.report_until(3600 - 0.1)
    expected = [comparable(message) for message in house.told]
    for n, (mine, its) in enumerate(itertools.zip_longest(expected, told)):
        assert mine == its, f"Options {options}, message {n}:\n  expected {mine}\n  got      {its}"
    return len(told)


for options in itertools.product((0, 1), repeat=3):
    print(f"ok MI32Option0 {options[0]}, 1 {options[1]}, 2 {options[2]}: "
          f"{check(sys.argv[1], options)} messages")
