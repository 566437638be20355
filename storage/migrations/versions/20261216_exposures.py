"""Exposures: typical cases worded for the public, their covered pictures, and what the public's role may read."""

from collections.abc import Sequence

from alembic import op

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, within_reach

revision: str = "b7d04e92c1f5"
down_revision: str | None = "b7d20e5f8a41"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_READERS = ("INSPECTOR", "LEAD", "LEGAL_REVIEWER", "AGENCY_HEAD", "ARCHIVIST", "AUDITOR")
_HOLDS = (
    f"EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
    f" AND g.role IN ({', '.join(repr(role) for role in _READERS)}))"
)
_SEEN = f"(({REACH} = 'all' OR {_HOLDS}) AND {within_reach()})"
_OF_HIS = "EXISTS (SELECT FROM exposures x WHERE x.id = exposure_id)"
_SOURCES = "source_kind IN ('DECISION', 'INSPECTION', 'COMMITMENT', 'BREACH', 'EXPOSURE')"

_TABLES = (
    """
CREATE TABLE exposures (
  id UUID NOT NULL,
  case_id UUID NOT NULL,
  mine_id UUID NOT NULL,
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,
  state TEXT NOT NULL,
  content BYTEA NOT NULL,
  digest BYTEA NOT NULL,
  drafted_by UUID NOT NULL,
  drafted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  decided_by UUID,
  decided_at TIMESTAMP WITH TIME ZONE,
  disclosure_id UUID,
  CONSTRAINT pk_exposures PRIMARY KEY (id),
  CONSTRAINT ck_exposures_state_is_listed CHECK (state IN ('DRAFTED', 'PUBLISHED', 'DROPPED')),
  CONSTRAINT ck_exposures_decided_once CHECK ((state = 'DRAFTED') = (decided_at IS NULL)),
  CONSTRAINT ck_exposures_decided_whole CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
  CONSTRAINT ck_exposures_published_as_one CHECK ((state = 'PUBLISHED') = (disclosure_id IS NOT NULL)),
  CONSTRAINT ck_exposures_takes_two_people CHECK (state <> 'PUBLISHED' OR decided_by <> drafted_by),
  CONSTRAINT fk_exposures_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_exposures_mine_id FOREIGN KEY(mine_id) REFERENCES mines (id),
  CONSTRAINT fk_exposures_drafted_by FOREIGN KEY(drafted_by) REFERENCES accounts (id),
  CONSTRAINT fk_exposures_decided_by FOREIGN KEY(decided_by) REFERENCES accounts (id),
  CONSTRAINT fk_exposures_disclosure_id FOREIGN KEY(disclosure_id) REFERENCES disclosures (id)
)
""",
    "CREATE INDEX ix_disclosures_exposed ON disclosures (matter_id) WHERE kind = 'EXPOSURE'",
    "CREATE INDEX ix_exposures_drafted_at ON exposures (drafted_at, id)",
    *(
        f"CREATE INDEX ix_exposures_{column} ON exposures ({column}, drafted_at, id)"
        for column in ("county", "office", "mine_id")
    ),
    """
CREATE TABLE exposure_objects (
  object_name TEXT NOT NULL,
  case_id UUID NOT NULL,
  laid_by UUID NOT NULL,
  laid_at TIMESTAMP WITH TIME ZONE NOT NULL,
  removed_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_exposure_objects PRIMARY KEY (object_name),
  CONSTRAINT fk_exposure_objects_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_exposure_objects_laid_by FOREIGN KEY(laid_by) REFERENCES accounts (id)
)
""",
    "CREATE INDEX ix_exposure_objects_open ON exposure_objects (laid_at) WHERE removed_at IS NULL",
    """
CREATE TABLE exposure_pictures (
  exposure_id UUID NOT NULL,
  ordinal INTEGER NOT NULL,
  evidence_id UUID NOT NULL,
  original BYTEA NOT NULL,
  secret BYTEA NOT NULL,
  root BYTEA NOT NULL,
  proof BYTEA NOT NULL,
  hints BYTEA NOT NULL,
  sha256 BYTEA NOT NULL,
  size INTEGER NOT NULL,
  object_name TEXT NOT NULL,
  object_version TEXT NOT NULL,
  CONSTRAINT pk_exposure_pictures PRIMARY KEY (exposure_id, ordinal),
  CONSTRAINT fk_exposure_pictures_exposure_id FOREIGN KEY(exposure_id) REFERENCES exposures (id),
  CONSTRAINT fk_exposure_pictures_evidence_id FOREIGN KEY(evidence_id) REFERENCES evidence (id)
)
""",
    "CREATE INDEX ix_exposure_pictures_evidence_id ON exposure_pictures (evidence_id)",
    "CREATE UNIQUE INDEX uq_exposure_pictures_object_name ON exposure_pictures (object_name)",
    """
CREATE TABLE public_pictures (
  disclosure_id UUID NOT NULL,
  ordinal INTEGER NOT NULL,
  sha256 BYTEA NOT NULL,
  size INTEGER NOT NULL,
  proof BYTEA NOT NULL,
  hints BYTEA NOT NULL,
  object_name TEXT NOT NULL,
  object_version TEXT NOT NULL,
  CONSTRAINT pk_public_pictures PRIMARY KEY (disclosure_id, ordinal)
)
""",
)

_POLICIES = [
    *policies.table(
        "exposures", see=_SEEN, add=f"{_SEEN} AND drafted_by = {ACTOR}", change=_SEEN,
        changed_columns="state, decided_by, decided_at, disclosure_id",
    ),
    *policies.table("exposure_objects", see=f"laid_by = {ACTOR}", add=f"laid_by = {ACTOR}"),
    *policies.table("exposure_pictures", see=_OF_HIS, add=_OF_HIS),
    *policies.table(
        "public_pictures", see="true", add="EXISTS (SELECT FROM disclosures d WHERE d.id = disclosure_id)"
    ),
    "GRANT UPDATE (removed_at) ON exposure_objects TO pithead_worker",
    "GRANT DELETE ON public_pictures TO pithead_worker",
    # While its disclosure is shown; what was taken down is not read from that commit on, whatever the store still has.
    "CREATE POLICY anybody ON public_pictures FOR SELECT TO pithead_public"
    " USING (EXISTS (SELECT FROM public_rows p WHERE p.id = disclosure_id))",
    "GRANT SELECT ON public_pictures TO pithead_public",
]  # fmt: skip


def upgrade() -> None:
    """The tables, who sees what, and what nobody may change."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("disclosures", "disclosure_duties", "disclosure_withheld"):
        op.execute(f"ALTER TABLE {name} DROP CONSTRAINT ck_{name}_source_kind_is_listed")
        op.execute(f"ALTER TABLE {name} ADD CONSTRAINT ck_{name}_source_kind_is_listed CHECK ({_SOURCES})")
    for statement in (*_TABLES, *_POLICIES):
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER filled_once BEFORE UPDATE ON exposures FOR EACH ROW"
        " EXECUTE FUNCTION filled_once(decided_by, decided_at, disclosure_id)"
    )
    op.execute(
        "CREATE TRIGGER filled_once BEFORE UPDATE ON exposure_objects FOR EACH ROW"
        " EXECUTE FUNCTION filled_once(removed_at)"
    )
    op.execute(
        "CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON exposure_pictures FOR EACH ROW"
        " EXECUTE FUNCTION refuse_change()"
    )
    for name in ("exposures", "exposure_objects", "exposure_pictures"):
        op.execute(policies.never_emptied(name))
