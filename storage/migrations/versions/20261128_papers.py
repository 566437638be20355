"""Papers: drafts and issued ones, the series that number them, signatures, refusals to sign, and their PDFs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations import policies
from storage.migrations.policies import ACTOR, within_reach

revision: str = "9b3f6a2c71d8"
down_revision: str | None = "c93e51a7d048"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Drafts and what stays within the agency are not seen by reach over a mine alone, which the mine's people have.
_SEEN = (
    f"({within_reach()} AND state = 'ISSUED' AND NOT internal)"
    f" OR {within_reach(mine='NULL::uuid')} OR (drafted_by = {ACTOR} AND {within_reach()})"
)
_OF_A_PAPER = "EXISTS (SELECT FROM papers p WHERE p.id = paper_id)"

_POLICIES = (
    *policies.table("papers", see=_SEEN, add=f"{within_reach()} AND drafted_by = {ACTOR} AND state = 'DRAFT'",
                    change=_SEEN, changed_columns="written, version, state, mark, word, year, ordinal, number, body,"
                    " digest, issued_by, issued_at, issued_entry_id"),
    *policies.table("paper_series", see="true", add="true", change="true", changed_columns="last"),
    *policies.table("paper_signatures", see=_OF_A_PAPER, add=f"{_OF_A_PAPER} AND recorded_by = {ACTOR}"),
    *policies.table("paper_refusals", see=_OF_A_PAPER, add=f"{_OF_A_PAPER} AND recorded_by = {ACTOR}"),
    *policies.table("paper_prints", see=_OF_A_PAPER, add=_OF_A_PAPER, change=_OF_A_PAPER),
)  # fmt: skip

# What was issued says for ever what it said; a paper begins as a draft, and is issued once.
_ISSUED_ONCE = """
CREATE FUNCTION paper_is_issued_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state = 'ISSUED' OR
     (NEW.id, NEW.subject_kind, NEW.subject_id, NEW.mine_id, NEW.county, NEW.office, NEW.form, NEW.internal,
      NEW.drafted_by, NEW.drafted_at) IS DISTINCT FROM
     (OLD.id, OLD.subject_kind, OLD.subject_id, OLD.mine_id, OLD.county, OLD.office, OLD.form, OLD.internal,
      OLD.drafted_by, OLD.drafted_at) OR
     (NEW.state = 'ISSUED') <> (num_nulls(NEW.body, NEW.digest, NEW.issued_by, NEW.issued_at, NEW.issued_entry_id) = 0)
     OR (NEW.body IS NOT NULL AND NEW.digest IS DISTINCT FROM sha256(NEW.body)) THEN
    RAISE EXCEPTION 'a paper is issued once and then never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
# A series counts on by one and never back: no number is left out, none is given twice.
_GAPLESS = """
CREATE FUNCTION paper_series_has_no_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.last <> 1) OR (TG_OP = 'UPDATE' AND
     ((NEW.mark, NEW.word, NEW.year) IS DISTINCT FROM (OLD.mark, OLD.word, OLD.year) OR NEW.last <> OLD.last + 1)) THEN
    RAISE EXCEPTION 'a series counts on by one' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _make_papers() -> None:
    op.create_table(
        "papers",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), sa.ForeignKey("mines.id"), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("written", sa.LargeBinary(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        _moment("drafted_at"),
        sa.Column("mark", sa.Text(), nullable=True),
        sa.Column("word", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("issued_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=True),
        _moment("issued_at", nullable=True),
        sa.Column("issued_entry_id", sa.Uuid(), nullable=True),
        sa.UniqueConstraint("mark", "word", "year", "ordinal"),
        sa.CheckConstraint("state IN ('DRAFT', 'ISSUED')", name="state_is_listed"),
        sa.CheckConstraint(
            "subject_kind IN ('MINE', 'INSPECTION', 'SCHEME', 'EXAM', 'FINDING', 'MEASURE', 'CASE')",
            name="subject_kind_is_listed",
        ),
    )
    op.create_index("ix_papers_subject_id", "papers", ["subject_id", "drafted_at", "id"])
    op.create_table(
        "paper_series",
        sa.Column("mark", sa.Text(), primary_key=True),
        sa.Column("word", sa.Text(), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
    )


def _of_a_place() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("paper_id", sa.Uuid(), sa.ForeignKey("papers.id"), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
    ]


def _make_signatures() -> None:
    op.create_table(
        "paper_signatures",
        *_of_a_place(),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=True),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.Uuid(), sa.ForeignKey("devices.id"), nullable=True),
        sa.Column("algorithm", sa.Text(), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("evidence_id", sa.Uuid(), sa.ForeignKey("evidence.id"), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        _moment("signed_at"),
        sa.UniqueConstraint("paper_id", "place"),
        sa.CheckConstraint("way IN ('KEY', 'HAND', 'INK')", name="way_is_listed"),
    )
    op.create_table(
        "paper_refusals",
        *_of_a_place(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("witness", sa.Text(), nullable=True),
        sa.Column("evidence_id", sa.Uuid(), sa.ForeignKey("evidence.id"), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        _moment("refused_at"),
        sa.UniqueConstraint("paper_id", "place"),
    )


def upgrade() -> None:
    """Tables, policies, triggers."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _make_papers()
    _make_signatures()
    op.create_table(
        "paper_prints",
        sa.Column("paper_id", sa.Uuid(), sa.ForeignKey("papers.id"), primary_key=True),
        sa.Column("shows", sa.LargeBinary(), primary_key=True),
        sa.Column("maker", sa.Integer(), nullable=False),
        sa.Column("object_name", sa.Text(), nullable=False),
        sa.Column("object_version", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("stamped_sha256", sa.LargeBinary(), nullable=False),
        _moment("made_at"),
    )
    for statement in (*_POLICIES, _ISSUED_ONCE, _GAPLESS):
        op.execute(statement)
    for table, name, moment, function in (
        ("papers", "issued_once", "UPDATE OR DELETE", "paper_is_issued_once"),
        ("paper_series", "has_no_gap", "INSERT OR UPDATE OR DELETE", "paper_series_has_no_gap"),
        ("paper_signatures", "never_changed", "UPDATE OR DELETE", "refuse_change"),
        ("paper_refusals", "never_changed", "UPDATE OR DELETE", "refuse_change"),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()")
        op.execute(policies.never_emptied(table))
