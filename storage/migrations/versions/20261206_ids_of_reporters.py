"""Ids that reporters' clients make: whether one is taken is asked of functions that tell nothing else."""

from collections.abc import Sequence

from alembic import op

from storage.migrations.policies import REACH

revision: str = "0c7d5e91b3a8"
down_revision: str | None = "f1a60c83d27e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# No reporter sees the messages of another, and two envelopes under one id could not both go on. Whoever asks for an id
# holds it until his act is over, so that two of one moment do not both find it free. Each statement of the body sees
# what was committed meanwhile; its plan may be of a time when little waited, so it always takes the index.
# FORCE holds for the functions' owner, too: his policies let a reporter's act ask.
_TAKEN = """
CREATE FUNCTION report_ids_are_taken(asked uuid[], own_form text, own_locator text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE one uuid;
BEGIN
  FOR one IN SELECT DISTINCT a FROM unnest(asked) a ORDER BY a LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended(one::text, 20261206));
  END LOOP;
  RETURN EXISTS (SELECT FROM public.filings f WHERE f.id = ANY (asked)
                 AND (f.form, f.locator) IS DISTINCT FROM (own_form, own_locator))
    OR EXISTS (SELECT FROM public.filings f WHERE f.identity_id = ANY (asked)
               AND (f.form, f.locator) IS DISTINCT FROM (own_form, own_locator))
    OR EXISTS (SELECT FROM public.report_messages m WHERE m.id = ANY (asked));
END $$
"""
_FILE = """
CREATE FUNCTION message_of_report_file(asked uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT f.message_id FROM public.report_files f WHERE f.id = asked);
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE INDEX ix_filings_id ON filings (id)")
    op.execute("CREATE INDEX ix_filings_identity_id ON filings (identity_id) WHERE identity_id IS NOT NULL")
    for function, name in (
        (_TAKEN, "report_ids_are_taken(uuid[], text, text)"),
        (_FILE, "message_of_report_file(uuid)"),
    ):
        op.execute(function)
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO pithead_api")
    for table in ("filings", "report_messages", "report_files"):
        op.execute(f"CREATE POLICY asked ON {table} FOR SELECT TO CURRENT_USER USING ({REACH} = 'receipt')")
