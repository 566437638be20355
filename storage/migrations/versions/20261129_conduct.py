"""Matters of conduct, who complained kept apart; and the indexes along which an officer's record is read."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations import policies
from storage.migrations.policies import ACTOR, within_reach

revision: str = "6d2f80b4c19a"
down_revision: str | None = "7c1e5af0943b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KINDS = ("EXEMPTION", "PROPOSAL", "COMPLAINT", "RECUSAL")
_ABOUT = ("INSPECTION", "SCHEME", "EXAM", "CASE", "ACCIDENT", "COMPLAINT", "OTHER")
_STATES = ("OPEN", "TOLD", "HEARD", "FOUND", "ACCEPTED", "PASSED_ON", "RECEIVED", "SETTLED", "WITHDRAWN")
_TURNS = (
    "OPENED", "ACCOUNT_GIVEN", "FOUND", "CONFIRMED", "NOT_CONFIRMED", "TOLD", "ANSWERED", "PASSED_ON", "RECEIVED",
    "OUTCOME_RECORDED", "ACCEPTED", "HEARD", "EXTENDED", "REPLIED", "DECIDED", "WITHDRAWN",
)  # fmt: skip
_OUTCOMES = (
    "EXEMPT", "PARTLY_EXEMPT", "NOT_EXEMPT", "ACTED_UPON", "NOT_ACTED_UPON", "SUBSTANTIATED", "PARTLY_SUBSTANTIATED",
    "UNSUBSTANTIATED", "GRANTED", "REFUSED",
)  # fmt: skip
# Reach over a mine alone is what the mine's people have: of an officer's conduct they see what they opened themselves,
# and the recusals at their mine.
_READER = (
    f"(EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
    f" AND g.role IN ('AGENCY_HEAD', 'AUDITOR', 'GOVERNMENT_HEAD')) AND {within_reach(mine='NULL::uuid')})"
)
# Whom a complaint is about never sees it, whatever roles he holds: not the complaint, nor that there is one.
_SEEN = (
    f"CASE kind WHEN 'COMPLAINT' THEN officer_id <> {ACTOR} AND (opened_by = {ACTOR} OR {_READER})"
    f" WHEN 'RECUSAL' THEN officer_id = {ACTOR} OR opened_by = {ACTOR} OR {within_reach()}"
    f" ELSE officer_id = {ACTOR} OR opened_by = {ACTOR} OR {_READER} END"
)
_OF_A_MATTER = "EXISTS (SELECT FROM conduct_matters m WHERE m.id = matter_id)"
_MAY_BE_OPENED = f"opened_by = {ACTOR} AND (officer_id = {ACTOR} OR {within_reach()})"

_POLICIES = (
    policies.table("conduct_matters", see=_SEEN, add=_MAY_BE_OPENED, change=_SEEN,
                   changed_columns="state, steps, granted, decided_at")
    + policies.table("conduct_steps", see=_OF_A_MATTER, add=f"recorded_by = {ACTOR} AND {_OF_A_MATTER}")
    + policies.table("conduct_complainants", see=_OF_A_MATTER, add=_OF_A_MATTER)
)  # fmt: skip
_OPENED_ONCE = """
CREATE FUNCTION conduct_is_opened_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.kind, NEW.officer_id, NEW.mine_id, NEW.county, NEW.office, NEW.about, NEW.subject_id, NEW.reference,
      NEW.log, NEW.as_of, NEW.opened_by, NEW.opened_at)
     IS DISTINCT FROM
     (OLD.id, OLD.kind, OLD.officer_id, OLD.mine_id, OLD.county, OLD.office, OLD.about, OLD.subject_id, OLD.reference,
      OLD.log, OLD.as_of, OLD.opened_by, OLD.opened_at) OR NEW.steps < OLD.steps OR (OLD.granted AND NOT NEW.granted) THEN
    RAISE EXCEPTION 'what a matter was opened with is never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _make_matters()
    _make_what_belongs_to_them()
    op.create_index("ix_payloads_actor_id", "payloads", ["actor_id", "entry_id"])
    op.create_index("ix_scheme_items_officer_id", "scheme_items", ["officer_id"])
    op.create_index(
        "ix_measure_steps_follower", "measure_steps", ["subject_id"],
        postgresql_where=sa.text("kind = 'FOLLOWER_NAMED'"),
    )  # fmt: skip
    op.execute("ALTER TABLE finding_defects DROP CONSTRAINT ck_finding_defects_code_is_listed")
    op.create_check_constraint(
        "code_is_listed", "finding_defects", "code IN ('NO_EVIDENCE', 'NOT_CONFIRMED', 'OFFICER_RECUSED')"
    )
    for statement in (*_POLICIES, _OPENED_ONCE):
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER opened_once BEFORE UPDATE ON conduct_matters"
        " FOR EACH ROW EXECUTE FUNCTION conduct_is_opened_once()"
    )
    for name in ("conduct_steps", "conduct_complainants"):
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {name}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(policies.never_emptied(name))


def _make_matters() -> None:
    op.create_table(
        "conduct_matters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=True),
        sa.Column("county", sa.String(length=6), nullable=True),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("log", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"kind IN {_KINDS!r}", name=op.f("ck_conduct_matters_kind_is_listed")),
        sa.CheckConstraint(f"about IN {_ABOUT!r}", name=op.f("ck_conduct_matters_about_is_listed")),
        sa.CheckConstraint(f"state IN {_STATES!r}", name=op.f("ck_conduct_matters_state_is_listed")),
        sa.CheckConstraint(
            "kind <> 'COMPLAINT' OR opened_by <> officer_id", name=op.f("ck_conduct_matters_complaint_of_another")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["accounts.id"], name=op.f("fk_conduct_matters_officer_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_conduct_matters_mine_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["accounts.id"], name=op.f("fk_conduct_matters_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_matters")),
    )
    op.create_index("ix_conduct_matters_opened_at", "conduct_matters", ["opened_at", "id"])
    op.create_index("ix_conduct_matters_officer_id", "conduct_matters", ["officer_id", "opened_at", "id"])
    op.create_index(
        "ix_conduct_matters_recused", "conduct_matters", ["subject_id"],
        postgresql_where=sa.text("kind = 'RECUSAL' AND granted"),
    )  # fmt: skip


def _make_what_belongs_to_them() -> None:
    op.create_table(
        "conduct_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("grounds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("evidence", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.CheckConstraint(f"kind IN {_TURNS!r}", name=op.f("ck_conduct_steps_kind_is_listed")),
        sa.CheckConstraint(f"outcome IN {_OUTCOMES!r}", name=op.f("ck_conduct_steps_outcome_is_listed")),
        sa.ForeignKeyConstraint(["matter_id"], ["conduct_matters.id"], name=op.f("fk_conduct_steps_matter_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_conduct_steps_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_steps")),
        sa.UniqueConstraint("matter_id", "ordinal", name=op.f("uq_conduct_steps_matter_id_ordinal")),
    )
    op.create_table(
        "conduct_complainants",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["conduct_matters.id"], name=op.f("fk_conduct_complainants_matter_id")),
        sa.PrimaryKeyConstraint("matter_id", name=op.f("pk_conduct_complainants")),
    )
