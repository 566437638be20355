"""Closing: closings that two officers sign, papers of takeovers, and pieces that were declared and are lost."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations import policies
from storage.migrations.policies import ACTOR, within_reach

revision: str = "c41e7b90d2a6"
down_revision: str | None = "2470e37985be"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SEEN_RECORDING = "EXISTS (SELECT FROM recordings r WHERE r.id = recording_id)"
_SEEN_EVIDENCE = "EXISTS (SELECT FROM evidence e WHERE e.id = evidence_id)"

_POLICIES = (
    *policies.table("closings", see=_SEEN_RECORDING, add=f"closer_id = {ACTOR} AND cosigner_id IS NULL",
                    change=_SEEN_RECORDING, becomes=f"cosigner_id = {ACTOR}",
                    changed_columns="cosigner_id, cosigner_device_id, file, closed_at, closed_entry_id"),
    *policies.table("takeovers", see=_SEEN_EVIDENCE, add="true"),
    f"CREATE POLICY change ON recordings FOR UPDATE TO pithead_api USING ({within_reach()})"
    f" WITH CHECK ({within_reach()})",
    "GRANT UPDATE (closed_at) ON recordings TO pithead_api",
    "GRANT UPDATE (closed_at) ON chains TO pithead_api",
    f"ALTER POLICY change ON evidence WITH CHECK ({within_reach()} AND state IN ('RECEIVED', 'LOST'))",
    "GRANT UPDATE (lost_at, lost_reason) ON evidence TO pithead_api",
)  # fmt: skip

# A closing is co-signed once and then stays as it is; a recording closes once.
_SIGNED_ONCE = """
CREATE FUNCTION closing_is_signed_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.closed_at IS NOT NULL OR
     (NEW.id, NEW.recording_id, NEW.closing, NEW.closer_id, NEW.device_id, NEW.algorithm, NEW.public_key,
      NEW.signature, NEW.signed_at)
     IS DISTINCT FROM
     (OLD.id, OLD.recording_id, OLD.closing, OLD.closer_id, OLD.device_id, OLD.algorithm, OLD.public_key,
      OLD.signature, OLD.signed_at) OR
     num_nulls(NEW.cosigner_id, NEW.cosigner_device_id, NEW.file, NEW.closed_at, NEW.closed_entry_id) > 0 OR
     NEW.cosigner_id = OLD.closer_id OR NEW.cosigner_device_id = OLD.device_id THEN
    RAISE EXCEPTION 'a closing is co-signed once, by another officer' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
_CLOSES_ONCE = """
CREATE FUNCTION recording_closes_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.closed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a recording closes once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""

# Replaces the function of the same name: the changes are the state LOST, the ways to it and from it, and its reason.
_ONLY_FORWARD = """
CREATE OR REPLACE FUNCTION evidence_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'DECLARED' OR NEW.receipted OR
       coalesce(NEW.received_at, NEW.sealed_at, NEW.quarantined_at, NEW.lost_at) IS NOT NULL OR
       coalesce(NEW.object_version, NEW.quarantine_reason, NEW.sniffed_type, NEW.sealed_entry_id::text,
         NEW.lost_reason) IS NOT NULL THEN
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
     (('DECLARED', 'RECEIVED'), ('DECLARED', 'LOST'), ('LOST', 'RECEIVED'), ('RECEIVED', 'SEALED'),
      ('RECEIVED', 'QUARANTINED'), ('SEALED', 'ERASED')) THEN
    RAISE EXCEPTION 'evidence does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'ERASED' AND OLD.state <> 'ERASED' AND NOT EXISTS (
     SELECT FROM erasures x JOIN keepings k ON k.evidence_id = x.evidence_id
     WHERE x.evidence_id = NEW.id AND x.approved_at IS NOT NULL AND x.approved_by <> x.proposed_by
       AND k.erasing_at IS NOT NULL AND greatest(k.retain_until, k.retained_until) <= k.erasing_at AND NOT k.held) THEN
    RAISE EXCEPTION 'evidence is erased by two people, past its dates and never while it is held'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.lost_at, NEW.lost_reason) IS DISTINCT FROM (OLD.lost_at, OLD.lost_reason) AND
     NOT (OLD.state = 'DECLARED' AND NEW.state = 'LOST') THEN
    RAISE EXCEPTION 'that a piece was lost is said once and stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'LOST' AND (NEW.lost_at IS NULL OR NEW.lost_reason IS NULL) THEN
    RAISE EXCEPTION 'what is lost has a reason' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.state NOT IN ('DECLARED', 'LOST') OR NEW.state = 'LOST') AND
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


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _make_closings() -> None:
    op.create_table(
        "closings",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("recording_id", sa.Uuid(), sa.ForeignKey("recordings.id"), nullable=False),
        sa.Column("closing", sa.LargeBinary(), nullable=False),
        sa.Column("closer_id", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("device_id", sa.Uuid(), sa.ForeignKey("devices.id"), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        _moment("signed_at", nullable=False),
        sa.Column("cosigner_id", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=True),
        sa.Column("cosigner_device_id", sa.Uuid(), sa.ForeignKey("devices.id"), nullable=True),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        _moment("closed_at"),
        sa.Column("closed_entry_id", sa.Uuid(), nullable=True),
    )
    op.create_index("ix_closings_recording_id", "closings", ["recording_id", "signed_at", "id"])
    closed = sa.text("closed_at IS NOT NULL")
    op.create_index("uq_closings_closed", "closings", ["recording_id"], unique=True, postgresql_where=closed)


def upgrade() -> None:
    """Tables, columns, the state LOST, policies, triggers."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _make_closings()
    op.create_table(
        "takeovers",
        sa.Column("evidence_id", sa.Uuid(), sa.ForeignKey("evidence.id"), primary_key=True),
        sa.Column("paper", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
    )
    for table in ("recordings", "chains"):
        op.add_column(table, _moment("closed_at"))
    op.add_column("evidence", _moment("lost_at"))
    op.add_column("evidence", sa.Column("lost_reason", sa.Text(), nullable=True))
    op.execute("ALTER TABLE evidence DROP CONSTRAINT ck_evidence_state_is_listed")
    op.create_check_constraint(
        "state_is_listed", "evidence", "state IN ('DECLARED', 'RECEIVED', 'SEALED', 'QUARANTINED', 'LOST', 'ERASED')"
    )
    for statement in (*_POLICIES, _SIGNED_ONCE, _CLOSES_ONCE, _ONLY_FORWARD):
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER signed_once BEFORE UPDATE OR DELETE ON closings FOR EACH ROW"
        " EXECUTE FUNCTION closing_is_signed_once()"
    )
    op.execute(
        "CREATE TRIGGER closes_once BEFORE UPDATE ON recordings FOR EACH ROW EXECUTE FUNCTION recording_closes_once()"
    )
    op.execute(
        "CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON takeovers"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    for table in ("closings", "takeovers"):
        op.execute(policies.never_emptied(table))
