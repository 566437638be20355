"""For whom an officer wraps a reply: which keys hold a thread is asked of a function that tells whose they are alone."""

from collections.abc import Sequence

from alembic import op

from storage.migrations.policies import ACTOR, REACH

revision: str = "6e1f92c4ab07"
down_revision: str | None = "d40b96e2f7a1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# An officer sees the wraps for his own keys and no other; to let a colleague or the next desk read what he writes, he
# must know whose keys those are. Only those of the report's own desks are told, and only to one of them.
# FORCE holds for the functions' owner, too: his policies let an officer's act ask.
_HOLDERS = f"""
CREATE FUNCTION report_desk_holders(asked uuid, at timestamptz)
RETURNS TABLE (id uuid, account_id uuid, public_key bytea, role text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  WITH desks AS (
    SELECT g.account_id AS who, g.role AS part FROM public.reports r JOIN public.role_grants g
      ON g.role IN ('REPORT_INTAKE', 'REPORT_VERIFICATION')
      AND g.withdrawn_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > at)
      AND (r.county LIKE g.division || '%' OR g.office = r.office)
    WHERE r.id = asked
  )
  SELECT DISTINCT k.id, k.account_id, k.public_key, d.part FROM public.report_keys k JOIN desks d ON d.who = k.account_id
  WHERE k.ended_hour IS NULL
    AND EXISTS (SELECT FROM public.report_wraps w JOIN public.report_messages m ON m.id = w.message_id
                WHERE w.key_id = k.id AND w.half = 'WHOLE' AND m.report_id = asked AND NOT m.identity)
    AND EXISTS (SELECT FROM desks o WHERE o.who = {ACTOR})
  ORDER BY k.id, d.part;
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(_HOLDERS)
    op.execute("REVOKE ALL ON FUNCTION report_desk_holders(uuid, timestamptz) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION report_desk_holders(uuid, timestamptz) TO pithead_api")
    for table in ("reports", "report_messages", "report_wraps", "report_keys", "role_grants"):
        op.execute(
            f"CREATE POLICY holders ON {table} FOR SELECT TO CURRENT_USER"
            f" USING ({ACTOR} IS NOT NULL AND {REACH} <> 'receipt')"
        )
