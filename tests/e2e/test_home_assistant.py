#!/usr/bin/env python3
"""What Home Assistant is told, with the demo house and a real mosquitto: judged by a validator made
from Home Assistant's rules, told again when needed, and taken back when a sensor goes.

usage: test_home_assistant.py MI32 REPOSITORY
"""
import json
import pathlib
import re
import shutil
import signal
import sys
import tempfile

from broker import Broker, Reader
from gateway import Gateway

MI32, REPOSITORY = sys.argv[1], pathlib.Path(sys.argv[2])
DEMO = REPOSITORY / "share" / "demo"
sys.path.insert(0, str(REPOSITORY / "tests" / "ha"))
from ha_validator import render, validate  # noqa: E402

LIVING_ROOM, DOOR, REMOTE = "A4C138D30001", "E4AAECD3000A", "F82441D30006"
SECRETS = [s["key"].lower() for s in json.loads((DEMO / "mi32cfg").read_text()) if s["key"]]


def config_topic(mac, site=""):
    return f"homeassistant/device/mi32_{site}{mac}/config"


def gateway_of_the_demo(broker, directory, *commands):
    directory = pathlib.Path(directory)
    directory.mkdir(exist_ok=True)
    config = directory / "mi32.conf"
    config.write_text("\n".join(("MqttHost localhost", f"MqttPort {broker.port}", *commands, "")))
    gateway = Gateway(MI32, "--radio", f"replay:{DEMO}/demo.jsonl", "--config", str(config))
    gateway.data.mkdir()
    shutil.copy(DEMO / "mi32cfg", gateway.data)
    return gateway


def is_config(message, mac):
    return message.topic == config_topic(mac) and message.payload


def wait_for_config(reader, mac, start=0, having=""):
    return reader.wait_for(lambda m: is_config(m, mac) and having in m.payload,
                           f"the config of {mac}", start).json


def is_complete(kept):
    """Whether the presence of all that is announced has been told as well."""
    return all(place["topic"] in kept for topic, payload in kept.items()
               if topic.startswith("homeassistant/")
               for place in json.loads(payload).get("availability", []))


def check_all(kept):
    """Everything announced is valid, and fits what is told: by what the broker keeps."""
    configs = {topic: payload for topic, payload in kept.items()
               if topic.startswith("homeassistant/")}
    assert len(configs) > 5, configs
    for topic, payload in configs.items():
        problems = validate(topic, payload)
        assert not problems, (topic, problems)
        for key, component in json.loads(payload)["cmps"].items():
            place = component.get("state_topic", json.loads(payload).get("state_topic"))
            message = kept.get(place)
            if message and "value_template" in component:
                render(component, json.loads(message))
        for place in json.loads(payload).get("availability", []):
            told = kept[place["topic"]]
            assert told in ("online", "offline", "Online"), (topic, told)


def check_values(kept, config):
    """The value of an entity is that of the state, which has a time and who said it."""
    state = json.loads(kept[config["state_topic"]])
    assert render(config["cmps"]["temperature_c"], state) == state["temperature_c"]
    assert state["mac"] == LIVING_ROOM and state["name"] == "Living room", state
    assert "battery_pct" not in state, "known to be wrong, and told all the same"
    meta = json.loads(kept[f"mi32/home/dev/{LIVING_ROOM}/meta"])
    assert meta["key"] == "ok" and "temperature_c" in meta["fields"], meta


def example(manual, topic):
    """The indented lines below the topic in a page of the manual, as one text."""
    lines = iter((REPOSITORY / "docs" / manual).read_text().split("\n"))
    text = ""
    assert any(line.strip() == topic for line in lines), f"{topic} is not in {manual}"
    for line in lines:
        if not line.startswith("    "):
            return text
        text += line[4:]
    return text


def check_manual(kept):
    """The examples of the manual are what is told, but for numbers that differ each time."""
    topic = config_topic("582D34D30003")
    told = re.sub("mi32_(gw_)?[0-9A-F]{6}([^0-9A-F])", r"mi32_\1AABBCC\2", kept[topic])
    configs = [json.loads(text) for text in (example("home-assistant.md", topic), told)]
    for config in configs:
        config["cmps"]["temperature_c"].pop("expire_after", None)
    assert configs[0] == configs[1], f"docs/home-assistant.md: {configs}"
    for leaf, varies in (("state", {"hit_rate_pct"}), ("meta", {"silence_s"})):
        topic = f"mi32/home/dev/582D34D30002/{leaf}"
        members = [set(json.loads(text)) - varies for text in (example("mqtt.md", topic),
                                                               kept[topic])]
        assert members[0] == members[1], f"docs/mqtt.md: {leaf}: {members}"


def check_events(reader):
    """The door and the remote of the demo house, 6 and 7 s from its start."""
    config = wait_for_config(reader, REMOTE, having='"event":{')
    button = config["cmps"]["event"]
    told = reader.wait_for(lambda m: m.topic == button["state_topic"], "a press")
    assert not told.is_retained
    event = render(button, told.json)
    assert event["event_type"] in button["event_types"] and "button" in event, event
    config = wait_for_config(reader, DOOR, having='"door":{')
    opened = reader.wait_for(lambda m: m.topic == config["state_topic"] and
                             m.json.get("door") == "open", "the state of the door").json
    assert render(config["cmps"]["door"], opened) is True


def check_birth(broker, reader):
    start = len(reader.messages)
    broker.publish("homeassistant/status", "online")
    wait_for_config(reader, LIVING_ROOM, start)
    reader.wait_for(lambda m: m.topic == f"mi32/home/dev/{LIVING_ROOM}/state", "its state", start)


def check_switch(broker, reader, gateway):
    """A relay is a switch of the gateway, and can be switched."""
    gateway.command("Backlog0 Relay1 virtual; FriendlyName1 Heating")
    message = reader.wait_for(lambda m: "/mi32_gw_" in m.topic and '"Heating"' in m.payload,
                              "the switch")
    assert not validate(message.topic, message.payload)
    switch = message.json["cmps"]["relay1"]
    for state in ("ON", "OFF"):
        start = len(reader.messages)
        broker.publish(switch["command_topic"], state)
        reader.wait_for(lambda m: (m.topic, m.payload) == (switch["state_topic"], state),
                        f"{state} of the switch", start)
    gateway.command("Relay1 none")
    reader.wait_for(lambda m: m.topic == switch["state_topic"] and not m.payload, "its end", start)


def check_removal(broker, reader, gateway):
    start = len(reader.messages)
    assert gateway.command('MI32Ignore "Living room"') == [{"MI32Ignore": "Done"}]
    reader.wait_for(lambda m: m.topic == config_topic(LIVING_ROOM) and not m.payload,
                    "the end of the living room", start)
    reader.wait_for(lambda m: m.topic == f"mi32/home/dev/{LIVING_ROOM}/state" and not m.payload,
                    "the end of its state", start)
    broker.retained_when(lambda kept: not any(LIVING_ROOM in topic for topic in kept),
                         "the end of all about the living room")
    gateway.command("SetHA 0")
    reader.wait_for(lambda m: m.topic == config_topic(DOOR) and not m.payload, "SetHA 0", start)
    gateway_topic = next(m.topic for m in reader.messages if "/mi32_gw_" in m.topic)
    reader.wait_for(lambda m: m.topic == gateway_topic and not m.payload, "SetHA 0", start)
    start = len(reader.messages)
    gateway.command("SetHA 1")
    wait_for_config(reader, DOOR, start)


def the_demo_house_in_home_assistant():
    with tempfile.TemporaryDirectory() as directory, Broker() as broker, Reader(broker) as reader:
        with gateway_of_the_demo(broker, directory) as gateway:
            config = wait_for_config(reader, LIVING_ROOM, having='"temperature_c":{')
            check_events(reader)
            wait_for_config(reader, "582D34D30003", having='"temperature_c":{')
            reader.wait_for(lambda m: m.topic == "mi32/home/dev/582D34D30002/state" and
                            "battery_pct" in m.payload, "the battery of the kitchen")
            kept = broker.retained_when(is_complete, "the presence of each sensor")
            check_all(kept)
            check_manual(kept)
            check_values(kept, config)
            check_birth(broker, reader)
            check_switch(broker, reader, gateway)
            check_removal(broker, reader, gateway)
            assert gateway.stop() == 0
        for text in [repr(m) for m in reader.messages] + gateway.log:
            assert not any(secret in text.lower() for secret in SECRETS), text


def a_broker_that_forgets_is_told_everything_again():
    with tempfile.TemporaryDirectory() as directory, Broker(forgetful=True) as broker:
        with gateway_of_the_demo(broker, directory) as gateway:
            with Reader(broker) as reader:
                wait_for_config(reader, LIVING_ROOM, having='"temperature_c":{')
            broker.stop()
            gateway.wait_for_log("tried again")
            gateway.process.send_signal(signal.SIGSTOP)  # comes back when somebody looks
            broker.start()
            with Reader(broker) as reader:
                assert not any(is_config(m, LIVING_ROOM) for m in reader.messages)
                gateway.process.send_signal(signal.SIGCONT)
                wait_for_config(reader, LIVING_ROOM, having='"temperature_c":{')
                reader.wait_for(lambda m: m.topic == f"mi32/home/dev/{LIVING_ROOM}/availability"
                                and m.payload == "online", "that it is there")
                reader.wait_for(lambda m: m.topic == f"mi32/home/dev/{LIVING_ROOM}/state",
                                "its state")
            assert gateway.stop() == 0


def what_was_known_survives_a_restart_and_what_is_gone_goes():
    """Fields are remembered by the broker; sensors taken out of mi32cfg meanwhile are cleared."""
    with tempfile.TemporaryDirectory() as directory, Broker() as broker, Reader(broker) as reader:
        with gateway_of_the_demo(broker, directory) as gateway:
            config = wait_for_config(reader, LIVING_ROOM, having='"humidity_pct":{')
            wait_for_config(reader, DOOR, having='"door":{')
            assert gateway.stop() == 0
            start = len(reader.messages)
            sensors = json.loads((gateway.data / "mi32cfg").read_text())
            kept = [s for s in sensors if s["MAC"] != DOOR]
            (gateway.data / "mi32cfg").write_text(json.dumps(kept))
            (gateway.data / "state").unlink(missing_ok=True)
            gateway.options = ("--listen", "127.0.0.1:0", "--radio", "none",
                               "--config", f"{directory}/mi32.conf")
            gateway.start()
            again = wait_for_config(reader, LIVING_ROOM, start)
            assert set(again["cmps"]) == set(config["cmps"]), "though it has not been heard"
            reader.wait_for(lambda m: m.topic == config_topic(DOOR) and not m.payload,
                            "the end of the door", start)
            assert gateway.stop() == 0


def two_houses_on_one_broker():
    """Each has its site; both hear the same sensors, and neither touches what is the other's."""
    with tempfile.TemporaryDirectory() as directory, Broker() as broker, Reader(broker) as reader:
        with gateway_of_the_demo(broker, directory + "/a") as home, gateway_of_the_demo(
                broker, directory + "/b", "Site garden", "Topic shed", "MqttClient shed") as garden:
            for topic in (config_topic(LIVING_ROOM), config_topic(LIVING_ROOM, "garden_")):
                reader.wait_for(lambda m, t=topic: m.topic == t, topic)
            kept = broker.retained()
            ours, theirs = (json.loads(kept[config_topic(LIVING_ROOM, site)])
                            for site in ("", "garden_"))
            assert ours["state_topic"] == f"mi32/home/dev/{LIVING_ROOM}/state"
            assert theirs["state_topic"] == f"mi32/garden/dev/{LIVING_ROOM}/state"
            assert ours["availability"][0]["topic"] != theirs["availability"][0]["topic"]
            ids = [{c["unique_id"] for c in config["cmps"].values()} for config in (ours, theirs)]
            assert not ids[0] & ids[1], ids
            start = len(reader.messages)
            home.command(f"MI32Forget {LIVING_ROOM}")
            reader.wait_for(lambda m: m.topic == config_topic(LIVING_ROOM) and not m.payload,
                            "the end of it at home", start)
            assert config_topic(LIVING_ROOM, "garden_") in broker.retained()
            assert home.stop() == 0 and garden.stop() == 0


TESTS = (the_demo_house_in_home_assistant, a_broker_that_forgets_is_told_everything_again,
         what_was_known_survives_a_restart_and_what_is_gone_goes, two_houses_on_one_broker)

for test in TESTS:
    test()
    print(f"ok {test.__name__}", flush=True)
