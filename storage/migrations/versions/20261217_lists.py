"""Lists and figures that an agency publishes, and requests that anybody files, each with its public clock."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, within_reach

revision: str = "4c0e97d2ab15"
down_revision: str | None = "4c7d19e8b3a2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KINDS = (
    "'CERTIFICATES', 'POWERS', 'BASIS', 'PROCEDURE', 'REMEDIES', 'NORMATIVE', 'LICENCES', 'SUPERVISORS', 'EXPERTS',"
    " 'STANDARDS', 'SIGNED', 'OVERDUE'"
)
_STATES = "'OPEN', 'UNCLEAR', 'THIRD_PARTY', 'ANSWERED'"
_OUTCOMES = "'GIVEN', 'REFUSED', 'NOT_HELD', 'ELSEWHERE', 'ABANDONED', 'CORRECTED', 'NOT_WRONG', 'SPLIT'"
_DECIDED = "approved, decided_by, decided_at, decision_note"


def _holds(*roles: str) -> str:
    """A role that lasts; whoever held it until yesterday reads by it no more."""
    return (
        f"({REACH} = 'all' OR EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR}"
        f" AND g.withdrawn_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > now())"
        f" AND g.role IN ({', '.join(repr(role) for role in roles)})))"
    )


# Neither lists nor requests are a mine's: whoever reaches mines alone sees none.
_WITHIN = within_reach(mine="id")
_LISTS_SEEN = f"({_holds('INSPECTOR', 'LEAD', 'LEGAL_REVIEWER', 'AGENCY_HEAD', 'ARCHIVIST', 'AUDITOR')} AND {_WITHIN})"
_SEEN = f"({_holds('INSPECTOR', 'LEAD', 'LEGAL_REVIEWER', 'AGENCY_HEAD', 'AUDITOR')} AND {_WITHIN})"
# Anybody, without a sign-in; and whoever holds a receipt, whose place names the locator.
_ANYBODY = f"{ACTOR} = '00000000-0000-0000-0000-000000000002'::uuid"
_OWN = (
    f"({REACH} = 'receipt' AND encode(convert_to('request ' || locator, 'UTF8'), 'hex') ="
    " (SELECT current_setting('pithead.place', true)))"
)
_OF_HIS = "EXISTS (SELECT FROM requests r WHERE r.id = request_id)"

_TABLES = (
    f"""
CREATE TABLE lists (
  id UUID NOT NULL,
  series UUID NOT NULL,
  kind TEXT NOT NULL,
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,
  version INTEGER NOT NULL,
  as_of DATE NOT NULL,
  next_by DATE,
  content BYTEA NOT NULL,
  digest BYTEA NOT NULL,
  taken_out TEXT NOT NULL,
  note TEXT NOT NULL,
  drafted_by UUID NOT NULL,
  drafted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  approved BOOLEAN,
  decided_by UUID,
  decided_at TIMESTAMP WITH TIME ZONE,
  decision_note TEXT,
  CONSTRAINT pk_lists PRIMARY KEY (id),
  CONSTRAINT ck_lists_kind_is_listed CHECK (kind IN ({_KINDS})),
  CONSTRAINT uq_lists_series_version UNIQUE (series, version),
  CONSTRAINT ck_lists_takes_two_people CHECK (decided_by IS NULL OR decided_by <> drafted_by),
  CONSTRAINT ck_lists_decided_whole
    CHECK ((decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (approved IS NULL)),
  CONSTRAINT fk_lists_drafted_by FOREIGN KEY(drafted_by) REFERENCES accounts (id),
  CONSTRAINT fk_lists_decided_by FOREIGN KEY(decided_by) REFERENCES accounts (id)
)
""",
    """
CREATE TABLE figures (
  id UUID NOT NULL,
  series UUID NOT NULL,
  edition INTEGER NOT NULL,
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,
  year INTEGER NOT NULL,
  quarter INTEGER,
  content BYTEA NOT NULL,
  digest BYTEA NOT NULL,
  due_on DATE,
  counted_by UUID NOT NULL,
  counted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_figures PRIMARY KEY (id),
  CONSTRAINT uq_figures_series_edition UNIQUE (series, edition),
  CONSTRAINT ck_figures_is_a_quarter CHECK (quarter BETWEEN 1 AND 4),
  CONSTRAINT fk_figures_counted_by FOREIGN KEY(counted_by) REFERENCES accounts (id)
)
""",
    *(
        f"CREATE INDEX ix_{table}_{name} ON {table} ({columns})"
        for table, at in (("lists", "drafted_at"), ("figures", "counted_at"))
        for name, columns in (
            (at, f"{at}, id"),
            ("county", f"county, {at}, id"),
            ("office", f"office, {at}, id"),
        )
    ),
    f"""
CREATE TABLE requests (
  id UUID NOT NULL,
  number TEXT NOT NULL,
  kind TEXT NOT NULL,
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,
  disclosure_id UUID,
  words TEXT NOT NULL,
  locator TEXT NOT NULL,
  secret_hash BYTEA NOT NULL,
  filed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  state TEXT NOT NULL,
  due_on DATE,
  over_at TIMESTAMP WITH TIME ZONE,
  extended BOOLEAN NOT NULL,
  outcome TEXT,
  closed_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_requests PRIMARY KEY (id),
  CONSTRAINT ck_requests_kind_is_listed CHECK (kind IN ('ERROR', 'INFORMATION')),
  CONSTRAINT ck_requests_state_is_listed CHECK (state IN ({_STATES})),
  CONSTRAINT ck_requests_outcome_is_listed CHECK (outcome IN ({_OUTCOMES})),
  CONSTRAINT uq_requests_number UNIQUE (number),
  CONSTRAINT uq_requests_locator UNIQUE (locator),
  CONSTRAINT ck_requests_error_of_something CHECK ((kind = 'ERROR') = (disclosure_id IS NOT NULL)),
  CONSTRAINT ck_requests_closed_when_answered CHECK ((state = 'ANSWERED') = (closed_at IS NOT NULL)),
  CONSTRAINT ck_requests_answered_somehow CHECK ((state = 'ANSWERED') = (outcome IS NOT NULL)),
  CONSTRAINT fk_requests_disclosure_id FOREIGN KEY(disclosure_id) REFERENCES disclosures (id)
)
""",
    "CREATE INDEX ix_requests_filed_at ON requests (filed_at, id)",
    "CREATE INDEX ix_requests_county ON requests (county, filed_at, id)",
    "CREATE INDEX ix_requests_office ON requests (office, filed_at, id)",
    "CREATE INDEX ix_requests_closed_at ON requests (closed_at, id)",
    """
CREATE TABLE request_contacts (
  request_id UUID NOT NULL,
  contact TEXT NOT NULL,
  CONSTRAINT pk_request_contacts PRIMARY KEY (request_id),
  CONSTRAINT fk_request_contacts_request_id FOREIGN KEY(request_id) REFERENCES requests (id)
)
""",
    """
CREATE TABLE request_steps (
  id UUID NOT NULL,
  request_id UUID NOT NULL,
  ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id UUID,
  words TEXT NOT NULL,
  parts TEXT NOT NULL,
  CONSTRAINT pk_request_steps PRIMARY KEY (id),
  CONSTRAINT ck_request_steps_kind_is_listed
    CHECK (kind IN ('ASKED', 'CLARIFIED', 'CONSULTED', 'HEARD', 'EXTENDED', 'ANSWERED')),
  CONSTRAINT uq_request_steps_request_id_ordinal UNIQUE (request_id, ordinal),
  CONSTRAINT fk_request_steps_request_id FOREIGN KEY(request_id) REFERENCES requests (id),
  CONSTRAINT fk_request_steps_by_id FOREIGN KEY(by_id) REFERENCES accounts (id)
)
""",
    """
CREATE TABLE request_years (
  year INTEGER NOT NULL,
  last INTEGER NOT NULL,
  CONSTRAINT pk_request_years PRIMARY KEY (year)
)
""",
    f"""
CREATE TABLE public_requests (
  number TEXT NOT NULL,
  kind TEXT NOT NULL,
  county VARCHAR(6) NOT NULL,
  agency TEXT NOT NULL,
  filed_on DATE NOT NULL,
  due_on DATE,
  article TEXT NOT NULL,
  state TEXT NOT NULL,
  extended BOOLEAN NOT NULL,
  extension_reason TEXT,
  outcome TEXT,
  grounds TEXT NOT NULL,
  closed_on DATE,
  late BOOLEAN NOT NULL,
  disclosure_id UUID,
  question TEXT,
  answer TEXT,
  CONSTRAINT pk_public_requests PRIMARY KEY (number),
  CONSTRAINT ck_public_requests_kind_is_listed CHECK (kind IN ('ERROR', 'INFORMATION')),
  CONSTRAINT ck_public_requests_state_is_listed CHECK (state IN ({_STATES})),
  CONSTRAINT ck_public_requests_outcome_is_listed CHECK (outcome IN ({_OUTCOMES})),
  CONSTRAINT ck_public_requests_worded_once_answered
    CHECK (state = 'ANSWERED' OR (question IS NULL AND answer IS NULL))
)
""",
    "CREATE INDEX ix_public_requests_filed_on ON public_requests (filed_on, number)",
)

_POLICIES = [
    *policies.table("lists", see=_LISTS_SEEN, add=f"{_LISTS_SEEN} AND drafted_by = {ACTOR}", change=_LISTS_SEEN,
                    changed_columns=_DECIDED),
    *policies.table("figures", see=_LISTS_SEEN, add=f"{_LISTS_SEEN} AND counted_by = {ACTOR}"),
    *policies.table(
        "requests", see=f"{_SEEN} OR {_OWN}", add=_ANYBODY, change=f"{_SEEN} OR {_OWN}",
        changed_columns="state, due_on, over_at, extended, outcome, closed_at",
    ),
    *policies.table(
        "request_contacts", see=f"{_OF_HIS} AND {_holds('INSPECTOR', 'LEAD', 'AGENCY_HEAD')} AND {REACH} <> 'receipt'",
        add=_ANYBODY,
    ),
    *policies.table(
        "request_steps", see=_OF_HIS,
        add=f"{_OF_HIS} AND CASE WHEN {REACH} = 'receipt' THEN by_id IS NULL ELSE by_id = {ACTOR} END",
    ),
    *policies.table("request_years", see=_ANYBODY, add=_ANYBODY, change=_ANYBODY, changed_columns="last"),
    *policies.table(
        "public_requests", see="true", add=_ANYBODY,
        change="EXISTS (SELECT FROM requests r WHERE r.number = public_requests.number)",
    ),
    "CREATE POLICY anybody ON public_requests FOR SELECT TO pithead_public USING (true)",
    "GRANT SELECT ON public_requests TO pithead_public",
    "GRANT DELETE ON request_contacts TO pithead_worker",
]  # fmt: skip

# Whoever reports an error does not see from what a disclosure was made; whose it is he is told by this alone.
_AGENCY = """
CREATE FUNCTION agency_of_shown(asked uuid) RETURNS TABLE (county text, office text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT d.county::text, d.office FROM public.disclosures d
  WHERE d.id = asked AND d.state IN ('SHOWN', 'DISPUTED')
$$
"""
_STANDS = """
CREATE FUNCTION request_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE held public.requests;
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state = 'ANSWERED' THEN
    RAISE EXCEPTION 'a request stands, and what was answered stays so' USING ERRCODE = 'restrict_violation';
  END IF;
  held := NEW;
  held.state := OLD.state; held.due_on := OLD.due_on; held.over_at := OLD.over_at; held.extended := OLD.extended;
  held.outcome := OLD.outcome; held.closed_at := OLD.closed_at;
  IF held IS DISTINCT FROM OLD OR (OLD.extended AND NOT NEW.extended) THEN
    RAISE EXCEPTION 'what was asked is not changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
_SOURCES = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"


def _widen(table: str) -> None:
    """Two more sources, beside whatever others have come meanwhile."""
    name = f"ck_{table}_source_kind_is_listed"
    told = op.get_bind().scalar(sa.text(_SOURCES), {"name": name})
    wider = told.replace("ARRAY[", "ARRAY['LIST'::text, 'FIGURES'::text, ", 1)
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {wider}")


def upgrade() -> None:
    """The tables, who sees what, and what nobody may change."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*_TABLES, *_POLICIES, _AGENCY, _STANDS):
        op.execute(statement)
    # FORCE holds for the function's owner, too: his policy lets it ask, and nobody acts as him at run time.
    op.execute("CREATE POLICY asks ON disclosures FOR SELECT TO CURRENT_USER USING (true)")
    op.execute("REVOKE ALL ON FUNCTION agency_of_shown(uuid) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION agency_of_shown(uuid) TO pithead_api")
    for table in ("disclosures", "disclosure_duties", "disclosure_withheld"):
        _widen(table)
    op.execute(
        f"CREATE TRIGGER filled_once BEFORE UPDATE ON lists FOR EACH ROW EXECUTE FUNCTION filled_once({_DECIDED})"
    )
    op.execute(
        "CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON requests FOR EACH ROW EXECUTE FUNCTION request_stands()"
    )
    for name in ("figures", "request_steps"):
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW"
            " EXECUTE FUNCTION refuse_change()"
        )
    for name in ("lists", "figures", "requests", "request_steps"):
        op.execute(policies.never_emptied(name))
