"""Cases, their parties and steps, the pieces that steps name, their clocks, and fines that stand."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations import policies
from storage.migrations.policies import ACTOR, within_reach

revision: str = "4e8d2b7fa610"
down_revision: str | None = "9b3f6a2c71d8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STATES = (
    "PROPOSED", "NOT_REGISTERED", "INVESTIGATING", "INVESTIGATED", "NOTIFIED", "IN_HEARING", "IN_REVIEW", "DECIDED",
    "SERVED", "CHALLENGED", "BEFORE_THE_COURT", "PERFORMED", "TRANSFERRING", "CLOSED", "ARCHIVED",
)  # fmt: skip
_KINDS = (
    "PROPOSED", "REGISTERED", "NOT_REGISTERED", "SCOPE_WIDENED", "OFFICERS_ASSIGNED", "RECUSAL_ASKED",
    "RECUSAL_DECIDED", "STATEMENT_TAKEN", "EVIDENCE_ADDED", "NOTED", "RECORDED", "MADE_GOOD", "EXCLUDED",
    "APPROVED", "REGISTER_KEPT", "KEEPING_DECIDED", "SEIZED", "SEIZURE_EXTENDED", "SENT_FOR_TEST", "RELEASED",
    "CORRECTION_ORDERED", "CORRECTION_CHECKED", "INVESTIGATION_ENDED", "DISCRETION_SUGGESTED", "NOTICE_SERVED",
    "HEARING_OFFERED", "DEFENCE_RECEIVED", "DEFENCE_WAIVED", "DEFENCE_EXAMINED", "HEARING_ASKED", "HEARING_WAIVED",
    "HEARING_NOTIFIED", "HEARING_HELD", "REVIEW_SUBMITTED", "REVIEW_RETURNED", "REVIEW_PASSED", "DELIBERATED",
    "DECIDED", "DECIDED_ON_THE_SPOT", "SPOT_REPORTED", "SERVICE_CONFIRMED", "SERVED", "PAID", "CASH_HANDED_IN",
    "INSTALMENTS_GRANTED", "SURCHARGE_ORDERED", "URGED", "COURT_ASKED", "COURT_RULED", "EXECUTED",
    "RECONSIDERATION_FILED", "RECONSIDERATION_FORWARDED", "SUIT_FILED", "ANSWERED", "OUTCOME_RECEIVED", "CORRECTED",
    "REVOKED", "PUBLISHED", "WITHDRAWN_FROM_PUBLIC", "TRANSFER_STARTED", "TRANSFER_EVIDENCE_KEPT",
    "TRANSFER_REPORTED", "TRANSFER_DECIDED", "TRANSFER_DRAWN_UP", "TRANSFER_HANDED_OVER", "TRANSFER_ANSWERED",
    "TRANSFER_OBJECTED", "TRANSFER_GOODS_HANDED_OVER", "PASSED_ON", "PASSED_ON_RECEIVED", "CIRCULAR_ISSUED",
    "INTERVIEW_HELD", "CLOSED", "ARCHIVED",
)  # fmt: skip
_OF_A_CASE = "EXISTS (SELECT FROM cases c WHERE c.id = case_id)"
_POLICIES = (
    # Of a case only what is derived from its steps changes; of a step nothing.
    policies.table("cases", see=within_reach(), add=f"{within_reach()} AND opened_by = {ACTOR}",
                   change=within_reach(), changed_columns="state, steps")
    + policies.table("case_parties", see=_OF_A_CASE, add=_OF_A_CASE)
    + policies.table("case_steps", see=_OF_A_CASE, add=f"by_id = {ACTOR} AND {_OF_A_CASE}")
    + policies.table("case_pieces", see=_OF_A_CASE, add=_OF_A_CASE)
    + policies.table("case_clocks", see=within_reach(), add=within_reach(), change=within_reach(),
                     changed_columns="start_at, ends, alarm, over_at, year, met_at")
    + policies.table("case_fines", see=_OF_A_CASE, add=_OF_A_CASE, change=_OF_A_CASE, changed_columns="fell_at")
)  # fmt: skip


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _uuid(name: str, to: str = "", *, nullable: bool = False, key: bool = False) -> sa.Column[object]:
    keys = [sa.ForeignKey(f"{to}.id")] if to else []
    return sa.Column(name, sa.Uuid(), *keys, nullable=nullable, primary_key=key)


def _scope() -> list[sa.Column[object]]:
    return [sa.Column("county", sa.String(length=6), nullable=False), sa.Column("office", sa.Text(), nullable=False)]


def _make_cases() -> None:
    op.create_table(
        "cases",
        _uuid("id", key=True),
        _uuid("mine_id", "mines"),
        *_scope(),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("simple", sa.Boolean(), nullable=False),
        _uuid("inspection_id", "inspections", nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        _uuid("opened_by", "accounts"),
        _moment("opened_at"),
        sa.CheckConstraint(f"state IN ({_listed(_STATES)})", name="state_is_listed"),
    )
    op.create_index("ix_cases_opened_at", "cases", ["opened_at", "id"])
    for column in ("county", "office", "mine_id"):
        op.create_index(f"ix_cases_{column}", "cases", [column, "opened_at", "id"])
    op.create_index(
        "ix_cases_inspection_id", "cases", ["inspection_id"], postgresql_where=sa.text("inspection_id IS NOT NULL")
    )
    op.create_table(
        "case_parties",
        _uuid("id", key=True),
        _uuid("case_id", "cases"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "name", "subject")),
        sa.CheckConstraint("kind IN ('UNIT', 'PERSON')", name="kind_is_listed"),
    )
    op.create_index("ix_case_parties_case_id", "case_parties", ["case_id"])


def _make_steps() -> None:
    op.create_table(
        "case_steps",
        _uuid("id", key=True),
        _uuid("case_id", "cases"),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _uuid("party_id", nullable=True),
        _moment("at"),
        _uuid("by_id", "accounts"),
        sa.Column("officers", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _moment("recorded_at"),
        _uuid("entry_id"),
        sa.CheckConstraint(f"kind IN ({_listed(_KINDS)})", name="kind_is_listed"),
    )
    op.create_index("uq_case_steps_ordinal", "case_steps", ["case_id", "ordinal"], unique=True)
    op.create_table(
        "case_pieces",
        _uuid("step_id", "case_steps", key=True),
        _uuid("evidence_id", "evidence", key=True),
        _uuid("case_id", "cases"),
    )
    for column in ("case_id", "evidence_id"):
        op.create_index(f"ix_case_pieces_{column}", "case_pieces", [column])


def _make_clocks_and_fines() -> None:
    op.create_table(
        "case_clocks",
        _uuid("case_id", "cases", key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        _uuid("subject", key=True),
        _uuid("mine_id"),
        *_scope(),
        _uuid("party_id", nullable=True),
        _moment("start_at"),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("alarm", sa.Date(), nullable=True),
        _moment("over_at", nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        _moment("met_at", nullable=True),
    )
    op.create_index(
        "ix_case_clocks_open", "case_clocks", ["alarm", "case_id", "key", "subject"],
        postgresql_where=sa.text("met_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "case_fines",
        _uuid("id", key=True),
        _uuid("case_id", "cases"),
        _uuid("decision_id", "case_steps"),
        sa.Column("subject", sa.Text(), nullable=False),
        _uuid("finding_id"),
        _moment("fell_at", nullable=True),
    )
    op.create_index(
        "uq_case_fines_standing", "case_fines", ["subject", "finding_id"], unique=True,
        postgresql_where=sa.text("fell_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_case_fines_decision_id", "case_fines", ["decision_id"])


def upgrade() -> None:
    """Tables, who sees and adds what, and steps that no role and no owner changes."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _make_cases()
    _make_steps()
    _make_clocks_and_fines()
    for statement in _POLICIES:
        op.execute(statement)
    for table in ("case_steps", "case_parties", "case_pieces"):
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(policies.never_emptied(table))
    op.execute(
        "CREATE TRIGGER filled_once BEFORE UPDATE ON case_fines FOR EACH ROW EXECUTE FUNCTION filled_once(fell_at)"
    )
