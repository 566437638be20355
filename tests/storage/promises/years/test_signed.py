"""Tests of what everybody reads once a principal has truly signed: by passkey, then by nobody who still leads it."""

from datetime import date, timedelta

import pytest

from storage.promises.years import queries
from storage.promises.years.tables import CommitmentStatus, PromiseStanding, UnsignedCause
from storage.record.actor import stranger
from storage.record.objects import Objects
from tests.factories.signing import Signing, signing_of
from tests.factories.templates import YEAR, clauses, promises_of
from tests.sites import Site


@pytest.fixture
async def desk(site: Site, objects: Objects) -> Signing:
    return await signing_of(await promises_of(site), objects)


async def published(desk: Signing, *, days: int = 0) -> queries.Published:
    site = desk.promises.site
    async with site.database.reading(stranger()) as sql:
        found = await queries.published_of(sql, site.mine, YEAR, now=desk.promises.now + timedelta(days=days))
    assert found is not None
    return found


async def test_what_was_signed_by_passkey_is_read_by_everybody_until_its_principal_goes(desk: Signing) -> None:
    before = await published(desk)
    assert (before.status, before.cause) == (CommitmentStatus.UNSIGNED, UnsignedCause.NEVER_SIGNED)
    assert (await published(desk, days=90)).status is CommitmentStatus.OVERDUE
    key, laid = await desk.ready_passkey(), await desk.lays()
    signed = await desk.signs(laid, desk.asserts(laid, key))
    shown = await published(desk, days=90)
    assert shown.signed is not None
    assert (shown.status, shown.signed.commitment_id, shown.signed.way) == (
        CommitmentStatus.SIGNED, signed.id, "PASSKEY",
    )  # fmt: skip
    assert (shown.signed.digest, shown.pdf_sha256, shown.sealed) == (signed.digest, signed.pdf_sha256, False)
    assert [(one.clause, one.standing) for one in shown.clauses] == [(one, PromiseStanding.KEPT) for one in clauses()]
    rows = await desk.promises.site.rows.fetch("SELECT key FROM commitment_clauses ORDER BY ordinal")
    assert [row["key"] for row in rows] == [one.key for one in clauses()]
    await desk.promises.site.rows.execute("UPDATE posts SET to_day = $1, ended_at = now()", date(2026, 11, 1))
    gone = await published(desk, days=90)
    assert (gone.status, gone.cause) == (CommitmentStatus.OVERDUE, UnsignedCause.PRINCIPAL_CHANGED)
