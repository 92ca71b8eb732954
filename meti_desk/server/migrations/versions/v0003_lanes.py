"""Lanes of the audit chain: each process that writes has one of its own."""

from alembic import op

from meti_desk.server.migrations.tables import column, keep, on_sqlite, table, unkeep

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Put what there is into the first lane; hashes stay as they are."""
    unkeep("chain")
    op.rename_table("chain", "chain_before")
    if not on_sqlite():
        op.execute(
            "ALTER TABLE chain_before DROP CONSTRAINT chain_pkey"
        )  # the name is wanted again
    table(
        "chain", ("lane", "entry"),
        column("lane", "number"), column("entry", "number"), column("at", "number"),
        column("what", "bytes"), column("prev", "bytes"), column("hash", "bytes"),
    )  # fmt: skip
    op.execute(
        "INSERT INTO chain (lane, entry, at, what, prev, hash)"
        " SELECT 0, entry, at, what, prev, hash FROM chain_before"
    )
    op.drop_table("chain_before")
    keep("chain")
