"""Enrolment by a login at the ministry's provider, on the wire."""

import hashlib

import msgspec

BEGIN, FINISH = "/v1/login/begin", "/v1/login/finish"


class LoginBegin(msgspec.Struct, frozen=True, kw_only=True):
    """What a device says before the person logs in.

    `public` is its key (Ed25519), `redirect` where the browser comes back to (loopback), `state` a
    random word that comes back with it, `challenge` the hash of its verifier (RFC 7636, `S256`).
    """

    public: bytes
    redirect: str
    state: str
    challenge: str


class LoginStarted(msgspec.Struct, frozen=True, kw_only=True):
    """Where the person logs in, the nonce of the login, and the server's public key."""

    address: str
    nonce: str
    server: bytes


class LoginFinish(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: the provider's `code`; `proof` is the device's signature (`proof_message`).

    The server exchanges the code itself: the token never passes through the device.
    """

    public: bytes
    name: str
    redirect: str
    nonce: str
    code: str
    verifier: str
    proof: bytes


def proof_message(nonce: str, code: str, public: bytes) -> bytes:
    """Give what the device signs, so that nobody enrols a key that is not theirs."""
    parts = (nonce.encode(), hashlib.sha256(code.encode()).digest(), public)
    return b"meti-desk login proof 1" + b"".join(len(one).to_bytes(8, "big") + one for one in parts)
