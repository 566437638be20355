"""No entry is forgotten: the table of entries itself puts what enters it into the queue of the sequencer."""

from collections.abc import Sequence

from alembic import op

revision: str = "d58e1f0b7a34"
down_revision: str | None = "e5a80c2d7f14"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# For the statement and not for each row: an act of a hundred entries fires it once. Roles that may insert entries need
# no right on the queue any more, so the function has its owner's. FORCE holds for the owner, too: the queue's policies
# let it add, and nothing else. A partition could be inserted into by its own name: nobody was granted that.
_QUEUE = """
CREATE FUNCTION queue_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO public.unsequenced (entry_id, digest) SELECT id, digest FROM entered;
  RETURN NULL;
END $$
"""


def upgrade() -> None:
    """The trigger, the owner's right to add, and the end of everybody else's."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(_QUEUE)
    op.execute(
        "CREATE TRIGGER queued AFTER INSERT ON entries REFERENCING NEW TABLE AS entered"
        " FOR EACH STATEMENT EXECUTE FUNCTION queue_entries()"
    )
    op.execute("REVOKE ALL ON FUNCTION queue_entries() FROM PUBLIC")
    op.execute("DROP POLICY add ON unsequenced")
    op.execute("REVOKE INSERT ON unsequenced FROM pithead_api, pithead_worker")
    op.execute("CREATE POLICY queue ON unsequenced FOR INSERT TO CURRENT_USER WITH CHECK (true)")
    # Whoever starts a process, and whoever looks for faults, asks at which step the database stands.
    op.execute("GRANT SELECT ON alembic_version TO pithead_api, pithead_worker")
