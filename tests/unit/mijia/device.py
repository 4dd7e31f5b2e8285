"""A Xiaomi device's side of the activation and login dialogue, and of the older one for remotes.

Written from the description of the protocol alone, with python3-cryptography for everything secret:
nothing here comes from src/mijia or ports/crypto, so both sides agree only when both are right. A
device takes what is written to a characteristic and gives back what it notifies.
"""
import hmac
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CONTROL, DATA = 0x0010, 0x0019
AUTH, FIRMWARE, INIT, BEACON_KEY = 0x0001, 0x0004, 0x0010, 0x0014
READY, ACCEPTED = bytes.fromhex("00000101"), bytes.fromhex("00000100")
FRAME = 18
NONCE = bytes(range(0x10, 0x1c))


def hkdf(secret, salt, info):
    return HKDF(hashes.SHA256(), 64, salt or None, info).derive(secret)


def point(private):
    numbers = private.public_key().public_numbers()
    return numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")


def agree(private, peer):
    public = ec.EllipticCurvePublicNumbers(int.from_bytes(peer[:32], "big"),
                                           int.from_bytes(peer[32:], "big"), ec.SECP256R1())
    return private.exchange(ec.ECDH(), public.public_key())


def private_key(secret):
    return ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())


def setup_keys(shared):
    """Token, bind key, and the key that hides the id."""
    okm = hkdf(shared, b"", b"mible-setup-info")
    return okm[:12], okm[12:28], okm[28:44]


def header(kind, content):
    frames = (len(content) + FRAME - 1) // FRAME
    return bytes([0, 0, 0, kind]) + frames.to_bytes(2, "little")


def frames(content):
    return [(1 + at // FRAME).to_bytes(2, "little") + content[at:at + FRAME]
            for at in range(0, len(content), FRAME)]


class Refused(Exception):
    """The other side did something that is not in the dialogue."""


class Device:
    """One of the bind-key scheme. `identity` is the id it has when it is active already."""

    def __init__(self, secret, identity=None, token=None, nonce=bytes(16)):
        self.private = private_key(secret)
        self.identity, self.token, self.bind_key = identity, token, None
        self.nonce = nonce  # of a login
        self.notified = []
        self.talk = self._idle()
        next(self.talk)

    def write(self, at, data):
        """What it notifies in answer: (characteristic, bytes), in order."""
        self.notified = []
        self.talk.send((at, data))
        return self.notified

    def _say(self, at, data):
        self.notified.append((at, data))

    def _expect(self, at, data):
        got = yield
        if got != (at, data):
            raise Refused(f"{got[0]:04x} {got[1].hex()} instead of {at:04x} {data.hex()}")

    def _give(self, kind, content):
        self._say(DATA, header(kind, content))
        yield from self._expect(DATA, READY)
        for frame in frames(content):
            self._say(DATA, frame)
        yield from self._expect(DATA, ACCEPTED)

    def _take(self, kind, length, confirm=True):
        yield from self._expect(DATA, header(kind, bytes(length)))
        self._say(DATA, READY)
        content = b""
        while len(content) < length:
            at, frame = yield
            wanted = frames(bytes(length))[len(content) // FRAME]
            if at != DATA or frame[:2] != wanted[:2] or len(frame) != len(wanted):
                raise Refused(f"frame {frame.hex()}")
            content += frame[2:]
        if confirm:
            self._say(DATA, ACCEPTED)
        return content

    def _idle(self):
        while True:
            at, data = yield
            if (at, data) == (CONTROL, bytes.fromhex("a2000000")):
                yield from self._register()
            elif (at, data) == (CONTROL, bytes.fromhex("24000000")):
                yield from self._login()
            else:
                raise Refused(f"{at:04x} {data.hex()} to begin with")

    def _register(self):
        prefix = bytes.fromhex("01000000")
        yield from self._give(0, prefix + (self.identity or b""))
        yield from self._expect(CONTROL, bytes.fromhex("15000000"))
        peer = yield from self._take(3, 64)
        token, bind_key, hide = setup_keys(agree(self.private, peer))
        yield from self._give(3, point(self.private))
        hidden = yield from self._take(0, 24)
        identity = AESCCM(hide, tag_length=4).decrypt(NONCE, hidden, b"devID")
        yield from self._expect(CONTROL, bytes.fromhex("13000000"))
        if self.identity not in (None, identity) or identity[0] != 0:
            self._say(CONTROL, bytes.fromhex("12000000"))
            return
        self.identity, self.token, self.bind_key = identity, token, bind_key
        self._say(CONTROL, bytes.fromhex("11000000"))

    def _login(self):
        theirs = yield from self._take(0x0b, 16)
        yield from self._give(0x0d, self.nonce)
        okm = hkdf(self.token, theirs + self.nonce, b"mible-login-info")
        yield from self._give(0x0c, hmac.digest(okm[:16], self.nonce + theirs, sha256))
        proof = yield from self._take(0x0a, 32, confirm=False)
        right = hmac.compare_digest(proof, hmac.digest(okm[16:32], theirs + self.nonce, sha256))
        self._say(CONTROL, bytes.fromhex("21000000" if right else "23000000"))


def rc4(key, data):
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


class Remote:
    """A remote control of the legacy scheme; a subscription is a write of None."""

    def __init__(self, mac, product, beacon_key, firmware):
        m, low, high = mac[::-1], product & 0xff, product >> 8
        self.mix_a = bytes([m[0], m[2], m[5], low, low, m[4], m[5], m[1]])
        self.mix_b = bytes([m[0], m[2], m[5], high, m[4], m[0], m[5], low])
        self.values = {BEACON_KEY: beacon_key, FIRMWARE: firmware}
        self.token = None
        self.is_open = False

    def write(self, at, data):
        if (at, data) == (INIT, bytes.fromhex("90ca85de")):
            return []
        if at != AUTH:
            raise Refused(f"{at:04x}")
        if self.token is None:
            self.token = rc4(self.mix_a, data)
            return [(AUTH, rc4(self.mix_a, rc4(self.mix_b, self.token)))]
        if rc4(self.token, data) != bytes.fromhex("92ab54fa"):
            raise Refused("the confirmation is wrong")
        self.is_open = True
        return []

    def read(self, at):
        if not self.is_open:
            raise Refused("read before the end of the dialogue")
        return rc4(self.token, self.values[at])
