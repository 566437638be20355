"""Alerts: incidents, climbs, who was told; addresses, sends and each attempt at one; the cursor of whoever follows."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from alembic import op

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, within_reach

revision: str = "8b5e07d3c1fa"
down_revision: str | None = "2d81f4a6c0b9"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_CHANNELS = "channel IN ('PAGE', 'PUSH', 'SMS', 'CALL', 'EMAIL', 'WEBHOOK')"
_READERS = ("DUTY_OFFICER", "INSPECTOR", "LEAD", "AGENCY_HEAD", "AUDITOR")
# Whoever was told sees it; else the agency's people within their reach. A mine sees only what it was told.
_TOLD = f"EXISTS (SELECT FROM alerts x WHERE x.incident_id = {{}} AND x.account_id = {ACTOR})"
_AGENCY = (
    f"({REACH} = 'all' OR EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
    f" AND g.role IN ({', '.join(repr(role) for role in _READERS)})))"
)
_INCIDENT = f"({_TOLD.format('incidents.id')} OR ({_AGENCY} AND {within_reach()}))"
_OF_INCIDENT = "EXISTS (SELECT FROM incidents i WHERE i.id = incident_id)"
_OF_SEND = "EXISTS (SELECT FROM sends s WHERE s.id = send_id)"
# The policy of incidents looks at alerts, so that of alerts looks at its own columns alone.
_ALERT = f"(account_id = {ACTOR} OR ({_AGENCY} AND {within_reach()}))"
_OF_ALERT = "EXISTS (SELECT FROM alerts a WHERE a.id = alert_id)"

_POLICIES = (
    policies.table("incidents", see=_INCIDENT)
    + policies.table("climbs", see=_OF_INCIDENT, change=f"{_OF_INCIDENT} AND (taken_by IS NULL OR taken_by = {ACTOR})",
                     changed_columns="taken_by, taken_at, next_at")
    + policies.table("alerts", see=_ALERT, change=f"account_id = {ACTOR}", changed_columns="read_at")
    + policies.table("follow_cursors", see="false")
    + policies.table("addresses", see=f"account_id = {ACTOR}", add=f"account_id = {ACTOR}",
                     change=f"account_id = {ACTOR}", changed_columns="closed_at, closed_for")
    + policies.table("sends", see=_OF_ALERT)
    + policies.table("deliveries", see=_OF_SEND)
)  # fmt: skip
_WORKERS = (
    "GRANT INSERT, UPDATE (joined, ended_at) ON incidents TO pithead_worker",
    "GRANT INSERT, UPDATE (round, rung, began_at, next_at) ON climbs TO pithead_worker",
    "GRANT INSERT, UPDATE (chain) ON alerts TO pithead_worker",
    "GRANT UPDATE ON follow_cursors TO pithead_worker",
    "GRANT UPDATE (closed_at, closed_for) ON addresses TO pithead_worker",
    "GRANT INSERT, UPDATE (state, settled_at, leased_until, attempts, due_at) ON sends TO pithead_worker",
    "GRANT INSERT ON deliveries TO pithead_worker",
)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, says: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(says, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _add_alerts()
    _add_deliveries()
    _add_indexes()
    op.execute("INSERT INTO follow_cursors (name, log, position) VALUES ('alerts', 0, -1)")
    for statement in (*_POLICIES, *_WORKERS):
        op.execute(statement)
    for name in ("incidents", "alerts"):
        column = "ended_at" if name == "incidents" else "read_at"
        op.execute(
            f"CREATE TRIGGER filled_once BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION filled_once({column})"
        )
    op.execute(
        "CREATE TRIGGER filled_once BEFORE UPDATE ON climbs FOR EACH ROW"
        " EXECUTE FUNCTION filled_once(taken_by, taken_at)"
    )
    for name in ("deliveries", "sends"):
        op.execute(policies.never_emptied(name))
    op.execute(
        "CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON deliveries FOR EACH ROW"
        " EXECUTE FUNCTION refuse_change()"
    )
    op.execute("ALTER TABLE heartbeats DROP CONSTRAINT ck_heartbeats_worker_is_listed")
    op.create_check_constraint(
        "worker_is_listed", "heartbeats",
        "worker IN ('describing', 'keeping', 'ledger', 'sealing', 'sweeping', 'telling')",
    )  # fmt: skip


def _add_alerts() -> None:
    op.create_table(
        "incidents",
        _id("id"), _text("kind"), _id("subject"), _id("cause"),
        sa.Column("county", sa.String(length=6), nullable=True),
        _text("office", nullable=True), _id("mine_id", nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False), sa.Column("drill", sa.Boolean(), nullable=False),
        _moment("happened_at"), _moment("raised_at"), sa.Column("joined", sa.Integer(), nullable=False),
        _moment("ended_at", nullable=True),
        _check("incidents", "kind_is_listed", "kind IN ('WITHDRAWAL_ORDERED', 'CLOCK_OVERRUN')"),
        _key("incidents", "mine_id", "mines"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )  # fmt: skip
    op.create_table(
        "climbs",
        _id("id"), _id("incident_id"), _text("chain"),
        sa.Column("county", sa.String(length=6), nullable=True), _text("office", nullable=True),
        _moment("began_at"), sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("rung", sa.SmallInteger(), nullable=False), _moment("next_at", nullable=True),
        _id("taken_by", nullable=True), _moment("taken_at", nullable=True),
        _check("climbs", "chain_is_listed", "chain IN ('DEPARTMENT', 'OFFICE')"),
        _check("climbs", "taken_by_somebody", "(taken_by IS NULL) = (taken_at IS NULL)"),
        _key("climbs", "incident_id", "incidents"), _key("climbs", "taken_by", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_climbs")),
        sa.UniqueConstraint("incident_id", "chain", name=op.f("uq_climbs_incident_id_chain")),
    )  # fmt: skip
    op.create_table(
        "alerts",
        _id("id"), _id("incident_id"), _id("account_id"), sa.Column("county", sa.String(length=6), nullable=True),
        _text("office", nullable=True), _id("mine_id", nullable=True), _text("chain", nullable=True),
        sa.Column("rung", sa.SmallInteger(), nullable=False), _moment("raised_at"), _moment("read_at", nullable=True),
        _check("alerts", "chain_is_listed", "chain IN ('DEPARTMENT', 'OFFICE')"),
        _key("alerts", "incident_id", "incidents"), _key("alerts", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("incident_id", "account_id", name=op.f("uq_alerts_incident_id_account_id")),
    )  # fmt: skip
    op.create_table(
        "follow_cursors",
        _text("name"), sa.Column("log", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_follow_cursors")),
    )  # fmt: skip


def _add_deliveries() -> None:
    op.create_table(
        "addresses",
        _id("id"), _id("account_id"), _text("channel"), _text("service"), _text("target"), _text("secret"),
        _moment("kept_at"), _moment("closed_at", nullable=True), _text("closed_for", nullable=True),
        _check("addresses", "channel_is_listed", _CHANNELS),
        _key("addresses", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
        sa.UniqueConstraint("account_id", "channel", "target", name=op.f("uq_addresses_account_id_channel_target")),
    )  # fmt: skip
    op.create_table(
        "sends",
        _id("id"), _id("alert_id"), _id("account_id"), _text("channel"),
        sa.Column("round", sa.SmallInteger(), nullable=False), sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False), _text("state"), _moment("due_at"), _moment("made_at"),
        _moment("leased_until", nullable=True), sa.Column("attempts", sa.SmallInteger(), nullable=False),
        _moment("settled_at", nullable=True),
        _check("sends", "channel_is_listed", _CHANNELS),
        _check("sends", "state_is_listed", "state IN ('WAITING', 'HANDED_ON', 'FAILED', 'NEEDLESS')"),
        _check("sends", "settled_once", "(state = 'WAITING') = (settled_at IS NULL)"),
        _key("sends", "alert_id", "alerts"), _key("sends", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sends")),
        sa.UniqueConstraint("alert_id", "channel", "round", name=op.f("uq_sends_alert_id_channel_round")),
    )  # fmt: skip
    op.create_table(
        "deliveries",
        _id("id"), _id("send_id"), sa.Column("attempt", sa.SmallInteger(), nullable=False),
        _id("address_id", nullable=True), _text("outcome"), _text("detail"), _moment("begun_at"), _moment("ended_at"),
        _check(
            "deliveries", "outcome_is_listed",
            "outcome IN ('ACCEPTED', 'REFUSED', 'BUSY', 'SILENT', 'GONE', 'NO_ADDRESS', 'NO_CHANNEL')",
        ),
        _key("deliveries", "send_id", "sends"), _key("deliveries", "address_id", "addresses"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )  # fmt: skip


def _add_indexes() -> None:
    op.create_index(
        "ix_incidents_open", "incidents", ["kind", "subject"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index("ix_incidents_raised_at", "incidents", ["raised_at", "id"])
    for column in ("county", "office", "mine_id"):
        op.create_index(f"ix_incidents_{column}", "incidents", [column, "raised_at", "id"])
    op.create_index(
        "ix_climbs_due",
        "climbs",
        ["next_at", "id"],
        postgresql_where=sa.text("taken_at IS NULL AND next_at IS NOT NULL"),
    )
    op.create_index("ix_alerts_account_id", "alerts", ["account_id", "raised_at", "id"])
    op.create_index(
        "ix_addresses_open", "addresses", ["account_id", "channel"], postgresql_where=sa.text("closed_at IS NULL")
    )
    op.create_index("ix_sends_due", "sends", ["due_at", "id"], postgresql_where=sa.text("state = 'WAITING'"))
    op.create_index("ix_deliveries_send_id", "deliveries", ["send_id", "attempt"])
