"""The first released schema: people, codes, devices, their logs, the audit chain."""

from alembic import op

from meti_desk.server.migrations.tables import column, keep, on_sqlite, table

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    table(
        "people", ("id",),
        column("id", "text"), column("name", "text"), column("unit", "text"),
        column("mail", "text"), column("role", "text"),
        column("active", "number", default="1"),
    )  # fmt: skip
    table(
        "codes", ("hash",),
        column("hash", "bytes"), column("person", "text"), column("expires", "number"),
        column("used_at", "number", optional=True), column("device", "text", optional=True),
    )  # fmt: skip
    table(
        "devices", ("id",),
        column("id", "text"), column("person", "text"), column("name", "text"),
        column("public", "bytes"), column("enrolled_at", "number"),
        column("revoked_at", "number", optional=True),
        column("last_seq", "number", default="0"), column("head", "bytes"),
        column("seen_at", "number", default="0"),
    )  # fmt: skip
    _events()
    table(
        "chain", ("entry",),
        column("entry", "number"), column("at", "number"), column("what", "bytes"),
        column("prev", "bytes"), column("hash", "bytes"),
    )  # fmt: skip
    table(
        "nonces", ("device", "nonce"),
        column("device", "text"), column("nonce", "bytes"), column("at", "number"),
    )  # fmt: skip
    op.create_index("nonces_at", "nonces", ["at"])
    keep("events")
    keep("chain")


def _events() -> None:
    """Make the logs; on PostgreSQL in parts by the month of receipt.

    A key of such a table has to hold the time; that a place of a log is taken once is ensured by
    the change of `devices.last_seq` in the same transaction.
    """
    if on_sqlite():
        table(
            "events", ("device", "seq"),
            column("device", "text"), column("seq", "number"), column("kind", "text"),
            column("version", "number"), column("body", "bytes"), column("prev", "bytes"),
            column("hash", "bytes"), column("received_at", "number"),
        )  # fmt: skip
        return
    op.execute(
        "CREATE TABLE events (device text NOT NULL, seq bigint NOT NULL, kind text NOT NULL,"
        " version bigint NOT NULL, body bytea NOT NULL, prev bytea NOT NULL, hash bytea NOT NULL,"
        " received_at bigint NOT NULL, PRIMARY KEY (device, seq, received_at))"
        " PARTITION BY RANGE (received_at)"
    )
    op.execute("CREATE TABLE events_other PARTITION OF events DEFAULT")
