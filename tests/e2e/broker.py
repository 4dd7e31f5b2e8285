"""A real mosquitto for end-to-end tests, and somebody who reads everything on it."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

DEADLINE_S = 250  # twice the longest wait of the gateway between two attempts, and some more

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")


def hold_port():
    """A port that nobody else is given while this socket is open, though a broker can listen
    there, and again after a restart: who asks for it by number and shares it, as mosquitto does,
    gets it."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held


class Broker:
    """mosquitto on a free port of this machine, which can be stopped and started again. It keeps
    its clients' subscriptions and messages on disk, so that a reader misses nothing of a restart;
    unless it is `forgetful`, and then what was retained is gone as well.

    `lines` are added to its configuration, `client` to the options of its clients.
    """

    def __init__(self, *lines, forgetful=False, client=()):
        self.client = client
        self.keeper = tempfile.TemporaryDirectory(prefix="mi32-broker-")
        self.held = hold_port()
        self.port = self.held.getsockname()[1]
        self.process = None
        directory = pathlib.Path(self.keeper.name)
        directory.chmod(0o777)  # mosquitto gives up root
        self.config = directory / "mosquitto.conf"
        self.config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
            f"persistence {'false' if forgetful else 'true'}\n"
            f"persistence_location {directory}/\nqueue_qos0_messages true\n"
            "max_queued_messages 0\n" + "".join(line + "\n" for line in lines))

    def start(self):
        self.process = subprocess.Popen([MOSQUITTO, "-c", self.config],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + DEADLINE_S
        while True:
            assert time.monotonic() < deadline and self.process.poll() is None, "no broker"
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.02)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=DEADLINE_S)

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOWAIT)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=DEADLINE_S)

    def publish(self, topic, payload):
        subprocess.run(["mosquitto_pub", "-h", "localhost", "-p", str(self.port), *self.client,
                        "-t", topic, "-m", payload, "-q", "1"], check=True, timeout=DEADLINE_S)

    def retained(self, topic="#"):
        """What it keeps, by topic. It has all been sent when a message of our own comes back."""
        end = f"end/{time.monotonic_ns()}"
        with Reader(self, topic, end) as reader:
            self.publish(end, "end")
            reader.wait_for(lambda m: m.topic == end, "the end of what is retained")
            return {m.topic: m.payload for m in reader.messages if m.is_retained}

    def retained_when(self, fits, what):
        """What it keeps, as soon as fits(what it keeps) is true."""
        deadline = time.monotonic() + DEADLINE_S
        while not fits(kept := self.retained()):
            assert time.monotonic() < deadline, f"{what}: not in {DEADLINE_S} s; it keeps {kept}"
        return kept

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.held.close()


class Message:
    def __init__(self, line):
        when, retained, self.topic, self.payload = line.split(" ", 3)
        self.when = float(when)
        self.is_retained = retained == "1"

    @property
    def json(self):
        return json.loads(self.payload)

    def __repr__(self):
        return f"{self.topic} {self.payload}"


class Reader:
    """Subscribed to everything, or to the given topics; what comes is in `messages`, in order.
    Returns from its making only when the broker has confirmed that it is. One of everything is
    remembered by a broker that restarts."""

    def __init__(self, broker, *topics):
        self.messages = []
        self.came = threading.Condition()
        who = [] if topics else ["-i", "reader", "-c"]
        subscriptions = [word for topic in (*topics, "reader") for word in ("-t", topic)]
        self.process = subprocess.Popen(
            ["mosquitto_sub", "-h", "localhost", "-p", str(broker.port), *broker.client, "-q", "1",
             *(subscriptions if topics else ("-t", "#")), *who, "-F", "%U %r %t %p"],
            stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, daemon=True).start()
        deadline = time.monotonic() + DEADLINE_S
        while not any(m.topic == "reader" for m in self.messages):
            assert time.monotonic() < deadline and self.process.poll() is None, "cannot subscribe"
            broker.publish("reader", "ready")

    def _read(self):
        for line in self.process.stdout:
            with self.came:
                self.messages.append(Message(line.rstrip("\n")))
                self.came.notify_all()

    def wait_until(self, is_enough, what):
        """Returns when is_enough() is true; asked again when a message came."""
        deadline = time.monotonic() + DEADLINE_S
        with self.came:
            while not is_enough():
                left = deadline - time.monotonic()
                assert left > 0, f"{what}: not in {DEADLINE_S} s, {len(self.messages)} messages"
                self.came.wait(timeout=left)

    def wait_for(self, fits, what, start=0):
        """The first message, from `start` on, for which fits(message) is true."""
        deadline = time.monotonic() + DEADLINE_S
        with self.came:
            while True:
                for message in self.messages[start:]:
                    if fits(message):
                        return message
                left = deadline - time.monotonic()
                assert left > 0, f"{what}: nothing in {DEADLINE_S} s; got {self.messages}"
                self.came.wait(timeout=left)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
