"""Refusals, their steps and checks, retaliation, and the one row that ties each to a report; who sees what of them."""

from collections.abc import Sequence

from alembic import op

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, within_reach

revision: str = "7f2c90b4e1d8"
down_revision: str | None = "9e41d7b0c3a6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A reporter's session acts as the report that his receipt opened. Reach over a mine alone is what its people have.
_RECEIPT = f"{REACH} = 'receipt'"
_AGENCY = within_reach(mine="NULL::uuid")
_OF_THE_AGENCY = within_reach(county="{0}.county", office="{0}.office", mine="NULL::uuid")


def _holds(*roles: str) -> str:
    listed = ", ".join(f"'{role}'" for role in roles)
    return (
        f"({REACH} <> 'receipt' AND EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR}"
        f" AND g.withdrawn_at IS NULL AND g.role IN ({listed})))"
    )


_VERIFIES = _holds("REPORT_VERIFICATION")
_FOLLOWS = f"({_AGENCY} AND {_VERIFIES})"
_TIED = f"{_AGENCY} AND {_holds('REPORT_VERIFICATION', 'REPORT_REWARD')}"
_HIS = f"EXISTS (SELECT FROM refusal_filings f WHERE f.{{0}} = {{1}} AND {_RECEIPT} AND f.report_id = {ACTOR})"
_OF_A_REFUSAL = f"EXISTS (SELECT FROM refusals r WHERE r.id = refusal_id AND {_OF_THE_AGENCY.format('r')})"
_OF_A_FILING = f"EXISTS (SELECT FROM refusal_filings f WHERE f.report_id = later_checks.report_id AND {_VERIFIES})"
# Revenge is told one level up; at the county its verification officers alone read of it.
_UPPER = within_reach(county="upper", office="NULL::text", mine="NULL::uuid")
_READERS = _holds("AGENCY_HEAD", "AUDITOR", "DUTY_OFFICER", "REPORT_VERIFICATION")
_RETALIATION = f"(({_AGENCY} AND {_VERIFIES}) OR ({_UPPER} AND {_READERS}))"
_OF_A_RETALIATION = "EXISTS (SELECT FROM retaliations t WHERE t.id = retaliation_id)"

_POLICIES = (
    policies.table("refusals", see=f"{within_reach()} OR {_HIS.format('refusal_id', 'refusals.id')}", add=_FOLLOWS,
                   change=_AGENCY, changed_columns="lifted_at")
    + policies.table("refusal_standings", see=_AGENCY, add=_FOLLOWS, change=_AGENCY, changed_columns="state, reports")
    + policies.table("refusal_steps", see=f"{_OF_A_REFUSAL} OR {_HIS.format('refusal_id', 'refusal_steps.refusal_id')}",
                     add=f"{_OF_A_REFUSAL} AND (by_id = {ACTOR} OR (by_id IS NULL AND {_VERIFIES}))")
    + policies.table("refusal_filings", see=f"({_RECEIPT} AND report_id = {ACTOR}) OR ({_TIED})", add=_FOLLOWS,
                     change=_FOLLOWS, changed_columns="refusal_id")
    + policies.table("check_tasks", see=_AGENCY, add=f"ordered_by = {ACTOR} AND {_FOLLOWS}")
    + policies.table("later_checks", see=f"({_RECEIPT} AND report_id = {ACTOR}) OR {_OF_A_FILING}",
                     add=f"by_id = {ACTOR} AND {_OF_A_FILING}")
    + policies.table("retaliations", see=f"{_RETALIATION} OR {_HIS.format('retaliation_id', 'retaliations.id')}",
                     change=_FOLLOWS, changed_columns="state")
    + policies.table("retaliation_steps", see=_OF_A_RETALIATION, add=f"by_id = {ACTOR} AND {_OF_A_RETALIATION}")
)  # fmt: skip
# Verification looks after reporters by looking at everybody's posts, at mines of which somebody reported.
_LOOKED_AFTER = "EXISTS (SELECT FROM refusal_filings f WHERE f.mine_id = {0}.mine_id)"
# The batch of reports marks places, joins, and opens matters of retaliation.
_WORKERS = (
    "GRANT INSERT ON refusals, refusal_standings, refusal_steps, refusal_filings, retaliations, retaliation_steps"
    " TO pithead_worker",
    "GRANT UPDATE (reports, state) ON refusal_standings TO pithead_worker",
    "GRANT UPDATE (refusal_id) ON refusal_filings TO pithead_worker",
    "GRANT UPDATE (lifted_at) ON refusals TO pithead_worker",
)
_ALARMS = "kind IN ('WITHDRAWAL_ORDERED', 'REFUSAL', 'RETALIATION', 'CLOCK_OVERRUN')"

_TABLES = (
    """
CREATE TABLE refusals (
  id UUID NOT NULL,
  mine_id UUID NOT NULL,
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,
  workplace_id UUID,
  place TEXT NOT NULL,
  place_key TEXT NOT NULL,
  day DATE NOT NULL,
  shift TEXT NOT NULL,
  clause TEXT NOT NULL,
  clause_key TEXT NOT NULL,
  danger TEXT,
  since DATE NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  lifted_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_refusals PRIMARY KEY (id),
  CONSTRAINT ck_refusals_shift_is_listed CHECK (shift IN ('MORNING', 'MIDDLE', 'NIGHT')),
  CONSTRAINT ck_refusals_danger_is_listed CHECK (
    danger IN ('GAS', 'VENTILATION', 'COAL_DUST', 'WATER', 'FIRE', 'ROOF', 'ROCK_BURST', 'BLASTING',
    'HOISTING', 'ELECTRICITY', 'MONITORING', 'OVERCROWDING', 'UNTRAINED', 'OTHER')
  ),
  CONSTRAINT ck_refusals_says_why CHECK (danger IS NOT NULL OR clause <> '' OR clause_key <> ''),
  CONSTRAINT fk_refusals_mine_id FOREIGN KEY(mine_id) REFERENCES mines (id),
  CONSTRAINT fk_refusals_workplace_id FOREIGN KEY(workplace_id) REFERENCES workplaces (id)
)
""",
    "CREATE INDEX ix_refusals_county ON refusals (county, made_at, id)",
    "CREATE INDEX ix_refusals_made_at ON refusals (made_at, id)",
    "CREATE INDEX ix_refusals_mine_id ON refusals (mine_id, made_at, id)",
    "CREATE INDEX ix_refusals_office ON refusals (office, made_at, id)",
    "CREATE UNIQUE INDEX uq_refusals_standing ON refusals (mine_id, place_key, day, shift) WHERE lifted_at IS NULL",
    """
CREATE TABLE refusal_standings (
  id UUID NOT NULL,
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,
  state TEXT NOT NULL,
  reports INTEGER NOT NULL,
  CONSTRAINT pk_refusal_standings PRIMARY KEY (id),
  CONSTRAINT ck_refusal_standings_state_is_listed CHECK (
    state IN ('MADE', 'CHECK_ORDERED', 'CHECKED', 'SUBSTANTIATED', 'UNSUBSTANTIATED', 'ORDERED', 'LIFTED')
  ),
  CONSTRAINT fk_refusal_standings_id FOREIGN KEY(id) REFERENCES refusals (id)
)
""",
    """
CREATE TABLE refusal_steps (
  id UUID NOT NULL,
  refusal_id UUID NOT NULL,
  ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id UUID,
  certificate_id UUID,
  words TEXT NOT NULL,
  officers UUID[] NOT NULL,
  inspection_id UUID,
  scheme_id UUID,
  findings UUID[] NOT NULL,
  measure_id UUID,
  CONSTRAINT pk_refusal_steps PRIMARY KEY (id),
  CONSTRAINT ck_refusal_steps_kind_is_listed CHECK (
    kind IN ('MADE', 'JOINED', 'CHECK_ORDERED', 'CHECKED', 'SUBSTANTIATED', 'UNSUBSTANTIATED', 'ORDERED',
    'LIFTED')
  ),
  CONSTRAINT uq_refusal_steps_refusal_id_ordinal UNIQUE (refusal_id, ordinal),
  CONSTRAINT fk_refusal_steps_refusal_id FOREIGN KEY(refusal_id) REFERENCES refusals (id),
  CONSTRAINT fk_refusal_steps_by_id FOREIGN KEY(by_id) REFERENCES accounts (id),
  CONSTRAINT fk_refusal_steps_certificate_id FOREIGN KEY(certificate_id) REFERENCES certificates (id),
  CONSTRAINT fk_refusal_steps_inspection_id FOREIGN KEY(inspection_id) REFERENCES inspections (id),
  CONSTRAINT fk_refusal_steps_scheme_id FOREIGN KEY(scheme_id) REFERENCES schemes (id),
  CONSTRAINT fk_refusal_steps_measure_id FOREIGN KEY(measure_id) REFERENCES measures (id)
)
""",
    """
CREATE TABLE retaliations (
  id UUID NOT NULL,
  mine_id UUID NOT NULL,
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,
  upper VARCHAR(6) NOT NULL,
  state TEXT NOT NULL,
  reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_retaliations PRIMARY KEY (id),
  CONSTRAINT ck_retaliations_state_is_listed CHECK (
    state IN ('REPORTED', 'LOOKED_INTO', 'ESTABLISHED', 'NOT_ESTABLISHED')
  ),
  CONSTRAINT fk_retaliations_mine_id FOREIGN KEY(mine_id) REFERENCES mines (id)
)
""",
    "CREATE INDEX ix_retaliations_reported_at ON retaliations (reported_at, id)",
    """
CREATE TABLE retaliation_steps (
  id UUID NOT NULL,
  retaliation_id UUID NOT NULL,
  ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id UUID,
  words TEXT NOT NULL,
  case_id UUID,
  CONSTRAINT pk_retaliation_steps PRIMARY KEY (id),
  CONSTRAINT ck_retaliation_steps_kind_is_listed CHECK (
    kind IN ('REPORTED', 'LOOKED_INTO', 'ESTABLISHED', 'NOT_ESTABLISHED')
  ),
  CONSTRAINT uq_retaliation_steps_retaliation_id_ordinal UNIQUE (retaliation_id, ordinal),
  CONSTRAINT fk_retaliation_steps_retaliation_id FOREIGN KEY(retaliation_id) REFERENCES retaliations (id),
  CONSTRAINT fk_retaliation_steps_by_id FOREIGN KEY(by_id) REFERENCES accounts (id),
  CONSTRAINT fk_retaliation_steps_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
)
""",
    """
CREATE TABLE refusal_filings (
  report_id UUID NOT NULL,
  mine_id UUID NOT NULL,
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,
  refusal_id UUID,
  retaliation_id UUID,
  CONSTRAINT pk_refusal_filings PRIMARY KEY (report_id),
  CONSTRAINT ck_refusal_filings_of_one_thing CHECK (refusal_id IS NULL OR retaliation_id IS NULL),
  CONSTRAINT fk_refusal_filings_mine_id FOREIGN KEY(mine_id) REFERENCES mines (id),
  CONSTRAINT fk_refusal_filings_refusal_id FOREIGN KEY(refusal_id) REFERENCES refusals (id),
  CONSTRAINT fk_refusal_filings_retaliation_id FOREIGN KEY(retaliation_id) REFERENCES retaliations (id)
)
""",
    "CREATE INDEX ix_refusal_filings_refusal_id ON refusal_filings (refusal_id)",
    "CREATE INDEX ix_refusal_filings_retaliation_id ON refusal_filings (retaliation_id)",
    """
CREATE INDEX ix_refusal_filings_waiting ON refusal_filings (county, report_id) WHERE refusal_id IS NULL AND retaliation_id IS NULL
""",
    """
CREATE TABLE check_tasks (
  id UUID NOT NULL,
  mine_id UUID NOT NULL,
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,
  words TEXT NOT NULL,
  ordered_by UUID NOT NULL,
  ordered_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_check_tasks PRIMARY KEY (id),
  CONSTRAINT fk_check_tasks_mine_id FOREIGN KEY(mine_id) REFERENCES mines (id),
  CONSTRAINT fk_check_tasks_ordered_by FOREIGN KEY(ordered_by) REFERENCES accounts (id)
)
""",
    "CREATE INDEX ix_check_tasks_county ON check_tasks (county, ordered_at, id)",
    "CREATE INDEX ix_check_tasks_mine_id ON check_tasks (mine_id, ordered_at, id)",
    "CREATE INDEX ix_check_tasks_office ON check_tasks (office, ordered_at, id)",
    "CREATE INDEX ix_check_tasks_ordered_at ON check_tasks (ordered_at, id)",
    """
CREATE TABLE later_checks (
  id UUID NOT NULL,
  report_id UUID NOT NULL,
  task_id UUID,
  sooner BOOLEAN NOT NULL,
  danger TEXT NOT NULL,
  by_id UUID NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_later_checks PRIMARY KEY (id),
  CONSTRAINT ck_later_checks_waits_or_not CHECK (sooner = (task_id IS NULL)),
  CONSTRAINT ck_later_checks_sooner_for_danger_alone CHECK (NOT sooner OR danger <> ''),
  CONSTRAINT fk_later_checks_report_id FOREIGN KEY(report_id) REFERENCES refusal_filings (report_id),
  CONSTRAINT fk_later_checks_task_id FOREIGN KEY(task_id) REFERENCES check_tasks (id),
  CONSTRAINT fk_later_checks_by_id FOREIGN KEY(by_id) REFERENCES accounts (id)
)
""",
    "CREATE INDEX ix_later_checks_report_id ON later_checks (report_id)",
)


def upgrade() -> None:
    """Tables, who sees what, what only grows, and the kinds of alerts that they raise."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*_TABLES, *_POLICIES, *_WORKERS):
        op.execute(statement)
    for table in ("refusal_steps", "retaliation_steps", "check_tasks", "later_checks"):
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(policies.never_emptied(table))
    for table, column in (("refusals", "lifted_at"), ("refusal_filings", "refusal_id")):
        op.execute(
            f"CREATE TRIGGER filled_once BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION filled_once({column})"
        )
    for table in ("persons", "posts", "assignments"):
        op.execute(
            f"CREATE POLICY looked_after ON {table} FOR SELECT TO pithead_api"
            f" USING ({_FOLLOWS} AND {_LOOKED_AFTER.format(table)})"
        )
    op.execute("ALTER TABLE incidents DROP CONSTRAINT ck_incidents_kind_is_listed")
    op.create_check_constraint("kind_is_listed", "incidents", _ALARMS)
