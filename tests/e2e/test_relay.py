#!/usr/bin/env python3
"""Relays with a real broker: a virtual one and two that are topics, switched from everywhere.

usage: test_relay.py MI32 REPOSITORY
"""
import pathlib
import sys
import tempfile

from broker import Broker, Reader, MOSQUITTO
from gateway import Gateway

MI32 = sys.argv[1]
TOPIC = "mi32_T"


def gateway_with(broker, directory, *lines):
    config = pathlib.Path(directory, "mi32.conf")
    config.write_text("\n".join((f"MqttHost 127.0.0.1\nMqttPort {broker.port}\nTopic {TOPIC}",
                                 *lines)))
    return Gateway(MI32, "--radio", "none", "--config", str(config))


def says(topic, payload):
    return lambda m: m.topic == topic and m.payload == payload


def told(reader, start, *messages):
    """These, in this order, among what came from `start` on."""
    for topic, payload in messages:
        found = reader.wait_for(says(topic, payload), f"{topic} {payload}", start)
        start = reader.messages.index(found, start) + 1
    return start


def a_virtual_relay_is_told_and_kept():
    with tempfile.TemporaryDirectory() as place, Broker() as broker, Reader(broker) as reader:
        gateway = gateway_with(broker, place)
        with gateway:
            gateway.ready()
            reader.wait_for(says(f"tele/{TOPIC}/LWT", "Online"), "the connection")
            assert gateway.command("Relay1 virtual") == [{"Relay1": "virtual"}]
            start = len(reader.messages)
            broker.publish(f"cmnd/{TOPIC}/POWER", "on")
            start = told(reader, start, (f"stat/{TOPIC}/RESULT", '{"POWER":"ON"}'),
                         (f"stat/{TOPIC}/POWER", "ON"))
            assert gateway.command("Power") == [{"POWER": "ON"}]
            assert gateway.command("PowerRetain 1") == [{"PowerRetain": "ON"}]
            assert gateway.stop() == 0
        start = len(reader.messages)
        with gateway:
            gateway.ready()
            assert gateway.command("Power") == [{"POWER": "ON"}], "it was forgotten"
            told(reader, start, (f"tele/{TOPIC}/LWT", "Online"), (f"stat/{TOPIC}/POWER", "ON"))
            assert gateway.command("PowerOnState 0") == [{"PowerOnState": 0}]
            assert gateway.stop() == 0
        with gateway:
            gateway.ready()
            assert gateway.command("Power") == [{"POWER": "OFF"}]
            with Reader(broker, f"stat/{TOPIC}/POWER") as later:
                message = later.wait_for(lambda m: m.topic == f"stat/{TOPIC}/POWER", "the state")
                assert message.is_retained
            assert gateway.stop() == 0


def a_topic_is_switched_and_heard():
    with tempfile.TemporaryDirectory() as place, Broker() as broker, Reader(broker) as reader:
        with gateway_with(broker, place, "Relay1 mqtt:cmnd/plug/POWER",
                          "Relay2 mqtt:lamp/switch") as gateway:
            gateway.ready()
            start = told(reader, 0, (f"stat/{TOPIC}/POWER2", "OFF"))
            assert gateway.command("Power1 on") == [{"POWER1": "ON"}]
            start = told(reader, start, ("cmnd/plug/POWER", "ON"))
            broker.publish("stat/plug/POWER", "OFF")  # somebody pressed the plug's button
            start = told(reader, start, (f"stat/{TOPIC}/RESULT", '{"POWER1":"OFF"}'),
                         (f"stat/{TOPIC}/POWER1", "OFF"))
            assert gateway.command("Power1") == [{"POWER1": "OFF"}]

            # A topic that is shared: what we send comes back, and must not set off anything.
            for state in ("on", "off", "on"):
                gateway.command(f"Power2 {state}")
            start = told(reader, start, ("lamp/switch", "ON"), ("lamp/switch", "OFF"),
                         ("lamp/switch", "ON"))
            broker.publish("lamp/switch", "OFF")
            start = told(reader, start, (f"stat/{TOPIC}/POWER2", "OFF"))
            assert gateway.command("Power2") == [{"POWER2": "OFF"}]
            sent = [m.payload for m in reader.messages if m.topic == "lamp/switch"]
            assert sent == ["ON", "OFF", "ON", "OFF"], sent
            assert [m.payload for m in reader.messages if m.topic == "cmnd/plug/POWER"] == ["ON"]
            assert gateway.stop() == 0


def a_rule_and_a_relay_work_together():
    with tempfile.TemporaryDirectory() as place, Broker() as broker, Reader(broker) as reader:
        with gateway_with(broker, place, "Relay1 virtual", "Relay2 virtual",
                          "Rule1 ON Power1#State DO Power2 %value% ENDON", "Rule1 1") as gateway:
            gateway.ready()
            start = told(reader, 0, (f"stat/{TOPIC}/POWER2", "OFF"))
            broker.publish(f"cmnd/{TOPIC}/Power1", "TOGGLE")
            told(reader, start, (f"stat/{TOPIC}/POWER1", "ON"), (f"stat/{TOPIC}/POWER2", "ON"))
            results = [m.json for m in reader.messages if m.topic == f"stat/{TOPIC}/RESULT"]
            assert results.count({"POWER1": "ON"}) == 1, results
            assert gateway.stop() == 0


assert MOSQUITTO, "no mosquitto"
for test in (a_virtual_relay_is_told_and_kept, a_topic_is_switched_and_heard,
             a_rule_and_a_relay_work_together):
    test()
    print(f"ok {test.__name__}", flush=True)
