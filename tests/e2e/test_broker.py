#!/usr/bin/env python3
"""Brokers as they are in the world, each a real mosquitto: with TLS and passwords, with the wrong
ones, slow, and away for 10,000 events.

usage: test_broker.py MI32 REPOSITORY
"""
import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from broker import Broker, Reader
from gateway import Gateway

MI32, REPOSITORY = sys.argv[1], pathlib.Path(sys.argv[2])
PASSWORD = "Correct-Horse-7"
QUEUE_MAX = 10000


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True,
                          text=True).stdout


def make_authority(directory, name):
    key, certificate = directory / f"{name}.key", directory / f"{name}.pem"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", f"/CN={name}")
    return key, certificate


def make_certificate(directory, authority, host):
    """A certificate for a broker at `host`, made now; its key and it."""
    ca_key, ca = authority
    key, request, certificate = (directory / f"{host}.{end}" for end in ("key", "csr", "pem"))
    names = directory / "names"
    names.write_text(f"subjectAltName=DNS:{host}")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            str(key), "-out", str(request), "-subj", f"/CN={host}")
    openssl("x509", "-req", "-in", str(request), "-CA", str(ca), "-CAkey", str(ca_key),
            "-CAcreateserial", "-out", str(certificate), "-days", "2", "-extfile", str(names))
    key.chmod(0o644)  # mosquitto gives up root
    return key, certificate


@contextlib.contextmanager
def broker_with_tls():
    """A broker that wants a password and whose certificate an authority of its own has signed; its
    directory and it."""
    with tempfile.TemporaryDirectory(prefix="mi32-tls-") as name:
        directory = pathlib.Path(name)
        directory.chmod(0o755)
        authority = make_authority(directory, "authority")
        key, certificate = make_certificate(directory, authority, "localhost")
        users = directory / "users"
        subprocess.run(["mosquitto_passwd", "-b", "-c", str(users), "anna", PASSWORD], check=True)
        users.chmod(0o644)
        with Broker(f"cafile {authority[1]}", f"certfile {certificate}", f"keyfile {key}",
                    "allow_anonymous false", f"password_file {users}",
                    client=("--cafile", str(authority[1]), "-u", "anna", "-P", PASSWORD)) as broker:
            yield directory, broker


@contextlib.contextmanager
def gateway_without_radio(directory, broker, authority):
    """With an authority's certificate as the one that this machine trusts."""
    gateway = Gateway(MI32, "--radio", "none")
    gateway.environment["SSL_CERT_FILE"] = str(authority)
    gateway.environment["SSL_CERT_DIR"] = str(directory / "nothing")
    with gateway:
        gateway.ready()
        gateway.command(f"Backlog0 MqttPort {broker.port}; MqttUser anna; MqttTLS 1")
        yield gateway


def expect_log(gateway, command, text):
    start = len(gateway.log)
    replies = gateway.command(command)
    assert replies and "Command" not in replies[0], (command, replies)
    gateway.wait_for_log(text, start)


def end(gateway):
    """The password was shown nowhere."""
    assert gateway.stop() == 0
    for line in gateway.log:
        assert PASSWORD not in line and "wrong-one" not in line, line


def tls_and_password_wrong_and_right():
    with broker_with_tls() as (directory, broker):
        authority = directory / "authority.pem"
        with gateway_without_radio(directory, broker, authority) as gateway, \
                contextlib.ExitStack() as stack:
            gateway.command("MqttPassword wrong-one")
            expect_log(gateway, "MqttHost localhost", "bad user name or password")
            reader = stack.enter_context(Reader(broker))
            expect_log(gateway, f"MqttPassword {PASSWORD}", "connected to localhost")
            reader.wait_for(lambda m: m.topic.endswith("/LWT") and m.payload == "Online", "Online")
            assert gateway.command("MqttPassword") == [{"MqttPassword": "****"}]
            expect_log(gateway, "MqttHost 127.0.0.1", "certificate not accepted")  # another name
            end(gateway)


def an_authority_nobody_knows_and_a_fingerprint():
    with broker_with_tls() as (directory, broker):
        _, other = make_authority(directory, "other")
        prints = [openssl("x509", "-in", str(directory / "localhost.pem"), "-noout", "-fingerprint",
                          f"-{kind}").split("=")[1].strip() for kind in ("sha1", "sha256")]
        with gateway_without_radio(directory, broker, other) as gateway:
            gateway.command(f"MqttPassword {PASSWORD}")
            expect_log(gateway, "MqttHost localhost", "certificate not accepted")
            expect_log(gateway, f"MqttFingerprint1 {'00' * 20}",
                       f"its SHA-256 is {prints[1].replace(':', '')}")
            expect_log(gateway, f"MqttFingerprint2 {prints[0]}", "connected to localhost")
            expect_log(gateway, f"MqttFingerprint2 {prints[1]}", "connected to localhost")
            expect_log(gateway, "MqttHost 127.0.0.1", "connected to 127.0.0.1")  # whatever its name
            end(gateway)


def no_password_in_the_clear_to_a_tls_port():
    """TLS left off by mistake: the broker drops it, and the reason names a way out."""
    with broker_with_tls() as (directory, broker):
        with gateway_without_radio(directory, broker, directory / "authority.pem") as gateway:
            gateway.command(f"Backlog0 MqttTLS 0; MqttPassword {PASSWORD}")
            expect_log(gateway, "MqttHost localhost", "ended the connection")
            expect_log(gateway, "MqttTLS 1", "connected to localhost")
            end(gateway)


# ---- many events, and a broker that does not take them ----


def advert(data):
    return f"020106{len(data) // 2 + 3:02x}1695fe{data}"


def presses(remotes, each, start_s, span_s):
    """Presses of many remotes, no two frames alike, as lines of a capture."""
    lines, total = [], remotes * each
    for i in range(total):
        remote, n = i % remotes, i // remotes
        mac = f"F82441{remote:06X}"
        body = "".join(reversed([mac[k:k + 2] for k in range(0, 12, 2)]))
        frame = f"50305301{n % 256:02x}{body}011003{n // 256 % 6:02x}0000"
        lines.append({"t": start_s + span_s * i / total, "mac": mac, "rssi": -60,
                      "adv_hex": advert(frame)})
    return lines


def write_capture(directory, lines):
    path = pathlib.Path(directory) / "capture.jsonl"
    first = {"t": 0, "mac": "A4C138FFFFFF", "rssi": -60, "adv_hex": "020106"}
    path.write_text("".join(json.dumps(line) + "\n" for line in [first, *lines]))
    return path


def gateway_for(broker, directory, capture):
    config = pathlib.Path(directory) / "mi32.conf"
    config.write_text(f"MqttHost 127.0.0.1\nMqttPort {broker.port}\nMqttRetry 10\n")
    return Gateway(MI32, "--radio", f"replay:{capture}", "--config", str(config))


def events_of(reader):
    events = [m for m in reader.messages if m.topic.endswith("/event")]
    assert all(m.topic == f"mi32/home/dev/{m.json['mac']}/event" for m in events)
    return [m.json for m in events]


def count_events(reader):
    """How many have come; those counted before are not looked at again."""
    seen = getattr(reader, "counted", (0, 0))
    new = reader.messages[seen[0]:]
    reader.counted = (seen[0] + len(new), seen[1] + sum(m.topic.endswith("/event") for m in new))
    return reader.counted[1]


def ten_thousand_events_wait_and_the_oldest_go():
    remotes, each = 20, 510
    lines = presses(remotes, each, 1, 8)
    with tempfile.TemporaryDirectory() as directory, Broker() as broker, Reader(broker) as reader:
        broker.stop()
        with gateway_for(broker, directory, write_capture(directory, lines)) as gateway:
            gateway.wait_for_log("The recording has ended")
            gateway.wait_for_log("the oldest are being lost")
            broker.start()
            reader.wait_until(lambda: count_events(reader) >= QUEUE_MAX, "10,000 events")
            events = events_of(reader)
            fids = [(e["mac"], e["fid"]) for e in events]
            assert len(set(fids)) == QUEUE_MAX, len(set(fids))
            lost = len(lines) - QUEUE_MAX
            told = [(line["mac"]) for line in lines[lost:]]
            assert [e["mac"] for e in events[:QUEUE_MAX]] == told, "in order, the oldest missing"
            assert gateway.stop() == 0


def a_frozen_broker_delays_no_advert():
    """Every frame is told on standard output while the broker reads nothing."""
    assert any(frozen_before(gap_s) for gap_s in (4, 15, 60)), "it does not connect in a minute"


def frozen_before(gap_s):
    """False when an event may have come before the broker was frozen. What the presses cause fits
    into the pipe of standard output, however long we do not get to read it."""
    lines = presses(20, 180, gap_s, 3.6)
    with tempfile.TemporaryDirectory() as directory, Broker() as broker, Reader(broker) as reader:
        first_event = time.monotonic() + gap_s  # at the earliest
        with gateway_for(broker, directory, write_capture(directory, lines)) as gateway:
            reader.wait_for(lambda m: m.topic.endswith("/LWT") and m.payload == "Online", "Online")
            broker.freeze()
            if time.monotonic() > first_event:
                return False
            seen = 0
            while seen < len(lines):
                gateway.wait_for(lambda c: "event" in c, f"press {seen} of {len(lines)}")
                seen += 1
            assert not events_of(reader), "the broker was not frozen"
            broker.thaw()
            reader.wait_until(lambda: count_events(reader) >= len(lines), "all events")
            assert len({(e["mac"], e["fid"]) for e in events_of(reader)}) == len(lines)
            assert gateway.stop() == 0
    return True


def an_old_topic_keeps_no_presence():
    with Broker() as broker, Gateway(MI32, "--radio", "none") as gateway:
        gateway.ready()
        gateway.command(f"Backlog0 MqttPort {broker.port}; Topic old; MqttHost 127.0.0.1")
        with Reader(broker) as reader:
            for old, new in (("old", "new"), ("new", "newest")):
                reader.wait_for(lambda m: (m.topic, m.payload) == (f"tele/{old}/LWT", "Online"),
                                f"{old} Online")
                gateway.command(f"Topic {new}")
                reader.wait_for(lambda m: (m.topic, m.payload) == (f"tele/{new}/LWT", "Online"),
                                f"{new} Online")
                reader.wait_for(lambda m: (m.topic, m.payload) == (f"tele/{old}/LWT", ""),
                                f"{old} cleared")
                said = [m.payload for m in reader.messages if m.topic == f"tele/{old}/LWT"]
                assert said == ["Online", "Offline", ""], said
        assert broker.retained("tele/+/LWT") == {"tele/newest/LWT": "Online"}
        assert gateway.stop() == 0


TESTS = (tls_and_password_wrong_and_right, an_authority_nobody_knows_and_a_fingerprint,
         no_password_in_the_clear_to_a_tls_port, ten_thousand_events_wait_and_the_oldest_go,
         a_frozen_broker_delays_no_advert, an_old_topic_keeps_no_presence)

for test in TESTS:
    test()
    print(f"ok {test.__name__}", flush=True)
