"""Facts, previews and likenesses of sealed pieces: what is derived, beside the evidence and never in its place."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations import policies
from storage.migrations.policies import within_reach

revision: str = "a91f4c7d20e3"
down_revision: str | None = "b3d0c5a97e12"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)
_TEXTS = sa.ARRAY(sa.Text())
# Whoever sees one of two pieces sees that they are alike; the other one's id is shown only to those who see it, too.
_SEEN_PIECE = "EXISTS (SELECT FROM evidence e WHERE e.id = {})"
_SEEN_PAIR = f"{_SEEN_PIECE.format('evidence_id')} OR {_SEEN_PIECE.format('other_id')}"


def _scope() -> list[sa.Column[object]]:
    return [
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("mine_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "facts",
        *_scope(),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("object_name", sa.Text(), nullable=False),
        sa.Column("retry_at", _MOMENT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("maker", sa.Integer()),
        sa.Column("described_at", _MOMENT),
        sa.Column("entry_id", sa.Uuid()),
        sa.Column("digest", sa.LargeBinary()),
        sa.Column("flags", _TEXTS, nullable=False),
        sa.Column("not_read", _TEXTS, nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("orientation", sa.Integer()),
        sa.Column("camera", sa.Text()),
        sa.Column("exif_time", sa.Text()),
        sa.Column("exif_offset", sa.Text()),
        sa.Column("taken_at", _MOMENT),
        sa.Column("gps_time", sa.Text()),
        sa.Column("latitude", sa.BigInteger()),
        sa.Column("longitude", sa.BigInteger()),
        sa.Column("length_ms", sa.BigInteger()),
        sa.Column("likeness", sa.BigInteger()),
        *(sa.Column(f"band_{number}", sa.Integer()) for number in range(4)),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_facts")),
    )
    op.create_index("ix_facts_waiting", "facts", ["retry_at"])
    op.create_index("ix_facts_sha256", "facts", ["sha256"])
    for number in range(4):
        op.create_index(f"ix_facts_band_{number}", "facts", [f"band_{number}"])
    op.create_table(
        "previews",
        *_scope(),
        sa.Column("object_name", sa.Text(), nullable=False),
        sa.Column("object_version", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_previews")),
    )
    op.create_table(
        "lookalikes",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("distance", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("evidence_id", "other_id", name=op.f("pk_lookalikes")),
    )
    op.create_index("ix_lookalikes_other_id", "lookalikes", ["other_id"])
    _await_facts_of_what_is_sealed()
    for statement in (
        *policies.table("facts", see=within_reach()),
        *policies.table("previews", see=within_reach()),
        *policies.table("lookalikes", see=_SEEN_PAIR),
        "GRANT INSERT, UPDATE ON facts, previews TO pithead_worker",
        "GRANT INSERT ON lookalikes TO pithead_worker",
        "GRANT DELETE ON facts, previews, lookalikes TO pithead_worker",
    ):
        op.execute(statement)


def _await_facts_of_what_is_sealed() -> None:
    """Pieces that were sealed before this step wait like all others; the owner sees rows only without FORCE."""
    op.execute("ALTER TABLE evidence NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "INSERT INTO facts (evidence_id, mine_id, county, office, sha256, object_name, retry_at, attempts, flags,"
        " not_read) SELECT id, mine_id, county, office, sha256,"
        " 'derived/' || replace(gen_random_uuid()::text, '-', ''), sealed_at, 0, '{}', '{}'"
        " FROM evidence WHERE state = 'SEALED'"
    )
    op.execute("ALTER TABLE evidence FORCE ROW LEVEL SECURITY")
