"""Tests of what must be published by when: it follows from the record, is counted, and is answered by an article."""

from datetime import timedelta
from typing import Any

from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.problems import BadInput, NotAllowed
from storage.record.work import perform
from storage.trust.disclosures import ending, operations, problems, queries
from storage.trust.disclosures.rules import WithholdingGround
from storage.trust.disclosures.tables import SourceKind
from tests.factories.disclosures import Publishing, agrees, refused, served
from tests.sites import NOW, Site


async def test_a_duty_is_withheld_by_an_article_once_and_counts_so(site: Site, workers: Database) -> None:
    made = await served(site)
    withheld: dict[str, Any] = {"source_kind": SourceKind.DECISION, "source_id": made.decision,
                "ground": WithholdingGround.NO_SOCIAL_IMPACT, "reason": "没有一定社会影响"}  # fmt: skip
    await refused(made, NotAllowed, made.acts(operations.withhold_disclosure, **withheld))
    head = made.desk.head
    await refused(made, BadInput, made.acts(operations.withhold_disclosure, by=head, **(withheld | {"reason": ""})))
    await made.acts(operations.withhold_disclosure, by=head, **withheld)
    await refused(made, problems.DutyAnswered, made.acts(operations.withhold_disclosure, by=head, **withheld))
    assert await agrees(workers) == []
    (counts,) = await counted(made)
    assert (counts.due, counts.published, counts.withheld, counts.overdue) == (1, 0, {"行政处罚法第四十八条": 1}, 0)
    await made.publish()
    await refused(made, problems.AlreadyPublished, made.acts(operations.withhold_disclosure, by=head, **withheld))
    (counts,) = await counted(made)
    assert (counts.due, counts.published, counts.withheld) == (1, 1, {})


async def counted(made: Publishing, *, later: timedelta = timedelta()) -> list[queries.Counts]:
    async with made.database.reading(made.officer) as sql:
        return await queries.counts_of(
            sql, since=NOW - timedelta(days=90), until=NOW + timedelta(days=90), now=NOW + later
        )


async def test_duties_follow_from_the_record_and_what_is_overdue_is_counted(site: Site, workers: Database) -> None:
    made = await served(site)
    assert await perform(workers, keeper(), NOW, ending.derive_duties, limit=100) == 2
    assert await perform(workers, keeper(), NOW, ending.derive_duties, limit=100) == 0
    assert {one.kind: (one.due, one.overdue) for one in await counted(made)} == {"PENALTY": (1, 0), "RESULT": (1, 0)}
    late = {one.kind: one.overdue for one in await counted(made, later=timedelta(days=60))}
    assert late == {"PENALTY": 1, "RESULT": 1}
    async with made.database.reading(made.officer) as sql:
        assert [one.kind for one in await queries.open_duties(sql, limit=9)] == ["PENALTY", "RESULT"]
    await made.revoke()
    assert await perform(workers, keeper(), NOW, ending.derive_duties, limit=100) == 1
    assert {one.kind: (one.fell, one.waiting) for one in await counted(made)} == {"PENALTY": (1, 0), "RESULT": (0, 1)}
