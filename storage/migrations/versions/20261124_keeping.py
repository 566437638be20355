"""Keeping: what is wanted and applied of each sealed piece, holds, longer terms, erasures by two people."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations import policies
from storage.migrations.policies import within_reach

revision: str = "b3d0c5a97e12"
down_revision: str | None = "b1f0a7c4d2e9"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ONE_SUBJECT = "num_nonnulls(evidence_id, recording_id, inspection_id) = 1"

_POLICIES = (
    policies.table("keepings", see=within_reach(), change=within_reach(),
                   changed_columns="retain_until, wanted_since, follow_at, erasing_at")
    + policies.table("holds", see=within_reach(), add=within_reach(), change=within_reach(),
                     changed_columns="lifted_by, lifted_at, lift_reason")
    + policies.table("retention_terms", see=within_reach(), add=within_reach())
    + policies.table("erasures", see=within_reach(), add=within_reach(), change=within_reach(),
                     changed_columns="approved_by, approved_at, retry_at")
    + policies.table("upkeep", see="true")
)  # fmt: skip

_WORKERS = (
    "GRANT INSERT, UPDATE ON keepings TO pithead_worker",
    "GRANT UPDATE (erased_at, attempts, retry_at) ON erasures TO pithead_worker",
    "GRANT UPDATE ON upkeep TO pithead_worker",
)

# Replaces the function of the same name: the only change is the last step, SEALED to ERASED, and what it takes.
_ONLY_FORWARD = """
CREATE OR REPLACE FUNCTION evidence_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'DECLARED' OR NEW.receipted OR
       coalesce(NEW.received_at, NEW.sealed_at, NEW.quarantined_at) IS NOT NULL OR
       coalesce(NEW.object_version, NEW.quarantine_reason, NEW.sniffed_type, NEW.sealed_entry_id::text) IS NOT NULL THEN
      RAISE EXCEPTION 'evidence begins as declared' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.recording_id, NEW.device_id, NEW.maker_id, NEW.mine_id, NEW.county, NEW.office, NEW.seq,
      NEW.statement_hash, NEW.sha256, NEW.size, NEW.media_type, NEW.grade, NEW.flags, NEW.captured_at, NEW.object_name,
      NEW.declared_at, NEW.declared_entry_id)
     IS DISTINCT FROM
     (OLD.id, OLD.recording_id, OLD.device_id, OLD.maker_id, OLD.mine_id, OLD.county, OLD.office, OLD.seq,
      OLD.statement_hash, OLD.sha256, OLD.size, OLD.media_type, OLD.grade, OLD.flags, OLD.captured_at, OLD.object_name,
      OLD.declared_at, OLD.declared_entry_id) THEN
    RAISE EXCEPTION 'what was declared is never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN
     (('DECLARED', 'RECEIVED'), ('RECEIVED', 'SEALED'), ('RECEIVED', 'QUARANTINED'), ('SEALED', 'ERASED')) THEN
    RAISE EXCEPTION 'evidence does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'ERASED' AND OLD.state <> 'ERASED' AND NOT EXISTS (
     SELECT FROM erasures x JOIN keepings k ON k.evidence_id = x.evidence_id
     WHERE x.evidence_id = NEW.id AND x.approved_at IS NOT NULL AND x.approved_by <> x.proposed_by
       AND k.erasing_at IS NOT NULL AND greatest(k.retain_until, k.retained_until) <= k.erasing_at AND NOT k.held) THEN
    RAISE EXCEPTION 'evidence is erased by two people, past its dates and never while it is held'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> 'DECLARED' AND
     (NEW.object_version, NEW.received_at) IS DISTINCT FROM (OLD.object_version, OLD.received_at) THEN
    RAISE EXCEPTION 'a version that was received is never exchanged' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state IN ('SEALED', 'QUARANTINED', 'ERASED') AND
     (NEW.sealed_at, NEW.sealed_entry_id, NEW.quarantined_at, NEW.quarantine_reason, NEW.sniffed_type) IS DISTINCT FROM
     (OLD.sealed_at, OLD.sealed_entry_id, OLD.quarantined_at, OLD.quarantine_reason, OLD.sniffed_type) THEN
    RAISE EXCEPTION 'how a piece was settled is never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""

_ONLY_LONGER = """
CREATE FUNCTION keeping_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.evidence_id, NEW.recording_id, NEW.inspection_id, NEW.mine_id, NEW.county, NEW.office) IS DISTINCT FROM
     (OLD.evidence_id, OLD.recording_id, OLD.inspection_id, OLD.mine_id, OLD.county, OLD.office) THEN
    RAISE EXCEPTION 'what is kept is never exchanged' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.retain_until < OLD.retain_until OR NEW.retained_until < OLD.retained_until THEN
    RAISE EXCEPTION 'retention is never shortened' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.erasing_at IS NOT NULL AND (NEW.erasing_at IS DISTINCT FROM OLD.erasing_at OR NEW.held OR
     NEW.retain_until > OLD.retain_until) THEN
    RAISE EXCEPTION 'an approved erasure is not undone' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""


def _scope() -> list[sa.Column[object]]:
    return [
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
    ]


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _subject() -> list[sa.Column[object]]:
    return [
        sa.Column("evidence_id", sa.Uuid(), sa.ForeignKey("evidence.id"), nullable=True),
        sa.Column("recording_id", sa.Uuid(), sa.ForeignKey("recordings.id"), nullable=True),
        sa.Column("inspection_id", sa.Uuid(), sa.ForeignKey("inspections.id"), nullable=True),
    ]


def _index_subject(table: str) -> None:
    for column in ("evidence_id", "recording_id", "inspection_id"):
        op.create_index(f"ix_{table}_{column}", table, [column], postgresql_where=sa.text(f"{column} IS NOT NULL"))


def _make_keepings() -> None:
    op.create_table(
        "keepings",
        sa.Column("evidence_id", sa.Uuid(), sa.ForeignKey("evidence.id"), primary_key=True),
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        *_scope(),
        _moment("retain_until", nullable=False),
        _moment("retained_until", nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        _moment("wanted_since"),
        _moment("follow_at"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("scrub_at", nullable=False),
        _moment("scrubbed_at", nullable=False),
        sa.Column("scrub_attempts", sa.Integer(), nullable=False),
        _moment("damaged_at"),
        sa.Column("damage", sa.Text(), nullable=True),
        _moment("erasing_at"),
        _moment("erased_at"),
        sa.CheckConstraint(
            "damage IN ('BYTES_DIFFER', 'LOCK_SHORTER', 'STATEMENT_DIFFERS', 'UNREADABLE', 'VERSION_GONE')",
            name="damage_is_listed",
        ),
    )
    op.create_index("ix_keepings_recording_id", "keepings", ["recording_id"])
    op.create_index("ix_keepings_inspection_id", "keepings", ["inspection_id"])
    for column, condition in (
        ("follow_at", "follow_at IS NOT NULL"), ("scrub_at", "erasing_at IS NULL"),
        ("damaged_at", "damaged_at IS NOT NULL"),
    ):  # fmt: skip
        op.create_index(f"ix_keepings_{column}", "keepings", [column], postgresql_where=sa.text(condition))


def _make_holds_and_terms() -> None:
    op.create_table(
        "holds",
        sa.Column("id", sa.Uuid(), primary_key=True),
        *_subject(),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        *_scope(),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("permanent", sa.Boolean(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        _moment("placed_at", nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        _moment("lifted_at"),
        sa.Column("lift_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(_ONE_SUBJECT, name="has_one_subject"),
    )
    _index_subject("holds")
    op.create_index("ix_holds_case_id", "holds", ["case_id"], postgresql_where=sa.text("case_id IS NOT NULL"))
    op.create_table(
        "retention_terms",
        sa.Column("id", sa.Uuid(), primary_key=True),
        *_subject(),
        *_scope(),
        _moment("until", nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        _moment("set_at", nullable=False),
        sa.CheckConstraint(_ONE_SUBJECT, name="has_one_subject"),
    )
    _index_subject("retention_terms")


def _make_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("evidence_id", sa.Uuid(), sa.ForeignKey("evidence.id"), nullable=False),
        *_scope(),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        _moment("proposed_at", nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        _moment("approved_at"),
        _moment("erased_at"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("retry_at"),
        sa.UniqueConstraint("evidence_id", name="uq_erasures_evidence_id"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="takes_two_people"),
    )
    op.create_index(
        "ix_erasures_retry_at", "erasures", ["retry_at"],
        postgresql_where=sa.text("approved_at IS NOT NULL AND erased_at IS NULL"),
    )  # fmt: skip


def upgrade() -> None:
    """Tables, the pieces that were sealed before, policies, triggers."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _make_keepings()
    _make_holds_and_terms()
    _make_erasures()
    op.create_table(
        "upkeep",
        sa.Column("id", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("stuck", sa.Integer(), nullable=False),
        sa.Column("damaged", sa.Integer(), nullable=False),
        _moment("looked_at"),
    )
    op.execute("INSERT INTO upkeep (id, late, stuck, damaged) VALUES (1, 0, 0, 0)")
    op.execute(
        "INSERT INTO keepings (evidence_id, recording_id, inspection_id, mine_id, county, office, retain_until,"
        " retained_until, held, attempts, scrub_at, scrubbed_at, scrub_attempts)"
        " SELECT e.id, e.recording_id, r.inspection_id, e.mine_id, e.county, e.office, e.retain_until,"
        " e.retained_until, false, 0, e.sealed_at, e.sealed_at, 0"
        " FROM evidence e JOIN recordings r ON r.id = e.recording_id WHERE e.state = 'SEALED'"
    )
    op.execute(_ONLY_FORWARD)
    for column in ("retain_until", "retained_until"):
        op.drop_column("evidence", column)
    op.execute("ALTER TABLE evidence DROP CONSTRAINT ck_evidence_state_is_listed")
    op.create_check_constraint(
        "state_is_listed", "evidence", "state IN ('DECLARED', 'RECEIVED', 'SEALED', 'QUARANTINED', 'ERASED')"
    )
    for statement in (*_POLICIES, *_WORKERS, _ONLY_LONGER):
        op.execute(statement)
    op.execute("CREATE TRIGGER only_grows BEFORE UPDATE ON keepings FOR EACH ROW EXECUTE FUNCTION keeping_only_grows()")
