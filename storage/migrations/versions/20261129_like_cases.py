"""The conducts of cases by what makes cases alike: the clause that was broken, the kind of the finding."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations import policies
from storage.migrations.policies import within_reach

revision: str = "c2e86b19d75a"
down_revision: str | None = "7c3fd1a84e29"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OF_A_CASE = "EXISTS (SELECT FROM cases c WHERE c.id = case_id)"
# The mine reads of its cases what it was told, and never what the agency makes of them.
_OF_THE_AGENCY = (
    "EXISTS (SELECT FROM cases c WHERE c.id = case_id"
    f" AND {within_reach(county='c.county', office='c.office', mine='NULL::uuid')})"
)
_FROM_STEPS = """
INSERT INTO case_conducts (case_id, conduct_id, clause, kind)
SELECT s.case_id, (c ->> 'id')::uuid, btrim(c ->> 'clause'), f.kind
FROM case_steps s CROSS JOIN jsonb_array_elements(s.body::jsonb -> 'conducts') c
  LEFT JOIN findings f ON f.id = (c ->> 'finding')::uuid
WHERE s.kind IN ('PROPOSED', 'DECIDED_ON_THE_SPOT', 'SCOPE_WIDENED') ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "case_conducts",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("conduct_id", sa.Uuid(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_conducts_case_id")),
        sa.PrimaryKeyConstraint("case_id", "conduct_id", name=op.f("pk_case_conducts")),
    )
    op.execute(_FROM_STEPS)
    op.create_index("ix_case_conducts_clause", "case_conducts", ["clause", "case_id"])
    op.create_index(
        "ix_case_conducts_kind", "case_conducts", ["kind", "case_id"], postgresql_where=sa.text("kind IS NOT NULL")
    )
    op.create_index(
        "ix_findings_closure", "findings", ["seen_at", "id"],
        postgresql_where=sa.text("'CLOSURE_TO_BE_PROPOSED' = ANY (flags)"),
    )  # fmt: skip
    for statement in policies.table("case_conducts", see=_OF_THE_AGENCY, add=_OF_A_CASE):
        op.execute(statement)
