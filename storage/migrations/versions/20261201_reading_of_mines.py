"""What a mine reads of payloads, steps and papers is asked in functions: in policies it cost everybody the planning."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations.policies import ACTOR, listed, within_reach

revision: str = "a3d07f52e9b1"
down_revision: str | None = "5c1e9a7f40d3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_AGENCY = within_reach(mine="NULL::uuid")
_OF_AN_AGENCYS_CASE = within_reach(county="c.county", office="c.office", mine="NULL::uuid")
_HAS_MINES = f"cardinality({listed('mines', 'uuid')}) > 0"
_OF_HIS_MINES = f"mine_id = ANY ({listed('mines', 'uuid')})"

# The columns that each rule looks at, and who is let through without it.
_ASKED = {
    "payloads": (
        "entry_id uuid, subject uuid, actor_id uuid, county text, office text, mine_id uuid",
        f"actor_id = {ACTOR} OR {_AGENCY} OR ({_OF_HIS_MINES} AND {{asked}})",
    ),
    "case_steps": (
        "id uuid, case_id uuid, kind text, party_id uuid, body text, entry_id uuid",
        f"EXISTS (SELECT FROM cases c WHERE c.id = case_id AND {_OF_AN_AGENCYS_CASE}) OR ({_HAS_MINES} AND {{asked}})",
    ),
    "papers": (
        "id uuid, step_id uuid, form text, subject_kind text, subject_id uuid, state text, internal boolean,"
        " drafted_by uuid, county text, office text, mine_id uuid",
        f"{_AGENCY} OR ({_OF_HIS_MINES} AND {{asked}})",
    ),
}
# The rule is the policy's as it stood, word for word. The planner expands a policy in every statement (that of payloads
# for every month), and in it those of all tables that it names, with their months: a thousand lines of plan for an
# officer who needs none of them. A body of plpgsql is opaque: it is planned once a session, and only for whom nothing
# shorter has answered.
_FUNCTION = """
CREATE FUNCTION mine_reads_{table}({given}) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT FROM (SELECT {places}) AS {table} ({names}) WHERE {rule});
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, (columns, policy) in _ASKED.items():
        _ask_in_a_function(table, [column.strip().split() for column in columns.split(",")], policy)


def _ask_in_a_function(table: str, columns: list[list[str]], policy: str) -> None:
    here = op.get_bind()
    qual = sa.text("SELECT qual FROM pg_policies WHERE tablename = :table AND policyname = 'see'")
    function = _FUNCTION.format(
        table=table,
        rule=here.scalar(qual, {"table": table}),
        given=", ".join(kind for _, kind in columns),
        places=", ".join(f"${place}" for place, _ in enumerate(columns, 1)),
        names=", ".join(name for name, _ in columns),
    )
    here.exec_driver_sql(function)
    given = ", ".join(f"{table}.{name}::{kind}" for name, kind in columns)
    op.execute(f"ALTER POLICY see ON {table} USING ({policy.format(asked=f'mine_reads_{table}({given})')})")
