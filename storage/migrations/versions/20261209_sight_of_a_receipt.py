"""A receipt shows what stands under its own locator: no other filing that waits, no other receipt."""

from collections.abc import Sequence

from alembic import op

from storage.migrations.policies import ACTOR, REACH

revision: str = "b25d70f9e4c3"
down_revision: str | None = "9a3e61c8d05f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Form and locator in hexadecimal UTF-8: locators may be Chinese words. Where none is named, nothing is seen.
_PLACE = "(SELECT convert_from(decode(current_setting('pithead.place', true), 'hex'), 'UTF8'))"
_HERE = f"(({REACH} = 'receipt') AND (left(form, 1) || locator) = {_PLACE})"
_COUNT = """
CREATE FUNCTION filings_waiting(most integer) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT count(*) FROM (SELECT FROM public.filings LIMIT most) w);
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("filings", "filing_files"):
        op.execute(f"ALTER POLICY see ON {table} USING ({_HERE})")
        op.execute(f"ALTER POLICY add ON {table} WITH CHECK ({_HERE})")
    op.execute(f"ALTER POLICY see ON report_receipts USING ({_HERE} OR ({REACH} = 'receipt' AND report_id = {ACTOR}))")
    op.execute(_COUNT)
    op.execute("REVOKE ALL ON FUNCTION filings_waiting(integer) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION filings_waiting(integer) TO pithead_api")
