"""Credit: repairs, entries of the blacklist and requests to leave it, joint sanctions, and a count that anybody reads."""

import re
from collections.abc import Sequence

from alembic import op

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, listed, within_reach

revision: str = "4c7d19e8b3a2"
down_revision: str | None = "b7d04e92c1f5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_READERS = ("INSPECTOR", "LEAD", "LEGAL_REVIEWER", "AGENCY_HEAD", "ARCHIVIST", "AUDITOR", "RESIDENT_SUPERVISOR")
_MINES = ("MINE_PRINCIPAL", "MINE_CLERK")


def _holds(roles: Sequence[str]) -> str:
    return (
        f"EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
        f" AND g.role IN ({', '.join(repr(role) for role in roles)}))"
    )


_AGENCY = f"(({REACH} = 'all' OR {_holds(_READERS)}) AND {within_reach()})"
_OF_HIS_MINE = f"(mine_id = ANY ({listed('mines', 'uuid')}) AND {_holds(_MINES)})"
# What is asked for a person is his own: of that his mine reads nothing.
_REPAIR = f"({_AGENCY} OR (party = 'UNIT' AND {_OF_HIS_MINE}))"
_HIMSELF = f"EXISTS (SELECT FROM persons p WHERE p.id = person_id AND p.account_id = {ACTOR})"
# Nobody reads of his entry before he was told of it.
_LISTING = f"({_AGENCY} OR (told_at IS NOT NULL AND ((subject = 'MINE' AND {_OF_HIS_MINE}) OR {_HIMSELF})))"
_OF_A_LISTING = "EXISTS (SELECT FROM blacklistings b WHERE b.id = listing_id)"
_GRADES = "'SLIGHT', 'ORDINARY', 'GRAVE'"
_FRAUD = "'FALSE_PROOF', 'FACTS_HIDDEN', 'PLEDGE_BROKEN'"
_SCOPE = """
  mine_id UUID NOT NULL REFERENCES mines (id),
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,"""
_CLOCK = """
  due_on DATE,
  over_at TIMESTAMP WITH TIME ZONE,
  overrun_of TIMESTAMP WITH TIME ZONE,
  law BIGINT NOT NULL,"""


def _done(name: str, said: str, words: str, kind: str) -> str:
    """The columns of an act on a row: what was said, its words, by whom and when."""
    return f"""
  {said} {kind},
  {words} TEXT,
  {name}_by UUID REFERENCES accounts (id),
  {name}_at TIMESTAMP WITH TIME ZONE,"""


def _whole(table: str, name: str, said: str) -> str:
    return (
        f"CONSTRAINT ck_{table}_{name}_whole CHECK (({name}_at IS NULL) = ({name}_by IS NULL)"
        f" AND ({name}_at IS NULL) = ({said} IS NULL))"
    )


_TABLES = {
    "credit_repairs": f"""
CREATE TABLE credit_repairs (
  id UUID NOT NULL,{_SCOPE}
  disclosure_id UUID NOT NULL REFERENCES disclosures (id),
  decision_id UUID NOT NULL REFERENCES case_steps (id),
  case_id UUID NOT NULL REFERENCES cases (id),
  party TEXT NOT NULL,
  grade TEXT NOT NULL,
  article TEXT NOT NULL,
  words TEXT NOT NULL,
  proof UUID[] NOT NULL,
  measures UUID[] NOT NULL,
  pledge TEXT,
  pledge_piece UUID REFERENCES evidence (id),
  received BOOLEAN NOT NULL,
  asked_by UUID NOT NULL REFERENCES accounts (id),
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,{_CLOCK}
  {_done("examined", "favoured", "examination", "BOOLEAN")}
  {_done("decided", "granted", "decision", "BOOLEAN")}
  {_done("restored", "restored_for", "restoration", "TEXT")}
  CONSTRAINT pk_credit_repairs PRIMARY KEY (id),
  CONSTRAINT ck_credit_repairs_grade_is_listed CHECK (grade IN ({_GRADES})),
  CONSTRAINT ck_credit_repairs_party_is_listed CHECK (party IN ('UNIT', 'PERSON')),
  CONSTRAINT ck_credit_repairs_restored_for_is_listed CHECK (restored_for IN ({_FRAUD})),
  {_whole("credit_repairs", "examined", "favoured")},
  {_whole("credit_repairs", "decided", "granted")},
  {_whole("credit_repairs", "restored", "restored_for")},
  CONSTRAINT ck_credit_repairs_one_pledge CHECK ((pledge IS NULL) <> (pledge_piece IS NULL)),
  CONSTRAINT ck_credit_repairs_takes_two_people CHECK (decided_by <> examined_by AND decided_by <> asked_by),
  CONSTRAINT ck_credit_repairs_restored_by_another CHECK (restored_by <> decided_by),
  CONSTRAINT ck_credit_repairs_restored_what_was_granted CHECK (restored_at IS NULL OR granted)
)
""",
    "blacklistings": f"""
CREATE TABLE blacklistings (
  id UUID NOT NULL,{_SCOPE}
  subject TEXT NOT NULL,
  subject_id UUID NOT NULL,
  person_id UUID REFERENCES persons (id),
  decision_id UUID NOT NULL REFERENCES case_steps (id),
  case_id UUID NOT NULL REFERENCES cases (id),
  consequence_id UUID REFERENCES breach_consequences (id),
  ground TEXT NOT NULL,
  article TEXT NOT NULL,
  words TEXT NOT NULL,
  state TEXT NOT NULL,
  proposed_by UUID NOT NULL REFERENCES accounts (id),
  proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  telling TEXT,
  told_piece UUID REFERENCES evidence (id),
  told_by UUID REFERENCES accounts (id),
  told_at TIMESTAMP WITH TIME ZONE,
  answer_ends DATE,{_CLOCK}
  answer TEXT,
  evidence UUID[],
  heard BOOLEAN,
  answered_by UUID REFERENCES accounts (id),
  answered_at TIMESTAMP WITH TIME ZONE,
  {_done("decided", "entered", "decision", "BOOLEAN")}
  disclosure_id UUID REFERENCES disclosures (id),
  until DATE,
  ended_at TIMESTAMP WITH TIME ZONE,
  {_done("withdrawn", "withdrawn_for", "withdrawal", "TEXT")}
  CONSTRAINT pk_blacklistings PRIMARY KEY (id),
  CONSTRAINT ck_blacklistings_subject_is_listed CHECK (subject IN ('MINE', 'PERSON')),
  CONSTRAINT ck_blacklistings_ground_is_listed CHECK (ground IN ('GRAVE_ACCIDENT', 'ACCIDENTS_WITHIN_A_YEAR',
    'FINED_MANIFOLD', 'ACCIDENT_CONCEALED', 'NO_RESCUE_OR_FLED', 'WITHOUT_LICENCE', 'REFUSES_TO_PERFORM',
    'OTHER_GRAVE')),
  CONSTRAINT ck_blacklistings_state_is_listed CHECK (state IN ('PROPOSED', 'TOLD', 'LISTED', 'NOT_LISTED', 'REMOVED',
    'WITHDRAWN', 'EXPIRED')),
  CONSTRAINT ck_blacklistings_withdrawn_for_is_listed CHECK (withdrawn_for IN ('DECISION_FELL', 'LISTED_IN_ERROR')),
  CONSTRAINT ck_blacklistings_person_of_persons CHECK ((subject = 'PERSON') = (person_id IS NOT NULL)),
  CONSTRAINT ck_blacklistings_subject_is_one_of_them CHECK (subject_id = coalesce(person_id, mine_id)),
  {_whole("blacklistings", "told", "telling")},
  {_whole("blacklistings", "answered", "answer")},
  {_whole("blacklistings", "decided", "entered")},
  {_whole("blacklistings", "withdrawn", "withdrawn_for")},
  CONSTRAINT ck_blacklistings_takes_two_people CHECK (decided_by <> proposed_by),
  CONSTRAINT ck_blacklistings_told_before_decided CHECK (decided_at IS NULL OR told_at IS NOT NULL),
  CONSTRAINT ck_blacklistings_public_while_in CHECK (entered IS NOT TRUE
    OR (until IS NOT NULL AND disclosure_id IS NOT NULL))
)
""",
    "blacklist_removals": f"""
CREATE TABLE blacklist_removals (
  id UUID NOT NULL,{_SCOPE}
  listing_id UUID NOT NULL REFERENCES blacklistings (id),
  words TEXT NOT NULL,
  proof UUID[] NOT NULL,
  received BOOLEAN NOT NULL,
  asked_by UUID NOT NULL REFERENCES accounts (id),
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,{_CLOCK}
  {_done("decided", "granted", "decision", "BOOLEAN")}
  {_done("restored", "restored_for", "restoration", "TEXT")}
  CONSTRAINT pk_blacklist_removals PRIMARY KEY (id),
  CONSTRAINT ck_blacklist_removals_restored_for_is_listed CHECK (restored_for IN ({_FRAUD})),
  {_whole("blacklist_removals", "decided", "granted")},
  {_whole("blacklist_removals", "restored", "restored_for")},
  CONSTRAINT ck_blacklist_removals_takes_two_people CHECK (decided_by <> asked_by),
  CONSTRAINT ck_blacklist_removals_restored_by_another CHECK (restored_by <> decided_by),
  CONSTRAINT ck_blacklist_removals_restored_what_was_granted CHECK (restored_at IS NULL OR granted)
)
""",
    "joint_sanctions": f"""
CREATE TABLE joint_sanctions (
  id UUID NOT NULL,{_SCOPE}
  listing_id UUID NOT NULL REFERENCES blacklistings (id),
  agency TEXT NOT NULL,
  named TEXT,
  asked TEXT NOT NULL,
  basis TEXT NOT NULL,
  due_on DATE NOT NULL,
  over_at TIMESTAMP WITH TIME ZONE NOT NULL,
  overrun_of TIMESTAMP WITH TIME ZONE,
  asked_by UUID NOT NULL REFERENCES accounts (id),
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  {_done("answered", "done", "answer", "BOOLEAN")}
  answered_on DATE,
  CONSTRAINT pk_joint_sanctions PRIMARY KEY (id),
  CONSTRAINT ck_joint_sanctions_agency_is_listed CHECK (agency IN ('DEVELOPMENT_AND_REFORM', 'ENERGY',
    'NATURAL_RESOURCES', 'FINANCE_AND_BANKS', 'MARKET_REGULATION', 'HUMAN_RESOURCES', 'TAXES', 'PUBLIC_SECURITY',
    'PROCUREMENT', 'TRADE_UNION', 'OTHER')),
  CONSTRAINT ck_joint_sanctions_others_are_named CHECK ((agency = 'OTHER') = (named IS NOT NULL)),
  {_whole("joint_sanctions", "answered", "done")}
)
""",
    "public_listed": """
CREATE TABLE public_listed (
  mine_id UUID NOT NULL REFERENCES mines (id),
  people INTEGER NOT NULL,
  changes BIGINT NOT NULL,
  counted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_public_listed PRIMARY KEY (mine_id)
)
""",
}
_INDEXES = (
    "CREATE UNIQUE INDEX uq_credit_repairs_open ON credit_repairs (disclosure_id) WHERE decided_at IS NULL",
    "CREATE INDEX ix_credit_repairs_over_at ON credit_repairs (over_at, id) WHERE decided_at IS NULL",
    "CREATE UNIQUE INDEX uq_blacklistings_open ON blacklistings (decision_id, subject_id)"
    " WHERE state IN ('PROPOSED', 'TOLD', 'LISTED')",
    "CREATE INDEX ix_blacklistings_person_id ON blacklistings (person_id) WHERE state = 'LISTED'",
    "CREATE INDEX ix_blacklistings_until ON blacklistings (until, id) WHERE state = 'LISTED'",
    "CREATE INDEX ix_blacklistings_over_at ON blacklistings (over_at, id) WHERE decided_at IS NULL",
    "CREATE UNIQUE INDEX uq_blacklist_removals_open ON blacklist_removals (listing_id) WHERE decided_at IS NULL",
    "CREATE INDEX ix_blacklist_removals_listing_id ON blacklist_removals (listing_id, asked_at)",
    "CREATE INDEX ix_blacklist_removals_over_at ON blacklist_removals (over_at, id) WHERE decided_at IS NULL",
    "CREATE INDEX ix_joint_sanctions_listing_id ON joint_sanctions (listing_id, asked_at)",
    "CREATE INDEX ix_joint_sanctions_over_at ON joint_sanctions (over_at, id) WHERE answered_at IS NULL",
    *(
        statement
        for table, at in (
            ("credit_repairs", "asked_at"),
            ("blacklistings", "proposed_at"),
            ("joint_sanctions", "asked_at"),
        )
        for statement in (
            f"CREATE INDEX ix_{table}_{at} ON {table} ({at}, id)",
            *(f"CREATE INDEX ix_{table}_{one} ON {table} ({one}, {at}, id)" for one in ("county", "office", "mine_id")),
        )
    ),
)
_ONCE = {
    "credit_repairs": (
        "favoured, examination, examined_by, examined_at, granted, decision, decided_by, decided_at, restored_for,"
        " restoration, restored_by, restored_at"
    ),
    "blacklistings": (
        "telling, told_piece, told_by, told_at, answer_ends, answer, evidence, heard, answered_by, answered_at, entered,"
        " decision, decided_by, decided_at, disclosure_id, withdrawn_for, withdrawal, withdrawn_by, withdrawn_at"
    ),
    "blacklist_removals": (
        "granted, decision, decided_by, decided_at, restored_for, restoration, restored_by, restored_at"
    ),
    "joint_sanctions": "done, answer, answered_on, answered_by, answered_at",
}
_POLICIES = [
    *policies.table("credit_repairs", see=_REPAIR, add=f"{_REPAIR} AND asked_by = {ACTOR}", change=_AGENCY,
                    changed_columns=_ONCE["credit_repairs"]),
    *policies.table("blacklistings", see=_LISTING, add=f"{_AGENCY} AND proposed_by = {ACTOR}", change=_LISTING,
                    changed_columns=f"{_ONCE['blacklistings']}, state, due_on, over_at, until, ended_at"),
    *policies.table("blacklist_removals", see=_OF_A_LISTING, add=f"{_OF_A_LISTING} AND asked_by = {ACTOR}",
                    change=_AGENCY, changed_columns=_ONCE["blacklist_removals"]),
    *policies.table("joint_sanctions", see=_AGENCY, add=f"{_AGENCY} AND asked_by = {ACTOR}", change=_AGENCY,
                    changed_columns=_ONCE["joint_sanctions"]),
    *policies.table("public_listed", see="true"),
    # The worker tells of clocks that ran out, ends entries by their day, and counts.
    *(
        f"GRANT UPDATE (due_on, over_at, overrun_of, law) ON {name} TO pithead_worker"
        for name in ("credit_repairs", "blacklistings", "blacklist_removals")
    ),
    "GRANT UPDATE (overrun_of) ON joint_sanctions TO pithead_worker",
    "GRANT UPDATE (state, ended_at) ON blacklistings TO pithead_worker",
    "GRANT INSERT, UPDATE ON public_listed TO pithead_worker",
    "CREATE POLICY anybody ON public_listed FOR SELECT TO pithead_public USING (true)",
    "GRANT SELECT ON public_listed TO pithead_public",
]  # fmt: skip

# A mine asks about what is shown of itself, of which it reads no row; its source is then read under its own sight.
_ASKED = f"""
CREATE FUNCTION disclosure_for_repair(asked uuid) RETURNS SETOF disclosures
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT d.* FROM public.disclosures d
  WHERE d.id = asked AND {within_reach("d.county", "d.office", "d.mine_id")};
END $$
"""
# A person's entry follows him: whoever reaches the mine at which he holds a post now reads it, wherever it was made.
_FOLLOWED = f"""
CREATE FUNCTION listed_people_at(asked uuid[], today date) RETURNS TABLE (
  listing_id uuid, person_id uuid, name text, mine_id uuid, post text, ground text, article text, since date, until date,
  listed_at_mine text, county text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT b.id, h.id, h.name, w.mine_id, w.kind, b.ground, b.article,
    (b.decided_at AT TIME ZONE 'Asia/Shanghai')::date, b.until, m.name, b.county::text
  FROM public.posts w JOIN public.persons h ON h.id = w.person_id
  JOIN public.persons l ON l.id = h.id OR l.number_hash = h.number_hash
  JOIN public.blacklistings b ON b.person_id = l.id AND b.state = 'LISTED'
  JOIN public.mines m ON m.id = b.mine_id
  WHERE w.mine_id = ANY (asked) AND w.from_day <= today AND (w.to_day IS NULL OR w.to_day >= today)
    AND {within_reach("w.county", "w.office", "w.mine_id")}
  ORDER BY w.mine_id, h.name, b.id, w.kind;
END $$
"""
_WIDENED = """
DO $$
DECLARE held text; known text;
BEGIN
  FOR known IN SELECT unnest(ARRAY['disclosures', 'disclosure_duties', 'disclosure_withheld']) LOOP
    SELECT string_agg(DISTINCT quote_literal(one.word[1]), ', ') INTO held FROM pg_constraint c,
      regexp_matches(pg_get_constraintdef(c.oid), '''([A-Z_]+)''', 'g') AS one(word)
    WHERE c.conname = 'ck_' || known || '_source_kind_is_listed';
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', known, 'ck_' || known || '_source_kind_is_listed');
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (source_kind IN (%s, ''LISTING''))', known,
      'ck_' || known || '_source_kind_is_listed', held);
  END LOOP;
END $$
"""
"""Adds one source to the closed list as it stands, whatever was added before."""


def upgrade() -> None:
    """The tables, who sees what, what is filled once, and the two questions that cross a reach."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, text in _TABLES.items():
        op.execute(re.sub(r"^  (\w+) (.*)REFERENCES", rf"  \1 \2CONSTRAINT fk_{name}_\1 REFERENCES", text, flags=re.M))
    for statement in (*_INDEXES, *_POLICIES):
        op.execute(statement)
    for name, columns in _ONCE.items():
        op.execute(
            f"CREATE TRIGGER filled_once BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION filled_once({columns})"
        )
    for name in ("disclosures", "persons", "posts", "blacklistings", "mines"):
        op.execute(f"CREATE POLICY followed ON {name} FOR SELECT TO CURRENT_USER USING (true)")
    for text, name in (
        (_ASKED, "disclosure_for_repair(uuid)"),
        (_FOLLOWED, "listed_people_at(uuid[], date)"),
    ):
        op.execute(text)
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO pithead_api, pithead_worker")
    op.execute(_WIDENED)
