"""Signed commitments with seal, stamps and endings; the keys that sign them, who checked those, what was agreed upon."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, within_reach

revision: str = "e7c2508b1d93"
down_revision: str | None = "6e1f92c4ab07"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_READERS = (
    "INSPECTOR", "LEAD", "LEGAL_REVIEWER", "RESIDENT_SUPERVISOR", "AGENCY_HEAD", "AUDITOR", "COMPANY_GROUP",
    "MINE_PRINCIPAL", "MINE_CLERK",
)  # fmt: skip
_HOLDS = (
    f"EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
    f" AND g.role IN ({', '.join(repr(role) for role in _READERS)}))"
)
_SEEN = f"(({REACH} = 'all' OR {_HOLDS}) AND {within_reach()})"


def _by(column: str) -> str:
    return f"{_SEEN} AND {column} = {ACTOR}"


# Who checks a key or records an agreement is an officer, and another than whose it is: the principal vouches for nobody.
_IS_OFFICER = (
    f"EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
    " AND g.role IN ('INSPECTOR', 'LEAD'))"
)
_OF_ANOTHER = f"EXISTS (SELECT FROM signing_keys k WHERE k.id = key_id AND k.account_id <> {ACTOR})"


# What was signed is a promise to everybody, with whatever proves or ends it; keys are between the mine and the agency.
_POLICIES = [
    *policies.table("passkey_challenges", see=f"account_id = {ACTOR}", add=_by("account_id")),
    *policies.table("signing_keys", see=_SEEN, add=_by("account_id")),
    *policies.table("signing_key_endings", see=_SEEN, add=_by("ended_by")),
    *policies.table("signing_key_checks", see=_SEEN, add=f"{_by('checked_by')} AND {_IS_OFFICER} AND {_OF_ANOTHER}"),
    *policies.table(
        "signing_agreements", see=_SEEN, add=f"{_by('recorded_by')} AND {_IS_OFFICER} AND principal <> {ACTOR}"
    ),
    *policies.table("commitments", see="true", add=_by("principal")),
    *policies.table("commitment_seals", see="true", add=_by("sealed_by")),
    *policies.table("commitment_stamps", see="true"),
    *policies.table("commitment_endings", see="true"),
    "GRANT INSERT ON commitment_stamps, commitment_endings TO pithead_worker",
]
_TABLES = (
    "passkey_challenges", "signing_keys", "signing_key_endings", "signing_key_checks", "signing_agreements",
    "commitments", "commitment_seals", "commitment_stamps", "commitment_endings",
)  # fmt: skip

# Why a commitment does not stand, null where it does: anybody may ask, and sees nothing else of people and mines by it.
# What the record has said of it holds for good; before that it is what the register says on that day.
_STANDING = """
CREATE FUNCTION commitments_standing(asked uuid[], on_day date) RETURNS TABLE (commitment_id uuid, cause text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT c.id, CASE
    WHEN e.cause IS NOT NULL THEN e.cause
    WHEN EXISTS (SELECT FROM public.commitments n WHERE n.supersedes = c.id) THEN 'SUPERSEDED'
    WHEN NOT EXISTS (
      SELECT FROM public.posts p JOIN public.persons h ON h.id = p.person_id
      WHERE p.mine_id = c.mine_id AND p.kind = 'PRINCIPAL' AND h.account_id = c.principal
        AND p.from_day <= on_day AND (p.to_day IS NULL OR p.to_day >= on_day)) THEN 'PRINCIPAL_CHANGED'
    WHEN c.disasters IS DISTINCT FROM ARRAY(SELECT unnest(m.disasters) ORDER BY 1) THEN 'FACTS_CHANGED'
  END
  FROM public.commitments c JOIN public.mines m ON m.id = c.mine_id
  LEFT JOIN public.commitment_endings e ON e.commitment_id = c.id
  WHERE c.id = ANY (asked);
END $$
"""

# The entries that prove a signed commitment, for whoever asks: they say nothing that it does not say itself.
_ENTRIES = """
CREATE FUNCTION commitment_entries(asked uuid) RETURNS TABLE (name text, entry_id uuid, payload bytea, salt bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT o.name, o.id, y.payload, y.salt FROM (
    SELECT 'signed' AS name, c.entry_id AS id FROM public.commitments c WHERE c.id = asked
    UNION ALL SELECT 'checked', c.checked FROM public.commitments c WHERE c.id = asked
    UNION ALL SELECT 'agreed', c.agreed FROM public.commitments c WHERE c.id = asked
    UNION ALL SELECT 'sealed', s.entry_id FROM public.commitment_seals s WHERE s.commitment_id = asked
    UNION ALL (SELECT 'stamped', t.entry_id FROM public.commitment_stamps t WHERE t.commitment_id = asked
               ORDER BY t.stamped_at DESC LIMIT 1)
  ) o JOIN public.payloads y ON y.entry_id = o.id;
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "passkey_challenges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_passkey_challenges_account_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_passkey_challenges_mine_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenges")),
    )
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("credential_id", sa.LargeBinary(), nullable=True),
        sa.Column("challenge_id", sa.Uuid(), nullable=True),
        sa.Column("certificate", sa.LargeBinary(), nullable=True),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(way = 'KEY') = (device_id IS NOT NULL)", name=op.f("ck_signing_keys_key_of_a_device")),
        sa.CheckConstraint(
            "(way = 'PASSKEY') = (challenge_id IS NOT NULL)", name=op.f("ck_signing_keys_passkey_by_its_challenge")
        ),
        sa.CheckConstraint(
            "(way = 'PASSKEY') = (credential_id IS NOT NULL)", name=op.f("ck_signing_keys_passkey_has_its_id")
        ),
        sa.CheckConstraint(
            "(way = 'TOKEN') = (certificate IS NOT NULL)", name=op.f("ck_signing_keys_token_has_its_certificate")
        ),
        sa.CheckConstraint("purpose IN ('SIGNATURE', 'SEAL')", name=op.f("ck_signing_keys_purpose_is_listed")),
        sa.CheckConstraint(
            "way <> 'INK' AND (purpose = 'SIGNATURE' OR way <> 'PASSKEY')", name=op.f("ck_signing_keys_way_has_a_key")
        ),
        sa.CheckConstraint("way IN ('KEY', 'PASSKEY', 'TOKEN', 'INK')", name=op.f("ck_signing_keys_way_is_listed")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_signing_keys_account_id")),
        sa.ForeignKeyConstraint(["challenge_id"], ["passkey_challenges.id"], name=op.f("fk_signing_keys_challenge_id")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_signing_keys_device_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_signing_keys_mine_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
        sa.UniqueConstraint("challenge_id", name=op.f("uq_signing_keys_challenge_id")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_signing_keys_credential_id")),
        sa.UniqueConstraint(
            "mine_id",
            "account_id",
            "purpose",
            "public_key",
            name=op.f("uq_signing_keys_mine_id_account_id_purpose_public_key"),
        ),
    )
    op.create_table(
        "signing_key_endings",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ended_by"], ["accounts.id"], name=op.f("fk_signing_key_endings_ended_by")),
        sa.ForeignKeyConstraint(["key_id"], ["signing_keys.id"], name=op.f("fk_signing_key_endings_key_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_signing_key_endings_mine_id")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_signing_key_endings")),
    )
    op.create_table(
        "signing_key_checks",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.Uuid(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "seen IN ('IDENTITY_CARD', 'OTHER_DOCUMENT', 'KNOWN_IN_PERSON')",
            name=op.f("ck_signing_key_checks_seen_is_listed"),
        ),
        sa.ForeignKeyConstraint(["checked_by"], ["accounts.id"], name=op.f("fk_signing_key_checks_checked_by")),
        sa.ForeignKeyConstraint(["key_id"], ["signing_keys.id"], name=op.f("fk_signing_key_checks_key_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_signing_key_checks_mine_id")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_signing_key_checks")),
    )
    op.create_table(
        "signing_agreements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("principal", sa.Uuid(), nullable=False),
        sa.Column("paper", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_signing_agreements_mine_id")),
        sa.ForeignKeyConstraint(["principal"], ["accounts.id"], name=op.f("fk_signing_agreements_principal")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_signing_agreements_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_agreements")),
        sa.UniqueConstraint("mine_id", "principal", name=op.f("uq_signing_agreements_mine_id_principal")),
    )
    op.create_table(
        "commitments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("preview_id", sa.Uuid(), nullable=False),
        sa.Column("supersedes", sa.Uuid(), nullable=True),
        sa.Column("principal", sa.Uuid(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=True),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("authenticator", sa.LargeBinary(), nullable=True),
        sa.Column("client", sa.LargeBinary(), nullable=True),
        sa.Column("counter", sa.BigInteger(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("relying_party", sa.Text(), nullable=True),
        sa.Column("scan", sa.LargeBinary(), nullable=True),
        sa.Column("checked", sa.Uuid(), nullable=True),
        sa.Column("agreed", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("disasters", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("pdf_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_size", sa.Integer(), nullable=False),
        sa.Column("object_name", sa.Text(), nullable=False),
        sa.Column("object_version", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(way <> 'INK') = (key IS NOT NULL AND signature IS NOT NULL)",
            name=op.f("ck_commitments_signed_by_its_key"),
        ),
        sa.CheckConstraint(
            "(way <> 'INK') = (key_id IS NOT NULL AND checked IS NOT NULL)",
            name=op.f("ck_commitments_key_that_was_checked"),
        ),
        sa.CheckConstraint("(way = 'INK') = (scan IS NOT NULL)", name=op.f("ck_commitments_ink_by_its_scan")),
        sa.CheckConstraint(
            "(way = 'PASSKEY') = (client IS NOT NULL AND authenticator IS NOT NULL AND counter IS NOT NULL AND origin IS NOT NULL AND relying_party IS NOT NULL)",
            name=op.f("ck_commitments_passkey_with_its_assertion"),
        ),
        sa.CheckConstraint(
            "(way IN ('KEY', 'PASSKEY')) = (agreed IS NOT NULL)", name=op.f("ck_commitments_way_agreed_upon")
        ),
        sa.CheckConstraint("way IN ('KEY', 'PASSKEY', 'TOKEN', 'INK')", name=op.f("ck_commitments_way_is_listed")),
        sa.ForeignKeyConstraint(["key_id"], ["signing_keys.id"], name=op.f("fk_commitments_key_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_commitments_mine_id")),
        sa.ForeignKeyConstraint(["preview_id"], ["commitment_previews.id"], name=op.f("fk_commitments_preview_id")),
        sa.ForeignKeyConstraint(["principal"], ["accounts.id"], name=op.f("fk_commitments_principal")),
        sa.ForeignKeyConstraint(["supersedes"], ["commitments.id"], name=op.f("fk_commitments_supersedes")),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name=op.f("fk_commitments_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
        sa.UniqueConstraint("preview_id", name=op.f("uq_commitments_preview_id")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_commitments_supersedes")),
    )
    op.create_table(
        "commitment_seals",
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=True),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("scan", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_by", sa.Uuid(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(way <> 'INK') = (key_id IS NOT NULL AND key IS NOT NULL AND signature IS NOT NULL)",
            name=op.f("ck_commitment_seals_sealed_by_its_key"),
        ),
        sa.CheckConstraint("(way = 'INK') = (scan IS NOT NULL)", name=op.f("ck_commitment_seals_ink_by_its_scan")),
        sa.CheckConstraint("way <> 'PASSKEY'", name=op.f("ck_commitment_seals_no_passkey")),
        sa.CheckConstraint("way IN ('KEY', 'PASSKEY', 'TOKEN', 'INK')", name=op.f("ck_commitment_seals_way_is_listed")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_seals_commitment_id")),
        sa.ForeignKeyConstraint(["key_id"], ["signing_keys.id"], name=op.f("fk_commitment_seals_key_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_commitment_seals_mine_id")),
        sa.ForeignKeyConstraint(["sealed_by"], ["accounts.id"], name=op.f("fk_commitment_seals_sealed_by")),
        sa.PrimaryKeyConstraint("commitment_id", name=op.f("pk_commitment_seals")),
    )
    op.create_table(
        "commitment_stamps",
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("stamp_key", sa.Text(), nullable=False),
        sa.Column("object_name", sa.Text(), nullable=False),
        sa.Column("object_version", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_stamps_commitment_id")),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_commitment_stamps_mine_id")),
        sa.PrimaryKeyConstraint("commitment_id", "level", name=op.f("pk_commitment_stamps")),
    )
    op.create_table(
        "commitment_endings",
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "cause IN ('SUPERSEDED', 'PRINCIPAL_CHANGED', 'FACTS_CHANGED')",
            name=op.f("ck_commitment_endings_cause_is_listed"),
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_endings_commitment_id")
        ),
        sa.ForeignKeyConstraint(["mine_id"], ["mines.id"], name=op.f("fk_commitment_endings_mine_id")),
        sa.PrimaryKeyConstraint("commitment_id", name=op.f("pk_commitment_endings")),
    )
    op.create_index("ix_signing_keys_mine_id", "signing_keys", ["mine_id", "registered_at", "id"], unique=False)
    op.create_index("ix_commitments_county", "commitments", ["county", "signed_at", "id"], unique=False)
    op.create_index("ix_commitments_digest", "commitments", ["digest"], unique=False)
    op.create_index(
        "ix_commitments_key_id", "commitments", ["key_id"], unique=False, postgresql_where=sa.text("key_id IS NOT NULL")
    )
    op.create_index("ix_commitments_mine_id", "commitments", ["mine_id", "signed_at", "id"], unique=False)
    op.create_index("ix_commitments_office", "commitments", ["office", "signed_at", "id"], unique=False)
    op.create_index("ix_commitments_signed_at", "commitments", ["signed_at", "id"], unique=False)
    op.create_index(
        "uq_commitments_first",
        "commitments",
        ["mine_id", "year"],
        unique=True,
        postgresql_where=sa.text("supersedes IS NULL"),
    )
    for statement in _POLICIES:
        op.execute(statement)
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(policies.never_emptied(table))
    # FORCE holds for the function's owner, too: his policies let it ask, and nobody acts as him at run time.
    for table in ("posts", "persons", "mines", "payloads", *_TABLES[5:]):
        op.execute(f"CREATE POLICY standing ON {table} FOR SELECT TO CURRENT_USER USING (true)")
    for text, name in ((_STANDING, "commitments_standing(uuid[], date)"), (_ENTRIES, "commitment_entries(uuid)")):
        op.execute(text)
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO pithead_api, pithead_worker")
