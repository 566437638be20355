"""Templates of commitments: a year's clauses by version, and the clauses that mines add to be stricter."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, within_reach

revision: str = "c81f5a3d7e64"
down_revision: str | None = "b25d70f9e4c3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_DECIDED = "approved, decided_by, decided_at, decision_note"
# What is approved is public, as commitments are; a draft is read by whoever may make, decide or audit it.
_PROVINCE = ("LEGAL_REVIEWER", "AGENCY_HEAD", "AUDITOR")
_READERS = (
    "INSPECTOR", "LEAD", "LEGAL_REVIEWER", "RESIDENT_SUPERVISOR", "AGENCY_HEAD", "AUDITOR", "COMPANY_GROUP",
    "MINE_PRINCIPAL", "MINE_CLERK",
)  # fmt: skip


def _holds(roles: tuple[str, ...]) -> str:
    return (
        f"EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
        f" AND g.role IN ({', '.join(repr(role) for role in roles)}))"
    )


_MAKES = f"({REACH} = 'all' OR {_holds(_PROVINCE)})"
_OF_MINE = f"(({REACH} = 'all' OR {_holds(_READERS)}) AND {within_reach()})"
_POLICIES = policies.table(
    "templates", see=f"approved OR {_MAKES}", add=f"{_MAKES} AND drafted_by = {ACTOR}", change=_MAKES,
    changed_columns=_DECIDED,
) + policies.table(
    "own_clauses", see=f"approved OR {_OF_MINE}", add=f"{_OF_MINE} AND drafted_by = {ACTOR}", change=_OF_MINE,
    changed_columns=_DECIDED,
)  # fmt: skip


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _by_two(table: str) -> tuple[Any, ...]:
    """Who drafted it and who decided it, in either table."""
    return (
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        _moment("drafted_at"),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        _moment("decided_at", nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> drafted_by", name=op.f(f"ck_{table}_takes_two_people")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (approved IS NULL)",
            name=op.f(f"ck_{table}_decided_whole"),
        ),
        sa.ForeignKeyConstraint(["drafted_by"], ["accounts.id"], name=op.f(f"fk_{table}_drafted_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f(f"fk_{table}_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("clauses", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_templates_version_from_one")),
        sa.UniqueConstraint("year", "version", name=op.f("uq_templates_year_version")),
        *_by_two("templates"),
    )
    op.create_table(
        "own_clauses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_own_clauses_mine_id")),
        sa.ForeignKeyConstraint(["replaces"], ["own_clauses.id"], name=op.f("fk_own_clauses_replaces")),
        *_by_two("own_clauses"),
    )
    for table in ("templates", "own_clauses"):
        op.create_index(f"ix_{table}_drafted_at", table, ["drafted_at", "id"])
    for scope in ("county", "office", "mine_id"):
        op.create_index(f"ix_own_clauses_{scope}", "own_clauses", [scope, "drafted_at", "id"])
    op.create_index(
        "uq_own_clauses_first", "own_clauses", ["mine_id", "year", "key"], unique=True,
        postgresql_where=sa.text("approved AND replaces IS NULL"),
    )  # fmt: skip
    op.create_index(
        "uq_own_clauses_next", "own_clauses", ["replaces"], unique=True, postgresql_where=sa.text("approved")
    )
    for statement in _POLICIES:
        op.execute(statement)
    for table in ("templates", "own_clauses"):
        op.execute(
            f"CREATE TRIGGER filled_once BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION filled_once({_DECIDED})"
        )
