#!/usr/bin/env python3
"""transcripts.py [--check] FILE CORPUS: dialogues between an app and the devices of device.py.

Writes transcripts.h, which the unit tests replay, and the inputs from which the fuzzer starts;
--check compares them with what is there. The app's side is computed here a second time, apart from
src/mijia, from the same description of the protocol.
"""
import hmac
import pathlib
import sys
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESCCM

import device as d

APP_SECRET = bytes.fromhex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721")
DEVICE_SECRET = bytes.fromhex("0f56db78ca460b055c500064824bed999a25aaf48ebb519ac201537b85479813")
CHANCE = bytes([0, 25, 26, 61, 62, 255])  # of the new id's six letters: A Z a 9 A H
NEW_ID = b"\0blt.3.129vAZa9AHATC"
OLD_ID = b"\0blt.3.1a2b3c4d5e600"
RANDOM = bytes(range(0xa0, 0xb0))
NONCE = bytes(range(0x50, 0x60))
REMOTE = bytes.fromhex("f82441c5988b")
CHANCE_12 = bytes(range(0xe1, 0xed))
BEACON_KEY = bytes.fromhex("b853075158487ca39a5b5ea9")

HEAD = """\
/* transcripts.h: made by transcripts.py, with python3-cryptography; change it there. Dialogues
 * between an app and a device, both computed apart from src/mijia and ports/crypto. */
#ifndef MI32_TEST_MIJIA_TRANSCRIPTS_H
#define MI32_TEST_MIJIA_TRANSCRIPTS_H

#include <stddef.h>
#include <stdint.h>

enum line_kind { LINE_END, LINE_SUBSCRIBE, LINE_WRITE, LINE_NOTIFY, LINE_READ };

/* What happens at a characteristic; bytes as hex digits. LINE_READ is a read and its value. */
struct line {
    enum line_kind kind;
    uint16_t at;
    const char *bytes;
};
"""


class Talk:
    """An app at a device, with everything that passes between them written down."""

    def __init__(self, device):
        self.device, self.lines, self.heard = device, [], []

    def subscribe(self, at):
        self.lines.append(("SUBSCRIBE", at, b""))

    def write(self, at, data):
        self.lines.append(("WRITE", at, data))
        for note in self.device.write(at, data):
            self.lines.append(("NOTIFY", *note))
            self.heard.append(note)

    def read(self, at):
        value = self.device.read(at)
        self.lines.append(("READ", at, value))
        return value

    def hear(self, at, data):
        got = self.heard.pop(0)
        assert got == (at, data), f"{got} instead of {data.hex()}"

    def send(self, kind, content, confirmed=True):
        self.write(d.DATA, d.header(kind, content))
        self.hear(d.DATA, d.READY)
        for frame in d.frames(content):
            self.write(d.DATA, frame)
        if confirmed:
            self.hear(d.DATA, d.ACCEPTED)

    def receive(self, kind):
        at, head = self.heard.pop(0)
        assert at == d.DATA and head[:4] == bytes([0, 0, 0, kind]), head.hex()
        self.write(d.DATA, d.READY)
        content = b"".join(self.heard.pop(0)[1][2:] for _ in range(head[4]))
        self.write(d.DATA, d.ACCEPTED)
        return content


def begin(device):
    talk = Talk(device)
    talk.subscribe(d.CONTROL)
    talk.subscribe(d.DATA)
    return talk


def register(device, new_id):
    talk = begin(device)
    talk.write(d.CONTROL, bytes.fromhex("a2000000"))
    info = talk.receive(0)
    identity = info[4:] or new_id
    talk.write(d.CONTROL, bytes.fromhex("15000000"))
    private = d.private_key(APP_SECRET)
    talk.send(3, d.point(private))
    token, bind_key, hide = d.setup_keys(d.agree(private, talk.receive(3)))
    talk.send(0, AESCCM(hide, tag_length=4).encrypt(d.NONCE, identity, b"devID"))
    talk.write(d.CONTROL, bytes.fromhex("13000000"))
    talk.hear(d.CONTROL, bytes.fromhex("11000000"))
    assert (device.token, device.bind_key, device.identity) == (token, bind_key, identity)
    return talk


def login(device, token):
    talk = begin(device)
    talk.write(d.CONTROL, bytes.fromhex("24000000"))
    talk.send(0x0b, RANDOM)
    nonce = talk.receive(0x0d)
    okm = d.hkdf(token, RANDOM + nonce, b"mible-login-info")
    proof = talk.receive(0x0c)
    assert proof == hmac.digest(okm[:16], nonce + RANDOM, sha256)
    answer = hmac.digest(okm[16:32], RANDOM + nonce, sha256)
    talk.send(0x0a, answer, confirmed=False)
    talk.hear(d.CONTROL, bytes.fromhex("21000000"))
    return talk


def legacy(remote):
    talk = Talk(remote)
    talk.write(d.INIT, bytes.fromhex("90ca85de"))
    talk.subscribe(d.AUTH)
    talk.write(d.AUTH, d.rc4(remote.mix_a, CHANCE_12))
    at, answer = talk.heard.pop(0)
    assert at == d.AUTH and d.rc4(remote.mix_b, d.rc4(remote.mix_a, answer)) == CHANCE_12
    talk.write(d.AUTH, d.rc4(CHANCE_12, bytes.fromhex("92ab54fa")))
    assert d.rc4(CHANCE_12, talk.read(d.BEACON_KEY)) == BEACON_KEY
    assert d.rc4(CHANCE_12, talk.read(d.FIRMWARE)) == b"1.0.0_1"
    return talk


def constants(values, width):
    return "".join(f"#define {name:{width}} {value}\n" for name, value in values.items())


def quoted(value):
    return f"\"{value.hex()}\""


def lines(name, talk):
    out = [f"static const struct line {name}[] = {{\n"]
    for kind, at, data in talk.lines:
        out.append(f"    {{ LINE_{kind}, 0x{at:04x}, \"{data.hex()}\" }},\n")
    return "".join(out) + "    { LINE_END, 0, \"\" },\n};\n"


def talks():
    """What happened in each dialogue, by name, and the first device."""
    fresh = d.Device(DEVICE_SECRET, nonce=NONCE)
    remote = d.Remote(REMOTE, 0x03b6, BEACON_KEY, b"1.0.0_1")
    return {
        "register_new": register(fresh, NEW_ID),
        "register_again": register(d.Device(DEVICE_SECRET, identity=OLD_ID), NEW_ID),
        "login": login(fresh, fresh.token),
        "legacy": legacy(remote),
    }, fresh


TITLES = {
    "register_new": "A device that was never activated.",
    "register_again": "One that was, and keeps its id.",
    "login": "The first one, with its token.",
    "legacy": "A remote control with a 12-byte key.",
}


def header(dialogues, fresh):
    given = {"APP_SECRET": quoted(APP_SECRET), "CHANCE": quoted(CHANCE), "RANDOM": quoted(RANDOM),
             "REMOTE_CHANCE": quoted(CHANCE_12)}
    wanted = {"TOKEN": quoted(fresh.token), "BIND_KEY": quoted(fresh.bind_key),
              "BEACON_KEY": quoted(BEACON_KEY), "REMOTE_MAC": quoted(REMOTE),
              "REMOTE_PRODUCT": "0x03b6"}
    out = [HEAD, "\n", constants(given, 13), "\n", constants(wanted, 14)]
    for name, talk in dialogues.items():
        out += [f"\n/* {TITLES[name]} */\n", lines(name, talk)]
    return "".join(out) + "\n#endif\n"


def fuzz_input(name, talk):
    """As tests/fuzz/mijia.c reads it."""
    which = {"register_new": 0, "register_again": 0, "login": 1, "legacy": 2}[name]
    return bytes([which]) + b"".join(bytes([at, len(data)]) + data for kind, at, data in talk.lines
                                     if kind in ("NOTIFY", "READ"))


def main(arguments):
    # RFC 6229, the 64-bit key: the one cipher of device.py that is not the library's.
    assert d.rc4(bytes(range(1, 9)), bytes(16)).hex() == "97ab8a1bf0afb96132f2f67258da15a8"
    *check, file, corpus = arguments
    dialogues, fresh = talks()
    files = {pathlib.Path(file): header(dialogues, fresh).encode()}
    for name, talk in dialogues.items():
        files[pathlib.Path(corpus, name)] = fuzz_input(name, talk)
    different = [path for path, made in files.items()
                 if not path.exists() or path.read_bytes() != made]
    if check:
        for path in different:
            print(f"{path} is not what transcripts.py makes", file=sys.stderr)
        return len(different) > 0
    for path in different:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(files[path])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
