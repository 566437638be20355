"""The clocks of retaliation as rows, so that the sweep tells of them; and indexes by which it finds those of reports."""

from collections.abc import Sequence

from alembic import op

from storage.migrations import policies

revision: str = "f1a60c83d27e"
down_revision: str | None = "e1c46a90d7b2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OF_A_RETALIATION = "EXISTS (SELECT FROM retaliations t WHERE t.id = retaliation_id)"
_TABLE = """
CREATE TABLE retaliation_deadlines (
  retaliation_id UUID NOT NULL,
  key TEXT NOT NULL,
  start DATE NOT NULL,
  article TEXT NOT NULL,
  ends DATE,
  ends_at TIMESTAMP WITH TIME ZONE,
  alarm DATE,
  met_at TIMESTAMP WITH TIME ZONE,
  overrun_of TIMESTAMP WITH TIME ZONE,
  law BIGINT NOT NULL,
  CONSTRAINT pk_retaliation_deadlines PRIMARY KEY (retaliation_id, key),
  CONSTRAINT fk_retaliation_deadlines_retaliation_id FOREIGN KEY(retaliation_id) REFERENCES retaliations (id)
)
"""
# Of matters that are there already: an older law than any gave them no end, so the sweep derives it.
_RUNNING = """
INSERT INTO retaliation_deadlines (retaliation_id, key, start, article, met_at, law)
SELECT t.id, c.key, (t.reported_at AT TIME ZONE 'Asia/Shanghai')::date, '',
  (SELECT min(s.at) FROM retaliation_steps s WHERE s.retaliation_id = t.id AND s.kind = ANY (c.kinds)), 0
FROM retaliations t, (VALUES ('retaliation_looked_into', ARRAY['LOOKED_INTO']),
  ('retaliation_answered', ARRAY['ESTABLISHED', 'NOT_ESTABLISHED'])) AS c(key, kinds)
"""


def upgrade() -> None:
    """The table, who sees what, what the sweep changes, and the clocks of what was reported before."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(_TABLE)
    for table, key in (("retaliation_deadlines", "retaliation_id"), ("report_deadlines", "report_id")):
        op.execute(
            f"CREATE INDEX ix_{table}_overrun ON {table} (ends_at, {key}, key)"
            " WHERE met_at IS NULL AND (overrun_of IS NULL OR overrun_of < ends_at)"
        )
        op.execute(f"CREATE INDEX ix_{table}_law ON {table} (law, {key}, key) WHERE met_at IS NULL")
    op.execute("DROP INDEX ix_report_deadlines_open")
    op.execute(_RUNNING)
    for statement in (
        *policies.table("retaliation_deadlines", see=_OF_A_RETALIATION, change=_OF_A_RETALIATION,
                        changed_columns="met_at"),
        "GRANT INSERT ON retaliation_deadlines TO pithead_worker",
        "GRANT UPDATE (article, ends, ends_at, alarm, overrun_of, law) ON retaliation_deadlines TO pithead_worker",
    ):  # fmt: skip
        op.execute(statement)
