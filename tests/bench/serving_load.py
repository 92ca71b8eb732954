"""Load for the server: devices that keep their connections and send batches signed beforehand.

Run as a program of its own, so that making requests is not measured with answering them:
`python -m tests.bench.serving_load PLAN` reads a plan (JSON) and writes figures (JSON) to standard
output. It asserts that every answer is a receipt for what was sent.
"""

import asyncio
import json
import os
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from meti_desk.sync import wire
from meti_desk.sync.mail import MAIL

_JAPAN = timezone(timedelta(hours=9))
BODY = 4_000
"""Bytes of an event's body: one event is one batch."""


class Plan(msgspec.Struct, frozen=True):
    """What to send: each server's address, devices by id and key, and how many batches each.

    `seqs` and `heads` are where each device's log ends, `mails` up to where it holds its mail, as
    devices do: who tells less is sent it again each time. `rate` batches a second in all, 0: as
    fast as they are answered.
    """

    urls: tuple[str, ...]
    devices: tuple[str, ...]
    keys: tuple[bytes, ...]
    seqs: tuple[int, ...]
    heads: tuple[bytes, ...]
    mails: tuple[int, ...]
    batches: int
    rate: float = 0.0


class Figures(msgspec.Struct, frozen=True):
    """What came of it: seconds, batches, latencies in milliseconds; where each log ends now."""

    seconds: float
    batches: int
    median: float
    p99: float
    worst: float
    seqs: tuple[int, ...]
    heads: tuple[bytes, ...]
    mails: tuple[int, ...]
    cpu: float


class _Line(NamedTuple):
    """One device's requests, ready to be written."""

    host: str
    port: int
    requests: list[bytes]
    seq: int
    head: bytes


def body_now(size: int) -> bytes:
    """Make a body of something that was just done, as devices in Japan write their time.

    Without a time it would be taken for older than the device, and looked for on others.
    """
    at = datetime.now(_JAPAN).isoformat(timespec="seconds")
    return msgspec.msgpack.encode({"at": at, "facts": {"x": os.urandom(size)}})


def proven(device: str, key: Ed25519PrivateKey, body: bytes) -> str:
    """Write the header by which a device proves a request."""
    moment, nonce = int(time.time() * 1000), os.urandom(16)
    message = wire.request_message("POST", "/v1/sync", device, moment, nonce, body)
    return f"Meti {device} {moment} {nonce.hex()} {key.sign(message).hex()}"


def _line(plan: Plan, at: int) -> _Line:
    """Sign all requests of a device."""
    key = Ed25519PrivateKey.from_private_bytes(plan.keys[at])
    parts = urlsplit(plan.urls[at % len(plan.urls)])
    seq, head = plan.seqs[at], plan.heads[at]
    requests = []
    for _ in range(plan.batches):
        facts = body_now(BODY)
        event = wire.follow(seq, head, "classify", 1, facts)
        asked = wire.SyncRequest(
            protocol=wire.VERSION, device=plan.devices[at], head_seq=seq, head=head,
            events=(event,), cursors={MAIL: plan.mails[at]},
        )  # fmt: skip
        body = msgspec.msgpack.encode(asked)
        proof = proven(plan.devices[at], key, body)
        head_lines = (
            f"POST /v1/sync HTTP/1.1\r\nHost: {parts.hostname}\r\nAuthorization: {proof}\r\n"
            f"Content-Type: application/msgpack\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        requests.append(head_lines.encode() + body)
        seq, head = event.seq, event.hash
    return _Line(parts.hostname or "", parts.port or 0, requests, seq, head)


async def _send(line: _Line, pause: float, latencies: list[float]) -> int:
    """Send one after the other on one connection, at the times that the pace gives.

    Gives the number of the newest mail that came with the last answer, 0 without.
    """
    answer = b""
    reader, writer = await asyncio.open_connection(line.host, line.port)
    due = time.perf_counter() + pause * os.urandom(1)[0] / 256
    for request in line.requests:
        if pause:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        started = due if pause else time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        answer = await reader.readexactly(length)
        latencies.append((time.perf_counter() - started) * 1000)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head[:60], answer)
        due += pause
    writer.close()
    told = msgspec.msgpack.decode(answer, type=wire.SyncAnswer)
    return max((one.version for one in told.downloads if one.topic == MAIL), default=0)


async def _all(lines: list[_Line], pause: float) -> tuple[list[float], list[int]]:
    latencies: list[float] = []
    mails = await asyncio.gather(*(_send(one, pause, latencies) for one in lines))
    return sorted(latencies), mails


def run(plan: Plan) -> Figures:
    """Sign, send, count."""
    lines = [_line(plan, at) for at in range(len(plan.devices))]
    pause = len(lines) / plan.rate if plan.rate else 0.0
    started, used = time.perf_counter(), time.process_time()
    latencies, mails = asyncio.run(_all(lines, pause))
    seconds = time.perf_counter() - started
    return Figures(
        seconds=seconds, batches=len(latencies), median=latencies[len(latencies) // 2],
        p99=latencies[int(len(latencies) * 0.99)], worst=latencies[-1],
        seqs=tuple(one.seq for one in lines), heads=tuple(one.head for one in lines),
        mails=tuple(max(pair) for pair in zip(plan.mails, mails, strict=True)),
        cpu=time.process_time() - used,
    )  # fmt: skip


def main(path: str) -> None:
    """Carry out a plan that lies in a file."""
    plan = msgspec.json.decode(Path(path).read_bytes(), type=Plan)
    told: Any = msgspec.to_builtins(run(plan))
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
