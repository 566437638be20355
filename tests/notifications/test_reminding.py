"""Tests of the quiet alerts of promises: who is told that a mine has not signed, or that a breach waits, until when."""

from datetime import timedelta
from uuid import uuid4

from notifications.follow import follow
from storage.promises.sweeping import record_overruns
from storage.record.actor import Actor, Role, keeper
from storage.record.database import Database
from storage.record.ledger import sequencer
from storage.record.work import Work, perform
from tests.factories.breaches import YEAR, Broken, approve_template, broken_of
from tests.sites import NOW, Site


async def told(site: Site, workers: Database, kind: str, actor: Actor) -> list[tuple[bool, bool]]:
    """What somebody is told of a kind: whether it is urgent, and whether it is over; once all was followed."""
    await sequencer.sequence(workers)
    while await perform(workers, keeper(), NOW + timedelta(hours=1), follow):
        pass
    rows = await site.rows.fetch(
        "SELECT i.urgent, i.ended_at FROM alerts a JOIN incidents i ON i.id = a.incident_id"
        " WHERE a.account_id = $1 AND i.kind = $2 ORDER BY i.raised_at",
        actor.account_id, kind,
    )  # fmt: skip
    return [(row["urgent"], row["ended_at"] is not None) for row in rows]


async def test_who_has_not_signed_is_told_quietly_with_whoever_sees_to_it_until_he_signs(
    site: Site, workers: Database
) -> None:
    await sequencer.open_log(workers, origin="test/reminding")
    await approve_template(site)
    principal = await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.mine)
    lead = await site.person(Role.LEAD)
    await perform(workers, keeper(), NOW, record_overruns, limit=10)
    for actor in (principal, lead):
        assert await told(site, workers, "COMMITMENT_DUE", actor) == [(False, False)]

    async def signed(work: Work) -> None:
        work.record(
            "commitment.signed", uuid4(), data={"year": YEAR}, county="520281", office="GZ-1", mine_id=site.mine
        )

    await perform(site.database, principal, NOW, signed)
    assert await told(site, workers, "COMMITMENT_DUE", principal) == [(False, True)]


async def test_the_principal_is_told_of_a_breach_until_he_answers(site: Site, workers: Database) -> None:
    await sequencer.open_log(workers, origin="test/reminding")
    broken: Broken = await broken_of(site)
    found = await broken.finds()
    assert await told(site, workers, "BREACH_FOUND", broken.principal) == [(False, False)]
    assert await told(site, workers, "BREACH_FOUND", broken.check.lead) == []
    await broken.answers(found.id)
    assert await told(site, workers, "BREACH_FOUND", broken.principal) == [(False, True)]
