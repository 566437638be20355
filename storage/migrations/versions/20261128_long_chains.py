"""Chains hold every number that a statement may say, and only grow: whoever shortened one could close over the rest."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "f3a6c81d905e"
down_revision: str | None = "e07a92c4b6d1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


# The API's role extends chains, so it has the right to change these columns; going back is no one's.
_GROWS = """
CREATE FUNCTION chain_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.last_seq < OLD.last_seq OR NEW.count < OLD.count
     OR (NEW.last_seq = OLD.last_seq AND NEW.last_hash <> OLD.last_hash)
     OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at) THEN
    RAISE EXCEPTION 'a chain only grows' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    """The table is written anew: it has one row for each device in a recording."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("count", "last_seq"):
        op.alter_column("chains", name, type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False)
    op.execute(_GROWS)
    op.execute("CREATE TRIGGER only_grows BEFORE UPDATE ON chains FOR EACH ROW EXECUTE FUNCTION chain_only_grows()")
