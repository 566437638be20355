"""The unit reads the written answer to its defence, as it reads the defence."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b7f20d63e8a1"
down_revision: str | None = "c5a81e6f30b2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The kinds that a mine reads stand in the function that the policy of `case_steps` asks; one more is put beside its like.
_DEFENCES = "'DEFENCE_WAIVED'::text"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    here = op.get_bind()
    known = here.scalar(sa.text("SELECT pg_get_functiondef('mine_reads_case_steps'::regproc)"))
    if known is None or known.count(_DEFENCES) != 1:
        raise RuntimeError("mine_reads_case_steps does not list the kinds that a mine reads")
    here.exec_driver_sql(known.replace(_DEFENCES, f"{_DEFENCES}, 'DEFENCE_EXAMINED'::text"))
