"""Lines of open data: a published row's CSV is written once, with the row, and never again by whoever takes it."""

from collections.abc import Sequence

from alembic import op

revision: str = "b7d20e5f8a41"
down_revision: str | None = "5be0c9d2714a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# What a spreadsheet takes for a formula, in either width, also behind spaces or a sign that it drops, gets an
# apostrophe before it; then the cell is quoted where CSV wants that (RFC 4180), and where it is empty but not null.
_CELL = r"""
CREATE FUNCTION csv_cell(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN cell = '' OR cell ~ '[",\n\r]' THEN '"' || replace(cell, '"', '""') || '"' ELSE cell END
  FROM (SELECT CASE WHEN value ~ '^\s*[=+@＝＋＠|%\-－]|^[\t\r\n]' THEN '''' || value ELSE value END) one(cell)
$$
"""
_LINE = r"""
CREATE FUNCTION public_row_line() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.line := array_to_string(ARRAY[
    NEW.id::text, NEW.seq::text, NEW.kind, public.csv_cell(NEW.title), public.csv_cell(NEW.party),
    public.csv_cell(NEW.credit_code), public.csv_cell(NEW.mine), NEW.mine_id::text, public.csv_cell(NEW.agency),
    NEW.county, public.csv_cell(NEW.number), to_char(NEW.day, 'YYYY-MM-DD'), NEW.amount::text,
    CASE WHEN NEW.disputed THEN 't' ELSE 'f' END, NEW.edition::text,
    to_char(NEW.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    to_char(NEW.changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    CASE WHEN NEW.late THEN 't' ELSE 'f' END, to_char(NEW.due_on, 'YYYY-MM-DD'), to_char(NEW.shown_until, 'YYYY-MM-DD'),
    encode(NEW.digest, 'hex')
  ], ',', '') || E'\n';
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.execute(_CELL)
    op.execute(_LINE)
    op.execute("ALTER TABLE public_rows ADD COLUMN line TEXT")
    op.execute(
        "CREATE TRIGGER line BEFORE INSERT OR UPDATE ON public_rows FOR EACH ROW EXECUTE FUNCTION public_row_line()"
    )
    # The owner writes the lines of what stands: else its own policies would show it nothing.
    op.execute("ALTER TABLE public_rows NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE public_rows SET line = ''")
    op.execute("ALTER TABLE public_rows FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE public_rows ALTER COLUMN line SET NOT NULL")
