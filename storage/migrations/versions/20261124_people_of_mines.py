"""People of mines: persons, posts, qualifications, workplaces, shifts; what ends is ended once and never removed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, within_reach

revision: str = "2470e37985be"
down_revision: str | None = "a91f4c7d20e3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A miner reaches his mine, yet not the persons in it: they are read by those who hold another role, and by himself
# as far as his account is linked (个人信息保护法6: no more than the purpose needs). Asked once a statement.
_READERS = (
    "INSPECTOR", "LEAD", "LEGAL_REVIEWER", "HEARING_CHAIR", "DUTY_OFFICER", "RESIDENT_SUPERVISOR", "AGENCY_HEAD",
    "ARCHIVIST", "MINE_PRINCIPAL", "MINE_CLERK", "AUDITOR", "SYSTEM_ADMINISTRATOR",
)  # fmt: skip
_READS = (
    f"({REACH} = 'all' OR EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
    f" AND g.role IN ({', '.join(repr(role) for role in _READERS)})))"
)
_SEEN = f"({_READS} AND {within_reach()})"
_OF_HIMSELF = f"EXISTS (SELECT FROM persons p WHERE p.id = person_id AND p.account_id = {ACTOR})"

_POLICIES = (
    policies.table("persons", see=f"account_id = {ACTOR} OR {_SEEN}", add=_SEEN, change=_SEEN,
                   changed_columns="number_hash, number_tail, account_id")
    + policies.table("posts", see=f"{_SEEN} OR {_OF_HIMSELF}", add=_SEEN, change=_SEEN,
                     changed_columns="to_day, ended_at")
    + policies.table("qualifications", see=f"{_SEEN} OR {_OF_HIMSELF}", add=_SEEN, change=_SEEN,
                     changed_columns="ended_at, end_reason")
    + policies.table("workplaces", see=within_reach(), add=within_reach(), change=within_reach(),
                     changed_columns="to_day, ended_at")
    + policies.table("shifts", see=within_reach(), add=within_reach(), change=within_reach(),
                     changed_columns="to_day, ended_at")
    + policies.table("assignments", see=f"{_SEEN} OR {_OF_HIMSELF}", add=_SEEN, change=_SEEN,
                     changed_columns="to_day, ended_at")
)  # fmt: skip

# What is filled once is never filled again, whoever asks: the end of a post, a person's number, his account.
_FILLED_ONCE = """
CREATE FUNCTION filled_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  FOR place IN 0 .. TG_NARGS - 1 LOOP
    IF to_jsonb(OLD) ->> TG_ARGV[place] IS NOT NULL AND
       (to_jsonb(OLD) -> TG_ARGV[place]) IS DISTINCT FROM (to_jsonb(NEW) -> TG_ARGV[place]) THEN
      RAISE EXCEPTION '% of % stands and is not changed', TG_ARGV[place], TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
    END IF;
  END LOOP;
  RETURN NEW;
END $$
"""
_ONCE = {
    "persons": "number_hash, number_tail, account_id",
    "posts": "to_day, ended_at",
    "qualifications": "ended_at, end_reason",
    "workplaces": "to_day, ended_at",
    "shifts": "to_day, ended_at",
    "assignments": "to_day, ended_at",
}


def upgrade() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number_hash", sa.LargeBinary(), nullable=True),
        sa.Column("number_tail", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_persons_account_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_persons_mine_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("mine_id", "account_id", name=op.f("uq_persons_mine_id_account_id")),
        sa.UniqueConstraint("mine_id", "number_hash", name=op.f("uq_persons_mine_id_number_hash")),
    )
    op.create_index("ix_persons_account_id", "persons", ["account_id"], unique=False)
    op.create_index("ix_persons_county", "persons", ["county", "name", "id"], unique=False)
    op.create_index("ix_persons_mine_id", "persons", ["mine_id", "name", "id"], unique=False)
    op.create_index("ix_persons_name", "persons", ["name", "id"], unique=False)
    op.create_index("ix_persons_number_hash", "persons", ["number_hash"], unique=False)
    op.create_index("ix_persons_office", "persons", ["office", "name", "id"], unique=False)
    op.create_table(
        "shifts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('MORNING', 'MIDDLE', 'NIGHT')", name=op.f("ck_shifts_kind_is_listed")),
        sa.CheckConstraint(
            "starts BETWEEN 0 AND 1439 AND ends BETWEEN 0 AND 1439 AND starts <> ends", name=op.f("ck_shifts_minutes")
        ),
        sa.CheckConstraint("to_day >= from_day", name=op.f("ck_shifts_days_in_order")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_shifts_mine_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    op.create_index("ix_shifts_mine_id", "shifts", ["mine_id", "starts", "id"], unique=False)
    op.create_index(
        "uq_shifts_kind", "shifts", ["mine_id", "kind"], unique=True, postgresql_where=sa.text("to_day IS NULL")
    )
    op.create_table(
        "workplaces",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("underground", sa.Boolean(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('COAL_FACE', 'HEADING', 'ROADWAY', 'CHAMBER', 'SHAFT', 'CONTROL_ROOM', 'SURFACE')",
            name=op.f("ck_workplaces_kind_is_listed"),
        ),
        sa.CheckConstraint("to_day >= from_day", name=op.f("ck_workplaces_days_in_order")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_workplaces_mine_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workplaces")),
    )
    op.create_index("ix_workplaces_mine_id", "workplaces", ["mine_id", "name", "id"], unique=False)
    op.create_index(
        "uq_workplaces_name", "workplaces", ["mine_id", "name"], unique=True, postgresql_where=sa.text("to_day IS NULL")
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("workplace_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("to_day >= from_day", name=op.f("ck_assignments_days_in_order")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_assignments_mine_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_assignments_person_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_assignments_shift_id")),
        sa.ForeignKeyConstraint(["workplace_id"], ["workplaces.id"], name=op.f("fk_assignments_workplace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index("ix_assignments_mine_id", "assignments", ["mine_id", "shift_id", "workplace_id"], unique=False)
    op.create_index("ix_assignments_person_id", "assignments", ["person_id"], unique=False)
    op.create_table(
        "posts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("craft", sa.Text(), nullable=True),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'SPECIAL_OPERATOR') = (craft IS NOT NULL)", name=op.f("ck_posts_craft_of_special_operators")
        ),
        sa.CheckConstraint(
            "craft IN ('UNDERGROUND_ELECTRICIAN', 'BLASTER', 'SAFETY_MONITORING', 'GAS_INSPECTOR', 'SAFETY_INSPECTOR', 'HOIST_OPERATOR', 'SHEARER_OPERATOR', 'ROADHEADER_OPERATOR', 'GAS_DRAINAGE', 'OUTBURST_PREVENTION', 'WATER_EXPLORATION')",
            name=op.f("ck_posts_craft_is_listed"),
        ),
        sa.CheckConstraint(
            "kind IN ('PRINCIPAL', 'ACTUAL_CONTROLLER', 'MINE_MANAGER', 'CHIEF_ENGINEER', 'DEPUTY_SAFETY', 'DEPUTY_PRODUCTION', 'DEPUTY_MECHANICAL', 'DEPUTY_VENTILATION', 'DEPUTY_OTHER', 'SAFETY_MANAGER', 'SPECIAL_OPERATOR', 'TEAM_LEADER', 'WORKER')",
            name=op.f("ck_posts_kind_is_listed"),
        ),
        sa.CheckConstraint("to_day >= from_day", name=op.f("ck_posts_days_in_order")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_posts_mine_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_posts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    op.create_index("ix_posts_mine_id", "posts", ["mine_id", "kind", "from_day"], unique=False)
    op.create_index("ix_posts_person_id", "posts", ["person_id"], unique=False)
    op.create_index(
        "uq_posts_principal",
        "posts",
        ["mine_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'PRINCIPAL' AND to_day IS NULL"),
    )
    op.create_table(
        "qualifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("craft", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'SPECIAL_OPERATION') = (craft IS NOT NULL)",
            name=op.f("ck_qualifications_craft_of_special_operation"),
        ),
        sa.CheckConstraint(
            "craft IN ('UNDERGROUND_ELECTRICIAN', 'BLASTER', 'SAFETY_MONITORING', 'GAS_INSPECTOR', 'SAFETY_INSPECTOR', 'HOIST_OPERATOR', 'SHEARER_OPERATOR', 'ROADHEADER_OPERATOR', 'GAS_DRAINAGE', 'OUTBURST_PREVENTION', 'WATER_EXPLORATION')",
            name=op.f("ck_qualifications_craft_is_listed"),
        ),
        sa.CheckConstraint(
            "kind IN ('KNOWLEDGE_AND_ABILITY', 'SPECIAL_OPERATION', 'SAFETY_ENGINEER', 'TRAINING')",
            name=op.f("ck_qualifications_kind_is_listed"),
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_qualifications_days_in_order")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_qualifications_mine_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_qualifications_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualifications")),
    )
    op.create_index("ix_qualifications_person_id", "qualifications", ["person_id", "valid_to"], unique=False)
    for statement in (*_POLICIES, _FILLED_ONCE):
        op.execute(statement)
    for name, columns in _ONCE.items():
        op.execute(
            f"CREATE TRIGGER filled_once BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION filled_once({columns})"
        )
