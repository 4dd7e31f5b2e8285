#!/usr/bin/env python3
"""`mi32 scan`, and what `scan`, `record`, `pair` and `cmd` do where no gateway runs.

usage: test_scan.py MI32 REPOSITORY
"""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

from gateway import DEADLINE_S, Gateway

MI32 = sys.argv[1]
CTRL_Q, CTRL_S = b"\x11", b"\x13"
STRANGER = "C0FFEE000001"
HOSTILE = b"\x1b]0;owned\x07\x1b[2J\xe2\x80\xaeeman\xff\x9b1m"


def room():
    """A user without a gateway: a directory and an environment of his own."""
    keeper = tempfile.TemporaryDirectory(prefix="mi32-test-")
    directory = pathlib.Path(keeper.name)
    (directory / "run").mkdir(mode=0o700)
    environment = dict(os.environ, RUNTIME_DIRECTORY=str(directory / "run"), TZ="UTC",
                       XDG_STATE_HOME=str(directory / "state"))
    return keeper, directory, environment


def run(environment, *arguments, **options):
    return subprocess.run([MI32, *arguments], capture_output=True, text=True, env=environment,
                          timeout=DEADLINE_S, check=False, **options)


def device(scan, mac):
    """Scans until the device was heard."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        result = scan()
        assert result.returncode == 0, result
        for line in result.stdout.splitlines():
            if json.loads(line)["mac"] == mac:
                return json.loads(line)
    raise AssertionError(f"{mac} was not heard in {DEADLINE_S} s")


def a_running_gateway_is_asked():
    with Gateway(MI32, "--radio", "demo") as gateway:
        gateway.ready()
        found = device(lambda: gateway.run("scan", "--json", "--seconds", "2"), "A4C138D30001")
        assert found["name"] == "Living room" and found["model"] == "LYWSD03MMC", found
        assert found["format"] == "mibeacon" and found["encrypted"] and found["key"] == "set"
        assert "outcome" not in found, "it was judged without the key that the gateway has"
        assert found["rssi"] < 0 and found["frames"] >= 1 and found["age_s"] >= 0
        assert gateway.stop() == 0


def without_one_the_radio_is_opened_here():
    keeper, directory, environment = room()
    with keeper:
        found = device(lambda: run(environment, "scan", "--json", "--seconds", "2", "--radio",
                                   "demo", "--data", str(directory / "data")), "A4C138D30001")
        assert found["key"] == "set", found
        found = device(lambda: run(environment, "scan", "--json", "--seconds", "6", "--radio",
                                   "demo", "--data", str(directory / "data")), "A4C138D30016")
        assert found["key"] == "not activated", found
        result = run(environment, "record", "-n", "3", "--radio", "demo", "--data",
                     str(directory / "data"))
        assert result.returncode == 0 and len(result.stdout.splitlines()) == 3, result
        result = run(environment, "pair", "--radio", "demo", "--data", str(directory / "data"),
                     "--seconds", "3")
        assert result.returncode == 0 and "listening for 3 s" in result.stderr, result


def no_adapter_is_exit_code_3():
    keeper, _, environment = room()
    with keeper:
        for arguments in (("scan",), ("record",), ("pair",)):
            result = run(environment, *arguments, "--radio", "hci999")
            assert result.returncode == 3 and result.stderr and not result.stdout, result
        with Gateway(MI32, "--radio", "none") as gateway:
            gateway.ready()
            result = gateway.run("scan")
            assert result.returncode == 3 and "--radio none" in result.stderr, result
            assert gateway.stop() == 0


def a_command_without_a_gateway_is_saved():
    keeper, directory, environment = room()
    with keeper:
        result = run(environment, "cmd", "--running", "TelePeriod", "70")
        assert result.returncode == 1 and "mi32 run" in result.stderr, result
        assert not (directory / "state").exists()
        assert run(environment, "cmd", "TelePeriod", "70").stdout == '{"TelePeriod":70}\n'
        assert run(environment, "cmd", "TelePeriod").stdout == '{"TelePeriod":70}\n'
        result = run(environment, "cmd", "Nonsense")
        assert result.returncode == 1 and "Unknown" in result.stdout, result


def a_command_without_a_gateway_says_whose_files_it_takes():
    """Once, on standard error: standard output is JSON alone."""
    keeper, directory, environment = room()
    with keeper:
        for arguments, folder in (((), directory / "state" / "mi32"),
                                  (("--data", str(directory / "other")), directory / "other")):
            result = run(environment, "cmd", *arguments, input="TelePeriod\nEvent a\n")
            assert result.stdout == '{"TelePeriod":300}\n{"Event":"Done"}\n', result
            assert result.stderr.count("no gateway runs") == 1, result
            assert f"in the files of {folder}\n" in result.stderr and folder.is_dir(), result
    with Gateway(MI32, "--radio", "none") as gateway:
        gateway.ready()
        assert gateway.run("cmd", "TelePeriod").stderr == ""
        assert gateway.stop() == 0


def the_lock_is_respected():
    with Gateway(MI32, "--radio", "none") as gateway:
        gateway.ready()
        keeper, _, environment = room()
        with keeper:
            result = run(environment, "cmd", "--data", str(gateway.data), "TelePeriod")
            assert result.returncode == 1 and "in use by another mi32" in result.stderr, result
        assert gateway.stop() == 0


class Undecided:
    """A gateway whose radio never says what is the matter; once it listens nobody is there."""

    def __init__(self, directory, radio):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(directory / "run" / "control"))
        self.socket.listen()
        self.reply = json.dumps({"MI32Radio": [radio]})
        self.asked = threading.Event()  # for the radio, twice
        self.followed = threading.Event()  # the adverts
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        connection, _ = self.socket.accept()
        with connection, connection.makefile("rw", encoding="utf-8") as stream:
            for n, line in enumerate(stream):
                if line == "record\n":
                    self.followed.set()
                    continue
                stream.write(self.reply + "\n\n")
                stream.flush()
                if n == 1:
                    self.asked.set()


def stopped(command, radio, event, sign):
    """The gateway that the command was beside when it heard the signal, at that event; it ends
    without a word."""
    keeper, directory, environment = room()
    with keeper:
        gateway = Undecided(directory, radio)
        process = subprocess.Popen([MI32, command], env=environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        assert getattr(gateway, event).wait(DEADLINE_S)
        process.send_signal(sign)
        out, err = process.communicate(timeout=DEADLINE_S)
        assert (process.returncode, out, err) == (0, "", ""), (process.returncode, out, err)
        return gateway


def ctrl_c_is_heard_while_the_radio_is_waited_for():
    for command in ("record", "scan"):
        gateway = stopped(command, {"Name": "hci0", "State": "waiting"}, "asked", signal.SIGINT)
        assert not gateway.followed.is_set()


def ctrl_c_is_heard_where_nobody_sends():
    """As is what a service manager says."""
    for sign in (signal.SIGINT, signal.SIGTERM):
        stopped("record", {"Name": "hci0", "State": "listening"}, "followed", sign)


def waiting_in(pipe):
    """How many bytes."""
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]


def ctrl_c_is_heard_where_nobody_reads():
    with tempfile.TemporaryDirectory() as directory, Gateway(
            MI32, "--radio", f"replay:{stranger(pathlib.Path(directory))}") as gateway:
        gateway.ready()
        reading, writing = os.pipe()
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
        process = subprocess.Popen([MI32, "record"], env=gateway.environment, stdout=writing,
                                   stderr=subprocess.PIPE, text=True)
        assert select.select([reading], [], [], DEADLINE_S)[0], "it has recorded nothing"
        before = -1
        while before < (before := waiting_in(reading)):
            time.sleep(1)  # some twenty lines
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=DEADLINE_S)
        assert (process.returncode, err) == (0, ""), (process.returncode, err)
        os.close(writing)
        with open(reading, encoding="utf-8") as recorded:
            assert all(json.loads(line)["mac"] == STRANGER for line in recorded)
        assert gateway.stop() == 0


def stranger(directory):
    """A recording of somebody whose name means ill, of ten minutes."""
    path = directory / "stranger.jsonl"
    advert = bytes([2, 1, 6, len(HOSTILE) + 1, 9]) + HOSTILE
    path.write_text("".join(
        json.dumps({"t": n / 20, "mac": STRANGER, "addr_type": "random", "rssi": -50,
                    "adv_hex": advert.hex()}) + "\n" for n in range(12000)))
    return path


def harmless(text):
    assert "owned" in text, text
    assert "\x1b]" not in text and "\x07" not in text and "\u202e" not in text, repr(text)
    assert "\x1b[2Je" not in text and "\x9b" not in text, repr(text)


def a_stranger_s_name_does_nothing_to_the_terminal():
    with tempfile.TemporaryDirectory() as directory:
        path = stranger(pathlib.Path(directory))
        with Gateway(MI32, "--radio", f"replay:{path}") as gateway:
            gateway.ready()
            found = device(lambda: gateway.run("scan", "--all", "--json", "--seconds", "1"),
                           STRANGER)
            assert found["addr_type"] == "random" and "key" not in found, found
            harmless(told_of_the_stranger(gateway))
            harmless(live_table(gateway))
            assert gateway.stop() == 0


def told_of_the_stranger(gateway):
    """What a scan prints, of those the first that heard him."""
    deadline = time.monotonic() + DEADLINE_S
    while STRANGER not in (text := gateway.run("scan", "--all", "--seconds", "1").stdout):
        assert time.monotonic() < deadline, text
    return text


def live_table(gateway):
    """What a terminal gets until the stranger is in the table and Ctrl-C ends it. The terminal has
    stopped by then, so that the end comes into the middle of a picture."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(MI32, [MI32, "scan", "--all"], gateway.environment)
    text, deadline = b"", time.monotonic() + DEADLINE_S
    while STRANGER.encode() not in text or b"owned" not in text:
        assert select.select([fd], [], [], max(deadline - time.monotonic(), 0))[0], text
        text += os.read(fd, 4096)
    os.write(fd, CTRL_S)
    while select.select([fd], [], [], 2)[0]:
        text += os.read(fd, 4096)
    os.kill(pid, signal.SIGINT)
    os.write(fd, CTRL_Q)
    while True:
        try:
            more = os.read(fd, 4096)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        text += more
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    os.close(fd)
    assert text.count(b"\x1b[?7l") == text.count(b"\x1b[?7h") > 0, text  # lines are cut, not broken
    assert re.search(rb"address +dBm +format", text), text
    return text.decode()


for test in (a_running_gateway_is_asked, without_one_the_radio_is_opened_here,
             no_adapter_is_exit_code_3, a_command_without_a_gateway_is_saved,
             a_command_without_a_gateway_says_whose_files_it_takes,
             the_lock_is_respected, ctrl_c_is_heard_while_the_radio_is_waited_for,
             ctrl_c_is_heard_where_nobody_sends, ctrl_c_is_heard_where_nobody_reads,
             a_stranger_s_name_does_nothing_to_the_terminal):
    test()
    print(f"ok {test.__name__}", flush=True)
