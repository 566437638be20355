"""Inspection schemes with their items, law talks, and the classes of mines."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, within_reach

revision: str = "c93e51a7d048"
down_revision: str | None = "5f0c83d1a96e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A mine is not told beforehand what will be looked at: its own people are not among those who see schemes.
_READERS = (
    "INSPECTOR", "LEAD", "LEGAL_REVIEWER", "HEARING_CHAIR", "RESIDENT_SUPERVISOR", "AGENCY_HEAD", "ARCHIVIST",
    "AUDITOR",
)  # fmt: skip
_SEEN = (
    f"(({REACH} = 'all' OR EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
    f" AND g.role IN ({', '.join(repr(role) for role in _READERS)}))) AND {within_reach()})"
)

_POLICIES = (
    policies.table("schemes", see=_SEEN, add=f"{_SEEN} AND drafted_by = {ACTOR}", change=_SEEN,
                   changed_columns="returned_at, returned_reason, approved_by, approved_at, inspection_id, linked_at")
    + policies.table("scheme_items", see=_SEEN, add=_SEEN, change=_SEEN,
                     changed_columns="outcome, answer, answered_at")
    + policies.table("law_talks", see=_SEEN, add=f"{_SEEN} AND recorded_by = {ACTOR}")
    + policies.table("mine_classes", see=within_reach(), add=f"{_SEEN} AND set_by = {ACTOR}")
)  # fmt: skip
_ONCE = {
    "schemes": "returned_at, returned_reason, approved_by, approved_at, inspection_id, linked_at",
    "scheme_items": "outcome, answer, answered_at",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "mine_classes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("mine_class", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mine_class IN ('A', 'B', 'C', 'D')", name=op.f("ck_mine_classes_mine_class_is_listed")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_mine_classes_mine_id")),
        sa.ForeignKeyConstraint(["set_by"], ["accounts.id"], name=op.f("fk_mine_classes_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mine_classes")),
    )
    op.create_index("ix_mine_classes_mine_id", "mine_classes", ["mine_id", "from_day", "id"], unique=False)
    op.create_table(
        "law_talks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("listeners", sa.Integer(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_law_talks_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_law_talks_inspection_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_law_talks_mine_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_law_talks_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_talks")),
    )
    op.create_index("ix_law_talks_inspection_id", "law_talks", ["inspection_id"], unique=False)
    op.create_table(
        "schemes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("scheduled_for", sa.Date(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("officers", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("mine_state", sa.Text(), nullable=False),
        sa.Column("disasters", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("mine_class", sa.Text(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_reason", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inspection_id", sa.Uuid(), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "cause IN ('PLAN', 'REPORT', 'ALARM', 'ACCIDENT', 'RECHECK', 'CLOSER_WATCH')",
            name=op.f("ck_schemes_cause_is_listed"),
        ),
        sa.CheckConstraint("mine_class IN ('A', 'B', 'C', 'D')", name=op.f("ck_schemes_mine_class_is_listed")),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)", name=op.f("ck_schemes_approved_by_somebody")
        ),
        sa.CheckConstraint(
            "(returned_reason IS NULL) = (returned_at IS NULL)", name=op.f("ck_schemes_returned_for_a_reason")
        ),
        sa.CheckConstraint("approved_at IS NULL OR returned_at IS NULL", name=op.f("ck_schemes_approved_or_returned")),
        sa.CheckConstraint("approved_by <> drafted_by", name=op.f("ck_schemes_takes_two_people")),
        sa.ForeignKeyConstraint(["approved_by"], ["accounts.id"], name=op.f("fk_schemes_approved_by")),
        sa.ForeignKeyConstraint(["drafted_by"], ["accounts.id"], name=op.f("fk_schemes_drafted_by")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_schemes_inspection_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["accounts.id"], name=op.f("fk_schemes_lead_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_schemes_mine_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schemes")),
        sa.UniqueConstraint("inspection_id", name=op.f("uq_schemes_inspection_id")),
    )
    op.create_index("ix_schemes_county", "schemes", ["county", "drafted_at", "id"], unique=False)
    op.create_index("ix_schemes_drafted_at", "schemes", ["drafted_at", "id"], unique=False)
    op.create_index("ix_schemes_mine_id", "schemes", ["mine_id", "drafted_at", "id"], unique=False)
    op.create_index("ix_schemes_office", "schemes", ["office", "drafted_at", "id"], unique=False)
    op.create_table(
        "scheme_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("power", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("underground", sa.Boolean(), nullable=False),
        sa.Column("manner", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("manner IN ('QUALITATIVE', 'QUANTITATIVE')", name=op.f("ck_scheme_items_manner_is_listed")),
        sa.CheckConstraint("outcome IN ('CHECKED', 'NOT_CHECKED')", name=op.f("ck_scheme_items_outcome_is_listed")),
        sa.CheckConstraint("side IN ('PAPERS', 'PLACES')", name=op.f("ck_scheme_items_side_is_listed")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (answered_at IS NULL)", name=op.f("ck_scheme_items_answered_with_an_outcome")
        ),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_scheme_items_mine_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["accounts.id"], name=op.f("fk_scheme_items_officer_id")),
        sa.ForeignKeyConstraint(["scheme_id"], ["schemes.id"], name=op.f("fk_scheme_items_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_items")),
        sa.UniqueConstraint("scheme_id", "ordinal", name=op.f("uq_scheme_items_scheme_id_ordinal")),
    )
    for statement in _POLICIES:
        op.execute(statement)
    for name, columns in _ONCE.items():
        op.execute(
            f"CREATE TRIGGER filled_once BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION filled_once({columns})"
        )
