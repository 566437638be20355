"""Findings, their evidence, who stands for them, and what they lack until it is made good."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations import policies
from storage.migrations.policies import ACTOR, within_reach

revision: str = "c3f60a9d8e12"
down_revision: str | None = "7b2d90c4e1f5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OFFICER = (
    f"EXISTS (SELECT FROM inspection_officers o WHERE o.inspection_id = {{}}.inspection_id AND o.account_id = {ACTOR})"
)
_OF_A_FINDING = "EXISTS (SELECT FROM findings f WHERE f.id = finding_id)"
_OF_AN_OFFICER = f"EXISTS (SELECT FROM findings f WHERE f.id = finding_id AND {_OFFICER.format('f')})"
_POLICIES = (
    # A finding is locked while something is attached to it, and never changed.
    policies.table("findings", see=within_reach(), add=f"{within_reach()} AND {_OFFICER.format('findings')}",
                   change=within_reach(), changed_columns="flags", becomes="false")
    + policies.table("finding_evidence", see=_OF_A_FINDING, add=_OF_AN_OFFICER)
    + policies.table("finding_confirmations", see=_OF_A_FINDING, add=f"account_id = {ACTOR} AND {_OF_AN_OFFICER}",
                     change=f"account_id = {ACTOR} AND {_OF_AN_OFFICER}",
                     changed_columns="certificate_id, confirmed_at")
    + policies.table("finding_defects", see=_OF_A_FINDING, add=_OF_AN_OFFICER, change=_OF_AN_OFFICER,
                     changed_columns="made_good_at, made_good_by")
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("measured", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("measure_basis", sa.Text(), nullable=False),
        sa.Column("penalty_basis", sa.Text(), nullable=False),
        sa.Column("producing", sa.Boolean(), nullable=False),
        sa.Column("unsafe", sa.Boolean(), nullable=False),
        sa.Column("marks", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("repeats", sa.Uuid(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("severity IN ('GENERAL', 'MAJOR')", name=op.f("ck_findings_severity_is_listed")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_findings_{column}"))
            for column, table in (
                ("inspection_id", "inspections"), ("place_id", "inspection_places"), ("mine_id", "mines"),
                ("repeats", "findings"), ("recorded_by", "accounts"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )  # fmt: skip
    for name, columns in {
        "ix_findings_seen_at": ["seen_at", "id"],
        "ix_findings_county": ["county", "seen_at", "id"],
        "ix_findings_office": ["office", "seen_at", "id"],
        "ix_findings_mine_id": ["mine_id", "seen_at", "id"],
        "ix_findings_of_a_kind": ["mine_id", "kind", "seen_at"],
        "ix_findings_inspection_id": ["inspection_id", "seen_at", "id"],
    }.items():
        op.create_index(name, "findings", columns)
    _make_what_belongs_to_them()
    for statement in _POLICIES:
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER filled_once BEFORE UPDATE ON finding_defects"
        " FOR EACH ROW EXECUTE FUNCTION filled_once(made_good_at, made_good_by)"
    )
    op.execute(
        "CREATE TRIGGER filled_once BEFORE UPDATE ON finding_confirmations"
        " FOR EACH ROW EXECUTE FUNCTION filled_once(certificate_id)"
    )


def _make_what_belongs_to_them() -> None:
    op.create_table(
        "finding_evidence",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_finding_evidence_finding_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_finding_evidence_evidence_id")),
        sa.PrimaryKeyConstraint("finding_id", "evidence_id", name=op.f("pk_finding_evidence")),
    )
    op.create_index("ix_finding_evidence_evidence_id", "finding_evidence", ["evidence_id"])
    op.create_table(
        "finding_confirmations",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_finding_confirmations_finding_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_finding_confirmations_account_id")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_finding_confirmations_certificate_id")
        ),
        sa.PrimaryKeyConstraint("finding_id", "account_id", name=op.f("pk_finding_confirmations")),
    )
    op.create_table(
        "finding_defects",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_good_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_good_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("code IN ('NO_EVIDENCE', 'NOT_CONFIRMED')", name=op.f("ck_finding_defects_code_is_listed")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_finding_defects_finding_id")),
        sa.ForeignKeyConstraint(["made_good_by"], ["accounts.id"], name=op.f("fk_finding_defects_made_good_by")),
        sa.PrimaryKeyConstraint("finding_id", "code", name=op.f("pk_finding_defects")),
    )
    op.create_index(
        "ix_finding_defects_due_at", "finding_defects", ["due_at", "finding_id"],
        postgresql_where=sa.text("made_good_at IS NULL"),
    )  # fmt: skip
