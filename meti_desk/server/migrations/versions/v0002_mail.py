"""What people say to each other: mail, cases, what the centre publishes, points to seal for."""

from alembic import op

from meti_desk.server.migrations.tables import column, on_sqlite, table

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables and the columns."""
    op.add_column("people", column("mailed", "number", default="0"))
    empty = "x''" if on_sqlite() else "''"
    op.add_column("devices", column("opening", "bytes", default=empty))
    # The newest state of each thing that concerns a person, in the order in which it changed.
    table(
        "mail", ("person", "kind", "id"),
        column("person", "text"), column("kind", "text"), column("id", "text"),
        column("n", "number"), column("revision", "number"), column("body", "bytes"),
        column("at", "number"),
    )  # fmt: skip
    op.create_index("mail_n", "mail", ["person", "n"], unique=True)
    # Permits, reviews, registers: what people decide, by kind; `body` belongs to the kind.
    table(
        "cases", ("kind", "id"),
        column("kind", "text"), column("id", "text"), column("unit", "text"),
        column("person", "text"), column("state", "text"), column("revision", "number"),
        column("until", "number"), column("body", "bytes"), column("at", "number"),
    )  # fmt: skip
    op.create_index("cases_unit", "cases", ["unit", "kind", "state"])
    op.create_index("cases_person", "cases", ["person", "kind"])
    # What the centre publishes: policy and forms; versions only grow.
    table(
        "snapshots", ("topic", "version"),
        column("topic", "text"), column("version", "number"), column("body", "bytes"),
        column("at", "number"),
    )  # fmt: skip
