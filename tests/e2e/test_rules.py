#!/usr/bin/env python3
"""Rules that go round through a real mosquitto: the circle ends, and the gateway goes on working.

usage: test_rules.py MI32 REPOSITORY
"""
import pathlib
import sys
import tempfile

from broker import MOSQUITTO, Broker, Reader
from gateway import Gateway

MI32 = sys.argv[1]
TOPIC = "mi32_AABBCC"
AT_ONCE = 200  # docs/rules.md


def gateway_with(broker, place, *commands):
    config = pathlib.Path(place) / "mi32.conf"
    config.write_text("\n".join(("MqttHost 127.0.0.1", f"MqttPort {broker.port}", f"Topic {TOPIC}",
                                 *commands, "")))
    return Gateway(MI32, "--radio", "none", "--config", str(config))


def rounds(reader, topic):
    return [m for m in reader.messages if m.topic == topic]


def a_circle_ends(topic):
    with tempfile.TemporaryDirectory() as place, Broker() as broker, Reader(broker) as reader:
        with gateway_with(broker, place, "GroupTopic1 all_of_us",
                          f"Rule1 ON Event#a DO Publish {topic} a ENDON "
                          "ON Event#b DO Publish out/b %value% ENDON", "Rule1 1",
                          "Rule2 ON Event#c DO Publish out/c %value% ENDON", "Rule2 1") as gateway:
            reader.wait_for(lambda m: m.topic == f"tele/{TOPIC}/LWT" and m.payload == "Online",
                            "the connection")
            gateway.ready()
            gateway.command("Event a")
            gateway.wait_for_log("Rule1 fires too often, last by ON Event#a")

            # Others are served at once, and what was in the broker's queue has gone round by then.
            gateway.command("Event c=1")
            reader.wait_for(lambda m: m.topic == "out/c", "the other set")
            went = rounds(reader, topic)
            assert len(went) >= AT_ONCE, len(went)

            # The set works again by itself, and of the circle nothing is left.
            start = len(reader.messages)
            gateway.repeat("Event b=2", lambda _: rounds(reader, "out/b"))
            gateway.command("Event c=3")
            reader.wait_for(lambda m: m.topic == "out/c" and m.payload == "3", "the end")
            assert len(rounds(reader, topic)) == len(went), reader.messages[start:]
            assert sum("too often" in line for line in gateway.log) == 1, gateway.log
            assert gateway.stop() == 0


assert MOSQUITTO, "no mosquitto"
for where in (f"cmnd/{TOPIC}/Event", "cmnd/all_of_us/Event"):
    a_circle_ends(where)
    print(f"ok a_circle_ends {where}", flush=True)
