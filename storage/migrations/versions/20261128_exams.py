"""Exams at inspections: the question bank, draws, sittings, and what follows a fail."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, within_reach

revision: str = "5f0c83d1a96e"
down_revision: str | None = "c3f60a9d8e12"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# As with the people of mines: whoever only reaches a mine, as its miners do, sees nobody's exam but his own.
_READERS = (
    "INSPECTOR", "LEAD", "LEGAL_REVIEWER", "HEARING_CHAIR", "RESIDENT_SUPERVISOR", "AGENCY_HEAD", "ARCHIVIST",
    "MINE_PRINCIPAL", "MINE_CLERK", "AUDITOR",
)  # fmt: skip
# The mine's own people are not among those who see questions and keys.
_EXAMINERS = ("INSPECTOR", "LEAD", "LEGAL_REVIEWER", "AGENCY_HEAD")


def _holds(roles: tuple[str, ...]) -> str:
    return (
        f"EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
        f" AND g.role IN ({', '.join(repr(role) for role in roles)}))"
    )


_SEEN = f"(({REACH} = 'all' OR {_holds(_READERS)}) AND {within_reach()})"
_ASKS = f"({REACH} = 'all' OR {_holds(_EXAMINERS)})"
_OF_HIMSELF = f"EXISTS (SELECT FROM persons p WHERE p.id = person_id AND p.account_id = {ACTOR})"

_POLICIES = (
    policies.table("exam_questions", see=_ASKS, add=f"{_ASKS} AND drafted_by = {ACTOR}", change=_ASKS,
                   changed_columns="approved_by, approved_at, retired_by, retired_at")
    # Never changed: the right to `reason` is there to lock a row, so that two phones see each other's sittings.
    + policies.table("exams", see=within_reach(), add=f"{within_reach()} AND held_by = {ACTOR}", change=within_reach(),
                     changed_columns="reason", becomes="false")
    + policies.table("exam_pools", see=_SEEN, add=_SEEN)
    + policies.table("exam_seats", see=f"{_SEEN} OR {_OF_HIMSELF}", add=_SEEN, change=_SEEN,
                     changed_columns="absent_at, absent_by, absent_reason")
    + policies.table("exam_sittings", see=f"{_SEEN} OR {_OF_HIMSELF}", add=f"{_SEEN} AND recorded_by = {ACTOR}")
    + policies.table("exam_consequences", see=f"{_SEEN} OR {_OF_HIMSELF}", add=_SEEN, change=_SEEN,
                     changed_columns="met_at, met_by, outcome, note")
)  # fmt: skip
_ONCE = {
    "exam_questions": "approved_by, approved_at, retired_by, retired_at",
    "exam_seats": "absent_at, absent_by, absent_reason",
    "exam_consequences": "met_at, met_by, outcome, note",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "exam_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("craft", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("options", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by", sa.Uuid(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "craft IN ('UNDERGROUND_ELECTRICIAN', 'BLASTER', 'SAFETY_MONITORING', 'GAS_INSPECTOR', 'SAFETY_INSPECTOR', 'HOIST_OPERATOR', 'SHEARER_OPERATOR', 'ROADHEADER_OPERATOR', 'GAS_DRAINAGE', 'OUTBURST_PREVENTION', 'WATER_EXPLORATION')",
            name=op.f("ck_exam_questions_craft_is_listed"),
        ),
        sa.CheckConstraint(
            "kind IN ('SINGLE_CHOICE', 'MULTIPLE_CHOICE', 'TRUE_FALSE')", name=op.f("ck_exam_questions_kind_is_listed")
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)", name=op.f("ck_exam_questions_approved_by_somebody")
        ),
        sa.CheckConstraint(
            "(retired_by IS NULL) = (retired_at IS NULL)", name=op.f("ck_exam_questions_retired_by_somebody")
        ),
        sa.CheckConstraint("approved_by <> drafted_by", name=op.f("ck_exam_questions_takes_two_people")),
        sa.ForeignKeyConstraint(["approved_by"], ["accounts.id"], name=op.f("fk_exam_questions_approved_by")),
        sa.ForeignKeyConstraint(["drafted_by"], ["accounts.id"], name=op.f("fk_exam_questions_drafted_by")),
        sa.ForeignKeyConstraint(["retired_by"], ["accounts.id"], name=op.f("fk_exam_questions_retired_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_questions")),
        sa.UniqueConstraint("series_id", "version", name=op.f("uq_exam_questions_series_id_version")),
    )
    op.create_index("ix_exam_questions_drafted_at", "exam_questions", ["drafted_at", "id"], unique=False)
    op.create_table(
        "exams",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=False),
        sa.Column("paper_length", sa.Integer(), nullable=False),
        sa.Column("log", sa.SmallInteger(), nullable=True),
        sa.Column("checkpoint_size", sa.BigInteger(), nullable=True),
        sa.Column("checkpoint_root", sa.LargeBinary(), nullable=True),
        sa.Column("seed", sa.LargeBinary(), nullable=True),
        sa.Column("held_by", sa.Uuid(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(way = 'DRAWN') = (seed IS NOT NULL)", name=op.f("ck_exams_seed_of_a_draw")),
        sa.CheckConstraint("way IN ('DRAWN', 'BY_HAND')", name=op.f("ck_exams_way_is_listed")),
        sa.CheckConstraint("(seed IS NULL) = (checkpoint_root IS NULL)", name=op.f("ck_exams_seed_of_a_checkpoint")),
        sa.ForeignKeyConstraint(["held_by"], ["accounts.id"], name=op.f("fk_exams_held_by")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_exams_inspection_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_exams_mine_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exams")),
    )
    op.create_index("ix_exams_county", "exams", ["county", "held_at", "id"], unique=False)
    op.create_index("ix_exams_held_at", "exams", ["held_at", "id"], unique=False)
    op.create_index("ix_exams_inspection_id", "exams", ["inspection_id"], unique=False)
    op.create_index("ix_exams_mine_id", "exams", ["mine_id", "held_at", "id"], unique=False)
    op.create_index("ix_exams_office", "exams", ["office", "held_at", "id"], unique=False)
    op.create_index(
        "uq_exams_drawn", "exams", ["inspection_id"], unique=True, postgresql_where=sa.text("way = 'DRAWN'")
    )
    op.create_table(
        "exam_pools",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exam_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("persons", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "category IN ('PRINCIPAL', 'MANAGER', 'SPECIAL_OPERATOR', 'WORKER')",
            name=op.f("ck_exam_pools_category_is_listed"),
        ),
        sa.ForeignKeyConstraint(["exam_id"], ["exams.id"], name=op.f("fk_exam_pools_exam_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_exam_pools_mine_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_pools")),
        sa.UniqueConstraint("exam_id", "category", name=op.f("uq_exam_pools_exam_id_category")),
    )
    op.create_table(
        "exam_seats",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exam_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("craft", sa.Text(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("questions", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("absent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("absent_by", sa.Uuid(), nullable=True),
        sa.Column("absent_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "category IN ('PRINCIPAL', 'MANAGER', 'SPECIAL_OPERATOR', 'WORKER')",
            name=op.f("ck_exam_seats_category_is_listed"),
        ),
        sa.CheckConstraint(
            "craft IN ('UNDERGROUND_ELECTRICIAN', 'BLASTER', 'SAFETY_MONITORING', 'GAS_INSPECTOR', 'SAFETY_INSPECTOR', 'HOIST_OPERATOR', 'SHEARER_OPERATOR', 'ROADHEADER_OPERATOR', 'GAS_DRAINAGE', 'OUTBURST_PREVENTION', 'WATER_EXPLORATION')",
            name=op.f("ck_exam_seats_craft_is_listed"),
        ),
        sa.CheckConstraint(
            "(absent_at IS NULL) = (absent_reason IS NULL)", name=op.f("ck_exam_seats_absent_for_a_reason")
        ),
        sa.ForeignKeyConstraint(["absent_by"], ["accounts.id"], name=op.f("fk_exam_seats_absent_by")),
        sa.ForeignKeyConstraint(["exam_id"], ["exams.id"], name=op.f("fk_exam_seats_exam_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_exam_seats_mine_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_exam_seats_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_seats")),
        sa.UniqueConstraint("exam_id", "category", "rank", name=op.f("uq_exam_seats_exam_id_category_rank")),
        sa.UniqueConstraint("exam_id", "person_id", name=op.f("uq_exam_seats_exam_id_person_id")),
    )
    op.create_index("ix_exam_seats_person_id", "exam_seats", ["person_id"], unique=False)
    op.create_table(
        "exam_sittings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exam_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("craft", sa.Text(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("asked", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("chosen", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "category IN ('PRINCIPAL', 'MANAGER', 'SPECIAL_OPERATOR', 'WORKER')",
            name=op.f("ck_exam_sittings_category_is_listed"),
        ),
        sa.CheckConstraint(
            "craft IN ('UNDERGROUND_ELECTRICIAN', 'BLASTER', 'SAFETY_MONITORING', 'GAS_INSPECTOR', 'SAFETY_INSPECTOR', 'HOIST_OPERATOR', 'SHEARER_OPERATOR', 'ROADHEADER_OPERATOR', 'GAS_DRAINAGE', 'OUTBURST_PREVENTION', 'WATER_EXPLORATION')",
            name=op.f("ck_exam_sittings_craft_is_listed"),
        ),
        sa.CheckConstraint("medium IN ('PHONE', 'PAPER')", name=op.f("ck_exam_sittings_medium_is_listed")),
        sa.CheckConstraint("attempt BETWEEN 1 AND 2", name=op.f("ck_exam_sittings_attempt_is_first_or_resit")),
        sa.CheckConstraint("cardinality(asked) = cardinality(chosen)", name=op.f("ck_exam_sittings_an_answer_each")),
        sa.ForeignKeyConstraint(["exam_id"], ["exams.id"], name=op.f("fk_exam_sittings_exam_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_exam_sittings_mine_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_exam_sittings_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_exam_sittings_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_sittings")),
    )
    op.create_index("ix_exam_sittings_exam_id", "exam_sittings", ["exam_id"], unique=False)
    op.create_index("ix_exam_sittings_person_id", "exam_sittings", ["person_id", "sat_at", "id"], unique=False)
    op.create_table(
        "exam_consequences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exam_id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("craft", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("alarm", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("questions", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "category IN ('PRINCIPAL', 'MANAGER', 'SPECIAL_OPERATOR', 'WORKER')",
            name=op.f("ck_exam_consequences_category_is_listed"),
        ),
        sa.CheckConstraint(
            "craft IN ('UNDERGROUND_ELECTRICIAN', 'BLASTER', 'SAFETY_MONITORING', 'GAS_INSPECTOR', 'SAFETY_INSPECTOR', 'HOIST_OPERATOR', 'SHEARER_OPERATOR', 'ROADHEADER_OPERATOR', 'GAS_DRAINAGE', 'OUTBURST_PREVENTION', 'WATER_EXPLORATION')",
            name=op.f("ck_exam_consequences_craft_is_listed"),
        ),
        sa.CheckConstraint(
            "kind IN ('RETRAIN_OR_MOVE', 'RETRAIN', 'RESIT', 'LOSE_QUALIFICATION')",
            name=op.f("ck_exam_consequences_kind_is_listed"),
        ),
        sa.CheckConstraint(
            "outcome IN ('RETRAINED', 'MOVED', 'RESAT_PASSED', 'RESAT_FAILED', 'QUALIFICATION_ENDED', 'NOT_CONFIRMED')",
            name=op.f("ck_exam_consequences_outcome_is_listed"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (met_at IS NULL)", name=op.f("ck_exam_consequences_met_with_an_outcome")
        ),
        sa.ForeignKeyConstraint(["exam_id"], ["exams.id"], name=op.f("fk_exam_consequences_exam_id")),
        sa.ForeignKeyConstraint(["met_by"], ["accounts.id"], name=op.f("fk_exam_consequences_met_by")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_exam_consequences_mine_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_exam_consequences_person_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["exam_sittings.id"], name=op.f("fk_exam_consequences_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_consequences")),
    )
    op.create_index("ix_exam_consequences_county", "exam_consequences", ["county", "ordered_at", "id"], unique=False)
    op.create_index("ix_exam_consequences_exam_id", "exam_consequences", ["exam_id"], unique=False)
    op.create_index("ix_exam_consequences_mine_id", "exam_consequences", ["mine_id", "ordered_at", "id"], unique=False)
    op.create_index("ix_exam_consequences_office", "exam_consequences", ["office", "ordered_at", "id"], unique=False)
    op.create_index("ix_exam_consequences_ordered_at", "exam_consequences", ["ordered_at", "id"], unique=False)
    op.create_index("ix_exam_consequences_person_id", "exam_consequences", ["person_id"], unique=False)
    for statement in _POLICIES:
        op.execute(statement)
    for name, columns in _ONCE.items():
        op.execute(
            f"CREATE TRIGGER filled_once BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION filled_once({columns})"
        )
