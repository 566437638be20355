"""Whoever held a role only until yesterday reads by it no more: every policy that asks for a role asks whether it lasts."""

import re
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations.policies import ACTOR

revision: str = "9a3e61c8d05f"
down_revision: str | None = "4e8b20d7f61c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_HELD = re.compile(r"\((\w+)\.withdrawn_at IS NULL\)")
_LASTS = r"((\1.withdrawn_at IS NULL) AND ((\1.valid_to IS NULL) OR (\1.valid_to > now())))"
"""By the database's clock: a policy knows no other, and the server does not start where the two differ."""
_POLICIES = """
SELECT tablename, policyname, qual, with_check FROM pg_policies
WHERE schemaname = 'public' AND concat(qual, with_check) LIKE '%role_grants%' ORDER BY tablename, policyname
"""
_FUNCTION = "SELECT pg_get_functiondef('mine_reads_payloads'::regproc)"
# A key of one's own opens wraps only as long as one is of the desks: its owner may have left them.
_DESKS = "'REPORT_INTAKE', 'REPORT_VERIFICATION', 'REPORT_REWARD', 'REPORT_CUSTODIAN'"
_OF_THE_DESKS = (
    f"EXISTS (SELECT FROM role_grants g WHERE g.account_id = {ACTOR} AND g.withdrawn_at IS NULL"
    f" AND (g.valid_to IS NULL OR g.valid_to > now()) AND g.role IN ({_DESKS}))"
)
_OWN = ("report_wraps", "report_key_boxes", "report_key_shares", "report_key_recoveries")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    here = op.get_bind()
    for table, policy, qual, check in here.execute(sa.text(_POLICIES)).all():
        says = [
            f"{word} ({_HELD.sub(_LASTS, rule)})"
            for word, rule in (("USING", qual), ("WITH CHECK", check)) if rule is not None
        ]  # fmt: skip
        here.exec_driver_sql(f"ALTER POLICY {policy} ON {table} {' '.join(says)}")
    here.exec_driver_sql(_HELD.sub(_LASTS, here.scalar(sa.text(_FUNCTION))))
    receipt = "(SELECT current_setting('pithead.reach', true)) = 'receipt'"
    for table in _OWN:
        op.execute(
            f"CREATE POLICY of_the_desks ON {table} AS RESTRICTIVE FOR SELECT TO pithead_api"
            f" USING ({receipt} OR {_OF_THE_DESKS})"
        )
