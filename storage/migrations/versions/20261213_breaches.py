"""Breaches of promises with their clocks and what follows; what is signed clause by clause; who was reminded to sign."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, within_reach

revision: str = "9a41d7c36e58"
down_revision: str | None = "e7c2508b1d93"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KINDS = (
    "'WITHDRAWAL_ORDERED', 'REFUSAL', 'RETALIATION', 'CLOCK_OVERRUN', 'DEFECT_OPEN', 'COMMITMENT_DUE', 'BREACH_FOUND',"
    " 'DRILL'"
)
# Whoever reads cases reads what weighs in them.
_READERS = (
    "INSPECTOR", "LEAD", "LEGAL_REVIEWER", "HEARING_CHAIR", "RESIDENT_SUPERVISOR", "AGENCY_HEAD", "ARCHIVIST",
    "AUDITOR", "COMPANY_GROUP", "MINE_PRINCIPAL", "MINE_CLERK",
)  # fmt: skip
_HOLDS = (
    f"EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
    f" AND g.role IN ({', '.join(repr(role) for role in _READERS)}))"
)
_SEEN = f"(({REACH} = 'all' OR {_HOLDS}) AND {within_reach()})"
_OF_A_BREACH = (
    f"EXISTS (SELECT FROM breaches b WHERE b.id = breach_id AND {within_reach('b.county', 'b.office', 'b.mine_id')})"
)
_ANSWER = "accepted, answer, correct_by, evidence, answered_by, answered_at"
_DECISION = "stands, decision, decided_by, decided_at"
_CORRECTION = "correction, corrected_by, corrected_at"
_FILLED = f"{_ANSWER}, {_DECISION}, {_CORRECTION}"
_DECIDED = "approved, decision, decided_by, decided_at"
# A breach is between the mine and the agency. That it stands is public; what each said, and from whom it is known, is not.
_POLICIES = [
    *policies.table("breaches", see=_SEEN, add=f"{_SEEN} AND found_by = {ACTOR}", change=_SEEN,
                    changed_columns=_FILLED),
    *policies.table("breach_deadlines", see=_OF_A_BREACH, add=_OF_A_BREACH, change=_OF_A_BREACH,
                    changed_columns="met_at"),
    *policies.table("breach_consequences", see=_SEEN, add=f"{_SEEN} AND proposed_by = {ACTOR}", change=_SEEN,
                    changed_columns=_DECIDED),
    *policies.table("broken_promises", see="true", add="EXISTS (SELECT FROM findings f WHERE f.id = finding_id)"),
    *policies.table("commitment_clauses", see="true"),
    *policies.table("signing_reminders", see=_SEEN),
    "GRANT UPDATE ON breach_deadlines TO pithead_worker",
    "GRANT INSERT ON signing_reminders TO pithead_worker",
]  # fmt: skip
_LAID = """
CREATE FUNCTION lay_out_clauses() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE signed jsonb := convert_from(NEW.content, 'UTF8')::jsonb;
BEGIN
  INSERT INTO public.commitment_clauses (commitment_id, key, ordinal, field, outcome, by_day)
  SELECT NEW.id, c.value ->> 'key', c.ordinality, c.value ->> 'field', a.value ->> 'outcome',
    (a.value ->> 'by_day')::date
  FROM jsonb_array_elements(signed -> 'clauses') WITH ORDINALITY c
  JOIN jsonb_array_elements(signed -> 'answers') WITH ORDINALITY a USING (ordinality);
  RETURN NULL;
END $$
"""
# What a mine is called and whether it produces or builds is no secret; of the register nobody sees more by it.
_ASKED = """
CREATE FUNCTION mines_to_sign(asked uuid[]) RETURNS TABLE (mine_id uuid, name text, to_sign boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT m.id, m.name, m.state IN ('PRODUCING', 'BUILDING') FROM public.mines m WHERE m.id = ANY (asked);
END $$
"""
# Of a breach that stands everybody reads the clause and the days; what the mine answered is for whoever reads the row.
_STANDING = """
CREATE FUNCTION breaches_standing(asked uuid[], of_year integer) RETURNS TABLE (
  id uuid, mine_id uuid, key text, day date, decided_at timestamptz, corrected_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT b.id, b.mine_id, b.key, b.day, b.decided_at, b.corrected_at FROM public.breaches b
  WHERE b.mine_id = ANY (asked) AND b.year = of_year AND b.stands;
END $$
"""


def _id(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _yes(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def _ids(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, postgresql.ARRAY(sa.Uuid()), nullable=nullable)


def _scope() -> tuple[sa.Column[Any], ...]:
    return _id("mine_id"), sa.Column("county", sa.String(length=6), nullable=False), _text("office")


def _check(table: str, name: str, says: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(says, name=op.f(f"ck_{table}_{name}"))


def _keys(table: str, **others: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return tuple(
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in others.items()
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _add_breaches()
    _add_consequences()
    _add_the_year()
    for name in ("breaches", "breach_consequences"):
        at = "found_at" if name == "breaches" else "proposed_at"
        op.create_index(f"ix_{name}_{at}", name, [at, "id"])
        for scope in ("county", "office", "mine_id"):
            op.create_index(f"ix_{name}_{scope}", name, [scope, at, "id"])
    for statement in _POLICIES:
        op.execute(statement)
    for table, columns in (("breaches", _FILLED), ("breach_consequences", _DECIDED)):
        op.execute(
            f"CREATE TRIGGER filled_once BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION filled_once({columns})"
        )
    for table in ("broken_promises", "commitment_clauses", "signing_reminders"):
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(policies.never_emptied(table))
    # No writer can forget it: whatever is signed is laid out by the database itself, as its owner.
    op.execute("CREATE POLICY laid ON commitment_clauses FOR INSERT TO CURRENT_USER WITH CHECK (true)")
    op.execute(_LAID)
    op.execute("REVOKE ALL ON FUNCTION lay_out_clauses() FROM PUBLIC")
    op.execute("CREATE TRIGGER laid_out AFTER INSERT ON commitments FOR EACH ROW EXECUTE FUNCTION lay_out_clauses()")
    op.execute("CREATE POLICY standing ON breaches FOR SELECT TO CURRENT_USER USING (true)")
    for text, name in ((_ASKED, "mines_to_sign(uuid[])"), (_STANDING, "breaches_standing(uuid[], integer)")):
        op.execute(text)
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO pithead_api, pithead_worker")
    for table in ("incidents", "drills", "alert_silences"):
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_kind_is_listed")
        op.create_check_constraint("kind_is_listed", table, f"kind IN ({_KINDS})")


def _add_breaches() -> None:
    op.create_table(
        "breaches",
        _id("id"), *_scope(), _id("commitment_id"), sa.Column("year", sa.Integer(), nullable=False), _text("key"),
        sa.Column("clause_digest", sa.LargeBinary(), nullable=False), _text("title"), _text("source"),
        _id("source_id"), _day("day"), _ids("findings"), _text("words"), _id("found_by"), _moment("found_at"),
        _yes("accepted", nullable=True), _text("answer", nullable=True), _day("correct_by", nullable=True),
        _ids("evidence", nullable=True), _id("answered_by", nullable=True), _moment("answered_at", nullable=True),
        _yes("stands", nullable=True), _text("decision", nullable=True), _id("decided_by", nullable=True),
        _moment("decided_at", nullable=True), _text("correction", nullable=True), _id("corrected_by", nullable=True),
        _moment("corrected_at", nullable=True),
        _check("breaches", "source_is_listed", "source IN ('FINDING', 'REFUSAL', 'INSPECTION')"),
        _check("breaches", "answered_whole",
               "(answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (accepted IS NULL)"),
        _check("breaches", "decided_whole",
               "(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (stands IS NULL)"),
        _check("breaches", "corrected_whole", "(corrected_at IS NULL) = (corrected_by IS NULL)"),
        _check("breaches", "corrected_what_stands", "corrected_at IS NULL OR stands"),
        _check("breaches", "takes_two_people", "decided_by <> found_by"),
        _check("breaches", "corrects_what_is_accepted", "accepted IS TRUE OR correct_by IS NULL"),
        *_keys("breaches", mine_id="mines", commitment_id="commitments", found_by="accounts", answered_by="accounts",
               decided_by="accounts", corrected_by="accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaches")),
        sa.UniqueConstraint("source", "source_id", "key", name=op.f("uq_breaches_source_source_id_key")),
    )  # fmt: skip
    op.create_index("ix_breaches_standing", "breaches", ["mine_id", "year", "key"], postgresql_where=sa.text("stands"))
    op.create_table(
        "breach_deadlines",
        _id("breach_id"), _text("key"), _day("start"), _text("article"), _day("ends", nullable=True),
        _moment("ends_at", nullable=True), _day("alarm", nullable=True), _moment("met_at", nullable=True),
        _moment("overrun_of", nullable=True), sa.Column("law", sa.BigInteger(), nullable=False),
        *_keys("breach_deadlines", breach_id="breaches"),
        sa.PrimaryKeyConstraint("breach_id", "key", name=op.f("pk_breach_deadlines")),
    )  # fmt: skip
    op.create_index(
        "ix_breach_deadlines_overrun", "breach_deadlines", ["ends_at", "breach_id", "key"],
        postgresql_where=sa.text("met_at IS NULL AND (overrun_of IS NULL OR overrun_of < ends_at)"),
    )  # fmt: skip
    op.create_index(
        "ix_breach_deadlines_law", "breach_deadlines", ["law", "breach_id", "key"],
        postgresql_where=sa.text("met_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "broken_promises",
        _id("finding_id"), _id("breach_id"), sa.Column("year", sa.Integer(), nullable=False), _text("key"),
        _text("title"), _moment("stood_at"),
        *_keys("broken_promises", finding_id="findings"),
        sa.PrimaryKeyConstraint("finding_id", "breach_id", name=op.f("pk_broken_promises")),
    )  # fmt: skip
    op.create_index("ix_broken_promises_breach_id", "broken_promises", ["breach_id"])


def _add_consequences() -> None:
    op.create_table(
        "breach_consequences",
        _id("id"), *_scope(), _text("kind"), _text("against"), _ids("breaches"), _text("words"), _id("proposed_by"),
        _moment("proposed_at"), _yes("approved", nullable=True), _text("decision", nullable=True),
        _id("decided_by", nullable=True), _moment("decided_at", nullable=True),
        _check("breach_consequences", "kind_is_listed", "kind IN ('TALK', 'NOTICE', 'BLACKLIST_PROPOSAL')"),
        _check("breach_consequences", "against_is_listed", "against IN ('COMPANY', 'PRINCIPAL')"),
        _check("breach_consequences", "decided_whole",
               "(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (approved IS NULL)"),
        _check("breach_consequences", "takes_two_people", "decided_by <> proposed_by"),
        *_keys("breach_consequences", mine_id="mines", proposed_by="accounts", decided_by="accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_consequences")),
    )  # fmt: skip


def _add_the_year() -> None:
    op.create_table(
        "commitment_clauses",
        _id("commitment_id"), _text("key"), sa.Column("ordinal", sa.Integer(), nullable=False), _text("field"),
        _text("outcome"), _day("by_day", nullable=True),
        _check("commitment_clauses", "field_is_listed",
               "field IN ('SYSTEM', 'PEOPLE', 'DISASTER', 'MAIN_SYSTEM', 'INVESTMENT')"),
        _check("commitment_clauses", "outcome_is_listed", "outcome IN ('MET', 'NOT_YET', 'NOT_MET')"),
        *_keys("commitment_clauses", commitment_id="commitments"),
        sa.PrimaryKeyConstraint("commitment_id", "key", name=op.f("pk_commitment_clauses")),
    )  # fmt: skip
    op.create_table(
        "signing_reminders",
        _id("id"), *_scope(), sa.Column("year", sa.Integer(), nullable=False), _yes("overdue"), _day("due"),
        _ids("officers"), _moment("reminded_at"),
        *_keys("signing_reminders", mine_id="mines"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_reminders")),
        sa.UniqueConstraint("mine_id", "year", "overdue", name=op.f("uq_signing_reminders_mine_id_year_overdue")),
    )  # fmt: skip
    op.create_index("ix_signing_reminders_reminded_at", "signing_reminders", ["reminded_at", "id"])
