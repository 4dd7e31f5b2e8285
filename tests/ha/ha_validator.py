"""What Home Assistant (2024.11 and later) accepts as device-based MQTT discovery, and what its
entities make of a message. Written from its published rules, not from mi32.

    problems = validate(topic, payload)          a list of sentences, empty when all is well
    value = render(component, payload, message)  what the entity's template makes of a message
"""
import json
import re

import jinja2

# device class: units it may have; state classes it may have ("" is none)
ANY = ("", "measurement", "total", "total_increasing")
SENSOR_CLASSES = {
    "temperature": (("°C", "°F", "K"), ("", "measurement")),
    "humidity": (("%",), ("", "measurement")),
    "moisture": (("%",), ("", "measurement")),
    "conductivity": (("µS/cm", "mS/cm", "S/cm"), ("", "measurement")),
    "illuminance": (("lx",), ("", "measurement")),
    "carbon_dioxide": (("ppm",), ("", "measurement")),
    "pm25": (("µg/m³",), ("", "measurement")),
    "pm10": (("µg/m³",), ("", "measurement")),
    "volatile_organic_compounds": (("µg/m³", "mg/m³"), ("", "measurement")),
    "volatile_organic_compounds_parts": (("ppb", "ppm"), ("", "measurement")),
    "atmospheric_pressure": (("hPa", "mbar", "kPa", "Pa"), ("", "measurement")),
    "weight": (("kg", "g", "lb", "oz"), ANY),
    "battery": (("%",), ("", "measurement")),
    "voltage": (("V", "mV"), ("", "measurement")),
    "current": (("A", "mA"), ("", "measurement")),
    "power": (("W", "kW"), ("", "measurement")),
    "energy": (("kWh", "Wh", "MWh"), ("", "total", "total_increasing")),
    "signal_strength": (("dBm", "dB"), ("", "measurement")),
    "duration": (("s", "min", "h", "d", "ms"), ANY),
    "distance": (("mm", "cm", "m", "km"), ANY),
    "speed": (("m/s", "km/h", "mm/s"), ("", "measurement")),
    "precipitation": (("mm", "cm", "in"), ANY),
    "volume": (("L", "mL", "m³"), ("", "total", "total_increasing")),
    "volume_storage": (("L", "mL", "m³"), ("", "measurement")),
    "volume_flow_rate": (("m³/h", "L/min"), ("", "measurement")),
    "water": (("L", "m³"), ("", "total", "total_increasing")),
    "gas": (("m³",), ("", "total", "total_increasing")),
    "timestamp": ((None,), ("",)),
    "enum": ((None,), ("",)),
}
BINARY_CLASSES = set("""battery battery_charging carbon_monoxide cold connectivity door garage_door
    gas heat light lock moisture motion moving occupancy opening plug power presence problem running
    safety smoke sound tamper update vibration window""".split())
EVENT_CLASSES = {"button", "doorbell", "motion"}
SHARED = {"availability", "availability_mode", "state_topic", "command_topic", "qos", "encoding"}
COMMON = {"p", "unique_id", "name", "device_class", "state_topic", "value_template",
          "entity_category", "enabled_by_default", "icon", "availability",
          "availability_mode"}
MEMBERS = {
    "sensor": COMMON | {"unit_of_measurement", "state_class", "suggested_display_precision",
                        "options", "expire_after"},
    "binary_sensor": COMMON | {"payload_on", "payload_off", "off_delay", "expire_after"},
    "event": COMMON | {"event_types"},
    "switch": COMMON | {"command_topic", "payload_on", "payload_off", "state_on", "state_off"},
}
ID = re.compile(r"[a-zA-Z0-9_-]+")
TOPIC = re.compile(r"[^+#\x00-\x20\x7f]+")


def to_json(value):
    return json.dumps(value, ensure_ascii=False)


ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined)
ENVIRONMENT.filters["to_json"] = to_json


def validate(topic, payload):
    """Everything Home Assistant would refuse, or could only misunderstand."""
    problems = []
    if not re.fullmatch(r"[^/]+/device/[a-zA-Z0-9_-]+/config", topic):
        problems.append(f"{topic} is no discovery topic")
    if len(payload.encode()) > 65536:
        problems.append("longer than anybody wants to keep")
    config = json.loads(payload)
    problems += _device(config.get("dev", {}))
    if not config.get("o", {}).get("name"):
        problems.append("no origin name")
    unknown = set(config) - SHARED - {"dev", "o", "cmps"}
    if unknown:
        problems.append(f"members that cannot be shared: {unknown}")
    components = config.get("cmps", {})
    if not components:
        problems.append("no components")
    ids = [c.get("unique_id") for c in components.values()]
    if len(ids) != len(set(ids)):
        problems.append("unique ids that are not")
    for key, component in components.items():
        if not ID.fullmatch(key):
            problems.append(f"{key} is no component id")
        problems += [f"{key}: {problem}" for problem in _component(config, component)]
        problems += _availability(component)
    problems += _availability(config)
    return problems


def _device(device):
    problems = []
    if not device.get("identifiers") and not device.get("connections"):
        problems.append("a device without identifiers and connections")
    for kind, address in device.get("connections", []):
        if kind == "bluetooth" and not re.fullmatch(r"([0-9A-F]{2}:){5}[0-9A-F]{2}", address):
            problems.append(f"{address} is no Bluetooth address")
    if not device.get("name") or any(ord(c) < 32 for c in device["name"]):
        problems.append("no device name")
    return problems


def _availability(config):
    problems = []
    for place in config.get("availability", []):
        if not TOPIC.fullmatch(place.get("topic", "")):
            problems.append(f"availability at {place}")
    if config.get("availability_mode", "latest") not in ("all", "any", "latest"):
        problems.append("no such availability mode")
    return problems


def _component(config, component):
    platform = component.get("p")
    if platform not in MEMBERS:
        return [f"no such platform: {platform}"]
    problems = [f"not for a {platform}: {member}" for member in set(component) - MEMBERS[platform]]
    if not ID.fullmatch(component.get("unique_id", "")):
        problems.append("no unique id")
    if not component.get("name"):
        problems.append("no name")
    if not TOPIC.fullmatch(component.get("state_topic", config.get("state_topic", ""))):
        problems.append("no state topic")
    if component.get("entity_category", "diagnostic") not in ("diagnostic", "config"):
        problems.append("no such category")
    try:
        ENVIRONMENT.from_string(component.get("value_template", ""))
    except jinja2.TemplateError as error:
        problems.append(f"template: {error}")
    return problems + {"sensor": _sensor, "binary_sensor": _binary, "event": _event,
                       "switch": _switch}[platform](component)


def _sensor(component):
    problems = []
    device_class = component.get("device_class")
    unit, state_class = component.get("unit_of_measurement"), component.get("state_class", "")
    if device_class and device_class not in SENSOR_CLASSES:
        return [f"no such sensor class: {device_class}"]
    if device_class:
        units, state_classes = SENSOR_CLASSES[device_class]
        if unit not in units:
            problems.append(f"{device_class} in {unit}")
        if state_class not in state_classes:
            problems.append(f"{device_class} as {state_class}")
    if state_class not in ANY:
        problems.append(f"no such state class: {state_class}")
    if (device_class == "enum") != ("options" in component):
        problems.append("options are for the class enum, which needs them")
    if len(set(component.get("options", ["-"]))) != len(component.get("options", ["-"])):
        problems.append("options that are the same")
    if not 0 <= component.get("suggested_display_precision", 0) <= 6:
        problems.append("decimals")
    return problems


def _binary(component):
    device_class = component.get("device_class")
    problems = []
    if device_class and device_class not in BINARY_CLASSES:
        problems.append(f"no such binary sensor class: {device_class}")
    if component.get("payload_on", "ON") == component.get("payload_off", "OFF"):
        problems.append("on and off are the same")
    return problems


def _switch(component):
    if not TOPIC.fullmatch(component.get("command_topic", "")):
        return ["a switch that cannot be switched"]
    return []


def _event(component):
    problems = []
    device_class = component.get("device_class")
    if device_class and device_class not in EVENT_CLASSES:
        problems.append(f"no such event class: {device_class}")
    types = component.get("event_types", [])
    if not types or len(set(types)) != len(types):
        problems.append("event types")
    return problems


def is_numeric(component):
    return bool(component.get("unit_of_measurement") or component.get("state_class"))


def render(component, message):
    """What the entity becomes by a message (a parsed JSON object): None for unknown, "" for no
    change, a value else. Raises ValueError where Home Assistant would complain."""
    template = ENVIRONMENT.from_string(component["value_template"])
    text = template.render(value_json=message, value=to_json(message))
    platform = component["p"]
    if text == "None":
        return None
    if platform == "event":
        return _render_event(component, text)
    if platform == "binary_sensor":
        states = {component["payload_on"]: True, component["payload_off"]: False, "": ""}
        if text not in states:
            raise ValueError(f"{text!r} is neither on nor off")
        return states[text]
    if text == "" and is_numeric(component):
        return ""
    if is_numeric(component):
        return float(text)
    if text not in component.get("options", [text]):
        raise ValueError(f"{text!r} is no option")
    if component.get("device_class") == "timestamp" and \
            not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text):
        raise ValueError(f"{text!r} is no moment with a zone")
    if len(text) > 255:
        raise ValueError("longer than a state may be")
    return text


def _render_event(component, text):
    if text in ("", "{}"):
        return ""
    event = json.loads(text)
    if event.get("event_type") not in component["event_types"]:
        raise ValueError(f"no such event: {text}")
    return event
