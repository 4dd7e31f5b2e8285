#!/usr/bin/env python3
"""The web over real connections: commands, the password, limits, and what happens when it is rude.

usage: test_web.py MI32 REPOSITORY
"""
import base64
import http.client
import json
import os
import pathlib
import re
import socket
import sys
import time
import urllib.parse

from gateway import DEADLINE_S, Gateway

MI32 = sys.argv[1]
CLIENTS_MAX, HEADER_MAX, BODY_MAX = 32, 12 * 1024, 8 * 1024  # web.c
OTHERS = 8  # sockets a gateway has beside: listening, control, signals
NEED = {"WARNING": "Need user=<username>&password=<password>"}


class Web(Gateway):
    """A gateway on a free port, which it says itself."""

    def __init__(self, address="127.0.0.1", **options):
        super().__init__(MI32, "--radio", "none", "--listen", f"{address}:0", **options)

    def start(self):
        super().start()
        self.ready()
        self.port = int(re.search(r":(\d+)/", self.wait_for_log("listening at"))[1])
        self.password = self.command("WebPassword")[0]["WebPassword"]
        return self

    def ask(self, path, address="127.0.0.1", method="GET", body=None, headers={}):
        client = http.client.HTTPConnection(address, self.port, timeout=DEADLINE_S)
        try:
            client.request(method, path, body, headers)
            answer = client.getresponse()
            return answer.status, answer.read().decode()
        finally:
            client.close()

    def cm(self, command, address="127.0.0.1", **credentials):
        query = urllib.parse.urlencode({"cmnd": command, **credentials})
        status, body = self.ask(f"/cm?{query}", address)
        return status, json.loads(body)

    def admin(self, command):
        return self.cm(command, user="admin", password=self.password)

    def sockets(self):
        """What the gateway has open."""
        return [fd for fd in pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir()
                if link_of(fd).startswith("socket:")]

    def wait_for_sockets(self, most):
        deadline = time.monotonic() + DEADLINE_S
        while len(self.sockets()) > most:
            assert time.monotonic() < deadline, f"{len(self.sockets())} sockets are kept"
            time.sleep(0.02)

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE_S)


def link_of(path):
    """Where it leads; nowhere when it has just gone."""
    try:
        return os.readlink(path)
    except FileNotFoundError:
        return ""


def basic(password):
    return {"Authorization": "Basic " + base64.b64encode(f"admin:{password}".encode()).decode()}


def commands_are_answered():
    with Web() as web:
        assert web.admin("TelePeriod 60") == (200, {"TelePeriod": 60})
        assert web.admin("Backlog0 TelePeriod 70; MI32Option0 0") == (
            200, {"TelePeriod": 70, "MI32Option0": 0})
        assert web.cm("Bogus") == (200, {"Command": "Unknown", "Input": "BOGUS"})
        assert web.ask("/cm") == (200, '{"WARNING":"Enter command cmnd="}')
        status, body = web.ask("/cm", method="POST", body=urllib.parse.urlencode(
            {"cmnd": "TelePeriod 80", "user": "admin", "password": web.password}),
            headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert (status, json.loads(body)) == (200, {"TelePeriod": 80})
        assert web.ask("/cm?cmnd=TelePeriod%2090", headers=basic(web.password))[0] == 200
        assert web.command("TelePeriod")[0] == {"TelePeriod": 90}
        status, body = web.ask("/")
        assert status == 200 and "/cm?cmnd=" in body, body
        assert web.ask("/nowhere")[0] == 404
        assert web.stop() == 0


def the_password_is_made_once_and_stays_at_home():
    web = Web()
    with web:
        first = web.password
        assert web.cm("TelePeriod 60") == (401, NEED)
        assert web.cm("TelePeriod 60", user="admin", password="wrong") == (401, NEED)
        assert web.cm("MI32Sensors") == (200, {"MI32Sensors": []})
        assert web.admin("WebPassword")[1]["Reason"] == "shown on a local console only"
        assert first not in "\n".join(web.log), "the log shows the password"
        assert web.stop() == 0
    with web:
        assert web.password == first, "it changed at a restart"
        assert web.command("WebPassword open sesame")[0] == {"WebPassword": "open sesame"}
        assert web.admin("TelePeriod") == (401, NEED)
        assert web.cm("TelePeriod", user="admin", password="open sesame")[0] == 200
        assert web.command("WebRead 0")[0] == {"WebRead": 0}
        assert web.cm("MI32Sensors") == (401, NEED)
        assert web.stop() == 0


def both_kinds_of_addresses_are_answered():
    with Web("[::]") as web:
        assert web.cm("MI32Sensors")[0] == 200
        try:
            status, _ = web.cm("MI32Sensors", address="::1")
            assert status == 200
        except OSError as error:
            print(f"this machine has no IPv6: {error}")
        assert web.stop() == 0


def a_port_that_is_taken_ends_the_start():
    with Web() as web:
        other = Gateway(MI32, "--radio", "none")
        result = other.run("run", "--radio", "none", "--listen", f"127.0.0.1:{web.port}",
                           "--data", str(other.data))
        assert result.returncode == 1, result
        assert "another program has this port" in result.stderr, result.stderr
        assert "--listen" in result.stderr, result.stderr
        assert web.stop() == 0


def others_names_and_pages_are_refused():
    with Web() as web:
        assert web.ask("/cm?cmnd=MI32Sensors", headers={"Host": "evil.example"})[0] == 403
        assert web.ask("/", headers={"Host": "evil.example"})[0] == 403
        path = f"/cm?cmnd=TelePeriod%2060&user=admin&password={web.password}"
        assert web.ask(path, headers={"Origin": "http://evil.example"})[0] == 403
        assert web.ask(path, headers={"Referer": "http://evil.example/x"})[0] == 403
        assert web.ask(path, headers={"Origin": f"http://127.0.0.1:{web.port}"})[0] == 200
        assert web.stop() == 0


def what_is_too_long_is_refused():
    with Web() as web:
        assert web.ask("/cm?cmnd=" + "a" * 2100)[0] == 400
        for path, headers in (("/?" + "a" * 2 * HEADER_MAX, {}),
                              ("/", {"X-Long": "a" * 2 * HEADER_MAX})):
            try:
                assert web.ask(path, headers=headers)[0] >= 400
            except (http.client.HTTPException, OSError):
                pass  # or hung up on
        try:
            status, _ = web.ask("/cm", method="POST", body="a" * 2 * BODY_MAX)
            assert status == 413, status
        except (http.client.HTTPException, OSError):
            pass
        with web.connect() as client:
            client.sendall(b"POST /cm HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n")
            assert not client.recv(4096).startswith(b"HTTP/1.1 200")
        for rude in (b"\r\n\r\n", b"\0" * 100, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                     b"GET //[ HTTP/1.1\r\n\r\n", b"BREW / HTTP/1.1\r\n\r\n"):
            with web.connect() as client:
                client.sendall(rude)
                client.shutdown(socket.SHUT_WR)
                while client.recv(4096):
                    pass
        assert web.cm("MI32Sensors")[0] == 200
        assert web.stop() == 0


def a_full_house_makes_room():
    """Whoever holds all connections locks out nobody: the oldest go."""
    with Web() as web:
        held = [web.connect() for _ in range(2 * CLIENTS_MAX)]
        assert web.cm("MI32Sensors")[0] == 200
        assert held[0].recv(1) == b"", "the oldest is still there"
        web.wait_for_sockets(CLIENTS_MAX + OTHERS)
        for client in held:
            client.close()
        assert web.cm("MI32Sensors")[0] == 200
        assert web.stop() == 0


def a_connection_is_used_again_and_its_end_is_seen():
    with Web() as web:
        client = http.client.HTTPConnection("127.0.0.1", web.port, timeout=DEADLINE_S)
        for _ in range(50):
            client.request("GET", "/cm?cmnd=Help")
            answer = client.getresponse()
            assert answer.status == 200 and json.loads(answer.read())["Help"]
        client.close()
        with web.connect() as client:
            client.sendall(b"GET /cm?cmnd=Help HTTP/1.0\r\n\r\n")
            text = b""
            while part := client.recv(4096):
                text += part
            assert json.loads(text.split(b"\r\n\r\n", 1)[1])["Help"], text
        before = len(web.sockets())
        for _ in range(100):
            web.ask("/")
        web.wait_for_sockets(before)
        assert web.stop() == 0


TESTS = (commands_are_answered, the_password_is_made_once_and_stays_at_home,
         both_kinds_of_addresses_are_answered, a_port_that_is_taken_ends_the_start,
         others_names_and_pages_are_refused, what_is_too_long_is_refused,
         a_full_house_makes_room, a_connection_is_used_again_and_its_end_is_seen)

for test in TESTS:
    test()
    print(f"ok {test.__name__}")
