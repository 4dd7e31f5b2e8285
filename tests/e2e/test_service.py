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


def the_unit_is_installed_with_its_path():
    build = MI32.parent
    with tempfile.TemporaryDirectory(prefix="mi32-test-") as directory:
        subprocess.run(["cmake", "--install", build, "--prefix", directory], check=True,
                       capture_output=True, timeout=120)
        unit = pathlib.Path(directory, "lib/systemd/system/mi32.service")
        assert f"ExecStart={directory}/bin/mi32 run\n" in unit.read_text()
        assert "@" not in re.sub(r"@system-service|@privileged|@chown", "", unit.read_text())
        assert pathlib.Path(directory, "lib/sysusers.d/mi32.conf").exists()
        if not shutil.which("systemd-analyze"):
            print("not run: systemd-analyze is not here")
            return
        the_unit_has_no_mistakes(unit)
        the_unit_allows_little(unit)


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
    assert float(exposure.group(1)) <= 2.5, result.stdout


for test in (the_manager_is_told_by_a_path, the_manager_is_told_by_an_abstract_name,
             a_loop_that_stands_still_is_silent, somebody_else_is_watched,
             a_command_beside_is_no_service, the_unit_is_installed_with_its_path):
    test()
    print(f"ok {test.__name__}", flush=True)
