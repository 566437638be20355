"""Protected reports: filings that wait, threads, keys, identities, steps and clocks; and what a reporter may look up."""

from collections.abc import Sequence

from alembic import op

from storage.migrations import policies
from storage.migrations.policies import ACTOR, REACH, within_reach

revision: str = "9e41d7b0c3a6"
down_revision: str | None = "a3d07f52e9b1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_PARTITIONS = {"filings": 16, "filing_files": 4}
"""By hash: so many envelopes of one hour stand in so many heaps, and a dump tells no order of them."""

# A reporter has no account: his session's actor is the report that his receipt opened, or nobody.
_RECEIPT = f"{REACH} = 'receipt'"
_AGENCY = within_reach(mine="NULL::uuid")


def _holds(*roles: str) -> str:
    listed = ", ".join(f"'{role}'" for role in roles)
    return (
        f"EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
        f" AND g.role IN ({listed}))"
    )


_DESKS = ("REPORT_INTAKE", "REPORT_VERIFICATION", "REPORT_REWARD", "REPORT_CUSTODIAN")
_READS = _holds("REPORT_INTAKE", "REPORT_VERIFICATION")
_DESK = f"({REACH} <> 'receipt' AND {_AGENCY} AND {_holds(*_DESKS)})"
_THEIRS = "EXISTS (SELECT FROM reports r WHERE r.id = report_id)"
_OWN = f"({_RECEIPT} AND report_id = {ACTOR})"
_READ = f"({_OWN} OR ({_READS} AND {_THEIRS}))"
_OWN_KEY = f"EXISTS (SELECT FROM report_keys k WHERE k.id = key_id AND k.account_id = {ACTOR})"
_CUSTODIANS_KEY = f"EXISTS (SELECT FROM report_keys k WHERE k.id = custodian_key_id AND k.account_id = {ACTOR})"
_SEEN_SHARE = "EXISTS (SELECT FROM report_key_shares s WHERE s.key_id = report_key_recoveries.key_id)"
_OWN_NEW_KEY = f"EXISTS (SELECT FROM report_keys k WHERE k.id = new_key_id AND k.account_id = {ACTOR})"
_SEEN_MESSAGE = "EXISTS (SELECT FROM report_messages m WHERE m.id = message_id)"

_POLICIES = (
    policies.table("filings", see=_RECEIPT, add=_RECEIPT)
    + policies.table("filing_files", see=_RECEIPT, add=_RECEIPT)
    + policies.table("reports", see=f"({_RECEIPT} AND id = {ACTOR}) OR {_DESK}", change=_DESK,
                     changed_columns="state, ended")
    + policies.table("report_receipts", see=_RECEIPT)
    + policies.table("report_messages", see=f"{_READ} OR (identity AND {_holds('REPORT_CUSTODIAN')} AND {_THEIRS})",
                     add=f"author_id = {ACTOR} AND {_READS} AND {_THEIRS}")
    # An officer sees what is wrapped for himself; the reporter what is wrapped for his box, and for whom all else is.
    + policies.table("report_wraps", see=f"{_OWN_KEY} OR ({_RECEIPT} AND {_SEEN_MESSAGE})",
                     add=f"{_READS} AND {_SEEN_MESSAGE}")
    + policies.table("report_files", see=_READ)
    + policies.table("report_steps", see=f"{_OWN} OR {_THEIRS}", add=f"by_id = {ACTOR} AND {_THEIRS}")
    + policies.table("report_deadlines", see=f"{_OWN} OR {_THEIRS}", add=_THEIRS, change=_THEIRS,
                     changed_columns="count, article, ends, ends_at, alarm, met_at, law")
    + policies.table("report_keys", see=f"{_RECEIPT} OR {_holds(*_DESKS)}",
                     add=f"account_id = {ACTOR} AND {_holds(*_DESKS)}", change=f"account_id = {ACTOR}",
                     changed_columns="ended_hour")
    + policies.table("report_key_boxes", see=f"account_id = {ACTOR}", add=f"account_id = {ACTOR} AND {_OWN_KEY}",
                     workers=False)
    + policies.table("report_key_shares", see=f"{_OWN_KEY} OR {_CUSTODIANS_KEY}", add=_OWN_KEY, workers=False)
    + policies.table("report_key_recoveries", see=f"by_id = {ACTOR} OR {_OWN_NEW_KEY}",
                     add=f"by_id = {ACTOR} AND {_SEEN_SHARE}", workers=False)
    + policies.table("identity_requests", see=f"{_OWN} OR {_THEIRS}", add=f"asked_by = {ACTOR} AND {_THEIRS}",
                     change=f"{_THEIRS} AND {_holds('REPORT_CUSTODIAN')}",
                     changed_columns="released_by, released_hour, wrapped")
    + policies.table("report_counts", see="true")
    + policies.table("report_batches", see="true")
)  # fmt: skip

_WORKERS = (
    "GRANT INSERT, DELETE ON filings, filing_files, report_wraps, report_counts TO pithead_worker",
    "GRANT INSERT ON reports, report_receipts, report_messages, report_files, report_deadlines, report_batches"
    " TO pithead_worker",
    "GRANT UPDATE (rounds) ON filing_files TO pithead_worker",
    "GRANT UPDATE (erased) ON reports TO pithead_worker",
    "GRANT UPDATE (ciphertext) ON report_messages TO pithead_worker",
    "GRANT UPDATE (object_version) ON report_files TO pithead_worker",
    "GRANT UPDATE (hour) ON report_batches TO pithead_worker",
    "GRANT UPDATE (article, ends, ends_at, alarm, met_at, overrun_of, law) ON report_deadlines TO pithead_worker",
    "GRANT DELETE ON report_receipts, report_files TO pithead_worker",
)

# What the form of a reporter looks up: mines by name, how many work at a place, who is competent to receive.
_LOOKED_UP = {
    "mines": "true",
    "workplaces": "true",
    "assignments": "true",
    "posts": "true",
    "role_grants": "starts_with(role, 'REPORT_')",
}

_TABLES = (
    """
CREATE TABLE filings (
  form TEXT NOT NULL,
  locator TEXT NOT NULL,
  id UUID NOT NULL,
  report_id UUID NOT NULL,
  begins BOOLEAN NOT NULL,
  urgent BOOLEAN NOT NULL,
  worked BOOLEAN NOT NULL,
  kind TEXT NOT NULL,
  mode TEXT NOT NULL,
  acted_on TEXT NOT NULL,
  channel TEXT NOT NULL,
  taken_by UUID,
  mine_id UUID NOT NULL,
  condition TEXT,
  danger_to_life BOOLEAN NOT NULL,
  box_key BYTEA NOT NULL,
  login_key BYTEA NOT NULL,
  claim_key BYTEA NOT NULL,
  digest BYTEA NOT NULL,
  ciphertext BYTEA NOT NULL,
  wraps JSONB NOT NULL,
  identity BYTEA,
  identity_id UUID,
  halves JSONB NOT NULL,
  files UUID[] NOT NULL,
  CONSTRAINT pk_filings PRIMARY KEY (form, locator, id),
  CONSTRAINT ck_filings_form_is_listed CHECK (form IN ('DIGITS', 'WORDS')),
  CONSTRAINT ck_filings_kind_is_listed CHECK (kind IN ('REPORT', 'REFUSAL', 'RETALIATION')),
  CONSTRAINT ck_filings_mode_is_listed CHECK (mode IN ('NAMED', 'CONTACT', 'ANONYMOUS')),
  CONSTRAINT ck_filings_acted_on_is_listed CHECK (acted_on IN ('NOW', 'LATER')),
  CONSTRAINT ck_filings_channel_is_listed CHECK (channel IN ('SELF', 'TELEPHONE', 'IN_PERSON'))
)
 PARTITION BY HASH (form, locator)
""",
    "CREATE UNIQUE INDEX uq_filings_begun ON filings (form, locator) WHERE begins",
    """
CREATE TABLE filing_files (
  id UUID NOT NULL,
  form TEXT NOT NULL,
  locator TEXT NOT NULL,
  message_id UUID NOT NULL,
  frames INTEGER NOT NULL,
  rounds SMALLINT NOT NULL,
  body BYTEA NOT NULL,
  CONSTRAINT pk_filing_files PRIMARY KEY (id),
  CONSTRAINT ck_filing_files_form_is_listed CHECK (form IN ('DIGITS', 'WORDS'))
)
 PARTITION BY HASH (id)
""",
    """
CREATE TABLE reports (
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  mode TEXT NOT NULL,
  acted_on TEXT NOT NULL,
  channel TEXT NOT NULL,
  taken_by UUID,
  mine_id UUID NOT NULL,
  county VARCHAR(6) NOT NULL,
  office TEXT NOT NULL,
  urgent BOOLEAN NOT NULL,
  worked BOOLEAN NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  state TEXT NOT NULL,
  box_key BYTEA NOT NULL,
  ended DATE,
  erased BOOLEAN NOT NULL,
  CONSTRAINT pk_reports PRIMARY KEY (id),
  CONSTRAINT ck_reports_kind_is_listed CHECK (kind IN ('REPORT', 'REFUSAL', 'RETALIATION')),
  CONSTRAINT ck_reports_mode_is_listed CHECK (mode IN ('NAMED', 'CONTACT', 'ANONYMOUS')),
  CONSTRAINT ck_reports_acted_on_is_listed CHECK (acted_on IN ('NOW', 'LATER')),
  CONSTRAINT ck_reports_channel_is_listed CHECK (channel IN ('SELF', 'TELEPHONE', 'IN_PERSON')),
  CONSTRAINT ck_reports_state_is_listed CHECK (state IN ('FILED', 'ACCEPTED', 'NOT_ACCEPTED', 'PASSED_ON', 'VERIFYING', 'SUBSTANTIATED', 'UNSUBSTANTIATED', 'FED_BACK', 'ENDED')),
  CONSTRAINT fk_reports_taken_by FOREIGN KEY(taken_by) REFERENCES accounts (id),
  CONSTRAINT fk_reports_mine_id FOREIGN KEY(mine_id) REFERENCES mines (id)
)
""",
    "CREATE INDEX ix_reports_county ON reports (county, state, id)",
    "CREATE INDEX ix_reports_office ON reports (office, state, id)",
    "CREATE INDEX ix_reports_state ON reports (state, id)",
    """
CREATE TABLE report_receipts (
  report_id UUID NOT NULL,
  form TEXT NOT NULL,
  locator TEXT NOT NULL,
  login_key BYTEA NOT NULL,
  claim_key BYTEA NOT NULL,
  message_id UUID NOT NULL,
  digest BYTEA NOT NULL,
  CONSTRAINT pk_report_receipts PRIMARY KEY (report_id),
  CONSTRAINT ck_report_receipts_form_is_listed CHECK (form IN ('DIGITS', 'WORDS')),
  CONSTRAINT uq_report_receipts_form_locator UNIQUE (form, locator),
  CONSTRAINT fk_report_receipts_report_id FOREIGN KEY(report_id) REFERENCES reports (id)
)
""",
    """
CREATE TABLE report_messages (
  id UUID NOT NULL,
  report_id UUID NOT NULL,
  author_id UUID,
  identity BOOLEAN NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  digest BYTEA NOT NULL,
  ciphertext BYTEA,
  CONSTRAINT pk_report_messages PRIMARY KEY (id),
  CONSTRAINT fk_report_messages_report_id FOREIGN KEY(report_id) REFERENCES reports (id),
  CONSTRAINT fk_report_messages_author_id FOREIGN KEY(author_id) REFERENCES accounts (id)
)
""",
    "CREATE INDEX ix_report_messages_report_id ON report_messages (report_id)",
    """
CREATE TABLE report_wraps (
  message_id UUID NOT NULL,
  key_id UUID NOT NULL,
  half TEXT NOT NULL,
  wrapped BYTEA NOT NULL,
  CONSTRAINT pk_report_wraps PRIMARY KEY (message_id, key_id, half),
  CONSTRAINT ck_report_wraps_half_is_listed CHECK (half IN ('WHOLE', 'A', 'B')),
  CONSTRAINT fk_report_wraps_message_id FOREIGN KEY(message_id) REFERENCES report_messages (id)
)
""",
    "CREATE INDEX ix_report_wraps_key_id ON report_wraps (key_id)",
    """
CREATE TABLE report_files (
  id UUID NOT NULL,
  message_id UUID NOT NULL,
  report_id UUID NOT NULL,
  frames INTEGER NOT NULL,
  object_name TEXT NOT NULL,
  object_version TEXT,
  CONSTRAINT pk_report_files PRIMARY KEY (id),
  CONSTRAINT fk_report_files_message_id FOREIGN KEY(message_id) REFERENCES report_messages (id),
  CONSTRAINT fk_report_files_report_id FOREIGN KEY(report_id) REFERENCES reports (id)
)
""",
    "CREATE INDEX ix_report_files_message_id ON report_files (message_id)",
    "CREATE INDEX ix_report_files_on_their_way ON report_files (id) WHERE object_version IS NULL",
    """
CREATE TABLE report_steps (
  id UUID NOT NULL,
  report_id UUID NOT NULL,
  number SMALLINT NOT NULL,
  kind TEXT NOT NULL,
  by_id UUID NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  article TEXT,
  passed_to TEXT,
  inspection_id UUID,
  CONSTRAINT pk_report_steps PRIMARY KEY (id),
  CONSTRAINT ck_report_steps_kind_is_listed CHECK (kind IN ('FILED', 'ACCEPTED', 'NOT_ACCEPTED', 'PASSED_ON', 'VERIFYING', 'SUBSTANTIATED', 'UNSUBSTANTIATED', 'FED_BACK', 'ENDED')),
  CONSTRAINT fk_report_steps_report_id FOREIGN KEY(report_id) REFERENCES reports (id),
  CONSTRAINT fk_report_steps_by_id FOREIGN KEY(by_id) REFERENCES accounts (id),
  CONSTRAINT fk_report_steps_inspection_id FOREIGN KEY(inspection_id) REFERENCES inspections (id)
)
""",
    "CREATE INDEX ix_report_steps_report_id ON report_steps (report_id)",
    """
CREATE TABLE report_deadlines (
  report_id UUID NOT NULL,
  key TEXT NOT NULL,
  start DATE NOT NULL,
  count INTEGER,
  article TEXT NOT NULL,
  ends DATE NOT NULL,
  ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
  alarm DATE NOT NULL,
  met_at TIMESTAMP WITH TIME ZONE,
  overrun_of TIMESTAMP WITH TIME ZONE,
  law BIGINT NOT NULL,
  CONSTRAINT pk_report_deadlines PRIMARY KEY (report_id, key),
  CONSTRAINT fk_report_deadlines_report_id FOREIGN KEY(report_id) REFERENCES reports (id)
)
""",
    "CREATE INDEX ix_report_deadlines_open ON report_deadlines (ends_at, report_id, key) WHERE met_at IS NULL",
    """
CREATE TABLE report_keys (
  id UUID NOT NULL,
  account_id UUID NOT NULL,
  public_key BYTEA NOT NULL,
  replaces UUID,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_hour TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_report_keys PRIMARY KEY (id),
  CONSTRAINT fk_report_keys_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
""",
    "CREATE UNIQUE INDEX uq_report_keys_in_use ON report_keys (account_id) WHERE ended_hour IS NULL",
    """
CREATE TABLE report_key_boxes (
  key_id UUID NOT NULL,
  account_id UUID NOT NULL,
  sealed BYTEA NOT NULL,
  CONSTRAINT pk_report_key_boxes PRIMARY KEY (key_id),
  CONSTRAINT fk_report_key_boxes_key_id FOREIGN KEY(key_id) REFERENCES report_keys (id),
  CONSTRAINT fk_report_key_boxes_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
""",
    """
CREATE TABLE report_key_shares (
  key_id UUID NOT NULL,
  number SMALLINT NOT NULL,
  custodian_key_id UUID NOT NULL,
  wrapped BYTEA NOT NULL,
  CONSTRAINT pk_report_key_shares PRIMARY KEY (key_id, number),
  CONSTRAINT ck_report_key_shares_of_three CHECK (number BETWEEN 1 AND 3),
  CONSTRAINT fk_report_key_shares_key_id FOREIGN KEY(key_id) REFERENCES report_keys (id),
  CONSTRAINT fk_report_key_shares_custodian_key_id FOREIGN KEY(custodian_key_id) REFERENCES report_keys (id)
)
""",
    """
CREATE TABLE report_key_recoveries (
  key_id UUID NOT NULL,
  number SMALLINT NOT NULL,
  new_key_id UUID NOT NULL,
  by_id UUID NOT NULL,
  wrapped BYTEA NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_report_key_recoveries PRIMARY KEY (key_id, number, new_key_id),
  CONSTRAINT fk_report_key_recoveries_key_id FOREIGN KEY(key_id) REFERENCES report_keys (id),
  CONSTRAINT fk_report_key_recoveries_new_key_id FOREIGN KEY(new_key_id) REFERENCES report_keys (id),
  CONSTRAINT fk_report_key_recoveries_by_id FOREIGN KEY(by_id) REFERENCES accounts (id)
)
""",
    """
CREATE TABLE identity_requests (
  id UUID NOT NULL,
  report_id UUID NOT NULL,
  asked_by UUID NOT NULL,
  key_id UUID NOT NULL,
  reason TEXT NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  released_by UUID,
  released_hour TIMESTAMP WITH TIME ZONE,
  wrapped BYTEA,
  CONSTRAINT pk_identity_requests PRIMARY KEY (id),
  CONSTRAINT ck_identity_requests_released_whole CHECK ((released_by IS NULL) = (wrapped IS NULL)),
  CONSTRAINT fk_identity_requests_report_id FOREIGN KEY(report_id) REFERENCES reports (id),
  CONSTRAINT fk_identity_requests_asked_by FOREIGN KEY(asked_by) REFERENCES accounts (id),
  CONSTRAINT fk_identity_requests_key_id FOREIGN KEY(key_id) REFERENCES report_keys (id),
  CONSTRAINT fk_identity_requests_released_by FOREIGN KEY(released_by) REFERENCES accounts (id)
)
""",
    "CREATE INDEX ix_identity_requests_report_id ON identity_requests (report_id)",
    """
CREATE TABLE report_counts (
  county VARCHAR(6) NOT NULL,
  year SMALLINT NOT NULL,
  quarter SMALLINT NOT NULL,
  filed INTEGER NOT NULL,
  told_late INTEGER NOT NULL,
  decided_late INTEGER NOT NULL,
  fed_back_late INTEGER NOT NULL,
  CONSTRAINT pk_report_counts PRIMARY KEY (county, year, quarter)
)
""",
    """
CREATE TABLE report_batches (
  id SMALLSERIAL NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_report_batches PRIMARY KEY (id)
)
""",
)


def upgrade() -> None:
    """Tables, their partitions, who sees what, and what only grows."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in _TABLES:
        op.execute(statement)
    for table, count in _PARTITIONS.items():
        for number in range(count):
            op.execute(
                f"CREATE TABLE {table}_part_{number:02d} PARTITION OF {table}"
                f" FOR VALUES WITH (MODULUS {count}, REMAINDER {number})"
            )
    for statement in (*_POLICIES, *_WORKERS):
        op.execute(statement)
    for table, which in _LOOKED_UP.items():
        op.execute(f"CREATE POLICY looked_up ON {table} FOR SELECT TO pithead_api USING ({_RECEIPT} AND ({which}))")
    for table in ("report_steps", "report_key_boxes", "report_key_shares", "report_key_recoveries"):
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(policies.never_emptied(table))
    op.execute(
        "CREATE TRIGGER filled_once BEFORE UPDATE ON identity_requests FOR EACH ROW"
        " EXECUTE FUNCTION filled_once(released_by, released_hour, wrapped)"
    )
    op.execute(
        "CREATE TRIGGER filled_once BEFORE UPDATE ON report_keys FOR EACH ROW EXECUTE FUNCTION filled_once(ended_hour)"
    )
