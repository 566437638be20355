"""The first rooms: every table of the house as it opens."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "4d6b40aa22f9"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=True),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("mine_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
    )
    op.create_index("ix_accounts_county", "accounts", ["county", "name", "id"], unique=False)
    op.create_index("ix_accounts_mine_id", "accounts", ["mine_id", "name", "id"], unique=False)
    op.create_index("ix_accounts_name", "accounts", ["name", "id"], unique=False)
    op.create_index("ix_accounts_office", "accounts", ["office", "name", "id"], unique=False)
    op.create_table(
        "acts",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("input_digest", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "operation_id", name=op.f("pk_acts")),
        postgresql_partition_by="HASH (actor_id)",
    )
    op.create_table(
        "attempts",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_from", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempts")),
    )
    op.create_table(
        "checkpoints",
        sa.Column("log", sa.SmallInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("log", "size", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "divisions",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent", sa.String(length=6), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_divisions")),
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "database_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        postgresql_partition_by="RANGE (id)",
    )
    op.create_table(
        "offices",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_offices")),
    )
    op.create_table(
        "payloads",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=True),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("mine_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_payloads")),
        postgresql_partition_by="RANGE (entry_id)",
    )
    op.create_index("ix_payloads_subject", "payloads", ["subject"], unique=False)
    op.create_table(
        "positions",
        sa.Column("log", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("log", "position", name=op.f("pk_positions")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_positions_entry_id")),
    )
    op.create_table(
        "receipts",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("receipt", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("evidence_id"),
    )
    op.create_table(
        "statements",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("evidence_id"),
    )
    op.create_table(
        "tiles",
        sa.Column("log", sa.SmallInteger(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log", "level", "index", name=op.f("pk_tiles")),
    )
    op.create_table(
        "tree_head",
        sa.Column("log", sa.SmallInteger(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log", name=op.f("pk_tree_head")),
    )
    op.create_table(
        "unsequenced",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_unsequenced")),
    )
    op.create_table(
        "certificates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_certificates_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_number")),
    )
    op.create_index("ix_certificates_account_id", "certificates", ["account_id"], unique=False)
    op.create_table(
        "devices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('PHONE', 'DOCK')", name=op.f("ck_devices_kind_is_listed")),
        sa.CheckConstraint("algorithm IN ('ES256', 'Ed25519')", name=op.f("ck_devices_algorithm_is_listed")),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_devices_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("public_key", name=op.f("uq_devices_public_key")),
    )
    op.create_index("ix_devices_owner_id", "devices", ["owner_id", "enrolled_at", "id"], unique=False)
    op.create_table(
        "mines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credit_code", sa.Text(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("supervisor", sa.String(length=6), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("disasters", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("latitude", sa.BigInteger(), nullable=False),
        sa.Column("longitude", sa.BigInteger(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state IN ('PRODUCING', 'BUILDING', 'STOPPED', 'SUSPENDED', 'CLOSED')",
            name=op.f("ck_mines_state_is_listed"),
        ),
        sa.ForeignKeyConstraint(["county"], ["divisions.code"], name=op.f("fk_mines_county")),
        sa.ForeignKeyConstraint(["office"], ["offices.code"], name=op.f("fk_mines_office")),
        sa.ForeignKeyConstraint(["supervisor"], ["divisions.code"], name=op.f("fk_mines_supervisor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mines")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_mines_credit_code")),
    )
    op.create_index("ix_mines_county", "mines", ["county", "name", "id"], unique=False)
    op.create_index("ix_mines_name", "mines", ["name", "id"], unique=False)
    op.create_index("ix_mines_office", "mines", ["office", "name", "id"], unique=False)
    op.create_table(
        "passwords",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_passwords_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_passwords")),
    )
    op.create_table(
        "role_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=True),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("mine_id", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('INSPECTOR', 'LEAD', 'LEGAL_REVIEWER', 'HEARING_CHAIR', 'DUTY_OFFICER', 'RESIDENT_SUPERVISOR', 'EXPERT', 'AGENCY_HEAD', 'ARCHIVIST', 'REPORT_INTAKE', 'REPORT_VERIFICATION', 'REPORT_REWARD', 'REPORT_CUSTODIAN', 'COMPANY_GROUP', 'MINE_PRINCIPAL', 'MINE_CLERK', 'MINER', 'AUDITOR', 'SYSTEM_ADMINISTRATOR', 'SECURITY_ADMINISTRATOR', 'AUDIT_ADMINISTRATOR')",
            name=op.f("ck_role_grants_role_is_listed"),
        ),
        sa.CheckConstraint("num_nonnulls(division, office, mine_id) = 1", name=op.f("ck_role_grants_has_one_reach")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_role_grants_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
    )
    op.create_index("ix_role_grants_account_id", "role_grants", ["account_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=True),
        sa.Column("nonces", postgresql.ARRAY(sa.LargeBinary()), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_sessions_previous_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"], unique=False)
    op.create_table(
        "inspections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("basis IN ('PLANNED', 'REASONED')", name="basis_is_listed"),
        sa.ForeignKeyConstraint(
            ["lead_id"],
            ["accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["mine_id"],
            ["mines.id"],
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_inspections_county", "inspections", ["county", "opened_at", "id"], unique=False)
    op.create_index("ix_inspections_mine_id", "inspections", ["mine_id", "opened_at", "id"], unique=False)
    op.create_index("ix_inspections_office", "inspections", ["office", "opened_at", "id"], unique=False)
    op.create_index("ix_inspections_opened_at", "inspections", ["opened_at", "id"], unique=False)
    op.create_table(
        "inspection_officers",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.id"],
        ),
        sa.PrimaryKeyConstraint("inspection_id", "account_id"),
    )
    op.create_index("ix_inspection_officers_account_id", "inspection_officers", ["account_id"], unique=False)
    op.create_table(
        "inspection_places",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("underground", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_inspection_places_inspection_id", "inspection_places", ["inspection_id"], unique=False)
    op.create_table(
        "recordings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("beacon", sa.Text(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["devices.id"],
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.id"],
        ),
        sa.ForeignKeyConstraint(
            ["mine_id"],
            ["mines.id"],
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_recordings_inspection_id", "recordings", ["inspection_id", "opened_at", "id"], unique=False)
    op.create_table(
        "chains",
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["devices.id"],
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recordings.id"],
        ),
        sa.PrimaryKeyConstraint("recording_id", "device_id"),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("maker_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("statement_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("object_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_entry_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("object_version", sa.Text(), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_entry_id", sa.Uuid(), nullable=True),
        sa.Column("quarantined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quarantine_reason", sa.Text(), nullable=True),
        sa.Column("sniffed_type", sa.Text(), nullable=True),
        sa.Column("receipted", sa.Boolean(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retain_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retained_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("grade IN ('SIGNED_AT_CAPTURE', 'SIGNED_AT_DOCK', 'TAKEN_OVER')", name="grade_is_listed"),
        sa.CheckConstraint("state IN ('DECLARED', 'RECEIVED', 'SEALED', 'QUARANTINED')", name="state_is_listed"),
        sa.ForeignKeyConstraint(
            ["maker_id"],
            ["accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["recording_id", "device_id"],
            ["chains.recording_id", "chains.device_id"],
            name="fk_evidence_chain",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("recording_id", "device_id", "seq", name="uq_evidence_seq"),
    )
    op.create_index("ix_evidence_county", "evidence", ["county", "declared_at", "id"], unique=False)
    op.create_index("ix_evidence_declared_at", "evidence", ["declared_at", "id"], unique=False)
    op.create_index("ix_evidence_office", "evidence", ["office", "declared_at", "id"], unique=False)
    op.create_index("ix_evidence_recording_id", "evidence", ["recording_id", "declared_at", "id"], unique=False)
    op.create_index(
        "ix_evidence_unreceipted",
        "evidence",
        ["sealed_at"],
        unique=False,
        postgresql_where=sa.text("state = 'SEALED' AND NOT receipted"),
    )
    op.create_index(
        "ix_evidence_waiting", "evidence", ["retry_at"], unique=False, postgresql_where=sa.text("state = 'RECEIVED'")
    )
