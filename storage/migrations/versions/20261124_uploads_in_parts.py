"""Uploads in parts: which one is under way for a piece, and the hashes that its parts must have."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations import policies

revision: str = "b1f0a7c4d2e9"
down_revision: str | None = "7c2e19d0a4b1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SEEN_EVIDENCE = "EXISTS (SELECT FROM evidence e WHERE e.id = evidence_id)"
_ENDS_ONCE = """
CREATE FUNCTION upload_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.evidence_id, NEW.upload_id, NEW.parts, NEW.begun_at) IS DISTINCT FROM
     (OLD.evidence_id, OLD.upload_id, OLD.parts, OLD.begun_at) OR OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'an upload only ends, and only once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    """The table, who sees and ends its rows."""
    op.create_table(
        "evidence_uploads",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.Text(), nullable=False),
        sa.Column("parts", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_as", sa.Text(), nullable=True),
        sa.CheckConstraint("ended_as IN ('ABORTED', 'COMPLETED', 'LOST')", name="ended_as_is_listed"),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"]),
        sa.PrimaryKeyConstraint("evidence_id", "upload_id"),
    )
    still_open = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_evidence_uploads_open", "evidence_uploads", ["evidence_id"], unique=True, postgresql_where=still_open
    )
    op.create_index(
        "ix_evidence_uploads_open", "evidence_uploads", ["begun_at"], unique=False, postgresql_where=still_open
    )
    statements = policies.table(
        "evidence_uploads", see=_SEEN_EVIDENCE, add=_SEEN_EVIDENCE, change=_SEEN_EVIDENCE,
        changed_columns="ended_at, ended_as",
    )  # fmt: skip
    for statement in (*statements, _ENDS_ONCE):
        op.execute(statement)
    op.execute("GRANT UPDATE (ended_at, ended_as) ON evidence_uploads TO pithead_worker")
    op.execute(
        "CREATE TRIGGER ends_once BEFORE UPDATE ON evidence_uploads FOR EACH ROW EXECUTE FUNCTION upload_ends_once()"
    )
