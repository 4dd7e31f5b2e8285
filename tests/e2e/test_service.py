#!/usr/bin/env python3
"""mi32 as a service: what the service manager is told, and what its unit file allows.

usage: test_service.py MI32 REPOSITORY
"""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

from gateway import DEADLINE_S, Gateway

MI32, REPOSITORY = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
UNIT = REPOSITORY / "share/systemd/mi32.service.in"


class Manager:
    """The other end of $NOTIFY_SOCKET."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.settimeout(DEADLINE_S)

    def next(self):
        return self.socket.recv(4096).decode()

    def fill(self):
        """Leaves no room for another message. One sender has room for some hundreds only."""
        while self._send_all():
            pass

    def _send_all(self):
        """How many messages of one sender found room."""
        sent = 0
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
            other.connect(self.socket.getsockname())
            other.setblocking(False)
            try:
                while True:
                    other.send(b"OTHER=1")
                    sent += 1
            except BlockingIOError:
                return sent

    def is_told(self):
        """Whether something waits already."""
        self.socket.setblocking(False)
        try:
            self.socket.recv(4096)
            return True
        except BlockingIOError:
            return False
        finally:
            self.socket.settimeout(DEADLINE_S)


def ready_alive_and_ending(address, name):
    manager = Manager(address)
    gateway = Gateway(MI32, "--radio", "none")
    gateway.environment.update(NOTIFY_SOCKET=name, WATCHDOG_USEC="200000")
    with gateway:
        assert manager.next() == "READY=1"
        for _ in range(3):
            assert manager.next() == "WATCHDOG=1"
        gateway.ready()  # which tells the manager nothing: it is another program
        gateway.process.terminate()
        messages = [manager.next()]
        while messages[-1] == "WATCHDOG=1":
            messages.append(manager.next())
        assert messages[-1] == "STOPPING=1", messages
        assert gateway.process.wait(timeout=DEADLINE_S) == 0


def the_manager_is_told_by_a_path():
    with tempfile.TemporaryDirectory(prefix="mi32-test-") as directory:
        path = os.path.join(directory, "notify")
        ready_alive_and_ending(path, path)


def the_manager_is_told_by_an_abstract_name():
    name = f"mi32-test-{os.getpid()}"
    ready_alive_and_ending("\0" + name, "@" + name)


def a_busy_manager_is_told_the_end_when_it_has_room():
    with tempfile.TemporaryDirectory(prefix="mi32-test-") as directory:
        path = os.path.join(directory, "notify")
        manager = Manager(path)
        gateway = Gateway(MI32, "--radio", "none")
        gateway.environment.update(NOTIFY_SOCKET=path)
        with gateway:
            assert manager.next() == "READY=1"
            manager.fill()
            gateway.process.terminate()
            try:
                gateway.process.wait(timeout=0.5)  # one that does not wait has ended by then
            except subprocess.TimeoutExpired:
                pass
            while (message := manager.next()) == "OTHER=1":
                pass
            assert message == "STOPPING=1"
            assert gateway.process.wait(timeout=DEADLINE_S) == 0


def a_loop_that_stands_still_is_silent():
    """So the manager restarts it."""
    with tempfile.TemporaryDirectory(prefix="mi32-test-") as directory:
        path = os.path.join(directory, "notify")
        manager = Manager(path)
        gateway = Gateway(MI32, "--radio", "none")
        gateway.environment.update(NOTIFY_SOCKET=path, WATCHDOG_USEC="200000")
        with gateway:
            assert [manager.next(), manager.next()] == ["READY=1", "WATCHDOG=1"]
            gateway.process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, gateway.process.pid, os.WSTOPPED | os.WNOWAIT)
            while manager.is_told():
                pass
            gateway.process.send_signal(signal.SIGCONT)
            assert manager.next() == "WATCHDOG=1"
            assert gateway.stop() == 0


def somebody_else_is_watched():
    with tempfile.TemporaryDirectory(prefix="mi32-test-") as directory:
        path = os.path.join(directory, "notify")
        manager = Manager(path)
        gateway = Gateway(MI32, "--radio", "none")
        gateway.environment.update(NOTIFY_SOCKET=path, WATCHDOG_USEC="1000", WATCHDOG_PID="1")
        with gateway:
            assert manager.next() == "READY=1"
            gateway.ready()
            assert gateway.stop() == 0
        assert manager.next() == "STOPPING=1"


def a_command_beside_is_no_service():
    with tempfile.TemporaryDirectory(prefix="mi32-test-") as directory:
        path = os.path.join(directory, "notify")
        manager = Manager(path)
        environment = dict(os.environ, NOTIFY_SOCKET=path, RUNTIME_DIRECTORY=directory)
        subprocess.run([MI32, "cmd", "--data", os.path.join(directory, "data"), "TelePeriod"],
                       env=environment, check=True, capture_output=True, timeout=DEADLINE_S)
        assert not manager.is_told()


def the_manual_is_whole(documents):
    """Where only the program is installed, nothing leads into its source."""
    assert (documents / "manual.md").exists()
    subprocess.run([sys.executable, REPOSITORY / "tests/tools/test_links.py", documents],
                   check=True)


def the_unit_is_installed_with_its_path():
    build = MI32.parent
    with tempfile.TemporaryDirectory(prefix="mi32-test-") as directory:
        subprocess.run(["cmake", "--install", build, "--prefix", directory], check=True,
                       capture_output=True, timeout=120)
        unit = pathlib.Path(directory, "lib/systemd/system/mi32.service")
        assert f"ExecStart={directory}/bin/mi32 run\n" in unit.read_text()
        assert "@" not in re.sub(r"@system-service|@privileged|@chown", "", unit.read_text())
        assert pathlib.Path(directory, "lib/sysusers.d/mi32.conf").exists()
        the_manual_is_whole(pathlib.Path(directory, "share/doc/mi32"))
        if not shutil.which("systemd-analyze"):
            print("not run: systemd-analyze is not here")
            return
        the_unit_has_no_mistakes(unit)
        the_unit_allows_little(unit)
        the_unit_allows_what_is_needed(unit, pathlib.Path(directory))


def installing_touches_the_system_only_where_systemd_looks():
    """All that would change the machine is a stand-in here, root included."""
    with tempfile.TemporaryDirectory(prefix="mi32-test-") as directory:
        called = pathlib.Path(directory, "called")
        for name, does in (("id", "echo 0"), ("systemctl", f"echo $0 >> {called}"),
                           ("systemd-sysusers", f"echo $0 $1 >> {called}")):
            stand_in = pathlib.Path(directory, name)
            stand_in.write_text(f"#!/bin/sh\n{does}\n")
            stand_in.chmod(0o755)

        def says(destdir, prefix):
            return subprocess.run([REPOSITORY / "tools/installed.sh", destdir, prefix],
                                  check=True, capture_output=True, text=True, timeout=60,
                                  env={"PATH": f"{directory}:{os.environ['PATH']}"}).stdout

        for destdir, prefix in (("", "/opt/mi32"), ("", "/usr/locally"), ("/stage", "/usr")):
            assert says(destdir, prefix) == "", (destdir, prefix)
            assert not called.exists(), called.read_text()
        for prefix in ("/usr", "/usr/local", "/usr/local/"):
            assert "systemctl enable" in says("", prefix), prefix
            assert "systemd-sysusers" in called.read_text(), prefix
            called.unlink()


def the_unit_has_no_mistakes(unit):
    """The user is made by sysusers.d, so one that exists stands in here."""
    checked = unit.with_name("mi32-checked.service")
    checked.write_text(re.sub(r"(User|Group)=mi32", r"\1=root", unit.read_text()))
    result = subprocess.run(["systemd-analyze", "verify", "--man=no", checked],
                            capture_output=True, text=True, check=False, timeout=120)
    complaints = [line for line in (result.stdout + result.stderr).splitlines()
                  if "mi32" in line]
    assert not complaints, complaints


def the_unit_allows_little(unit):
    result = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", unit],
                            capture_output=True, text=True, check=False, timeout=120)
    exposure = re.search(r"exposure level for \S+: ([0-9.]+)", result.stdout)
    if not exposure:
        print("not run: systemd-analyze cannot judge a unit offline")
        return
    print(f"exposure {exposure.group(1)}")
    assert float(exposure.group(1)) <= 3.0, result.stdout


def calls_of(group):
    """The system calls of a group like @system-service."""
    if not group.startswith("@"):
        return {group}
    listed = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter", group], check=True,
                            capture_output=True, text=True, timeout=60).stdout
    words = [line.strip() for line in listed.splitlines()[1:]]
    return {call for word in words if word and word[0] != "#" for call in calls_of(word)}


def allowed_by(unit):
    """What its SystemCallFilter lines leave, in their order."""
    allowed, text = set(), unit.read_text()
    for line in re.findall(r"^SystemCallFilter=(.*)$", text, re.MULTILINE):
        calls = {call for word in line.removeprefix("~").split() for call in calls_of(word)}
        allowed = allowed - calls if line.startswith("~") else allowed | calls
    return allowed - (calls_of("@clock") if "\nProtectClock=yes" in text else set())


def the_unit_allows_what_is_needed(unit, directory):
    """A whole life of the gateway, each of its system calls noted."""
    trace = directory / "trace"
    if not shutil.which("strace") or subprocess.run(
            ["strace", "-o", trace, "true"], capture_output=True, check=False).returncode != 0:
        print("not run: strace is not here, or not allowed")
        return
    gateway = Gateway(MI32, "--radio", "demo")
    tracer = gateway.directory / "mi32"
    tracer.write_text(f'#!/bin/sh\nexec setsid strace -f -qq -o {trace} {MI32} "$@"\n')
    tracer.chmod(0o755)
    gateway.mi32 = tracer
    gateway.environment["ASAN_OPTIONS"] = "detect_leaks=0"  # it cannot be traced
    with gateway:
        try:
            gateway.mi32 = MI32
            gateway.wait_for(lambda c: c.get("temperature_c") is not None, "a temperature")
            gateway.command("Backlog0 MqttHost 127.0.0.1; MqttPort 1; MI32Cfg")
            os.kill(int((gateway.data / ".lock").read_text()), signal.SIGTERM)
            assert gateway.process.wait(timeout=DEADLINE_S) == 0
        finally:
            if gateway.process.poll() is None:  # a tracer that is killed leaves it running
                os.killpg(gateway.process.pid, signal.SIGKILL)
    used = set(re.findall(r"^\d+ +(\w+)\(", trace.read_text(), re.MULTILINE))
    assert len(used) > 30, used
    forbidden = used - allowed_by(unit)
    assert not forbidden, forbidden


for test in (the_manager_is_told_by_a_path, the_manager_is_told_by_an_abstract_name,
             a_busy_manager_is_told_the_end_when_it_has_room,
             a_loop_that_stands_still_is_silent, somebody_else_is_watched,
             a_command_beside_is_no_service, the_unit_is_installed_with_its_path,
             installing_touches_the_system_only_where_systemd_looks):
    test()
    print(f"ok {test.__name__}", flush=True)
