"""Drills, what people want to be spared of, months of deliveries, and the count of alarms that nobody takes."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, listed

revision: str = "3b7d20e9c461"
down_revision: str | None = "d93c5a1e70f4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KINDS = "kind IN ('WITHDRAWAL_ORDERED', 'REFUSAL', 'RETALIATION', 'CLOCK_OVERRUN', 'DEFECT_OPEN', 'DRILL')"
_SEAT = (
    f"({REACH} = 'all' OR county::text = ANY ({listed('counties', 'text')})"
    f" OR office = ANY ({listed('offices', 'text')}))"
)
_OWN = f"account_id = {ACTOR}"
_POLICIES = (
    policies.table("drills", see=_SEAT, add=f"{_SEAT} AND drilled_by = {ACTOR}")
    + policies.table("alert_silences", see=_OWN, add=_OWN, change=_OWN, changed_columns="channels, kept_at")
    + policies.table("delivery_months", see="true")
)
_BEATS = "worker IN ('alarms', 'describing', 'keeping', 'ledger', 'sealing', 'sweeping', 'telling')"


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _add_tables()
    op.create_index("ix_deliveries_ended_at", "deliveries", ["ended_at"])
    for statement in (*_POLICIES, "GRANT INSERT ON delivery_months TO pithead_worker"):
        op.execute(statement)
    for name in ("drills", "delivery_months"):
        op.execute(policies.never_emptied(name))
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW"
            " EXECUTE FUNCTION refuse_change()"
        )
    for table, name, says in (
        ("incidents", "kind_is_listed", _KINDS),
        ("sends", "state_is_listed", "state IN ('WAITING', 'HANDED_ON', 'FAILED', 'NEEDLESS', 'SILENCED')"),
        ("heartbeats", "worker_is_listed", _BEATS),
    ):
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{name}")
        op.create_check_constraint(name, table, says)


def _add_tables() -> None:
    op.create_table(
        "drills",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=True), sa.Column("office", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False), sa.Column("drilled_by", sa.Uuid(), nullable=False),
        _moment("drilled_at"),
        sa.CheckConstraint("(county IS NULL) <> (office IS NULL)", name=op.f("ck_drills_of_one_seat")),
        sa.CheckConstraint("kind <> 'DRILL'", name=op.f("ck_drills_of_something")),
        sa.CheckConstraint(_KINDS, name=op.f("ck_drills_kind_is_listed")),
        sa.ForeignKeyConstraint(["county"], ["divisions.code"], name=op.f("fk_drills_county")),
        sa.ForeignKeyConstraint(["office"], ["offices.code"], name=op.f("fk_drills_office")),
        sa.ForeignKeyConstraint(["drilled_by"], ["accounts.id"], name=op.f("fk_drills_drilled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drills")),
    )  # fmt: skip
    op.create_table(
        "alert_silences",
        sa.Column("account_id", sa.Uuid(), nullable=False), sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=False), _moment("kept_at"),
        sa.CheckConstraint(_KINDS, name=op.f("ck_alert_silences_kind_is_listed")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_alert_silences_account_id")),
        sa.PrimaryKeyConstraint("account_id", "kind", name=op.f("pk_alert_silences")),
    )  # fmt: skip
    op.create_table(
        "delivery_months",
        sa.Column("id", sa.Uuid(), nullable=False), sa.Column("month", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False), sa.Column("digest", sa.Text(), nullable=False),
        _moment("told_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_months")),
        sa.UniqueConstraint("month", name=op.f("uq_delivery_months_month")),
    )  # fmt: skip
