"""What mines say of the clauses that they promise, and what was laid before their principals."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, within_reach

revision: str = "d40b96e2f7a1"
down_revision: str | None = "c81f5a3d7e64"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Until it is signed and published it is between the mine, its company and the agency.
_READERS = (
    "INSPECTOR", "LEAD", "LEGAL_REVIEWER", "RESIDENT_SUPERVISOR", "AGENCY_HEAD", "AUDITOR", "COMPANY_GROUP",
    "MINE_PRINCIPAL", "MINE_CLERK",
)  # fmt: skip
_HOLDS = (
    f"EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
    f" AND g.role IN ({', '.join(repr(role) for role in _READERS)}))"
)
_SEEN = f"(({REACH} = 'all' OR {_HOLDS}) AND {within_reach()})"
_POLICIES = policies.table("clause_answers", see=_SEEN, add=f"{_SEEN} AND answered_by = {ACTOR}") + policies.table(
    "commitment_previews", see=_SEEN, add=f"{_SEEN} AND principal = {ACTOR}"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "clause_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("clause_digest", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("by_day", sa.Date(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("evidence", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('MET', 'NOT_YET', 'NOT_MET')", name=op.f("ck_clause_answers_outcome_is_listed")
        ),
        sa.CheckConstraint(
            "(outcome = 'NOT_YET') = (by_day IS NOT NULL)", name=op.f("ck_clause_answers_not_yet_by_a_day")
        ),
        sa.CheckConstraint(
            "(outcome = 'NOT_YET') = (measure IS NOT NULL)", name=op.f("ck_clause_answers_not_yet_with_a_measure")
        ),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_clause_answers_mine_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["accounts.id"], name=op.f("fk_clause_answers_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_answers")),
    )
    op.create_table(
        "commitment_previews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("principal", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("supersedes", sa.LargeBinary(), nullable=True),
        sa.Column("disasters", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("pdf_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_size", sa.Integer(), nullable=False),
        sa.Column("object_name", sa.Text(), nullable=False),
        sa.Column("object_version", sa.Text(), nullable=False),
        sa.Column("laid_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_commitment_previews_mine_id")),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name=op.f("fk_commitment_previews_template_id")),
        sa.ForeignKeyConstraint(["principal"], ["accounts.id"], name=op.f("fk_commitment_previews_principal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_previews")),
    )
    op.create_index("ix_clause_answers_mine_id", "clause_answers", ["mine_id", "year", "key", "answered_at", "id"])
    op.create_index("ix_commitment_previews_mine_id", "commitment_previews", ["mine_id", "year", "laid_at", "id"])
    for statement in _POLICIES:
        op.execute(statement)
    for table in ("clause_answers", "commitment_previews"):
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(policies.never_emptied(table))
