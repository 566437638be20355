"""Rewards: who proposes, decides and pays what a report is worth, and that its reporter claims it by his receipt."""

from collections.abc import Sequence

from alembic import op

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, within_reach

revision: str = "c5a81e6f30b2"
down_revision: str | None = "7f2c90b4e1d8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_RECEIPT = f"{REACH} = 'receipt'"
_OWN = f"({_RECEIPT} AND report_id = {ACTOR})"
_AGENCY = within_reach(mine="NULL::uuid")


def _holds(*roles: str) -> str:
    listed = ", ".join(f"'{role}'" for role in roles)
    return (
        f"({REACH} <> 'receipt' AND {_AGENCY} AND EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR}"
        f" AND g.withdrawn_at IS NULL AND g.role IN ({listed})))"
    )


_READS = _holds("REPORT_REWARD", "AGENCY_HEAD", "AUDITOR")
_ACTS = _holds("REPORT_REWARD", "AGENCY_HEAD")
_POLICIES = policies.table(
    "rewards", see=f"{_OWN} OR {_READS}", add=f"proposed_by = {ACTOR} AND {_holds('REPORT_REWARD')}",
    change=f"{_OWN} OR {_ACTS}",
    changed_columns="state, decided_by, decided_at, words, payout, payee, signature, claimed_hour, paid_by, paid_at,"
    " paid_how",
)  # fmt: skip

_TABLES = (
    """
CREATE TABLE rewards (
  id UUID NOT NULL,
  report_id UUID NOT NULL,
  case_id UUID NOT NULL,
  mine_id UUID NOT NULL,
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,
  grade TEXT NOT NULL,
  fine BIGINT NOT NULL,
  percent SMALLINT NOT NULL,
  sharers SMALLINT NOT NULL,
  amount BIGINT NOT NULL,
  hands UUID[] NOT NULL,
  state TEXT NOT NULL,
  proposed_by UUID NOT NULL,
  proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  decided_by UUID,
  decided_at TIMESTAMP WITH TIME ZONE,
  words TEXT,
  payout TEXT,
  payee TEXT,
  signature BYTEA,
  claimed_hour TIMESTAMP WITH TIME ZONE,
  paid_by UUID,
  paid_at TIMESTAMP WITH TIME ZONE,
  paid_how TEXT,
  CONSTRAINT pk_rewards PRIMARY KEY (id),
  CONSTRAINT ck_rewards_grade_is_listed CHECK (grade IN ('FIRST', 'SECOND')),
  CONSTRAINT ck_rewards_state_is_listed CHECK (state IN ('PROPOSED', 'DECIDED', 'REJECTED', 'CLAIMED', 'PAID')),
  CONSTRAINT ck_rewards_payout_is_listed CHECK (payout IN ('CASH', 'ACCOUNT')),
  CONSTRAINT ck_rewards_takes_two_people CHECK (decided_by <> proposed_by),
  CONSTRAINT ck_rewards_claimed_with_a_payee CHECK ((claimed_hour IS NULL) = (payee IS NULL)),
  CONSTRAINT ck_rewards_worth_something CHECK (amount > 0 AND sharers > 0),
  CONSTRAINT uq_rewards_report_id_case_id UNIQUE (report_id, case_id),
  CONSTRAINT fk_rewards_report_id FOREIGN KEY(report_id) REFERENCES reports (id),
  CONSTRAINT fk_rewards_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_rewards_mine_id FOREIGN KEY(mine_id) REFERENCES mines (id),
  CONSTRAINT fk_rewards_proposed_by FOREIGN KEY(proposed_by) REFERENCES accounts (id),
  CONSTRAINT fk_rewards_decided_by FOREIGN KEY(decided_by) REFERENCES accounts (id),
  CONSTRAINT fk_rewards_paid_by FOREIGN KEY(paid_by) REFERENCES accounts (id)
)
""",
    "CREATE INDEX ix_rewards_county ON rewards (county, proposed_at, id)",
    "CREATE INDEX ix_rewards_mine_id ON rewards (mine_id, proposed_at, id)",
    "CREATE INDEX ix_rewards_office ON rewards (office, proposed_at, id)",
    "CREATE INDEX ix_rewards_proposed_at ON rewards (proposed_at, id)",
)


def upgrade() -> None:
    """The table, who sees what, and what is filled once."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*_TABLES, *_POLICIES):
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER filled_once BEFORE UPDATE ON rewards FOR EACH ROW EXECUTE FUNCTION"
        " filled_once(decided_by, decided_at, payout, payee, signature, claimed_hour, paid_by, paid_at, paid_how)"
    )
