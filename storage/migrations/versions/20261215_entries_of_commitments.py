"""The entries that prove a commitment are handed out by their kind: an id in a row opens no other entry."""

from collections.abc import Sequence

from alembic import op

revision: str = "a7d3c05e92f4"
down_revision: str | None = "f3a85d17c02b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Its owner reads past row security. So nothing may leave by it but the few kinds that say what a commitment itself says,
# whatever a row names: an entry of a report, of a person, of another commitment stays where it was.
_ENTRIES = """
CREATE OR REPLACE FUNCTION commitment_entries(asked uuid)
RETURNS TABLE (name text, entry_id uuid, payload bytea, salt bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT o.name, o.id, y.payload, y.salt FROM (
    SELECT 'signed' AS name, c.entry_id AS id, 'commitment.signed' AS kind, c.id AS subject
    FROM public.commitments c WHERE c.id = asked
    UNION ALL SELECT 'checked', c.checked, 'commitment.key_checked', c.key_id
    FROM public.commitments c WHERE c.id = asked
    UNION ALL SELECT 'agreed', c.agreed, 'commitment.agreed', NULL FROM public.commitments c WHERE c.id = asked
    UNION ALL SELECT 'sealed', s.entry_id, 'commitment.sealed', asked
    FROM public.commitment_seals s WHERE s.commitment_id = asked
    UNION ALL (SELECT 'stamped', t.entry_id, 'commitment.stamped', asked
               FROM public.commitment_stamps t WHERE t.commitment_id = asked
               ORDER BY t.stamped_at DESC LIMIT 1)
  ) o JOIN public.entries e ON e.id = o.id AND e.kind = o.kind
  JOIN public.payloads y ON y.entry_id = o.id AND (o.subject IS NULL OR y.subject = o.subject);
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE POLICY proving ON entries FOR SELECT TO CURRENT_USER USING (kind LIKE 'commitment.%')")
    op.execute(_ENTRIES)
