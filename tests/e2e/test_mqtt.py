#!/usr/bin/env python3
"""The whole program against a real mosquitto: the documented messages, and what an outage does.

usage: test_mqtt.py MI32 REPOSITORY
"""
import json
import pathlib
import shutil
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from broker import Broker, Reader
from gateway import Gateway

MI32, REPOSITORY = sys.argv[1], pathlib.Path(sys.argv[2])
DEMO = REPOSITORY / "share" / "demo"
GAPS_S = (3, 15, 60)  # before the first frame of a capture, for the connection to be there

# docs/mqtt.md: frame, key, and the sensor's object in the message that the frame causes with
# MI32Option2 1. Published captures, see tests/unit/tasmota/test_telemetry.c.
DOCUMENTED = (
    ("A4C138B4944C", "fe95", "50305b05034c94b438c1a40d10041001ea01", None,
     '"LYWSD03-b4944c":{"Temperature":27.2,"Humidity":49.0,"DewPoint":15.5,"RSSI":-60}'),
    ("A4C1380283F4", "fe95", "58585b0550f4830238c1a495ef58763c26000097e2abb5",
     "e9ea895fac7cca6d30532432a516f3a8", '"LYWSD03-0283f4":{"Humidity":46.7,"RSSI":-60}'),
    ("582D343B2EBF", "fe95", "5020aa01a3bf2e3b342d580d1004b40095020a10013b", None,
     '"MJ_HT_V1-3b2ebf":{"Temperature":18.0,"Humidity":66.1,"DewPoint":11.6,"Battery":59,'
     '"RSSI":-60}'),
    ("C47C8D6B4FF3", "fe95", "7120980012f34f6b8d7cc40d041002c400", None,
     '"Flora-6b4ff3":{"Temperature":19.6,"RSSI":-60}'),
    ("F82441C5988B", "fe95", "5830b603368b98c54124f88bb8f2661351000000d6",
     "b853075158487ca39a5b5ea9", '"YLKG08-c5988b":{"Dimmer":-1,"RSSI":-60}'),
    ("F82441C5988B", "fe95", "5830b603d28b98c54124f8c3491476757e00000099", None,
     '"YLKG08-c5988b":{"Button0":1,"RSSI":-60}'),
    ("F82441E95074", "fe95", "503053013f7450e94124f8011003000000", None,
     '"YLYK01-e95074":{"Button0":1,"RSSI":-60}'),
    ("A4C13807F601", "fe95", "5040f6070101f60738c1a40f0003640000", None,
     '"MJYD2S-07f601":{"Illuminance":100,"Motion":1,"Events":1,"RSSI":-60}'),
    ("DE70E8B2390C", "fe95", "4030dd032403000101", None,
     '"NLIGHT-b2390c":{"Motion":1,"Events":1,"RSSI":-60}'),
    ("E4AAEC8121AE", "fe95", "58588b09a3ae2181ecaae40e2c553c040000d28a500c",
     "017e52d2684779298709b117c0a75a7b",
     '"MCCGQ02-8121ae":{"Door":1,"Events":1,"RSSI":-60}'),
    ("54EF44E027BC", "fe95", "5859630808bc27e044ef54f58fe704000000fc69d15c",
     "255e6cabb39b2eddd0de992b9fee2bf2", '"SJWS01L-e027bc":{"Leak":1,"RSSI":-60}'),
    ("A4C13800A2F4", "181a", "a4c13800a2f400a22f5f0bf819", None,
     '"ATC-00a2f4":{"Temperature":16.2,"Humidity":47.0,"DewPoint":4.9,"Battery":95,"RSSI":-60}'),
    ("A4C138009BF4", "181a", "f49b0038c1a4a9066911b60b58f70d", None,
     '"PVVX-009bf4":{"Temperature":17.1,"Humidity":44.6,"DewPoint":4.9,"Battery":88,"RSSI":-60}'),
    ("582D345265BF", "fdcd", "080cbf6552342d580104f100ad01020125", None,
     '"CGD1-5265bf":{"Temperature":24.1,"Humidity":42.9,"DewPoint":10.7,"Battery":37,'
     '"RSSI":-60}'),
)


def advert(uuid, data):
    """Flags, then one element of service data."""
    return (f"020106{len(data) // 2 + 3:02x}16" + uuid[2:] + uuid[:2] + data).lower()


def write_lines(path, lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def configure(broker, directory, *commands):
    config = pathlib.Path(directory) / "mi32.conf"
    config.write_text("\n".join(("MqttHost 127.0.0.1", f"MqttPort {broker.port}",
                                 "Topic tasmota_AABBCC", *commands, "")))
    return config


def gateway_for(broker, directory, capture, *commands):
    config = configure(broker, directory, *commands)
    return Gateway(MI32, "--radio", f"replay:{capture}", "--config", str(config))


def is_online(message):
    return message.topic.endswith("/LWT") and message.payload == "Online"


def is_sensor(message):
    return message.topic == "tele/tasmota_AABBCC/SENSOR"


def the_documented_messages():
    assert any(documented_messages(gap_s) for gap_s in GAPS_S), "it does not connect in a minute"


def documented_messages(gap_s):
    """False when a frame may have come before the connection was there."""
    frames = [{"t": 0, "mac": "A4C138FFFFFF", "rssi": -60, "adv_hex": "020106"}]
    for i, (mac, uuid, data, _, _) in enumerate(DOCUMENTED):
        frames.append({"t": gap_s + i / 10, "mac": mac, "rssi": -60,
                       "adv_hex": advert(uuid, data)})
    keys = [f"MI32Key {key}{mac}" for mac, _, _, key, _ in DOCUMENTED if key]
    with tempfile.TemporaryDirectory() as directory, Broker() as broker, Reader(broker) as reader:
        capture = write_lines(pathlib.Path(directory) / "capture.jsonl", frames)
        gateway = gateway_for(broker, directory, capture, "MI32Option2 1", "MI32Option3 1", *keys)
        first_frame = time.time() + gap_s  # at the earliest
        with gateway:
            if reader.wait_for(is_online, "the connection").when > first_frame:
                return False
            last = DOCUMENTED[-1][4]
            reader.wait_for(lambda m: is_sensor(m) and last in m.payload, "the last frame")
            told = [m for m in reader.messages if is_sensor(m)]
            for mac, _, _, _, expected in DOCUMENTED:
                unit = ',"TempUnit":"C"' if "Temperature" in expected else ""
                fitting = [m for m in told if m.payload.endswith(f",{expected}{unit}}}")]
                assert fitting, f"{expected}\nis not among\n" + "\n".join(map(repr, told))
                assert fitting[0].payload.startswith('{"Time":"20'), fitting[0]
                assert not fitting[0].is_retained
            check_commands(broker, reader)
            check_report(broker, reader)
            assert gateway.stop() == 0
        reader.wait_for(lambda m: (m.topic, m.payload) == ("tele/tasmota_AABBCC/LWT", "Offline"),
                        "the goodbye")
        secrets = [key for _, _, _, key, _ in DOCUMENTED if key]
        for text in [repr(m) for m in reader.messages] + gateway.log:
            assert not any(secret in text.lower() for secret in secrets), text
    return True


def check_commands(broker, reader):
    for command, payload, expected in (
            ("MI32Option2", "", {"MI32Option2": 1}),
            ("mi32option0", "0", {"MI32Option0": 0}),
            ("Nonsense", "1", {"Command": "Unknown", "Input": "NONSENSE"})):
        start = len(reader.messages)
        broker.publish(f"cmnd/tasmota_AABBCC/{command}", payload)
        reply = reader.wait_for(lambda m: m.topic == "stat/tasmota_AABBCC/RESULT", command, start)
        assert reply.json == expected, (command, reply)


def check_report(broker, reader):
    """All sensors, with what is known of each and when it was heard, and no event of the past."""
    start = len(reader.messages)
    broker.publish("cmnd/tasmota_AABBCC/TelePeriod", "")
    report = reader.wait_for(lambda m: is_sensor(m) and len(m.json) > 5, "a report", start).json
    told = report.pop("LYWSD03-b4944c")
    told.pop("Time", None)  # there when this machine's clock is known to be right
    assert told == {"Temperature": 27.2, "Humidity": 49.0, "DewPoint": 15.5, "RSSI": -60}
    assert set(report["MJYD2S-07f601"]) - {"Time"} == {"Illuminance", "Events", "RSSI"}
    assert set(report["YLYK01-e95074"]) - {"Time"} == {"RSSI"}
    assert report["TempUnit"] == "C"


# ---- outages ----

LATE_S = 33  # 30 by the manual
EVENT_FIELDS = ("event", "button", "steps", "motion", "door", "leak")


def demo_events(until_s):
    """What happens in the demo house, from its own script: (t, mac, fields), bursts as one."""
    events = []
    for line in map(json.loads, (DEMO / "demo.jsonl").read_text().splitlines()):
        fields = {k: v for k, v in line["expect"].items() if k in EVENT_FIELDS}
        if not fields or line["t"] > until_s:
            continue
        repeats = any(e[1:] == (line["mac"], fields) and line["t"] - e[0] < 3 for e in events)
        if not repeats:
            events.append((line["t"], line["mac"], fields))
    return events


def told_events(messages):
    """What was told of them: the first message by (mac, fid), so that one that came twice counts
    once."""
    events = {}
    for message in messages:
        if message.is_retained:
            continue
        parts = message.topic.split("/")
        if parts[0] == "mi32" and parts[-1] == "event":
            payload = message.json
            assert parts[1:4] == ["home", "dev", payload["mac"]], message
            events.setdefault((payload["mac"], payload["fid"]), message)
    return events.values()


def fields_of(values):
    """Whose they are, and those that are events."""
    return values["mac"], {k: v for k, v in values.items() if k in EVENT_FIELDS}


def missing(messages, until_s):
    """What happened until then and was not told."""
    told = [fields_of(m.json) for m in told_events(messages)]
    missed = []
    for t, mac, fields in demo_events(until_s):
        if (mac, fields) in told:
            told.remove((mac, fields))
        else:
            missed.append((t, mac, fields))
    return missed


def wait_for_all(reader, until_s, before=()):
    reader.wait_until(lambda: not missing([*before, *reader.messages], until_s),
                      f"the events of {until_s} s")


def wait_until_late(gateway, since, count):
    """Returns when so many events that came after `since` are too old to be told as news."""
    def is_late(change):
        came = [c["heard_at"] for c in gateway.seen if c["heard_at"] > since and
                is_change(c, change="values") and fields_of(c)[1]]
        return len(came) >= count and change["heard_at"] > came[count - 1] + LATE_S

    gateway.wait_for(is_late, f"{count} events of {LATE_S} s ago")


def check_state(report, changes, end):
    """It has a value of the time around the end of the outage, or of later; one comes in 24 s."""
    now = [c["temperature_c"] for c in changes if c["sensor"] == "Living room" and
           "temperature_c" in c and c["heard_at"] > end - 30]
    assert report.json["Living room"]["Temperature"] in now, (report, now)
    assert not any("Button0" in s for s in report.json.values() if isinstance(s, dict))


def check_no_door(messages, changes):
    """A door that opened half a minute before is not told as if now."""
    openings = [c["heard_at"] for c in changes if c.get("door") in ("open", "open_timeout")]
    for message in messages:
        if is_sensor(message) and '"Door":1' in message.payload:
            assert any(abs(message.when - opening) < 20 for opening in openings), message


def check_late_marks(messages, changes):
    """Late is what arrives more than 30 s after it happened. That was told on standard output at
    once; some seconds either way are not judged."""
    happened = [(fields_of(c), c["heard_at"]) for c in changes if is_change(c, change="values")]
    late = 0
    for message in told_events(messages):
        if not fields_of(message.json)[1]:
            continue
        change = next(h for h in happened if h[0] == fields_of(message.json))
        happened.remove(change)
        age = message.when - change[1]
        is_late = message.json.get("late", False)
        late += is_late
        assert age > 20 if is_late else age < 40, (age, message)
    return late


def demo_gateway(broker, directory, *commands):
    gateway = gateway_for(broker, directory, DEMO / "demo.jsonl", *commands)
    gateway.data.mkdir()
    shutil.copy(DEMO / "mi32cfg", gateway.data)
    return gateway


def is_change(gateway_change, **fields):
    return all(gateway_change.get(k) == v for k, v in fields.items())


def an_outage_loses_no_event_and_marks_the_late_ones():
    with tempfile.TemporaryDirectory() as directory, Broker() as broker, Reader(broker) as reader:
        with demo_gateway(broker, directory) as gateway:
            # 4 s: motion in the hall
            reader.wait_for(lambda m: m.topic.endswith("/event"), "the first event")
            broker.stop()
            stopped = time.time()
            # 6 s door opens, 7 s remote, 9 s bell, 11 s night light, ... while it is down
            for fields in ({"leak": True}, {"event": "rotate_left"}, {"button": "off"}):
                gateway.wait_for(lambda c: is_change(c, **fields), f"{fields}, 19 to 38 s")
            wait_until_late(gateway, stopped, 5)
            start, ended = len(reader.messages), time.time()
            broker.start()
            reader.wait_for(lambda m: is_online(m) and not m.is_retained, "the way back", start)
            report = reader.wait_for(lambda m: is_sensor(m) and "Living room" in m.json,
                                     "the state", start)
            wait_for_all(reader, 38.5)
            assert gateway.stop() == 0
            changes = gateway.seen + list(iter(gateway.changes.get, None))
            assert not [m for m in reader.messages if m.topic.endswith("/event") and m.is_retained]
            check_state(report, changes, ended)
            check_no_door(reader.messages[start:], changes)
            assert check_late_marks(reader.messages, changes) >= 3


def a_broker_that_dies_with_messages_in_its_hands_loses_none():
    with tempfile.TemporaryDirectory() as directory, Broker() as broker:
        with Reader(broker) as reader, demo_gateway(broker, directory) as gateway:
            reader.wait_for(lambda m: m.topic.endswith("/event"), "the first event")
            broker.freeze()  # takes bytes and answers nothing
            gateway.wait_for(lambda c: is_change(c, event="press"), "7 s")
            broker.kill()
            with Broker() as second, Reader(second) as rest:
                configure(second, directory)
                gateway.process.send_signal(signal.SIGHUP)
                wait_for_all(rest, 7, reader.messages)  # with what was in flight
                assert gateway.stop() == 0


TESTS = (the_documented_messages, an_outage_loses_no_event_and_marks_the_late_ones,
         a_broker_that_dies_with_messages_in_its_hands_loses_none)

with ThreadPoolExecutor() as pool:  # each has a broker of its own, and mostly waits for the demo
    for test, result in [(test, pool.submit(test)) for test in TESTS]:
        result.result()
        print(f"ok {test.__name__}", flush=True)
