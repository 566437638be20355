"""Who sees and changes which rows, what nobody may change, and the rows that every database begins with."""

import csv
from collections.abc import Sequence
from pathlib import Path

from alembic import op
from sqlalchemy import column, table
from sqlalchemy.types import String

from storage.migrations import policies
from storage.migrations.policies import ACTOR, DOOR, REACH, listed, within_reach

revision: str = "7c2e19d0a4b1"
down_revision: str | None = "4d6b40aa22f9"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SEEN_ACCOUNT = "EXISTS (SELECT FROM accounts a WHERE a.id = account_id)"
_SEEN_INSPECTION = "EXISTS (SELECT FROM inspections i WHERE i.id = inspection_id)"
_SEEN_RECORDING = "EXISTS (SELECT FROM recordings r WHERE r.id = recording_id)"
_SEEN_EVIDENCE = "EXISTS (SELECT FROM evidence e WHERE e.id = evidence_id)"
_MINE = within_reach(mine="id")
_OWN = f"account_id = {ACTOR}"
# Whoever declares a device lost or revoked ends its sessions; before that, a session is its owner's and the door's.
_OF_ENDED_DEVICE = (
    "EXISTS (SELECT FROM devices d WHERE d.id = device_id AND (d.lost_at IS NOT NULL OR d.revoked_at IS NOT NULL))"
)
_SESSION = f"{DOOR} OR {_OWN} OR {_OF_ENDED_DEVICE}"

# Who opened an inspection names its officers and places, and nobody adds to those of another.
_OPENED_BY_ACTOR = f"EXISTS (SELECT FROM inspections i WHERE i.id = inspection_id AND i.opened_by = {ACTOR})"
_OWN_DEVICE = f"EXISTS (SELECT FROM devices d WHERE d.id = device_id AND d.owner_id = {ACTOR})"
_SEEN_OFFICE = f"({REACH} = 'all' OR code = ANY ({listed('offices', 'text')}))"

_POLICIES = (
    policies.table("acts", see=f"actor_id = {ACTOR}", add=f"actor_id = {ACTOR}", change=f"actor_id = {ACTOR}",
                   changed_columns="subject", workers=False)
    # No act changes an account yet; the right to `closed_at` is there to lock one (SELECT … FOR UPDATE).
    + policies.table("accounts", see=f"{DOOR} OR id = {ACTOR} OR {within_reach()}", add=within_reach(),
                     change=within_reach(), changed_columns="closed_at", becomes="false")
    + policies.table("passwords", see=f"{DOOR} OR {_OWN}", add=_SEEN_ACCOUNT, change=_OWN,
                     changed_columns="hash, changed_at, first", workers=False)
    + policies.table("role_grants", see=f"{_OWN} OR {_SEEN_ACCOUNT}", add=_SEEN_ACCOUNT, change=_SEEN_ACCOUNT,
                     changed_columns="withdrawn_at")
    + policies.table("certificates", see=f"{_OWN} OR {_SEEN_ACCOUNT}", add=_SEEN_ACCOUNT)
    + policies.table("sessions", see=_SESSION, add=DOOR, change=_SESSION,
                     changed_columns="device_id, token_hash, previous_hash, nonces, renewed_at, expires_at, ended_at,"
                     " end_reason", workers=False)
    + policies.table("attempts", see=DOOR, add=DOOR, change=DOOR, changed_columns="failures, window_from")
    + policies.table("devices",
                     see=f"{DOOR} OR owner_id = {ACTOR} OR EXISTS (SELECT FROM accounts a WHERE a.id = owner_id)",
                     add=f"owner_id = {ACTOR}",
                     change=f"owner_id = {ACTOR} OR EXISTS (SELECT FROM accounts a WHERE a.id = owner_id)",
                     changed_columns="lost_at, revoked_at")
    + policies.table("divisions", see="true")
    + policies.table("offices", see="true", add=_SEEN_OFFICE)
    # What of a registered mine may change: never its id, its credit code, where it lies or when it was entered.
    + policies.table("mines", see=_MINE, add=_MINE, change=_MINE,
                     changed_columns="name, supervisor, state, disasters, latitude, longitude")
    + policies.table("inspections", see=within_reach(), add=f"{within_reach()} AND opened_by = {ACTOR}")
    + policies.table("inspection_officers", see=_SEEN_INSPECTION, add=_OPENED_BY_ACTOR, change=_OWN,
                     changed_columns="joined_at, device_id")
    + policies.table("inspection_places", see=_SEEN_INSPECTION, add=_OPENED_BY_ACTOR)
    + policies.table("recordings", see=within_reach(), add=f"{within_reach()} AND opened_by = {ACTOR}")
    + policies.table("chains", see=_SEEN_RECORDING, add=f"{_SEEN_RECORDING} AND {_OWN_DEVICE}", change=_SEEN_RECORDING,
                     changed_columns="count, last_seq, last_hash")
    + policies.table("evidence", see=within_reach(), add=f"{within_reach()} AND maker_id = {ACTOR}",
                     change=within_reach(), changed_columns="state, received_at, object_version, retry_at",
                     becomes="state = 'RECEIVED'")
    # Placed by the same statement as its piece, which no policy can see yet: the key lets each piece have but one.
    + policies.table("statements", see=_SEEN_EVIDENCE, add="true")
    + policies.table("receipts", see=within_reach())
    + policies.table("entries", see="true", add="true")
    + policies.table("payloads", see=f"actor_id = {ACTOR} OR {within_reach()}", add=f"{DOOR} OR actor_id = {ACTOR}")
    + policies.table("unsequenced", see="true", add="true")
    + policies.table("positions", see="true")
    + policies.table("tree_head", see="true")
    + policies.table("tiles", see="true")
    + policies.table("checkpoints", see="true")
)  # fmt: skip

_WORKERS = (
    "GRANT INSERT ON entries, payloads, unsequenced, positions, tiles, checkpoints, receipts TO pithead_worker",
    "GRANT DELETE ON unsequenced, attempts TO pithead_worker",
    "GRANT INSERT, UPDATE ON tree_head TO pithead_worker",
    "GRANT UPDATE ON tiles TO pithead_worker",
    "GRANT UPDATE (state, sealed_at, sealed_entry_id, quarantined_at, quarantine_reason, sniffed_type, receipted,"
    " leased_until, attempts, retry_at, retain_until, retained_until) ON evidence TO pithead_worker",
)

# The last word on hands that stay apart (GB/T 22239 三权分立; 三专联锁), also for two grants at the same moment:
# the account's row is locked, so the second one sees the first. Outer parentheses: groups; a test compares them
# with actor.NEVER_ONE_PERSON.
HANDS_APART = (
    "('SYSTEM_ADMINISTRATOR', 'SECURITY_ADMINISTRATOR', 'AUDIT_ADMINISTRATOR')",
    "('REPORT_INTAKE', 'REPORT_VERIFICATION', 'REPORT_REWARD')",
    "('REPORT_VERIFICATION', 'REPORT_CUSTODIAN')",
)
_SAME_GROUP = " OR ".join(f"(NEW.role IN {group} AND g.role IN {group})" for group in HANDS_APART)
_HANDS_STAY_APART = f"""
CREATE FUNCTION hands_stay_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM accounts WHERE id = NEW.account_id FOR UPDATE;
  IF EXISTS (SELECT FROM role_grants g WHERE g.account_id = NEW.account_id AND g.role <> NEW.role
             AND g.withdrawn_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > NEW.granted_at)
             AND ({_SAME_GROUP})) THEN
    RAISE EXCEPTION 'these hands are never one person' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'role_grants_hands_apart';
  END IF;
  RETURN NEW;
END $$
"""

_NEVER_CHANGED = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is immutable: nothing in it is changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

_ONLY_FORWARD = """
CREATE FUNCTION evidence_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'DECLARED' OR NEW.receipted OR
       coalesce(NEW.received_at, NEW.sealed_at, NEW.quarantined_at, NEW.retain_until, NEW.retained_until) IS NOT NULL OR
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
     (('DECLARED', 'RECEIVED'), ('RECEIVED', 'SEALED'), ('RECEIVED', 'QUARANTINED')) THEN
    RAISE EXCEPTION 'evidence does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> 'DECLARED' AND
     (NEW.object_version, NEW.received_at) IS DISTINCT FROM (OLD.object_version, OLD.received_at) THEN
    RAISE EXCEPTION 'a version that was received is never exchanged' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state IN ('SEALED', 'QUARANTINED') AND
     (NEW.sealed_at, NEW.sealed_entry_id, NEW.quarantined_at, NEW.quarantine_reason, NEW.sniffed_type) IS DISTINCT FROM
     (OLD.sealed_at, OLD.sealed_entry_id, OLD.quarantined_at, OLD.quarantine_reason, OLD.sniffed_type) THEN
    RAISE EXCEPTION 'how a piece was settled is never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Partitions, first rows, policies, grants, triggers."""
    for number in range(8):
        op.execute(f"CREATE TABLE acts_part_{number} PARTITION OF acts FOR VALUES WITH (MODULUS 8, REMAINDER {number})")
    for name in ("entries", "payloads"):
        op.execute(f"CREATE TABLE {name}_part_rest PARTITION OF {name} DEFAULT")
    # Hashes do not compress: kept outside the row, uncompressed, so that a proof reads only the tiles that it needs.
    op.execute("ALTER TABLE tiles ALTER COLUMN hashes SET STORAGE EXTERNAL")
    # A queue is emptied as fast as it fills: vacuum early, or the dead rows slow the next batch.
    op.execute(
        "ALTER TABLE unsequenced SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,"
        " autovacuum_vacuum_cost_delay = 0)"
    )
    divisions = Path(__file__).parents[2] / "register" / "mines" / "divisions.csv"
    with divisions.open(encoding="utf-8", newline="") as file:
        rows = [{**row, "parent": row["parent"] or None} for row in csv.DictReader(file)]
    op.bulk_insert(table("divisions", column("code", String), column("name", String), column("parent", String)), rows)
    op.execute("GRANT USAGE ON SCHEMA public TO pithead_api, pithead_worker")
    for statement in (*_POLICIES, *_WORKERS, _HANDS_STAY_APART, _NEVER_CHANGED, _ONLY_FORWARD):
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER hands_stay_apart BEFORE INSERT ON role_grants FOR EACH ROW EXECUTE FUNCTION hands_stay_apart()"
    )
    for name in ("entries", "positions", "statements"):
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {name}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(policies.never_emptied(name))
    # Partitions take on the triggers of their parent that fire for rows, and no other.
    op.execute(policies.never_emptied("entries_part_rest"))
    op.execute(
        "CREATE TRIGGER moves_forward BEFORE INSERT OR UPDATE ON evidence"
        " FOR EACH ROW EXECUTE FUNCTION evidence_moves_forward()"
    )
