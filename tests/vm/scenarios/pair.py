#!/usr/bin/env python3
"""pair.py PORT: the devices' side of the group `pair`, played on the host. Reads over TCP what vradio
tells in the guest, and writes lines of its script."""
import pathlib
import socket
import sys
import time

from cryptography.hazmat.primitives.ciphers.aead import AESCCM

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tests/unit/mijia"))
import device as d  # noqa: E402

THERMOMETER, REMOTE = "A4:C1:38:2F:87:6B", "F8:24:41:C5:98:8B"
SECRET = bytes.fromhex("0f56db78ca460b055c500064824bed999a25aaf48ebb519ac201537b85479813")
BEACON_KEY = bytes.fromhex("b853075158487ca39a5b5ea9")


def number(mac):
    return bytes.fromhex(mac.replace(":", ""))


def encrypted_frame(mac, key, count):
    """The service data of a MiBeacon 5 frame: 21.5 degrees."""
    head = bytes.fromhex("58585b05") + bytes([count])
    address, ext = number(mac)[::-1], bytes.fromhex("010000")
    cipher = AESCCM(key, tag_length=4).encrypt(address + head[2:5] + ext,
                                               bytes.fromhex("041002d700"), b"\x11")
    data = bytes.fromhex("1695fe") + head + address + cipher[:-4] + ext + cipher[-4:]
    return bytes([len(data)]) + data


class Air:
    """The guest's vradio."""

    def __init__(self, port):
        self.first = ""
        while not self.first:  # the emulator takes connections before the guest listens
            time.sleep(0.2)
            try:
                connection = socket.create_connection(("127.0.0.1", port))
                self.stream = connection.makefile("rw", encoding="ascii", newline="\n")
                self.first = self.stream.readline()
            except OSError:
                pass

    def lines(self):
        yield self.first
        yield from self.stream

    def say(self, *words):
        self.stream.write(" ".join(("0", *words)) + "\n")
        self.stream.flush()


class Thermometer:
    def __init__(self):
        self.device = d.Device(SECRET)
        self.count = 0

    def connected(self):
        self.device.talk = self.device._idle()
        next(self.device.talk)

    def written(self, air, at, data):
        had_key = self.device.bind_key
        for characteristic, said in self.device.write(at, data):
            air.say("notify", f"{characteristic:04x}", said.hex())
            if (characteristic, said.hex()) == (d.CONTROL, "21000000"):
                air.say("print", "host logged in", THERMOMETER.replace(":", ""))
        if self.device.bind_key != had_key:
            air.say("print", "host key", THERMOMETER.replace(":", ""), self.device.bind_key.hex())

    def measure(self, air):
        self.count += 1
        air.say(THERMOMETER, encrypted_frame(THERMOMETER, self.device.bind_key, self.count).hex())


class Remote:
    def __init__(self):
        self.remote = d.Remote(number(REMOTE), 0x03b6, BEACON_KEY, b"1.0.0_1")

    def connected(self):
        self.remote.token, self.remote.is_open = None, False

    def written(self, air, at, data):
        for characteristic, said in self.remote.write(at, data):
            for readable, value in self.remote.values.items():  # there before it is read
                air.say("notify", f"{readable:04x}", d.rc4(self.remote.token, value).hex())
            air.say("notify", f"{characteristic:04x}", said.hex())


def play(air):
    devices = {THERMOMETER: Thermometer(), REMOTE: Remote()}
    device = None
    for line in air.lines():
        what, *words = line.split() or [""]
        if what == "connected":
            device = devices[words[0]]
            device.connected()
        elif what == "measure":
            devices[THERMOMETER].measure(air)
        elif what in ("write", "writecmd"):
            try:
                device.written(air, int(words[0], 16), bytes.fromhex("".join(words[1:])))
            except d.Refused as wrong:
                air.say("print", "host refuses:", str(wrong))


if __name__ == "__main__":
    play(Air(int(sys.argv[1])))
