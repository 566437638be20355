"""Provisions: changes of the law without a release, drafted by one person and decided by another."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations import policies
from storage.migrations.policies import ACTOR

revision: str = "7b2d90c4e1f5"
down_revision: str | None = "f3a6c81d905e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_DECIDED = "approved, decided_by, decided_at, decision_note"
# The law is the same for everybody; a draft is no secret either.
_POLICIES = policies.table(
    "provisions", see="true", add=f"drafted_by = {ACTOR}", change="true", changed_columns=_DECIDED
)


def upgrade() -> None:
    op.create_table(
        "provisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("listed", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_to", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('PARAMETER', 'DAY')", name=op.f("ck_provisions_kind_is_listed")),
        sa.CheckConstraint("(number IS NULL) <> (listed IS NULL)", name=op.f("ck_provisions_one_value")),
        sa.CheckConstraint("kind <> 'DAY' OR number IN (0, 1)", name=op.f("ck_provisions_a_day_works_or_not")),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> drafted_by", name=op.f("ck_provisions_takes_two_people")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (approved IS NULL)",
            name=op.f("ck_provisions_decided_whole"),
        ),
        sa.ForeignKeyConstraint(["drafted_by"], ["accounts.id"], name=op.f("fk_provisions_drafted_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_provisions_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provisions")),
    )
    op.create_index("ix_provisions_drafted_at", "provisions", ["drafted_at", "id"])
    op.create_index("ix_provisions_approved", "provisions", ["decided_at", "id"], postgresql_where=sa.text("approved"))
    for statement in _POLICIES:
        op.execute(statement)
    op.execute(
        f"CREATE TRIGGER filled_once BEFORE UPDATE ON provisions FOR EACH ROW EXECUTE FUNCTION filled_once({_DECIDED})"
    )
