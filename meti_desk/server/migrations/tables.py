"""Columns and tables as both engines write them; SQLite's are strict and ordered by their key."""

from typing import Any

import sqlalchemy as sa
from alembic import op

APPEND_ONLY = "append-only"


def number() -> sa.types.TypeEngine[int]:
    """Give the type of 64-bit numbers and of times in milliseconds."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def column(
    name: str, kind: str, *, default: str | None = None, optional: bool = False
) -> sa.Column[Any]:
    """Make a column: `text`, `number` or `bytes`."""
    kinds: dict[str, sa.types.TypeEngine[Any]] = {
        "text": sa.Text(), "number": number(), "bytes": sa.LargeBinary(),
    }  # fmt: skip
    server_default = None if default is None else sa.text(default)
    return sa.Column(name, kinds[kind], nullable=optional, server_default=server_default)


def table(name: str, key: tuple[str, ...], *columns: sa.Column[Any]) -> None:
    """Make a table with a primary key."""
    op.create_table(
        name, *columns, sa.PrimaryKeyConstraint(*key),
        sqlite_with_rowid=False, sqlite_strict=True,
    )  # fmt: skip


def on_sqlite() -> bool:
    """Tell whether the steps run on SQLite."""
    return op.get_bind().dialect.name == "sqlite"


def keep(name: str) -> None:
    """Let nobody change or remove the rows of a table."""
    if on_sqlite():
        for what, when in (("unchanged", "UPDATE"), ("kept", "DELETE")):
            op.execute(
                f"CREATE TRIGGER {name}_{what} BEFORE {when} ON {name}"
                f" BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name}_kept BEFORE UPDATE OR DELETE ON {name}"
        " FOR EACH ROW EXECUTE FUNCTION append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {name}_whole BEFORE TRUNCATE ON {name}"
        " FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    )


def unkeep(name: str) -> None:
    """Take the protection away, for a step that rebuilds a table."""
    if on_sqlite():
        op.execute(f"DROP TRIGGER {name}_unchanged")
        op.execute(f"DROP TRIGGER {name}_kept")
    else:
        op.execute(f"DROP TRIGGER {name}_kept ON {name}")
        op.execute(f"DROP TRIGGER {name}_whole ON {name}")
