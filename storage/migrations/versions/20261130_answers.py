"""What a mine answers, when a decision reached it, and of which ledger payloads its people read what they say."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from storage.migrations import policies
from storage.migrations.policies import ACTOR, listed, within_reach

revision: str = "8c1f6e02b7da"
down_revision: str | None = "6d2f80b4c19a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Reach over a mine alone is what the mine's people have; divisions and offices are the agency's.
_AGENCY = within_reach(mine="NULL::uuid")
_OF_HIS_MINES = f"mine_id = ANY ({listed('mines', 'uuid')})"
_OF_THE_AGENCY = within_reach(county="{0}.county", office="{0}.office", mine="NULL::uuid")

_ANSWERED = "EXISTS (SELECT FROM answers a WHERE a.id = answer_id)"
_EXAMINED_BY_THE_AGENCY = f"EXISTS (SELECT FROM answers a WHERE a.id = answer_id AND {_OF_THE_AGENCY.format('a')})"
_OF_A_CASE = "EXISTS (SELECT FROM cases c WHERE c.id = case_id)"
_OF_A_CASE_OF_THE_AGENCY = f"EXISTS (SELECT FROM cases c WHERE c.id = case_id AND {_OF_THE_AGENCY.format('c')})"

_POLICIES = (
    policies.table("answers", see=within_reach(), add=f"answered_by = {ACTOR} AND {_OF_HIS_MINES}")
    + policies.table("answer_examinations", see=_ANSWERED, add=f"examined_by = {ACTOR} AND {_EXAMINED_BY_THE_AGENCY}")
    + policies.table("case_served", see=_OF_A_CASE, add=_OF_A_CASE_OF_THE_AGENCY)
)

_SHOWN = (
    "CORRECTION_ORDERED", "NOTICE_SERVED", "HEARING_OFFERED", "DEFENCE_RECEIVED", "DEFENCE_WAIVED", "HEARING_ASKED",
    "HEARING_WAIVED", "HEARING_NOTIFIED", "HEARING_HELD", "DECIDED", "DECIDED_ON_THE_SPOT", "SERVICE_CONFIRMED",
    "SERVED", "PAID", "INSTALMENTS_GRANTED", "SURCHARGE_ORDERED", "URGED", "RECONSIDERATION_FILED", "SUIT_FILED",
    "OUTCOME_RECEIVED", "CORRECTED", "REVOKED",
)  # fmt: skip
# Of the second volume (副卷): it goes to no party. Once a decision was served on the unit the rest of the file is its own.
_SECOND = (
    "NOTED", "INVESTIGATION_ENDED", "DISCRETION_SUGGESTED", "REVIEW_SUBMITTED", "REVIEW_RETURNED", "REVIEW_PASSED",
    "DELIBERATED", "TRANSFER_STARTED", "TRANSFER_EVIDENCE_KEPT", "TRANSFER_REPORTED", "TRANSFER_DECIDED",
    "TRANSFER_DRAWN_UP", "TRANSFER_HANDED_OVER", "TRANSFER_ANSWERED", "TRANSFER_OBJECTED",
    "TRANSFER_GOODS_HANDED_OVER", "PASSED_ON", "PASSED_ON_RECEIVED", "CLOSED",
)  # fmt: skip
_SERVED_CASE = (
    "EXISTS (SELECT FROM case_served v WHERE v.case_id = {0} AND EXISTS (SELECT FROM cases c WHERE c.id = v.case_id))"
)
_FILE = (
    f"kind <> ALL (ARRAY{list(_SECOND)!r}) AND {_SERVED_CASE.format('case_steps.case_id')}"
    " AND (party_id IS NULL OR EXISTS (SELECT FROM case_parties p WHERE p.id = party_id"
    " AND p.case_id = case_steps.case_id AND p.kind = 'UNIT'))"
)
_STEPS = (
    f"{_OF_A_CASE_OF_THE_AGENCY} OR (kind = ANY (ARRAY{list(_SHOWN)!r})"
    " AND EXISTS (SELECT FROM case_parties p WHERE p.id = party_id AND p.case_id = case_steps.case_id"
    " AND p.kind = 'UNIT')"
    " AND (kind <> 'DECIDED' OR EXISTS (SELECT FROM case_served v WHERE v.decision_id = case_steps.id)))"
    f" OR ({_FILE})"
)

# By the noun of the entry's kind. What only some roles read of their mine is asked of their roles, as with the rows.
_OPEN = ("answer", "finding", "measure", "mine", "office", "paper", "person", "post", "provision", "qualification",
         "shift", "workplace")  # fmt: skip
_FIELD = ("erasure", "evidence", "hold", "inspection", "pack", "recording", "retention")
_EXAM = ("exam",)
_OFFICERS = ("INSPECTOR", "LEAD", "LEGAL_REVIEWER", "HEARING_CHAIR", "RESIDENT_SUPERVISOR", "AGENCY_HEAD", "ARCHIVIST",
             "AUDITOR")  # fmt: skip
_MINES_OWN = ("MINE_PRINCIPAL", "MINE_CLERK")


def _among(values: Sequence[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _holds(roles: Sequence[str]) -> str:
    return (
        f"EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
        f" AND g.role IN ({_among(roles)}))"
    )


# A payload of a case is read by whoever sees the step that it traces: the policy of `case_steps` says who that is.
_NOUN = "split_part(e.kind, '.', 1)"
_PAYLOADS = f"""
actor_id = {ACTOR} OR {_AGENCY} OR ({_OF_HIS_MINES} AND (
  EXISTS (SELECT FROM case_steps s WHERE s.entry_id = payloads.entry_id)
  OR EXISTS (SELECT FROM entries e WHERE e.id = payloads.entry_id AND (
    (e.kind = 'case.opened' AND {_SERVED_CASE.format("payloads.subject")})
    OR (e.kind = 'recording.closed' AND EXISTS (SELECT FROM case_served v WHERE v.mine_id = payloads.mine_id))
    OR {_NOUN} IN ({_among(_OPEN)})
    OR ({_NOUN} IN ({_among(_EXAM)}) AND {_holds((*_OFFICERS, *_MINES_OWN))})
    OR ({_NOUN} IN ({_among(_FIELD)}) AND {_holds(_OFFICERS)})))))
"""


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _uuid(name: str, to: str = "", *, nullable: bool = False, key: bool = False) -> sa.Column[object]:
    keys = [sa.ForeignKey(f"{to}.id")] if to else []
    return sa.Column(name, sa.Uuid(), *keys, nullable=nullable, primary_key=key)


def _make_answers() -> None:
    op.create_table(
        "answers",
        _uuid("id", key=True),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        _uuid("subject_id"),
        sa.Column("item", sa.Text(), nullable=False),
        _uuid("case_id", "cases", nullable=True),
        _uuid("mine_id", "mines"),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("evidence", ARRAY(sa.Uuid()), nullable=False),
        _uuid("told_by", "accounts"),
        _uuid("answered_by", "accounts"),
        _moment("answered_at"),
        _uuid("entry_id"),
        sa.CheckConstraint(
            "subject_kind IN ('FINDING', 'MEASURE', 'SITTING', 'PAPER', 'CASE_STEP')", name="subject_kind_is_listed"
        ),
        sa.CheckConstraint("stance IN ('COUNTERSIGNED', 'OBJECTED')", name="stance_is_listed"),
    )
    op.create_index("ix_answers_subject_id", "answers", ["subject_id", "answered_at", "id"])
    op.create_index("ix_answers_case_id", "answers", ["case_id"], postgresql_where=sa.text("case_id IS NOT NULL"))
    op.create_index(
        "uq_answers_countersigned", "answers", ["subject_id", "item"], unique=True,
        postgresql_where=sa.text("stance = 'COUNTERSIGNED'"),
    )  # fmt: skip
    op.create_table(
        "answer_examinations",
        _uuid("id", key=True),
        _uuid("answer_id", "answers"),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _uuid("examined_by", "accounts"),
        _uuid("certificate_id", "certificates"),
        _moment("examined_at"),
        _uuid("entry_id"),
        sa.UniqueConstraint("answer_id"),
    )


def _make_served() -> None:
    op.create_table(
        "case_served",
        _uuid("decision_id", "case_steps", key=True),
        _uuid("case_id", "cases"),
        _uuid("mine_id", "mines"),
        sa.Column("findings", ARRAY(sa.Uuid()), nullable=False),
        _moment("served_at"),
    )
    op.create_index("ix_case_served_mine_id", "case_served", ["mine_id"])
    op.create_index("ix_case_steps_entry_id", "case_steps", ["entry_id"])


def upgrade() -> None:
    """Tables, policies, triggers; then what changes for cases, papers and payloads."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _make_answers()
    _make_served()
    op.create_index(
        "ix_papers_mine_id", "papers", ["mine_id", "issued_at", "id"],
        postgresql_where=sa.text("state = 'ISSUED' AND NOT internal"),
    )  # fmt: skip
    for statement in _POLICIES:
        op.execute(statement)
    for table in ("answers", "answer_examinations", "case_served"):
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(policies.never_emptied(table))
    op.execute(f"ALTER POLICY see ON case_steps USING ({_STEPS})")
    op.execute(f"ALTER POLICY see ON payloads USING ({_PAYLOADS})")
    # What is derived of a case changes with its steps, and no mine takes one.
    for table in ("cases", "case_clocks"):
        op.execute(f"ALTER POLICY change ON {table} USING ({_AGENCY}) WITH CHECK ({_AGENCY})")
    op.execute(
        f"ALTER POLICY change ON case_fines USING ({_OF_A_CASE_OF_THE_AGENCY}) WITH CHECK ({_OF_A_CASE_OF_THE_AGENCY})"
    )
