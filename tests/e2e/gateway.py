"""A gateway for end-to-end tests: the real program, with directories of its own."""
import fcntl
import json
import os
import pathlib
import queue
import subprocess
import tempfile
import threading
import time

DEADLINE_S = 120  # for anything; a test that waits this long has failed
PIPE_SIZE = 1 << 20  # a gateway leaves out what a slow reader has no room for


class Gateway:
    """`mi32 run` with its own data directory and control socket.

    Standard output is read as JSON Lines into `changes`, each with the time `heard_at` at which it
    was read; standard error is kept in `log`. wait_for() returns as soon as a change fits.
    """

    def __init__(self, mi32, *options, directory=None):
        self.mi32 = mi32
        self.keeper = None if directory else tempfile.TemporaryDirectory(prefix="mi32-test-")
        self.directory = pathlib.Path(directory or self.keeper.name)
        self.data = self.directory / "data"
        runtime = self.directory / "run"
        runtime.mkdir(exist_ok=True, mode=0o700)
        self.environment = dict(os.environ, RUNTIME_DIRECTORY=str(runtime), TZ="UTC")
        if "--listen" not in options:
            options = ("--listen", "127.0.0.1:0", *options)  # tests run side by side
        self.options = options
        self.reads_changes, self.pipe_size = True, PIPE_SIZE
        self.process = None

    def start(self):
        self.changes = queue.Queue()
        self.log = []
        self.seen = []
        changes, writing = os.pipe()
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, self.pipe_size)
        self.process = subprocess.Popen(
            [self.mi32, "run", "--json", "--data", str(self.data), *self.options],
            stdout=writing, stderr=subprocess.PIPE, text=True, env=self.environment)
        os.close(writing)
        self.process.stdout = open(changes)
        self.readers = [threading.Thread(target=read, args=(self.process, self.changes, self.log),
                                         daemon=True)
                        for read in (self._read_log, self._read_changes)[:1 + self.reads_changes]]
        for reader in self.readers:
            reader.start()
        return self

    # Of one process: what another one, started meanwhile, says is not theirs.

    @staticmethod
    def _read_changes(process, changes, _):
        for line in process.stdout:
            changes.put({**json.loads(line), "heard_at": time.time()})
        changes.put(None)

    @staticmethod
    def _read_log(process, _, log):
        for line in process.stderr:
            log.append(line.rstrip("\n"))

    def wait_for(self, fits, what):
        """The first change, from here on, for which fits(change) is true."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            left = deadline - time.monotonic()
            assert left > 0, f"{what}: nothing in {DEADLINE_S} s; log: {self.log}"
            try:
                change = self.changes.get(timeout=left)
            except queue.Empty:
                continue
            assert change is not None, f"{what}: the gateway ended; log: {self.log}"
            self.seen.append(change)
            if fits(change):
                return change

    def wait_for_log(self, text, start=0):
        """The first line of the log, from number `start` on, that has this in it."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            for line in self.log[start:]:
                if text in line:
                    return line
            assert time.monotonic() < deadline and self.process.poll() is None, \
                f"{text!r} is not in the log: {self.log[start:]}"
            time.sleep(0.02)

    def run(self, *arguments):
        """Another subcommand, of the same user."""
        return subprocess.run([self.mi32, *arguments], capture_output=True, text=True,
                              env=self.environment, timeout=DEADLINE_S)

    def command(self, line):
        """The replies of one command, as objects."""
        result = self.run("cmd", "--running", line)
        return [json.loads(reply) for reply in result.stdout.splitlines()]

    def repeat(self, line, is_enough):
        """Gives a command until is_enough(its replies)."""
        deadline = time.monotonic() + DEADLINE_S
        while not is_enough(replies := self.command(line)):
            assert time.monotonic() < deadline and self.process.poll() is None, \
                f"{line}: {replies}; {self.log}"
            time.sleep(0.02)

    def ready(self):
        """Returns when commands are answered."""
        self.repeat("Help", bool)
        return self

    def stop(self, signal="terminate"):
        """The exit code. Whatever it said has been read then."""
        getattr(self.process, signal)()
        code = self.process.wait(timeout=DEADLINE_S)
        for reader in self.readers:
            reader.join(timeout=DEADLINE_S)
        return code

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
