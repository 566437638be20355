"""Duty rosters: plans, hand-overs, absences, and the signs of life of duty desks."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, listed

revision: str = "2d81f4a6c0b9"
down_revision: str | None = "e47a90d3c15b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SEAT = (
    f"({REACH} = 'all' OR county::text = ANY ({listed('counties', 'text')})"
    f" OR office = ANY ({listed('offices', 'text')}))"
)
# Whether somebody can be reached is seen by whoever sees his account; the policy of accounts says whom.
_ABSENCE = f"(account_id = {ACTOR} OR EXISTS (SELECT FROM accounts a WHERE a.id = account_id))"

_POLICIES = (
    policies.table("duty_plans", see=_SEAT, add=f"{_SEAT} AND planned_by = {ACTOR}")
    + policies.table("duty_handovers", see=_SEAT, add=f"{_SEAT} AND from_id = {ACTOR}",
                     change=f"{_SEAT} AND to_id = {ACTOR}", changed_columns="taken_at")
    + policies.table("duty_absences", see=_ABSENCE, add=f"{_ABSENCE} AND said_by = {ACTOR}",
                     change=f"account_id = {ACTOR}", changed_columns="ended_at")
    + policies.table("desk_signs", see=_ABSENCE, add=f"account_id = {ACTOR}", change=f"account_id = {ACTOR}",
                     changed_columns="seen_at")
)  # fmt: skip


def _seat() -> tuple[sa.Column[str], sa.Column[str]]:
    return (
        sa.Column("county", sa.String(length=6), nullable=True),
        sa.Column("office", sa.Text(), nullable=True),
    )


def _of_seat(table: str) -> tuple[sa.CheckConstraint, sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    return (
        sa.CheckConstraint("(county IS NULL) <> (office IS NULL)", name=op.f(f"ck_{table}_of_one_seat")),
        sa.ForeignKeyConstraint(["county"], ["divisions.code"], name=op.f(f"fk_{table}_county")),
        sa.ForeignKeyConstraint(["office"], ["offices.code"], name=op.f(f"fk_{table}_office")),
    )


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _account(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["accounts.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "duty_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_seat(),
        _moment("begins_at"),
        _moment("ends_at"),
        sa.Column("accounts", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("planned_by", sa.Uuid(), nullable=False),
        _moment("planned_at"),
        sa.CheckConstraint("ends_at > begins_at", name=op.f("ck_duty_plans_ends_after_it_begins")),
        *_of_seat("duty_plans"),
        _account("duty_plans", "planned_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_plans")),
    )
    op.create_table(
        "duty_handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_seat(),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _moment("given_at"),
        _moment("taken_at", nullable=True),
        sa.CheckConstraint("taken_at >= given_at", name=op.f("ck_duty_handovers_taken_after_it_was_given")),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_duty_handovers_between_two_people")),
        *_of_seat("duty_handovers"),
        _account("duty_handovers", "from_id"),
        _account("duty_handovers", "to_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_handovers")),
    )
    op.create_table(
        "duty_absences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("away", sa.Text(), nullable=False),
        _moment("since"),
        _moment("until", nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        _moment("ended_at", nullable=True),
        sa.CheckConstraint("away IN ('EXCUSED', 'UNDERGROUND')", name=op.f("ck_duty_absences_away_is_listed")),
        sa.CheckConstraint(
            "(away = 'UNDERGROUND') = (until IS NULL)", name=op.f("ck_duty_absences_excused_until_a_time")
        ),
        sa.CheckConstraint("until > since", name=op.f("ck_duty_absences_ends_after_it_begins")),
        sa.CheckConstraint("ended_at >= since", name=op.f("ck_duty_absences_ended_after_it_began")),
        _account("duty_absences", "account_id"),
        _account("duty_absences", "said_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_absences")),
    )
    op.create_table(
        "desk_signs",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        _moment("seen_at"),
        _account("desk_signs", "account_id"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_desk_signs")),
    )
    for seat in ("county", "office"):
        op.create_index(f"ix_duty_plans_{seat}", "duty_plans", [seat, "ends_at", "planned_at", "id"])
        op.create_index(f"ix_duty_handovers_{seat}", "duty_handovers", [seat, "given_at", "id"])
    op.create_index("ix_duty_absences_account_id", "duty_absences", ["account_id", "since", "id"])
    for statement in _POLICIES:
        op.execute(statement)
    for name, column in (("duty_handovers", "taken_at"), ("duty_absences", "ended_at")):
        op.execute(
            f"CREATE TRIGGER filled_once BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION filled_once({column})"
        )
