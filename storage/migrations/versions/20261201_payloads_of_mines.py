"""What a mine reads of payloads is asked in a function: in the policy it cost each reading of the log its planning."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations.policies import ACTOR, listed, within_reach

revision: str = "a3d07f52e9b1"
down_revision: str | None = "5c1e9a7f40d3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_AGENCY = within_reach(mine="NULL::uuid")
_OF_HIS_MINES = f"mine_id = ANY ({listed('mines', 'uuid')})"
# The rule is the policy's as it stood, word for word. The planner expands a policy for every month of payloads, and in
# it those of all tables that it names, with their months: a thousand lines of plan for an officer who needs none of
# them. A body of plpgsql is opaque: it is planned once a session, and only for whom nothing shorter has answered.
_FUNCTION = """
CREATE FUNCTION mine_reads_payload(entry uuid, about uuid, by uuid, in_county text, of_office text, of_mine uuid)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM (SELECT entry, about, by, in_county, of_office, of_mine)
      AS payloads (entry_id, subject, actor_id, county, office, mine_id)
    WHERE {rule});
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    here = op.get_bind()
    rule = here.scalar(sa.text("SELECT qual FROM pg_policies WHERE tablename = 'payloads' AND policyname = 'see'"))
    here.exec_driver_sql(_FUNCTION.format(rule=rule))
    asked = "mine_reads_payload(entry_id, subject, actor_id, county::text, office, mine_id)"
    op.execute(f"ALTER POLICY see ON payloads USING (actor_id = {ACTOR} OR {_AGENCY} OR ({_OF_HIS_MINES} AND {asked}))")
