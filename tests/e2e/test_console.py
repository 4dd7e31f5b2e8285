#!/usr/bin/env python3
"""`mi32 cmd` without a command: a console for who types, one command a line for who pipes.

usage: test_console.py MI32 REPOSITORY
"""
import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time

from gateway import DEADLINE_S, Gateway

MI32 = sys.argv[1]
# Who runs tests in the background (nohup, `&` in a script) may ignore it, and all children then do.
signal.signal(signal.SIGINT, signal.default_int_handler)
UP, CTRL_D = "\x1b[A", "\x04"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\a|\r")


class Console:
    """`mi32 cmd` on a terminal of its own."""

    def __init__(self, gateway, *arguments):
        self.terminal, slave = pty.openpty()
        environment = dict(gateway.environment, TERM="xterm", LC_ALL="C.UTF-8")
        self.process = subprocess.Popen([MI32, *arguments], stdin=slave, stdout=slave,
                                        stderr=slave, env=environment, start_new_session=True)
        os.close(slave)
        self.text = ""

    def read(self):
        """What is there within a moment, without what only moves the cursor."""
        if not select.select([self.terminal], [], [], 0.1)[0]:
            return
        try:
            self.text += ESCAPES.sub("", os.read(self.terminal, 65536).decode(errors="replace"))
        except OSError:  # the other side has closed it
            time.sleep(0.01)

    def wait_for(self, text, what):
        """Returns what came up to and with `text`, and takes it away."""
        deadline = time.monotonic() + DEADLINE_S
        while text not in self.text:
            assert time.monotonic() < deadline, f"{what}: {text!r} is not in {self.text!r}"
            self.read()
        before, _, self.text = self.text.partition(text)
        return before + text

    def type(self, keys):
        os.write(self.terminal, keys.encode())

    def ask(self, line, reply, what):
        self.wait_for("mi32> ", f"the prompt before {what}")
        self.type(line + "\r")
        return self.wait_for(reply, what)

    def end(self, keys=""):
        """The exit code, after these keys."""
        self.type(keys)
        deadline = time.monotonic() + DEADLINE_S
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read()
        code = self.process.poll()
        self.process.kill()
        os.close(self.terminal)
        assert code is not None, f"it goes on after {keys!r}: {self.text[-500:]!r}"
        return code


def commands_are_typed():
    with Gateway(MI32, "--radio", "none") as gateway:
        gateway.ready()
        console = Console(gateway, "cmd")
        console.ask("TelePeriod 60", '{"TelePeriod":60}', "a reply")
        console.ask("telep\t 70", '{"TelePeriod":70}', "a command that Tab has completed")
        console.ask("MI32Opt\t2 1", '{"MI32Option2":1}', "one with a number")
        console.ask("help telep\t", '"Usage":"TelePeriod [', "help for it")
        console.ask(UP + UP + UP, '{"TelePeriod":70}', "a line called up again")
        console.ask("DeviceName Küche", '{"DeviceName":"Küche"}', "what is no ASCII")
        console.ask("Bogus", '{"Command":"Unknown"', "a refusal")
        names = console.ask("help", "WebPassword", "the list of commands")
        assert "Ctrl-D" in names and "TelePeriod" in names, names
        console.wait_for("mi32> ", "the last prompt")
        assert console.end(CTRL_D) == 0


def no_secret_is_called_up_again():
    with Gateway(MI32, "--radio", "none") as gateway:
        gateway.ready()
        console = Console(gateway, "cmd")
        console.ask("TelePeriod 60", '{"TelePeriod":60}', "the first line")
        console.ask("MqttPassword hunter2", '"****"', "a password")
        console.ask("Backlog0 HumRes 1; mqttpassword hunter2", '"****"', "one in a Backlog")
        console.ask("MI32Key 00112233445566778899AABBCCDDEEFFA4C138000001", "Done", "a key")
        shown = console.ask(UP, '{"TelePeriod":60}', "the line before all these")
        assert "hunter2" not in shown and "0011" not in shown, shown
        console.ask("exit", "exit", "the way out")
        assert console.end() == 0


def ctrl_c_ends_it_and_leaves_the_line():
    with Gateway(MI32, "--radio", "none") as gateway:
        gateway.ready()
        console = Console(gateway, "cmd")
        console.wait_for("mi32> ", "the prompt")
        console.type("TelePer")
        console.wait_for("TelePer", "what is typed")
        console.process.send_signal(signal.SIGINT)
        console.wait_for("\n", "the end of the line")
        assert console.end() == -signal.SIGINT
        assert gateway.command("TelePeriod") == [{"TelePeriod": 300}], "the gateway goes on"


def a_gateway_that_ends_ends_the_console():
    with Gateway(MI32, "--radio", "none") as gateway:
        gateway.ready()
        console = Console(gateway, "cmd", "--running")
        console.ask("TelePeriod 60", '{"TelePeriod":60}', "a reply")
        assert gateway.stop() == 0
        console.ask("TelePeriod", "The gateway has ended the connection", "the reason")
        assert console.end() == 1


def connect(gateway):
    """As soon as there is somebody to connect to."""
    deadline = time.monotonic() + DEADLINE_S
    while True:
        one = socket.socket(socket.AF_UNIX)
        try:
            one.connect(gateway.environment["RUNTIME_DIRECTORY"] + "/control")
            return one
        except OSError:
            assert time.monotonic() < deadline and gateway.process.poll() is None, gateway.log
            time.sleep(0.02)


def where_too_many_are_connected_each_program_says_so():
    with Gateway(MI32, "--radio", "none") as gateway:
        # More than there is room for, and they ask nothing. Nobody was there before them, whose
        # place could become free when all of these have been let in or turned away.
        sockets = [connect(gateway) for _ in range(40)]
        for arguments in (("cmd", "--running", "State"), ("record",), ("scan",), ("pair",)):
            result = gateway.run(*arguments)
            assert result.returncode == 1 and result.stdout == "", result
            assert "too many local programs" in result.stderr, result
            assert "ended the connection" not in result.stderr, result
        for one in sockets:
            one.close()
        gateway.ready()


def a_pipe_is_one_command_a_line():
    with Gateway(MI32, "--radio", "none") as gateway:
        gateway.ready()

        def pipe(text):
            return subprocess.run([MI32, "cmd"], input=text, capture_output=True, text=True,
                                  env=gateway.environment, timeout=DEADLINE_S, check=False)

        good = pipe("TelePeriod 60\r\n\n# a comment\n  HumRes 2  \nhelp HumRes")
        assert good.returncode == 0 and good.stderr == "", good
        replies = [json.loads(line) for line in good.stdout.splitlines()]
        assert replies[:2] == [{"TelePeriod": 60}, {"HumRes": 2}], good
        assert replies[2]["Help"]["Usage"].startswith("HumRes"), good
        bad = pipe("Bogus\nHumRes 1\n" + "x" * 5000 + "\nHumRes\n")
        assert bad.returncode == 1 and "at most" in bad.stderr, bad
        assert bad.stdout.count('{"HumRes":1}') == 2, "a refused line stops nothing"
        assert pipe("exit\nHumRes 3\n").stdout == "" and pipe("").returncode == 0


def berry_has_the_same_editor():
    if "+berry" not in subprocess.run([MI32, "--version"], capture_output=True, text=True,
                                      check=True).stdout:
        return
    console = Console(Gateway(MI32), "berry")
    for keys, reply in (("1 + 41\r", "42"), (UP + "\r", "42")):
        console.wait_for("> ", "the prompt")
        console.type(keys)
        console.wait_for(reply, keys)
    console.wait_for("> ", "the last prompt")
    assert console.end(CTRL_D) == 0


def without_a_gateway_it_says_so():
    gateway = Gateway(MI32)
    assert gateway.run("cmd", "--running").returncode == 1


TESTS = (commands_are_typed, no_secret_is_called_up_again,
         ctrl_c_ends_it_and_leaves_the_line, a_gateway_that_ends_ends_the_console,
         where_too_many_are_connected_each_program_says_so,
         a_pipe_is_one_command_a_line, berry_has_the_same_editor,
         without_a_gateway_it_says_so)

for test in TESTS:
    test()
    print(f"ok {test.__name__}")
