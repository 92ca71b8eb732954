"""PostgreSQL alone, by pgbench on 16 connections: what the server's batches are compared with.

Three peers, from the least to the most like a batch of ours:

- `CONSTANT`: one INSERT whose 4 KB stand in a statement prepared once. Nothing of them crosses the
  wire, and nothing is asked of the row before.
- `STATEMENT`: the same INSERT with its 4 KB sent as a parameter each time: the same statement.
- `WORK`: the statements of a batch, on the server's own tables, one transaction for each batch: the
  device under a lock, its nonce, event, figures, the device's end, what was published, the entry of
  the chain; sent together where the server sends them together. The same work.

All three commit durably, as the server does. The server gathers batches that come at the same time
into one transaction; pgbench does each alone.
"""

import re
import secrets
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from meti_desk.server import storage
from tests.bench.serving_load import BODY
from tests.postgres import Cluster, account, programs

CONSTANT, STATEMENT, WORK = "statement without its bytes", "same statement", "same work"
PEERS = (CONSTANT, STATEMENT, WORK)
CLIENTS = 16
_SECONDS = 4
_TABLE = """
CREATE TABLE IF NOT EXISTS plain (
    device text NOT NULL, seq bigint NOT NULL, kind text NOT NULL, version integer NOT NULL,
    body bytea NOT NULL, prev bytea NOT NULL, hash bytea NOT NULL, received_at bigint NOT NULL,
    PRIMARY KEY (device, seq)
)
"""
_INSERT = """
\\set device random(1, 1000000000)
INSERT INTO plain VALUES (
    'd' || :client_id || '-' || :device, :device, 'classify', 1, {body}, {hash}, {hash},
    1790000000000)
ON CONFLICT DO NOTHING;
"""
_BATCH = """
\\set seq :seq + 1
\\set lane :client_id + 1
\\set nonce random(1, 9000000000000000000)
\\startpipeline
BEGIN;
SELECT d.id, d.person, d.name, d.public, d.enrolled_at, d.revoked_at, d.last_seq, d.head,
    d.seen_at, d.opening, p.mailed, p.id, p.name, p.unit, p.mail, p.role, p.active
    FROM devices d LEFT JOIN people p ON p.id = d.person WHERE d.id IN ('d' || :client_id)
    ORDER BY d.id FOR UPDATE OF d;
\\endpipeline
INSERT INTO nonces (device, nonce, at) VALUES ('d' || :client_id, int8send(:nonce), :at)
    ON CONFLICT DO NOTHING RETURNING device, nonce;
\\startpipeline
INSERT INTO events (device, seq, kind, version, body, prev, hash, received_at) VALUES (
    'd' || :client_id, :seq, 'classify', 1, CAST(:body AS bytea), CAST(:hash AS bytea),
    CAST(:hash AS bytea), :at);
INSERT INTO figures (unit, month, kind, name, lane, n, total, most)
    VALUES ('unit', '2026-11', 'label', 'undecided', :client_id, 1, 0, 0)
    ON CONFLICT (unit, month, kind, name, lane) DO UPDATE SET n = figures.n + excluded.n,
    total = figures.total + excluded.total, most =
    CASE WHEN excluded.most > figures.most THEN excluded.most ELSE figures.most END;
UPDATE devices SET last_seq = v.column2, head = v.column3, seen_at = v.column4
    FROM (VALUES ('d' || :client_id, CAST(:seq AS bigint), CAST(:hash AS bytea),
    CAST(:at AS bigint))) AS v WHERE devices.id = v.column1;
SELECT topic, MAX(version) FROM snapshots GROUP BY topic;
\\endpipeline
\\startpipeline
INSERT INTO chain (lane, entry, at, what, prev, hash) VALUES (
    :lane, :seq, :at, CAST(:told AS bytea), CAST(:hash AS bytea), CAST(:hash AS bytea));
COMMIT;
\\endpipeline
"""
_SCRIPTS: Mapping[str, str] = {
    CONSTANT: _INSERT.format(body="CAST('{body}' AS bytea)", hash="CAST('{hash}' AS bytea)"),
    STATEMENT: _INSERT.format(body="CAST(:body AS bytea)", hash="CAST(:hash AS bytea)"),
    WORK: _BATCH,
}
_TOLD = 130
"""Bytes of an entry of the chain, about."""


def letters(size: int) -> str:
    """Give letters that a byte string is written with as they are, and that nothing packs."""
    return secrets.token_urlsafe(size)[:size]


def alone(cluster: Cluster) -> dict[str, float]:
    """Give transactions a second for each peer, each on a database of its own."""
    return {name: _peer(cluster, name) for name in PEERS}


def _peer(cluster: Cluster, name: str) -> float:
    import psycopg

    url = cluster.fresh()
    if name == WORK:
        _server(url)
    else:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(_TABLE.encode())
    return _pgbench(cluster, url, name)


def _server(url: str) -> None:
    """Make the server's tables with a device for each connection."""
    storage.make(url)
    database = storage.Database(url)
    database.together(lambda: None)  # makes the part of the month
    people = [(f"y{n}", "職員", "unit", "y@example.go.jp", "staff", 1, 0) for n in range(CLIENTS)]
    devices = [
        (f"d{n}", f"y{n}", "bench", bytes(32), 0, None, 0, bytes(32), 0, b"")
        for n in range(CLIENTS)
    ]
    with database.transaction():
        database.load("people", ("id", "name", "unit", "mail", "role", "active", "mailed"), people)
        columns = (
            "id", "person", "name", "public", "enrolled_at", "revoked_at", "last_seq", "head",
            "seen_at", "opening",
        )  # fmt: skip
        database.load("devices", columns, devices)
    database.close()


def _pgbench(cluster: Cluster, url: str, name: str) -> float:
    bin_ = programs()
    if bin_ is None:
        raise RuntimeError("pgbench")
    body, digest = letters(BODY), letters(32)
    script = Path(cluster.folder) / "peer.sql"
    text = _SCRIPTS[name].replace("{body}", body).replace("{hash}", digest)
    script.write_text(text, encoding="ascii")
    script.chmod(0o644)
    given = {
        "body": body, "hash": digest, "told": letters(_TOLD), "seq": "0",
        "at": str(int(time.time() * 1000)),
    }  # fmt: skip
    ran = subprocess.run(
        [str(bin_ / "pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2",
         "-T", str(_SECONDS), "-f", str(script),
         *(word for one, value in given.items() for word in ("-D", f"{one}={value}")), url],
        capture_output=True, text=True, check=False, user=account(), cwd=cluster.folder,
    )  # fmt: skip
    found = re.search(r"tps = ([0-9.]+)", ran.stdout)
    if found is None or ran.returncode or "number of failed transactions: 0" not in ran.stdout:
        raise RuntimeError(ran.stderr[-2000:])
    return float(found[1])
