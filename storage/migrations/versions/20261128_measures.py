"""Measures, the findings that they answer, their steps and deadlines; a head of government may approve a restart."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations import policies
from storage.migrations.policies import ACTOR, within_reach

revision: str = "5e91b7d3a0c4"
down_revision: str | None = "4e8d2b7fa610"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OF_A_MEASURE = "EXISTS (SELECT FROM measures m WHERE m.id = measure_id)"
_POLICIES = (
    # What was ordered is never changed; only where it stands is, by whoever takes a step in it.
    policies.table("measures", see=within_reach(), add=f"{within_reach()} AND ordered_by = {ACTOR}",
                   change=within_reach(), changed_columns="state, closed_at")
    + policies.table("measure_findings", see=_OF_A_MEASURE, add=_OF_A_MEASURE)
    + policies.table("measure_steps", see=_OF_A_MEASURE, add=f"recorded_by = {ACTOR} AND {_OF_A_MEASURE}")
    + policies.table("measure_deadlines", see=_OF_A_MEASURE, add=_OF_A_MEASURE, change=_OF_A_MEASURE,
                     changed_columns="start, ends, ends_at, alarm, provisional, note, met_at")
)  # fmt: skip
_ROLES = (
    "INSPECTOR", "LEAD", "LEGAL_REVIEWER", "HEARING_CHAIR", "DUTY_OFFICER",
    "RESIDENT_SUPERVISOR", "EXPERT", "AGENCY_HEAD", "ARCHIVIST", "REPORT_INTAKE",
    "REPORT_VERIFICATION", "REPORT_REWARD", "REPORT_CUSTODIAN", "COMPANY_GROUP", "MINE_PRINCIPAL",
    "MINE_CLERK", "MINER", "GOVERNMENT_HEAD", "AUDITOR", "SYSTEM_ADMINISTRATOR",
    "SECURITY_ADMINISTRATOR", "AUDIT_ADMINISTRATOR",
)  # fmt: skip
_STEPS = (
    "ORDERED", "FINDING_NAMED", "CONFIRMED", "APPROVED", "DISAPPROVED",
    "TOLD", "HEADS_COUNTED", "FOLLOWER_NAMED", "EXTENSION_ASKED", "EXTENSION_GRANTED",
    "EXTENSION_REFUSED", "CORRECTION_REPORTED", "RECHECKED", "RECHECK_SIGNED", "LIFTED",
    "CLOSED_OUT", "SUPERVISED", "HANDED_OVER", "HANDOVER_RECEIVED", "TRACKED",
    "VERIFIED", "VERIFICATION_SIGNED", "MINE_NOTIFIED", "SUPPLIER_NOTIFIED", "RESTART_ASKED",
    "ACCEPTANCE_HELD", "RESTART_SIGNED", "RESTART_AGREED", "RESTART_APPROVED", "ANNOUNCED",
)  # fmt: skip


def _listed(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_role_grants_role_is_listed"), "role_grants")
    op.create_check_constraint(op.f("ck_role_grants_role_is_listed"), "role_grants", _listed("role", _ROLES))
    op.create_table(
        "measures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("danger", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("safe", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("enforces", sa.Uuid(), nullable=True),
        sa.Column("mine_before", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('OPEN', 'REPORTED', 'NOT_CORRECTED', 'CORRECTED', 'DISAPPROVED', 'LIFTED', 'CLOSED_OUT', 'RESTARTED')",
            name=op.f("ck_measures_state_is_listed"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_measures_{column}"))
            for column, table in (
                ("inspection_id", "inspections"), ("mine_id", "mines"),
                 ("ordered_by", "accounts"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measures")),
    )  # fmt: skip
    for name, columns in {
        "ix_measures_ordered_at": ["ordered_at", "id"],
        "ix_measures_county": ["county", "ordered_at", "id"],
        "ix_measures_office": ["office", "ordered_at", "id"],
        "ix_measures_mine_id": ["mine_id", "ordered_at", "id"],
        "ix_measures_inspection_id": ["inspection_id", "ordered_at", "id"],
    }.items():
        op.create_index(name, "measures", columns)
    op.create_index("ix_findings_unsafe", "findings", ["seen_at", "id"], postgresql_where=sa.text("unsafe"))
    _make_what_belongs_to_them()
    for statement in _POLICIES:
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER filled_once BEFORE UPDATE ON measures FOR EACH ROW EXECUTE FUNCTION filled_once(closed_at)"
    )
    for table in ("measure_steps", "measure_findings"):
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(policies.never_emptied(table))


def _make_what_belongs_to_them() -> None:
    op.create_table(
        "measure_findings",
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measures.id"], name=op.f("fk_measure_findings_measure_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_measure_findings_finding_id")),
        sa.PrimaryKeyConstraint("measure_id", "finding_id", name=op.f("pk_measure_findings")),
    )
    op.create_index("ix_measure_findings_finding_id", "measure_findings", ["finding_id"])
    op.create_table(
        "measure_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hand", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("underground", sa.Boolean(), nullable=False),
        sa.Column("evidence", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(_listed("kind", _STEPS), name=op.f("ck_measure_steps_kind_is_listed")),
        sa.CheckConstraint(
            "hand IN ('DEPARTMENT', 'OFFICE', 'GOVERNMENT', 'MINE')", name=op.f("ck_measure_steps_hand_is_listed")
        ),
        sa.CheckConstraint(
            "outcome IN ('CORRECTED', 'NOT_CORRECTED', 'REFUSED', 'PASSED', 'FAILED', 'STOP', 'RESTART')",
            name=op.f("ck_measure_steps_outcome_is_listed"),
        ),
        sa.CheckConstraint("number >= 0", name=op.f("ck_measure_steps_number_is_a_count")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_measure_steps_{column}"))
            for column, table in (
                ("measure_id", "measures"), ("recorded_by", "accounts"), ("certificate_id", "certificates"),
                ("place_id", "inspection_places"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_steps")),
        sa.UniqueConstraint("measure_id", "ordinal", name=op.f("uq_measure_steps_measure_id_ordinal")),
    )  # fmt: skip
    op.create_table(
        "measure_deadlines",
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alarm", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["measure_id"], ["measures.id"], name=op.f("fk_measure_deadlines_measure_id")),
        sa.PrimaryKeyConstraint("measure_id", "key", "number", name=op.f("pk_measure_deadlines")),
    )
    op.create_index(
        "ix_measure_deadlines_open", "measure_deadlines", ["ends_at", "measure_id"],
        postgresql_where=sa.text("met_at IS NULL"),
    )  # fmt: skip
