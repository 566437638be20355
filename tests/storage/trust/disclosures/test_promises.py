"""Tests of publishing what mines promise: commitments and breaches, who publishes them, and what becomes of both."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.promises.breaches import operations as breaches
from storage.promises.commitments.tables import AnswerOutcome
from storage.record.actor import Actor, Role, keeper, stranger
from storage.record.database import Database
from storage.record.ledger import comparing
from storage.record.problems import NotFound
from storage.record.work import perform
from storage.trust.disclosures import ending, gathering, operations, problems, public, queries
from storage.trust.disclosures.comparing import DISCLOSURES
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.operations import Wording
from storage.trust.disclosures.queries import DisclosureRow
from storage.trust.disclosures.tables import SourceKind
from tests.factories.breaches import GAS, YEAR, Broken, broken_of, sign
from tests.sites import NOW, Site


async def copy_of(site: Site, by: Actor, kind: SourceKind, id: UUID, **anew: str) -> Copy:
    async with site.database.reading(by) as sql:
        found = await gathering.looked_at(sql, kind, id)
    return found.copy(anew=anew, of_age=False)


async def publish(site: Site, by: Actor, kind: SourceKind, id: UUID, **anew: str) -> DisclosureRow:
    copy = await copy_of(site, by, kind, id, **anew)
    return await perform(
        site.database, by, NOW + timedelta(hours=1), operations.publish_disclosure, source_kind=kind, source_id=id,
        digest=copy.digest, wording=Wording(anew=anew),
    )  # fmt: skip


async def correct(site: Site, by: Actor, row: DisclosureRow, reason: str) -> DisclosureRow:
    copy = await copy_of(site, by, SourceKind(row.source_kind), row.source_id)
    return await perform(
        site.database, by, NOW + timedelta(hours=2), operations.correct_disclosure, disclosure_id=row.id,
        digest=copy.digest, reason=reason, wording=Wording(),
    )  # fmt: skip


async def shown(database: Database, id: UUID) -> dict[str, Any]:
    async with database.reading(stranger()) as sql:
        page = await public.page_of(sql, id)
    assert page is not None
    assert page.shown is not None
    told: dict[str, Any] = json.loads(page.shown.content)
    return told | {"events": [one.kind for one in page.events], "title": page.shown.title}


async def agrees(workers: Database) -> list[Any]:
    async def rows(statement: str, arguments: tuple[Any, ...]) -> Any:
        async with workers.reading(keeper()) as sql:
            return await sql.fetch(statement, *arguments)

    return [one async for one in comparing.differences(rows, DISCLOSURES)]


async def open_duties(site: Site, by: Actor) -> dict[str, queries.DutyRow]:
    async with site.database.reading(by) as sql:
        return {one.kind: one for one in await queries.open_duties(sql, limit=50)}


async def promised(site: Site, **signed: Any) -> tuple[Broken, Actor]:
    """A mine that signed, with one clause by a day, and an officer who had no hand in anything."""
    said = {GAS: (AnswerOutcome.NOT_YET, NOW.date() - timedelta(days=30))}
    return await broken_of(site, said=said, **signed), await site.person(Role.INSPECTOR)


async def test_a_commitment_is_published_clause_by_clause_as_it_was_signed(
    site: Site, public_database: Database, workers: Database
) -> None:
    made, officer = await promised(site)
    row = await publish(site, officer, SourceKind.COMMITMENT, made.commitment)
    told = await shown(public_database, row.id)
    assert (told["kind"], told["year"], told["way"], told["sealed"]) == ("COMMITMENT", YEAR, "INK", False)
    assert told["commitment"] == str(made.commitment)
    by_key = {one["key"]: one for one in told["clauses"]}
    assert by_key[GAS]["outcome"] == "NOT_YET"
    assert by_key[GAS]["by_day"] == (NOW.date() - timedelta(days=30)).isoformat()
    assert by_key[GAS]["measure"] == "加装传感器"
    assert {one["outcome"] for key, one in by_key.items() if key != GAS} == {"MET"}
    assert told["principal"] == "矿某"
    assert told["mine"]["supervisor"]
    assert "ended" not in told
    assert str(made.principal.account_id) not in repr(told)
    assert (row.state, row.late, str(row.shown_until)) == ("SHOWN", True, "2029-01-28")
    assert await agrees(workers) == []


async def test_who_publishes_a_later_commitment_corrects_the_earlier_one_by_the_same_act(
    site: Site, public_database: Database, workers: Database
) -> None:
    made, officer = await promised(site)
    measure = next(
        f"clauses[{at}].measure" for at, one in enumerate(
            json.loads((await copy_of(site, officer, SourceKind.COMMITMENT, made.commitment)).content)["clauses"])
        if one["key"] == GAS
    )  # fmt: skip
    first = await publish(site, officer, SourceKind.COMMITMENT, made.commitment, **{measure: "加装两台传感器"})
    later = await sign(site, made.principal, at=NOW, supersedes=made.commitment)
    second = await publish(site, officer, SourceKind.COMMITMENT, later)
    told = await shown(public_database, first.id)
    assert told["ended"] == {"cause": "SUPERSEDED", "on": NOW.date().isoformat()}
    assert told["events"] == ["PUBLISHED", "CORRECTED"]
    assert {one["measure"] for one in told["clauses"] if one["key"] == GAS} == {"加装两台传感器"}, "as it was worded"
    assert "ended" not in await shown(public_database, second.id)
    async with site.database.reading(officer) as sql:
        events = await queries.events_of(sql, [first.id])
    assert [one.reason for one in events] == ["", operations.SUPERSEDED]
    assert await agrees(workers) == []


async def test_a_breach_shows_the_answer_and_its_end_and_never_from_whom_it_is_known(
    site: Site, public_database: Database, workers: Database
) -> None:
    made, officer = await promised(site)
    found = await made.finds()
    with pytest.raises(problems.NotPublishable):
        await copy_of(site, officer, SourceKind.BREACH, found.id)
    await made.answers(found.id)
    await made.decides(found.id)
    row = await publish(site, officer, SourceKind.BREACH, found.id)
    told = await shown(public_database, row.id)
    assert (told["kind"], told["clause"]["key"], told["decision"]) == ("BREACH", GAS, "认定属实")
    assert told["answer"]["accepts"] is True
    assert told["answer"]["words"] == "已更换传感器并加强巡检"
    assert told["answer"]["correct_by"] > told["answer"]["on"]
    for hidden in (found.words, str(found.source_id), found.source.value, str(found.found_by), str(found.id)):
        assert hidden not in repr({name: one for name, one in told.items() if name != "kind"})
    await made.acts(breaches.correct_breach, made.check.lead, breach_id=found.id, words="现场核实已恢复履行")
    await correct(site, officer, row, "煤矿已恢复履行承诺")
    told = await shown(public_database, row.id)
    assert told["corrected"]["words"] == "现场核实已恢复履行"
    assert told["events"] == ["PUBLISHED", "CORRECTED"]
    assert await agrees(workers) == []


async def test_a_breach_that_was_withdrawn_is_never_published(site: Site) -> None:
    made, officer = await promised(site)
    found = await made.finds()
    await made.answers(found.id, accepts=False, correct_by=None, words="传感器误报，已校准")
    await made.decides(found.id, stands=False, words="异议成立，予以撤销")
    with pytest.raises(problems.NotPublishable) as told:
        await copy_of(site, officer, SourceKind.BREACH, found.id)
    assert told.value.parameters["reason"] == "FELL"


async def test_whoever_found_or_decided_a_breach_does_not_publish_it(site: Site) -> None:
    made, officer = await promised(site)
    found = await made.stands()
    before = await site.counted("disclosures")
    for author in (made.check.lead, made.check.inspector):
        with pytest.raises(problems.PublishedByItsAuthor):
            await publish(site, author, SourceKind.BREACH, found.id)
    assert await site.counted("disclosures") == before
    assert (await publish(site, officer, SourceKind.BREACH, found.id)).state == "SHOWN"


async def test_a_telephone_in_a_managers_answer_is_found_and_worded_anew(site: Site, public_database: Database) -> None:
    made, officer = await promised(site)
    found = await made.finds()
    await made.answers(found.id, words="已更换传感器，联系电话13985012345")
    await made.decides(found.id)
    with pytest.raises(problems.PersonalDataFound) as told:
        await copy_of(site, officer, SourceKind.BREACH, found.id)
    assert "answer.words" in str(told.value.parameters["where"])
    row = await publish(site, officer, SourceKind.BREACH, found.id, **{"answer.words": "已更换传感器"})
    assert (await shown(public_database, row.id))["answer"]["words"] == "已更换传感器"


async def test_a_commitment_shows_its_broken_clause(site: Site, public_database: Database) -> None:
    made, officer = await promised(site)
    row = await publish(site, officer, SourceKind.COMMITMENT, made.commitment)
    found = await made.stands()
    await correct(site, officer, row, "一项承诺未履行")
    told = await shown(public_database, row.id)
    (broken,) = next(one for one in told["clauses"] if one["key"] == GAS)["broken"]
    assert broken["day"] == found.day.isoformat()
    assert "corrected_on" not in broken


async def test_duties_to_publish_follow_from_signing_and_deciding_and_fall_with_what_is_superseded(
    site: Site, workers: Database
) -> None:
    made, officer = await promised(site, at=NOW - timedelta(days=40))
    found = await made.stands()
    later = await sign(site, made.principal, at=NOW, supersedes=made.commitment)
    await perform(workers, keeper(), NOW + timedelta(hours=1), ending.derive_duties, limit=100)
    rows = await site.rows.fetch("SELECT source_id, kind, met_as FROM disclosure_duties")
    held = {row["source_id"]: (row["kind"], row["met_as"]) for row in rows}
    assert held[made.commitment] == ("COMMITMENT", "FELL")
    assert held[later] == ("COMMITMENT", None)
    assert held[found.id] == ("BREACH", None)
    assert await perform(workers, keeper(), NOW + timedelta(hours=2), ending.derive_duties, limit=100) == 0
    due = await open_duties(site, officer)
    assert str(due["COMMITMENT"].due_on) > NOW.date().isoformat()
    await publish(site, officer, SourceKind.COMMITMENT, later)
    assert "COMMITMENT" not in await open_duties(site, officer)


async def test_what_is_out_of_sight_is_not_found(site: Site) -> None:
    made, _ = await promised(site)
    found = await made.stands()
    far = await site.person(Role.LEAD, county="520201")
    for kind, id in ((SourceKind.BREACH, found.id), (SourceKind.COMMITMENT, made.commitment),
                     (SourceKind.BREACH, uuid4()), (SourceKind.COMMITMENT, uuid4())):  # fmt: skip
        with pytest.raises(NotFound):
            await copy_of(site, far, kind, id)
