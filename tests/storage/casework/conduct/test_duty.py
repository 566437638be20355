"""Tests of the record of duty: told from entries and rows, by period and by checkpoint, to those who may read it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.conduct import duty, queries
from storage.casework.conduct.duty import Period, Undone
from storage.casework.conduct.tables import ConductTurn, MatterKind
from storage.casework.measures.tables import Turn
from storage.record.actor import Actor, Role
from storage.record.problems import BadInput, NotAllowed, NotFound
from tests.counting import statements_of
from tests.factories.conduct import make_agency
from tests.factories.desk import Desk
from tests.factories.measures import orders
from tests.factories.schemes import team_of
from tests.sites import NOW, ZHONGSHAN, Site

MONTH = Period(first=date(2026, 11, 1), last=date(2026, 11, 30))


async def deeds(site: Site, reader: Actor, account: UUID, period: Period = MONTH, **page: Any) -> list[duty.Deed]:
    async with site.database.reading(reader) as sql:
        return await duty.deeds_of(sql, account, period, **({"limit": 50} | page))


async def undone(site: Site, reader: Actor, account: UUID, *, days: int) -> dict[Undone, list[UUID]]:
    found: dict[Undone, list[UUID]] = {}
    async with site.database.reading(reader) as sql:
        for one in await duty.undone_by(sql, account, now=NOW + timedelta(days=days)):
            assert one.article or one.key
            found.setdefault(one.code, []).append(one.subject)
    return found


async def test_what_he_did_is_told_from_his_entries_newest_first_and_counted(site: Site) -> None:
    agency = await make_agency(site)
    lead = agency.check.lead
    finding = await agency.check.finds()
    await agency.opens(lead, MatterKind.EXEMPTION, lead, mine_id=site.mine)
    await agency.opens(lead, MatterKind.COMPLAINT, mine_id=site.mine)  # Who took it down is told to nobody by this.
    told = {"conduct.opened": 1, "finding.recorded": 1, "inspection.opened": 1}
    for reader in (lead, agency.head, await site.person(Role.AUDITOR, county="52")):
        found = await deeds(site, reader, lead.account_id)
        assert found[0].kind == "conduct.opened"
        assert next(one for one in found if one.kind == "finding.recorded").subject == finding.id
        async with site.database.reading(reader) as sql:
            assert dict(await duty.counts_of(sql, lead.account_id, MONTH)) == told


async def test_a_period_ends_with_its_last_day_and_pages_follow_one_another(site: Site) -> None:
    agency = await make_agency(site)
    lead = agency.check.lead
    for _ in range(4):
        await agency.check.finds()
    october = Period(first=date(2026, 10, 1), last=date(2026, 11, 23))
    assert await deeds(site, lead, lead.account_id, october) == []
    assert len(await deeds(site, lead, lead.account_id, Period(first=date(2026, 11, 24), last=date(2026, 11, 24)))) == 5
    whole = await deeds(site, lead, lead.account_id)
    first = await deeds(site, lead, lead.account_id, limit=2)
    rest = await deeds(site, lead, lead.account_id, behind=(first[-1].at, first[-1].id))
    assert first + rest == whole
    back = await deeds(site, lead, lead.account_id, behind=(whole[3].at, whole[3].id), backwards=True, limit=2)
    assert back == [whole[2], whole[1]]
    for first_day, last_day in ((date(2026, 1, 2), date(2026, 1, 1)), (date(2026, 1, 1), date(2027, 1, 2))):
        with pytest.raises(BadInput):
            Period(first=first_day, last=last_day)


async def test_his_record_is_read_by_himself_his_head_and_supervision_and_by_nobody_else(site: Site) -> None:
    agency = await make_agency(site)
    account = agency.officer.account_id
    far = await site.person(Role.AGENCY_HEAD, county=ZHONGSHAN, office="GZ-2")
    for reader in (agency.officer, agency.head, agency.above, agency.auditor):
        async with site.database.reading(reader) as sql:
            await duty.officer_whose_record(sql, reader, account)
    for reader, problem in (
        (agency.check.lead, NotAllowed), (far, NotFound), (agency.principal, NotFound),
        (await site.person(Role.ARCHIVIST), NotAllowed), (await site.person(Role.LEGAL_REVIEWER), NotAllowed),
    ):  # fmt: skip
        async with site.database.reading(reader) as sql:
            with pytest.raises(problem):
                await duty.officer_whose_record(sql, reader, account)


async def test_what_was_allotted_to_him_and_left_unanswered_is_shown(site: Site) -> None:
    team = await team_of(site)
    scheme, _draft = await team.drafts(), await team.drafts()
    await team.approves(scheme.id)
    account = team.inspector.account_id
    async with site.database.reading(team.inspector) as sql:
        assert await duty.allotted_to(sql, account, MONTH) == duty.Allotted(0, 1, 0, 0)
    own = await site.rows.fetchval("SELECT id FROM scheme_items WHERE scheme_id = $1 AND officer_id = $2", scheme.id,
                                   account)  # fmt: skip
    assert await undone(site, team.inspector, account, days=0) == {}
    assert await undone(site, team.inspector, account, days=1) == {Undone.ITEM_NOT_ANSWERED: [own]}
    await site.rows.execute("UPDATE scheme_items SET outcome = 'CHECKED', answered_at = now(), answer = '已查'")
    assert await undone(site, team.inspector, account, days=1) == {}


async def test_what_he_followed_should_have_made_good_or_never_joined_is_shown(site: Site) -> None:
    agency = await make_agency(site)
    check, lead = agency.check, agency.check.lead
    finding = await check.finds(evidence=(await check.piece(),))
    order = await orders(check, "CORRECT_BY_TERM", finding.id, days=5)
    await order.takes(agency.head, Turn.FOLLOWER_NAMED, subject_id=lead.account_id, at=NOW + timedelta(minutes=1))
    inspector = agency.officer.account_id
    assert await undone(site, agency.head, inspector, days=0) == {Undone.INSPECTION_NOT_JOINED: [check.id]}
    found = await undone(site, agency.head, lead.account_id, days=20)
    assert found == {
        Undone.FINDING_DEFECT: [finding.id], Undone.MEASURE_NOT_CONFIRMED: [order.id],
        Undone.MEASURE_OVERDUE: [order.id, order.id],
    }  # fmt: skip
    await order.takes(agency.head, Turn.FOLLOWER_NAMED, subject_id=inspector, words="原跟踪人调离",
                      at=NOW + timedelta(minutes=2))  # fmt: skip
    assert Undone.MEASURE_OVERDUE not in await undone(site, agency.head, lead.account_id, days=20)
    assert (await undone(site, agency.head, inspector, days=20))[Undone.MEASURE_OVERDUE] == [order.id, order.id]


async def test_a_period_of_his_case_that_ran_out_is_shown_and_one_of_the_party_is_not(site: Site) -> None:
    agency = await make_agency(site)
    desk = Desk(agency.check, agency.head, await site.person(Role.LEGAL_REVIEWER))
    await desk.up_to_the_decision()
    account = agency.check.lead.account_id
    found = await undone(site, agency.head, account, days=200)
    assert found[Undone.CASE_OVERDUE] == [desk.id]
    outsider = await site.person(Role.INSPECTOR)
    assert await undone(site, agency.head, outsider.account_id, days=200) == {}


async def test_what_stood_on_record_is_cut_off_at_the_checkpoint_of_the_matter(site: Site) -> None:
    agency = await make_agency(site)
    account = agency.check.lead.account_id
    await agency.check.finds()
    entries = await site.rows.fetch("SELECT id FROM entries ORDER BY database_at")
    for position, row in enumerate(entries):
        await site.put("positions", log=0, position=position, entry_id=row["id"])
    await site.put("checkpoints", log=0, size=1, root=bytes(32), note="", shown_at=NOW)
    await site.put("checkpoints", log=0, size=2, root=bytes(32), note="", shown_at=NOW)
    lead = agency.check.lead
    for as_of, kinds in ((1, ["inspection.opened"]), (None, ["finding.recorded", "inspection.opened"])):
        matter = await agency.opens(lead, MatterKind.EXEMPTION, lead, mine_id=site.mine, as_of=as_of)
        assert (matter.log, matter.as_of) == (0, as_of or 2)
        async with site.database.reading(agency.head) as sql:
            row = await queries.matter_of_id(sql, matter.id)
            duty.must_be_his_to_read(agency.head, row)
            assert sorted(one.kind for one in await duty.deeds_as_of(sql, row, limit=10)) == kinds
    with pytest.raises(BadInput):
        await agency.opens(lead, MatterKind.EXEMPTION, lead, mine_id=site.mine, as_of=3)
    proposal = await agency.opens(agency.head, MatterKind.PROPOSAL, mine_id=site.mine)
    with pytest.raises(NotFound):
        duty.must_be_his_to_read(agency.head, proposal)
    assert account == matter.officer_id


async def test_each_question_is_one_statement_however_much_he_did(site: Site) -> None:
    heard = statements_of(site.database)
    agency = await make_agency(site)
    lead, counts = agency.check.lead, []
    for many in (1, 9):
        for _ in range(many):
            await agency.check.finds()
        async with site.database.reading(lead) as sql:
            heard.clear()
            found = await duty.deeds_of(sql, lead.account_id, MONTH, limit=50)
            await duty.counts_of(sql, lead.account_id, MONTH)
            await duty.undone_by(sql, lead.account_id, now=NOW + timedelta(days=9))
            await duty.allotted_to(sql, lead.account_id, MONTH)
        counts.append((len(found), len([one for one in heard if one.lstrip().startswith("SELECT")])))
    assert counts[0][1] == counts[1][1] <= 5, heard
    assert [many for many, _ in counts] == [2, 11]


async def test_the_acts_take_as_many_statements_however_long_the_matter_is(site: Site) -> None:
    heard = statements_of(site.database)
    agency = await make_agency(site)
    matter = await agency.opens(agency.head, MatterKind.PROPOSAL, mine_id=site.mine)
    counts = []
    for _ in range(3):
        heard.clear()
        await agency.takes(agency.head, matter.id, ConductTurn.TOLD, id=uuid4())
        counts.append(len(heard))
    assert len(set(counts[1:])) == 1
