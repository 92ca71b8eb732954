"""PostgreSQL alone: the INSERT that the server does for a batch, by pgbench on 16 connections."""

import re
import subprocess
from pathlib import Path

from tests.bench.serving_load import BODY
from tests.postgres import Cluster, account, programs

_TABLE = """
CREATE TABLE IF NOT EXISTS plain (
    device text NOT NULL, seq bigint NOT NULL, kind text NOT NULL, version integer NOT NULL,
    body bytea NOT NULL, prev bytea NOT NULL, hash bytea NOT NULL, received_at bigint NOT NULL,
    PRIMARY KEY (device, seq)
)
"""
_SCRIPT = """
\\set device random(1, 1000000000)
INSERT INTO plain VALUES (
    'd' || :client_id || '-' || :device, :device, 'classify', 1, decode('{body}', 'hex'),
    decode('{hash}', 'hex'), decode('{hash}', 'hex'), 1790000000000)
ON CONFLICT DO NOTHING;
"""


def pgbench(cluster: Cluster, url: str, folder: Path, *, seconds: int, clients: int = 16) -> float:
    """Give transactions a second; each commits one row durably, as the server's batches are."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(_TABLE.encode())
    script = folder / "insert.sql"
    random = Path("/dev/urandom")
    with random.open("rb") as source:
        body, digest = source.read(BODY).hex(), source.read(32).hex()
    script.write_text(_SCRIPT.format(body=body, hash=digest), encoding="ascii")
    script.chmod(0o644)
    bin_ = programs()
    if bin_ is None:
        raise RuntimeError("pgbench")
    ran = subprocess.run(
        [str(bin_ / "pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "2",
         "-T", str(seconds), "-f", str(script), url],
        capture_output=True, text=True, check=True, user=account(), cwd=cluster.folder,
    )  # fmt: skip
    found = re.search(r"tps = ([0-9.]+)", ran.stdout)
    if found is None:
        raise RuntimeError(ran.stdout)
    return float(found[1])
