"""Disclosures: what was published, what became of it, what must be; and the role that reads what is public alone."""

from collections.abc import Sequence

from alembic import op

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, within_reach

revision: str = "e92c4b17a6d8"
down_revision: str | None = "9a41d7c36e58"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_READERS = ("INSPECTOR", "LEAD", "LEGAL_REVIEWER", "AGENCY_HEAD", "ARCHIVIST", "AUDITOR")
_HOLDS = (
    f"EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
    f" AND g.role IN ({', '.join(repr(role) for role in _READERS)}))"
)
_SEEN = f"(({REACH} = 'all' OR {_HOLDS}) AND {within_reach()})"
_KINDS = "'PENALTY', 'RESULT', 'COMMITMENT', 'BREACH', 'BLACKLISTING', 'LICENCE', 'LIST', 'FIGURES', 'EXPOSURE'"
_SOURCES = "source_kind IN ('DECISION', 'INSPECTION')"
_STATES = "IN ('SHOWN', 'DISPUTED', 'WITHDRAWN', 'REPAIRED', 'EXPIRED')"

_TABLES = (
    f"""
CREATE TABLE disclosures (
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  source_kind TEXT NOT NULL,
  source_id UUID NOT NULL,
  matter_id UUID,
  mine_id UUID,
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,
  state TEXT NOT NULL,
  edition INTEGER NOT NULL,
  published_by UUID NOT NULL,
  published_at TIMESTAMP WITH TIME ZONE NOT NULL,
  due_on DATE,
  late BOOLEAN NOT NULL,
  shown_until DATE,
  CONSTRAINT pk_disclosures PRIMARY KEY (id),
  CONSTRAINT ck_disclosures_kind_is_listed CHECK (kind IN ({_KINDS})),
  CONSTRAINT ck_disclosures_source_kind_is_listed CHECK ({_SOURCES}),
  CONSTRAINT ck_disclosures_state_is_listed CHECK (state {_STATES}),
  CONSTRAINT uq_disclosures_source_kind_source_id UNIQUE (source_kind, source_id),
  CONSTRAINT fk_disclosures_mine_id FOREIGN KEY(mine_id) REFERENCES mines (id),
  CONSTRAINT fk_disclosures_published_by FOREIGN KEY(published_by) REFERENCES accounts (id)
)
""",
    "CREATE INDEX ix_disclosures_published_at ON disclosures (published_at, id)",
    "CREATE INDEX ix_disclosures_county ON disclosures (county, published_at, id)",
    "CREATE INDEX ix_disclosures_office ON disclosures (office, published_at, id)",
    "CREATE INDEX ix_disclosures_mine_id ON disclosures (mine_id, published_at, id)",
    "CREATE INDEX ix_disclosures_shown_until ON disclosures (shown_until, id) WHERE state IN ('SHOWN', 'DISPUTED')",
    """
CREATE TABLE disclosure_editions (
  disclosure_id UUID NOT NULL,
  edition INTEGER NOT NULL,
  content BYTEA,
  digest BYTEA NOT NULL,
  basis TEXT NOT NULL,
  taken_out TEXT NOT NULL,
  worded TEXT NOT NULL,
  harmed BOOLEAN NOT NULL,
  made_by UUID NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_disclosure_editions PRIMARY KEY (disclosure_id, edition),
  CONSTRAINT fk_disclosure_editions_disclosure_id FOREIGN KEY(disclosure_id) REFERENCES disclosures (id),
  CONSTRAINT fk_disclosure_editions_made_by FOREIGN KEY(made_by) REFERENCES accounts (id)
)
""",
    """
CREATE TABLE disclosure_events (
  disclosure_id UUID NOT NULL,
  ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL,
  basis TEXT NOT NULL,
  reason TEXT NOT NULL,
  edition INTEGER NOT NULL,
  digest BYTEA NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  entry_id UUID NOT NULL,
  payload BYTEA NOT NULL,
  salt BYTEA NOT NULL,
  seq BIGINT NOT NULL,
  CONSTRAINT pk_disclosure_events PRIMARY KEY (disclosure_id, ordinal),
  CONSTRAINT ck_disclosure_events_kind_is_listed CHECK (kind IN ('PUBLISHED', 'CORRECTED', 'DISPUTED', 'REPAIRED',
    'WITHDRAWN', 'EXPIRED', 'RESTORED')),
  CONSTRAINT fk_disclosure_events_disclosure_id FOREIGN KEY(disclosure_id) REFERENCES disclosures (id)
)
""",
    "CREATE UNIQUE INDEX uq_disclosure_events_seq ON disclosure_events (seq)",
    """
CREATE TABLE public_rows (
  id UUID NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  disputed BOOLEAN NOT NULL,
  edition INTEGER NOT NULL,
  city VARCHAR(6) NOT NULL,
  county VARCHAR(6) NOT NULL,
  agency TEXT NOT NULL,
  mine_id UUID,
  mine TEXT NOT NULL,
  party TEXT NOT NULL,
  credit_code TEXT,
  number TEXT NOT NULL,
  title TEXT NOT NULL,
  day DATE NOT NULL,
  year INTEGER NOT NULL,
  amount BIGINT,
  published_at TIMESTAMP WITH TIME ZONE NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  late BOOLEAN NOT NULL,
  due_on DATE,
  shown_until DATE,
  content BYTEA NOT NULL,
  digest BYTEA NOT NULL,
  searched TEXT NOT NULL,
  grams TEXT[] NOT NULL,
  CONSTRAINT pk_public_rows PRIMARY KEY (id)
)
""",
    "CREATE UNIQUE INDEX uq_public_rows_seq ON public_rows (seq)",
    *(
        f"CREATE INDEX ix_public_rows_{column} ON public_rows ({column}, seq)"
        for column in ("kind", "city", "county", "mine_id", "credit_code", "year")
    ),
    "CREATE INDEX ix_public_rows_grams ON public_rows USING gin (grams) WITH (fastupdate = off)",
    f"""
CREATE TABLE public_gone (
  id UUID NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  gone_as TEXT NOT NULL,
  county VARCHAR(6) NOT NULL,
  basis TEXT NOT NULL,
  reason TEXT NOT NULL,
  published_at TIMESTAMP WITH TIME ZONE NOT NULL,
  gone_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_public_gone PRIMARY KEY (id),
  CONSTRAINT ck_public_gone_gone_as_is_listed CHECK (gone_as {_STATES}),
  CONSTRAINT ck_public_gone_is_gone CHECK (gone_as NOT IN ('SHOWN', 'DISPUTED'))
)
""",
    "CREATE UNIQUE INDEX uq_public_gone_seq ON public_gone (seq)",
    """
CREATE TABLE public_head (
  one BOOLEAN NOT NULL,
  seq BIGINT NOT NULL,
  CONSTRAINT pk_public_head PRIMARY KEY (one),
  CONSTRAINT ck_public_head_is_one CHECK (one)
)
""",
    "INSERT INTO public_head (one, seq) VALUES (true, 0)",
    f"""
CREATE TABLE disclosure_duties (
  source_kind TEXT NOT NULL,
  source_id UUID NOT NULL,
  kind TEXT NOT NULL,
  matter_id UUID,
  mine_id UUID,
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,
  article TEXT NOT NULL,
  start_at TIMESTAMP WITH TIME ZONE NOT NULL,
  due_on DATE,
  over_at TIMESTAMP WITH TIME ZONE,
  met_at TIMESTAMP WITH TIME ZONE,
  met_as TEXT,
  CONSTRAINT pk_disclosure_duties PRIMARY KEY (source_kind, source_id),
  CONSTRAINT ck_disclosure_duties_source_kind_is_listed CHECK ({_SOURCES}),
  CONSTRAINT ck_disclosure_duties_kind_is_listed CHECK (kind IN ({_KINDS})),
  CONSTRAINT ck_disclosure_duties_met_as_is_listed CHECK (met_as IN ('PUBLISHED', 'WITHHELD', 'FELL')),
  CONSTRAINT ck_disclosure_duties_met_somehow CHECK ((met_at IS NULL) = (met_as IS NULL)),
  CONSTRAINT fk_disclosure_duties_mine_id FOREIGN KEY(mine_id) REFERENCES mines (id)
)
""",
    "CREATE INDEX ix_disclosure_duties_start_at ON disclosure_duties (start_at, source_id)",
    "CREATE INDEX ix_disclosure_duties_county ON disclosure_duties (county, start_at, source_id)",
    "CREATE INDEX ix_disclosure_duties_office ON disclosure_duties (office, start_at, source_id)",
    "CREATE INDEX ix_case_clocks_published ON case_clocks (start_at, subject) WHERE key = 'penalty_published'",
    "CREATE INDEX ix_disclosure_duties_open ON disclosure_duties (over_at, source_id) WHERE met_at IS NULL",
    f"""
CREATE TABLE disclosure_withheld (
  id UUID NOT NULL,
  source_kind TEXT NOT NULL,
  source_id UUID NOT NULL,
  kind TEXT NOT NULL,
  mine_id UUID,
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,
  article TEXT NOT NULL,
  reason TEXT NOT NULL,
  withheld_by UUID NOT NULL,
  withheld_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_disclosure_withheld PRIMARY KEY (id),
  CONSTRAINT ck_disclosure_withheld_source_kind_is_listed CHECK ({_SOURCES}),
  CONSTRAINT uq_disclosure_withheld_source_kind_source_id UNIQUE (source_kind, source_id),
  CONSTRAINT fk_disclosure_withheld_mine_id FOREIGN KEY(mine_id) REFERENCES mines (id),
  CONSTRAINT fk_disclosure_withheld_withheld_by FOREIGN KEY(withheld_by) REFERENCES accounts (id)
)
""",
)

# What an officer writes where the public reads: only of a disclosure that he reaches, which its own policy says.
_OF_HIS = "EXISTS (SELECT FROM disclosures d WHERE d.id = {})"
_POLICIES = [
    *policies.table(
        "disclosures", see=_SEEN, add=f"{_SEEN} AND published_by = {ACTOR}", change=_SEEN,
        changed_columns="state, edition, shown_until",
    ),
    *policies.table(
        "disclosure_editions", see=_OF_HIS.format("disclosure_id"),
        add=f"{_OF_HIS.format('disclosure_id')} AND made_by = {ACTOR}", change=_OF_HIS.format("disclosure_id"),
        changed_columns="harmed",
    ),
    *policies.table("disclosure_events", see="true", add=_OF_HIS.format("disclosure_id")),
    *policies.table("public_rows", see="true", add=_OF_HIS.format("id"), change=_OF_HIS.format("id")),
    *policies.table("public_gone", see="true", add=_OF_HIS.format("id")),
    *policies.table("public_head", see="true", change=f"{_HOLDS} OR {REACH} = 'all'", changed_columns="seq"),
    *policies.table(
        "disclosure_duties", see=_SEEN, add=_SEEN, change=_SEEN, changed_columns="met_at, met_as",
    ),
    *policies.table("disclosure_withheld", see=_SEEN, add=f"{_SEEN} AND withheld_by = {ACTOR}"),
    *(
        statement
        for name in ("public_rows", "public_gone")
        for statement in (
            f"CREATE POLICY remove ON {name} FOR DELETE TO pithead_api USING ({_OF_HIS.format('id')})",
            f"GRANT DELETE ON {name} TO pithead_api, pithead_worker",
        )
    ),
    # The worker ends what is over, and derives what must be published.
    "GRANT UPDATE (state) ON disclosures TO pithead_worker",
    "GRANT UPDATE (content) ON disclosure_editions TO pithead_worker",
    "GRANT INSERT ON disclosure_events, public_gone TO pithead_worker",
    "GRANT UPDATE (seq) ON public_head TO pithead_worker",
    "GRANT INSERT, UPDATE ON disclosure_duties TO pithead_worker",
]  # fmt: skip

# The public reads copies, events, tombstones, and what proves them; nothing of the record that they were made from.
_PUBLIC = (
    "GRANT USAGE ON SCHEMA public TO pithead_public",
    *(
        statement
        for name in (
            "public_rows", "public_gone", "public_head", "disclosure_events", "divisions", "positions", "tree_head",
            "tiles", "checkpoints",
        )
        for statement in (
            f"CREATE POLICY anybody ON {name} FOR SELECT TO pithead_public USING (true)",
            f"GRANT SELECT ON {name} TO pithead_public",
        )
    ),
    # Of an entry its digest, which is what the log is made of; not of which kind it is, nor when it was.
    "CREATE POLICY anybody ON entries FOR SELECT TO pithead_public USING (true)",
    "GRANT SELECT (id, digest) ON entries TO pithead_public",
    "CREATE POLICY anybody ON disclosure_editions FOR SELECT TO pithead_public"
    " USING (NOT harmed AND EXISTS (SELECT FROM public_rows p WHERE p.id = disclosure_id))",
    "GRANT SELECT (disclosure_id, edition, content, digest, basis, taken_out, harmed, made_at) ON disclosure_editions"
    " TO pithead_public",
)  # fmt: skip

_EDITION_STANDS = """
CREATE FUNCTION edition_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE held public.disclosure_editions;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an edition is never removed' USING ERRCODE = 'check_violation';
  END IF;
  held := OLD;
  held.harmed := NEW.harmed;
  IF NEW.content IS NULL AND EXISTS (
    SELECT FROM public.disclosures d WHERE d.id = NEW.disclosure_id AND d.state = 'EXPIRED'
  ) THEN
    held.content := NULL;
  END IF;
  IF (OLD.harmed AND NOT NEW.harmed) OR held IS DISTINCT FROM NEW THEN
    RAISE EXCEPTION 'an edition stands until its time is over' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    """The tables, who sees what, and what nobody may change."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*_TABLES, *_POLICIES, *_PUBLIC, _EDITION_STANDS):
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON disclosure_editions FOR EACH ROW"
        " EXECUTE FUNCTION edition_stands()"
    )
    for name in ("disclosure_events", "disclosure_withheld"):
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW"
            " EXECUTE FUNCTION refuse_change()"
        )
    for name in ("disclosures", "disclosure_editions", "disclosure_events", "disclosure_withheld"):
        op.execute(policies.never_emptied(name))
