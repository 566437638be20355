"""What a mine reads of the papers of its cases: what its steps say to it, and nothing that is about a person alone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations.policies import ACTOR, within_reach

revision: str = "e47a90d3c15b"
down_revision: str | None = "c81f6b2d09ae"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Handed over before its service is recorded, and signed by the mine's principal then.
_TO_THE_UNIT = ("行政（当场）处罚决定书（单位）", "行政处罚决定书（单位）")
_OF_PERSONS = ("询问笔录", "行政（当场）处罚决定书（个人）", "行政处罚决定书（个人）")
_AGENCY = within_reach(mine="NULL::uuid")
# Of a paper that stands for a step of a case the mine reads as much as of that step: `case_steps` says what that is.
_TOLD = (
    "EXISTS (SELECT FROM case_steps s WHERE s.id = papers.step_id)"
    f" OR form = ANY (ARRAY{list(_TO_THE_UNIT)!r})"
    f" OR ((step_id IS NULL OR subject_kind <> 'CASE') AND form <> ALL (ARRAY{list(_OF_PERSONS)!r}))"
)
_SEEN = (
    f"({within_reach()} AND state = 'ISSUED' AND NOT internal AND ({_TOLD}))"
    f" OR {_AGENCY} OR (drafted_by = {ACTOR} AND {within_reach()})"
)
# Its entries name who signed: they are read by whoever reads the paper.
_OF_A_SEEN_PAPER = " OR ".join(
    f"EXISTS (SELECT FROM {table} t WHERE t.id = payloads.subject)"
    for table in ("papers", "paper_signatures", "paper_refusals")
)
_NO_PAPER = "NOT EXISTS (SELECT FROM entries e WHERE e.id = payloads.entry_id AND e.kind LIKE 'paper.%')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"ALTER POLICY see ON papers USING ({_SEEN})")
    op.execute(f"ALTER POLICY change ON papers USING ({_SEEN}) WITH CHECK ({_SEEN})")
    before = op.get_bind().scalar(
        sa.text("SELECT qual FROM pg_policies WHERE tablename = 'payloads' AND policyname = 'see'")
    )
    more = f"actor_id = {ACTOR} OR {_AGENCY} OR {_NO_PAPER} OR {_OF_A_SEEN_PAPER}"
    op.get_bind().exec_driver_sql(f"ALTER POLICY see ON payloads USING (({before}) AND ({more}))")
