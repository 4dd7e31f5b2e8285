#!/usr/bin/env python3
"""`mi32 doctor` on whatever machine this is; tests/unit/linux/test_examine.c has made-up ones.

usage: test_doctor.py MI32 REPOSITORY
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from broker import Broker
from gateway import DEADLINE_S, Gateway

MI32 = sys.argv[1]
HAS_ADAPTER = any(pathlib.Path("/sys/class/bluetooth").glob("hci*"))


def doctor(environment, *arguments):
    result = subprocess.run([MI32, "doctor", *arguments], capture_output=True, text=True,
                            env=environment, timeout=DEADLINE_S, check=False)
    assert result.returncode in ((0, 1) if HAS_ADAPTER else (3,)), result
    return result.stdout


def rows(environment, *arguments):
    found = {}
    for line in doctor(environment, "--json", *arguments).splitlines():
        row = json.loads(line)
        assert row["state"] in ("ok", "note", "bad") and row["text"], row
        assert row["state"] == "ok" or row["remedy"] or row["check"] == "LE", row
        found[row["check"]] = row
    return found


def rows_with_radio(gateway):
    """Asked until the radio has said that it listens, or what it waits for."""
    deadline = time.monotonic() + DEADLINE_S
    while "radio" not in (found := rows(gateway.environment)):
        assert time.monotonic() < deadline, found
    return found


def without_a_gateway_the_files_are_looked_at():
    with tempfile.TemporaryDirectory(prefix="mi32-test-") as directory:
        environment = dict(os.environ, RUNTIME_DIRECTORY=directory)
        data = pathlib.Path(directory, "data")
        found = rows(environment, "--data", str(data))
        for check in ("gateway", "adapter", "rights", "kernel", "repeats", "bluetoothd", "clock",
                      "broker", "mDNS", "disk"):
            assert check in found, found
        assert found["gateway"]["state"] == "note" and found["broker"]["state"] == "note"
        for check in ("broker", "disk"):
            assert str(data) in found[check]["text"], found
        assert "mi32" not in found["mDNS"]["text"], "it announces nothing by mDNS"
        assert not data.exists(), "it changes nothing"
        data.mkdir()
        (data / "settings").write_text('{"version":1,"MqttHost":"127.0.0.1","MqttPort":1}')
        found = rows(environment, "--data", str(data))
        assert found["broker"]["state"] == "bad" and "refused" in found["broker"]["text"], found
        text = doctor(environment, "--data", str(data))
        assert len(text.splitlines()) == len(found) if not HAS_ADAPTER else True
        assert "BAD   broker     127.0.0.1 port 1: Connection refused - " in text, text


def a_gateway_is_asked():
    with Broker() as broker, Gateway(MI32, "--radio", "demo") as gateway:
        gateway.ready()
        gateway.command(f"Backlog0 MqttHost 127.0.0.1; MqttPort {broker.port}")
        found = rows_with_radio(gateway)
        assert found["gateway"]["state"] == "ok" and found["broker"]["state"] == "ok", found
        assert "demo listens" in found["radio"]["text"] and found["rights"]["state"] == "ok"
        assert gateway.stop() == 0


def a_radio_that_waits_is_bad():
    with Gateway(MI32, "--radio", "hci999") as gateway:
        gateway.ready()
        row = rows_with_radio(gateway)
        assert row["radio"]["state"] == "bad" and row["radio"]["remedy"], row
        assert gateway.stop() == 0


for test in (without_a_gateway_the_files_are_looked_at, a_gateway_is_asked,
             a_radio_that_waits_is_bad):
    test()
    print(f"ok {test.__name__}", flush=True)
