"""The sweep tells of the clocks of findings, measures and exams too, and derives anew what an older law gave its end."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "7c3fd1a84e29"
down_revision: str | None = "d4b9027ce6f8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Table: the columns that name a row, the end of a clock, when it was met.
_CLOCKS = {
    "finding_defects": (("finding_id", "code"), "due_at", "made_good_at"),
    "measure_deadlines": (("measure_id", "key", "number"), "ends_at", "met_at"),
    "exam_consequences": (("id",), "over_at", "met_at"),
}
_RENEWED = {
    "case_clocks": ("case_id", "key", "subject"),
    "measure_deadlines": ("measure_id", "key", "number"),
    "exam_consequences": ("id",),
}
_HELD = {
    "case_clocks": "law",
    "finding_defects": "overrun_of",
    "measure_deadlines": "article, ends, ends_at, alarm, provisional, note, met_at, overrun_of, law",
    "exam_consequences": "over_at, overrun_of, law",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("exam_consequences", sa.Column("over_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE exam_consequences SET over_at = (due + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'")
    op.alter_column("exam_consequences", "over_at", nullable=False)
    for table, (keys, over, met) in _CLOCKS.items():
        op.add_column(table, sa.Column("overrun_of", sa.DateTime(timezone=True), nullable=True))
        op.create_index(
            f"ix_{table}_overrun", table, [over, *keys],
            postgresql_where=sa.text(f"{met} IS NULL AND (overrun_of IS NULL OR overrun_of < {over})"),
        )  # fmt: skip
    for table, keys in _RENEWED.items():
        # What is there was derived by an older law than any: the sweep derives it anew.
        op.add_column(table, sa.Column("law", sa.BigInteger(), nullable=False, server_default="0"))
        op.alter_column(table, "law", server_default=None)
        op.create_index(f"ix_{table}_law", table, ["law", *keys], postgresql_where=sa.text("met_at IS NULL"))
    for table, columns in _HELD.items():
        op.execute(f"GRANT UPDATE ({columns}) ON {table} TO pithead_worker")
    op.execute("GRANT INSERT ON measure_deadlines TO pithead_worker")
    op.execute("GRANT UPDATE (law) ON case_clocks TO pithead_api")
    op.execute("GRANT UPDATE (law) ON measure_deadlines TO pithead_api")
