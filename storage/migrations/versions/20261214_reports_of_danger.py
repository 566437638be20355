"""Reports of danger to life: one more kind of alert."""

from collections.abc import Sequence

from alembic import op

revision: str = "f3a85d17c02b"
down_revision: str | None = "e92c4b17a6d8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KINDS = (
    "'WITHDRAWAL_ORDERED', 'REFUSAL', 'REPORT_OF_DANGER', 'RETALIATION', 'CLOCK_OVERRUN', 'DEFECT_OPEN',"
    " 'COMMITMENT_DUE', 'BREACH_FOUND', 'DRILL'"
)


def upgrade() -> None:
    for table in ("incidents", "drills", "alert_silences"):
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_kind_is_listed")
        op.create_check_constraint("kind_is_listed", table, f"kind IN ({_KINDS})")
