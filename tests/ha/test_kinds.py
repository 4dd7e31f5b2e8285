#!/usr/bin/env python3
"""Every kind of value: what is announced is what Home Assistant accepts, and each message that the
kind can cause gives the entity the state it should have. A kind that is added without a valid
mapping fails here.

usage: test_kinds.py DISCOVERY_OF_KINDS docs/home-assistant.md
"""
import json
import subprocess
import sys

from ha_validator import is_numeric, render, validate

TOPIC = "homeassistant/device/mi32_A4C138012345/config"

# What the table of the reference asks for: kind, platform, class, unit, state class, decimals.
EXPECTED = """
temperature_c sensor temperature °C measurement 1
humidity_pct sensor humidity % measurement 1
moisture_pct sensor moisture % measurement 0
conductivity_us_cm sensor conductivity µS/cm measurement 0
illuminance_lux sensor illuminance lx measurement 0
formaldehyde_mg_m3 sensor - mg/m³ measurement 2
co2_ppm sensor carbon_dioxide ppm measurement 0
pm25_ug_m3 sensor pm25 µg/m³ measurement 0
pm10_ug_m3 sensor pm10 µg/m³ measurement 0
tvoc_ug_m3 sensor volatile_organic_compounds µg/m³ measurement 0
pressure_hpa sensor atmospheric_pressure hPa measurement 1
weight_kg sensor weight kg measurement 2
impedance_ohm sensor - Ω measurement 0
battery_pct sensor battery % measurement 0
voltage_v sensor voltage V measurement 3
idle_time_s sensor duration s measurement 0
consumable_pct sensor - % measurement 0
energy_kwh sensor energy kWh total_increasing 3
motion binary_sensor motion - - -
occupancy binary_sensor occupancy - - -
door binary_sensor door - - -
opening binary_sensor opening - - -
window binary_sensor window - - -
leak binary_sensor moisture - - -
smoke binary_sensor smoke - - -
light binary_sensor light - - -
event event button - - -
smoke_state sensor enum - - -
"""
MEMBERS = ("p", "device_class", "unit_of_measurement", "state_class", "suggested_display_precision")
ALWAYS = {"rssi", "hit_rate_pct", "last_seen", "key"}
DIAGNOSTIC = {"battery_pct", "voltage_v", "battery_low"}
# what the words of a two-state kind mean; all others must leave the entity as it is
ON, OFF = {"open", "open_timeout", "unlocked"}, {"closed", "locked"}


def check_values(kind, component, messages, key):
    """Renders every message the kind can cause."""
    seen = set()
    for message in messages:
        told = message["event" if component["p"] == "event" else "state"]
        value = render(component, told)
        if component["p"] == "event":
            assert value["event_type"] == told[key], (kind, value)
            assert value["mac"] == told["mac"], "the rest of the message are attributes"
            assert render(component, dict(told, late=True)) == "", "a late event happens to nobody"
            assert render(component, {"motion": True}) == "", "somebody else's event"
        elif component["p"] == "binary_sensor" and isinstance(told[key], str):
            word = told[key]
            assert value == (True if word in ON else False if word in OFF else ""), (kind, word)
        elif component["p"] == "binary_sensor":
            assert value == told[key], (kind, told)
        else:
            assert str(value) == str(told[key]) or float(value) == told[key], (kind, told, value)
        seen.add(str(value))
    if component["p"] == "binary_sensor":
        assert {"True", "False"} <= seen, f"{kind} is never on or never off: {seen}"


def check_absent(component):
    """Never heard leaves it as it is; silent for too long (null) makes it unknown."""
    assert render(component, {}) in ("", None), component
    key = component["value_template"].split("value_json.")[1].split()[0]
    if component["p"] == "sensor" and is_numeric(component):
        assert render(component, {key: None}) is None, component


def check(line):
    kind, config = line["kind"], line["discovery"]
    problems = validate(TOPIC, json.dumps(config, ensure_ascii=False))
    assert not problems, f"{kind}: {problems}"
    components = config["cmps"]
    own = {key for key in components if key not in ALWAYS and not key.endswith("_left_open")}
    assert own == ({kind, kind + "_2"} if line["announced"] else set()), (kind, own)
    for key in own:
        component = components[key]
        assert component["unique_id"] == f"mi32_A4C138012345_{key}"
        assert (component.get("entity_category") == "diagnostic") == (kind in DIAGNOSTIC), kind
        check_values(kind, component, line["messages"], key)
        if component["p"] != "event" and component["p"] != "binary_sensor":
            check_absent(component)
    if own:
        assert components[kind]["name"] + " 2" == components[kind + "_2"]["name"]
    for key in ALWAYS - {"key"}:
        render(components[key], line["messages"][0]["state"])


def check_table(lines):
    for expected in EXPECTED.split("\n"):
        if not expected:
            continue
        kind, *members = expected.split()
        component = lines[kind]["discovery"]["cmps"][kind]
        told = [str(component.get(member, "-")) for member in MEMBERS]
        assert told == members, (kind, told, members)


def check_diagnostics(config):
    """What every sensor has, about itself."""
    components = config["cmps"]
    for key in ALWAYS:
        assert components[key]["entity_category"] == "diagnostic", key
        is_shown = key in ("last_seen", "key")
        assert components[key].get("enabled_by_default", True) == is_shown, key
    key = components["key"]
    assert (key["p"], key["device_class"]) == ("binary_sensor", "problem"), key
    assert key["state_topic"] == "mi32/home/dev/A4C138012345/meta", key
    for state in ("none", "ok", "missing", "wrong"):
        assert render(key, {"key": state}) == (state in ("missing", "wrong")), state


def check_gateway(config):
    topic = "homeassistant/device/mi32_gw_AABBCC/config"
    problems = validate(topic, json.dumps(config, ensure_ascii=False))
    assert not problems, problems
    assert config["dev"]["identifiers"] == ["mi32_gw_AABBCC"], config["dev"]
    assert set(config["cmps"]) == {"connection", "relay4"}, config["cmps"]
    connection = config["cmps"]["connection"]
    assert (connection["device_class"], connection["entity_category"]) == \
        ("connectivity", "diagnostic"), connection
    switch = config["cmps"]["relay4"]
    assert switch["command_topic"] == "cmnd/mi32_AABBCC/POWER4" and switch["name"] == "Heating"


def check_mibeacon_motion(line):
    """It comes from the event, ends by itself, and what was late is no motion of now."""
    config = line["discovery"]
    component = config["cmps"]["motion"]
    problems = validate(TOPIC, json.dumps(config, ensure_ascii=False))
    assert not problems, problems
    assert component["state_topic"] == "mi32/home/dev/A4C138012345/event", component
    assert component["off_delay"] == 30, component
    assert {message["event"]["motion"] for message in line["messages"]} == {True, False}
    for message in line["messages"]:
        event = message["event"]
        assert render(component, event) is event["motion"], event
        assert render(component, dict(event, late=True)) == "", "a late motion moves nobody"
    assert render(component, {"door": "open"}) == "", "somebody else's event"


def documented(line):
    """The row of a kind in the manual."""
    kind = line["kind"]
    component = line["discovery"]["cmps"].get(kind)
    if not component:
        return None
    cells = [f"`{kind}`", component["name"], component["p"].replace("_", " ")]
    cells += [component.get(member, "") for member in ("device_class", "unit_of_measurement")]
    state_class = component.get("state_class", "")
    cells += ["" if state_class == "measurement" else state_class.replace("_", " "),
              str(component.get("suggested_display_precision", ""))]
    return "| " + " | ".join(cells).replace("  ", " ") + " |"


def check_manual(lines, path):
    """The table in the manual is what is announced."""
    rows = [row for row in map(documented, lines.values()) if row]
    table = [row for row in open(path, encoding="utf-8").read().split("\n")
             if row.startswith("| `") and row.count("|") == 8]
    assert table == rows, "docs/home-assistant.md wants this table:\n" + "\n".join(rows)


def main():
    output = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout
    *lines, mibeacon_motion, gateway = map(json.loads, output.splitlines())
    lines = {line["kind"]: line for line in lines}
    for line in lines.values():
        check(line)
        print(f"ok {line['kind']}" + ("" if line["announced"] else " (not announced)"))
    check_table(lines)
    check_manual(lines, sys.argv[2])
    check_mibeacon_motion(mibeacon_motion)
    check_diagnostics(mibeacon_motion["discovery"])
    check_gateway(gateway)
    door = lines["door"]
    problem = door["discovery"]["cmps"]["door_left_open"]
    for message in door["messages"]:
        assert render(problem, message["state"]) == (message["state"]["door"] == "open_timeout")
    print(f"{len(lines)} kinds")


main()
