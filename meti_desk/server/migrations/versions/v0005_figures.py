"""Figures: how often what was done, by 課室 and month, kept with the events that they count."""

from alembic import op

from meti_desk.server.migrations.tables import column, table

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table, and the index by which a person's devices are found."""
    table(
        "figures", ("unit", "month", "kind", "name", "lane"),
        column("unit", "text"), column("month", "text"), column("kind", "text"),
        column("name", "text"), column("lane", "number"), column("n", "number"),
        column("total", "number"), column("most", "number"),
    )  # fmt: skip
    op.create_index("figures_month", "figures", ["month"])
    op.create_index("devices_person", "devices", ["person"])
