"""Tests of what everybody reads once a principal has truly signed: by passkey, then by nobody who still leads it."""

from datetime import date, timedelta

import pytest

from storage.promises.commitments import queries as commitments
from storage.promises.commitments.signing import Given
from storage.promises.keys.tables import SigningWay
from storage.promises.years import queries
from storage.promises.years.tables import CommitmentStatus, PromiseStanding, UnsignedCause
from storage.record.actor import Role, stranger
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


async def test_the_last_is_the_one_that_nothing_supersedes_whatever_the_clocks_said(desk: Signing) -> None:
    site, ink = desk.promises.site, Given(way=SigningWay.INK, scan=bytes(32))
    first = await desk.signs(await desk.lays(), ink)
    second = await desk.signs(await desk.lays(), ink)
    await site.rows.execute("ALTER TABLE commitments DISABLE TRIGGER USER")
    await site.rows.execute(
        "UPDATE commitments SET signed_at = $1 WHERE id = $2", first.signed_at - timedelta(hours=1), second.id
    )
    shown = await published(desk)
    assert shown.signed is not None
    assert (shown.signed.commitment_id, shown.status) == (second.id, CommitmentStatus.SIGNED)
    head = await site.person(Role.AGENCY_HEAD)
    async with site.database.reading(head) as sql:
        rows = await queries.overview_of(sql, head, year=YEAR, now=desk.promises.now, limit=10)
        mine = next(one for one in rows if one.id == site.mine)
        assert [one.id for one in await commitments.signed_for(sql, site.mine, YEAR)] == [second.id, first.id]
        # Of a moment between the two by the clocks: what nothing had superseded then.
        then = await commitments.last_by(sql, site.mine, YEAR, first.signed_at)
    assert mine.signed is not None
    assert then is not None
    assert mine.signed.commitment_id == then.id == second.id
