"""What runs out is found by its time, without reading everything."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the index."""
    op.create_index("cases_due", "cases", ["kind", "state", "until"])
