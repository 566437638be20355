"""Tests of drafting, approving and carrying out schemes: what changes, what is refused, who may, what trace is left."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from storage.casework.schemes import operations, queries, recording, rules
from storage.casework.schemes.comparing import LAW_TALKS, MINE_CLASSES, SCHEMES
from storage.casework.schemes.tables import Cause, ItemOutcome, MineClass
from storage.field.inspections import operations as inspections
from storage.field.inspections import rules as inspection_rules
from storage.record.actor import ROLE_VERBS, Role, Verb, keeper
from storage.record.database import Database
from storage.record.law import BUILT_IN
from storage.record.ledger import comparing
from storage.record.problems import NotAllowed, NotFound, Problem
from tests.factories.schemes import DAY, PLACES, Team, below, item, team_of
from tests.sites import NOW, ZHONGSHAN, Site, opening

TABLES = ("schemes", "scheme_items", "law_talks", "mine_classes", "inspections", "entries")


async def counts(site: Site) -> list[int]:
    return [await site.counted(table) for table in TABLES]


def talk(team: Team, inspection_id: Any, *, minutes: int = 30) -> dict[str, Any]:
    return {
        "id": uuid4(), "inspection_id": inspection_id, "starts_at": NOW, "ends_at": NOW + timedelta(minutes=minutes),
        "speaker": "带队负责人", "listeners": 24, "topics": "煤矿安全生产条例第三十六条",
    }  # fmt: skip


async def test_a_member_drafts_the_lead_approves_and_an_officer_opens_by_it(site: Site) -> None:
    team = await team_of(site)
    scheme = await team.drafts()
    assert (scheme.mine_state, scheme.disasters, scheme.counted, scheme.mine_class) == (
        "PRODUCING",
        ["HIGH_GAS"],
        0,
        None,
    )
    await team.approves(scheme.id)
    inspection_id = uuid4()
    opened = await team.opens(scheme.id, inspection_id)
    assert opened.inspection_id == inspection_id
    row = await site.rows.fetchrow("SELECT basis, reason, lead_id FROM inspections")
    assert tuple(row) == ("PLANNED", "2026年11月执法计划第3项", team.lead.account_id)
    assert await site.entries() == ["scheme.drafted", "scheme.approved", "inspection.opened", "scheme.carried_out"]


async def test_a_scheme_for_a_report_opens_a_reasoned_inspection(site: Site) -> None:
    team = await team_of(site)
    only = (below(team.inspector.account_id),)
    scheme = await team.drafts(cause=Cause.REPORT, reference="举报夜间超员作业", items=only)
    await team.approves(scheme.id)
    await team.opens(scheme.id, uuid4())
    assert await site.rows.fetchval("SELECT basis FROM inspections") == "REASONED"


async def test_the_same_draft_again_is_the_same_answer_and_other_content_a_conflict(site: Site) -> None:
    team = await team_of(site)
    draft = team.draft()
    first = await team.acts(operations.draft_scheme, draft=draft)
    assert (await team.acts(operations.draft_scheme, draft=draft)).drafted_at == first.drafted_at
    for actor, asked in ((team.lead, draft), (team.inspector, replace(draft, reference="另一计划"))):
        with pytest.raises(rules.SchemeConflict):
            await team.acts(operations.draft_scheme, actor, draft=asked)
    assert await site.entries() == ["scheme.drafted"]


@pytest.mark.parametrize(("changes", "problem"), [
    ({"items": "outside"}, rules.ItemOutsidePowers),
    ({"officers": "one"}, inspection_rules.TooFewOfficers),
    ({"lead_id": uuid4()}, inspection_rules.LeadNotAmongOfficers),
    ({"lead_id": "inspector"}, inspection_rules.LeadWithoutRole),
    ({"scheduled_for": date(2029, 1, 1)}, inspection_rules.CertificateNotValid),
    ({"mine_id": uuid4()}, NotFound),
])  # fmt: skip
async def test_each_problem_of_a_draft_leaves_nothing_behind(
    site: Site, changes: dict[str, Any], problem: type[Problem]
) -> None:
    team = await team_of(site)
    own = team.inspector.account_id
    if changes.get("items"):
        changes = {"items": (item(own, power="TAXES"),)}
    if changes.get("officers"):
        changes = {"officers": (own,), "items": (item(own),)}
    if changes.get("lead_id") == "inspector":
        changes = {"lead_id": own}
    with pytest.raises(problem):
        await team.drafts(**changes)
    assert await counts(site) == [0] * len(TABLES)


async def test_only_the_lead_approves_and_never_his_own_draft(site: Site) -> None:
    team = await team_of(site)
    other_lead = await site.person(Role.LEAD)
    scheme, own = await team.drafts(), await team.drafts(team.lead)
    before = await counts(site)
    with pytest.raises(rules.NotTheLead):
        await team.approves(scheme.id, other_lead)
    with pytest.raises(rules.SchemeNeedsTwoPeople):
        await team.approves(own.id)
    assert await counts(site) == before
    await team.approves(scheme.id)
    with pytest.raises(rules.SchemeDecided):
        await team.approves(scheme.id)


async def test_a_one_sided_plan_is_not_approved_and_a_returned_draft_says_why(site: Site) -> None:
    team = await team_of(site)
    scheme = await team.drafts(items=(item(team.inspector.account_id),))
    with pytest.raises(rules.SchemeOneSided) as caught:
        await team.approves(scheme.id)
    assert caught.value.parameters["missing"] == "PLACES, UNDERGROUND, QUANTITATIVE"
    with pytest.raises(rules.NotTheLead):
        await team.acts(operations.return_scheme, await site.person(Role.LEAD), scheme_id=scheme.id, reason="补充井下")
    returned = await team.acts(operations.return_scheme, team.lead, scheme_id=scheme.id, reason="补充井下")
    assert returned.returned_reason == "补充井下"
    with pytest.raises(rules.SchemeDecided):
        await team.approves(scheme.id)
    with pytest.raises(rules.SchemeNotApproved):
        await team.opens(scheme.id, uuid4())


async def test_the_thirteenth_check_of_a_year_is_not_planned_but_opened_by_a_report_or_a_decision(site: Site) -> None:
    team = await team_of(site)
    await team.inspected(11)
    await team.inspected(1, at=NOW.replace(year=2025))
    twelfth, thirteenth = await team.drafts(), await team.drafts()
    assert (twelfth.counted, thirteenth.counted) == (11, 11)
    await team.approves(twelfth.id)
    with pytest.raises(rules.TooManyChecks) as caught:
        await team.approves(thirteenth.id)
    assert caught.value.parameters == {"count": 12, "most": 12, "article": "矿安〔2025〕14号一", "year": 2026}
    with pytest.raises(rules.TooManyChecks):
        await team.drafts()
    for cause in (Cause.REPORT, Cause.ALARM, Cause.ACCIDENT, Cause.RECHECK, Cause.CLOSER_WATCH):
        scheme = await team.drafts(cause=cause, reference=f"{cause.value}第1号")
        await team.approves(scheme.id)
        await team.opens(scheme.id, uuid4())


async def test_the_class_of_a_mine_lowers_the_cap_on_planned_checks(site: Site) -> None:
    team = await team_of(site)
    head = await site.person(Role.AGENCY_HEAD)
    given = {"mine_id": site.mine, "reason": "四季度分类"}
    await team.acts(recording.classify_mine, head, mine_class=MineClass.D, from_day=date(2026, 1, 1), **given)
    await team.acts(recording.classify_mine, head, mine_class=MineClass.A, from_day=date(2026, 4, 1), **given)
    await team.acts(recording.classify_mine, head, mine_class=MineClass.B, from_day=date(2027, 1, 1), **given)
    await team.inspected(3, cause=Cause.REPORT)
    await team.inspected(1)
    first = await team.drafts()
    assert (first.mine_class, first.counted) == ("A", 4)
    await team.approves(first.id)
    with pytest.raises(rules.TooManyChecks) as caught:
        await team.drafts()
    assert caught.value.parameters["most"] == 2


async def test_the_burden_counts_the_year_in_guizhou_with_its_sources(site: Site) -> None:
    team = await team_of(site)
    await team.inspected(1, at=datetime(2025, 12, 31, 16, tzinfo=UTC))
    await team.inspected(1, at=datetime(2026, 12, 31, 15, 59, tzinfo=UTC), cause=Cause.ALARM)
    await team.inspected(1, at=datetime(2026, 12, 31, 16, tzinfo=UTC))
    await team.acts(inspections.open_inspection, team.lead, opening=opening(site, [team.lead, team.inspector]))
    async with site.database.reading(team.lead) as sql:
        burden = await queries.burden_of(sql, BUILT_IN, mine_id=site.mine, day=DAY)
    assert (burden.total, burden.planned, burden.scheduled) == (3, 2, 0)
    assert [one.cause for one in burden.checks] == [Cause.PLAN, None, Cause.ALARM]


async def test_an_inspection_opened_without_network_is_linked_later_even_to_a_late_scheme(site: Site) -> None:
    team = await team_of(site)
    asked = opening(site, [team.lead, team.inspector])
    await team.acts(inspections.open_inspection, team.lead, opening=asked)
    async with site.database.reading(team.lead) as sql:
        missing = await queries.inspections_without_scheme(sql, team.lead, limit=10)
    assert [one.id for one in missing] == [asked.id]
    scheme = await team.drafts()
    given = {"scheme_id": scheme.id, "inspection_id": asked.id}
    linked = await team.acts(operations.link_scheme, **given)
    assert (linked.inspection_id, linked.approved_at) == (asked.id, None)
    assert (await team.acts(operations.link_scheme, **given)).linked_at == linked.linked_at
    assert (await team.approves(scheme.id)).approved_at
    async with site.database.reading(team.lead) as sql:
        assert await queries.inspections_without_scheme(sql, team.lead, limit=10, mine_id=site.mine) == []
    with pytest.raises(rules.SchemeCarriedOut):
        await team.acts(operations.link_scheme, scheme_id=(await team.drafts()).id, inspection_id=asked.id)
    with pytest.raises(inspection_rules.NotAnOfficer):
        await team.acts(operations.link_scheme, await site.person(Role.INSPECTOR), **given)


async def test_each_item_is_answered_by_its_officer_alone_and_once(site: Site) -> None:
    team = await team_of(site)
    scheme = await team.drafts()
    items = await site.rows.fetch("SELECT id, officer_id FROM scheme_items ORDER BY ordinal")
    given = {"item_id": items[1]["id"], "outcome": ItemOutcome.CHECKED, "answer": "回风巷瓦斯0.4%"}
    with pytest.raises(rules.NotYourItem):
        await team.acts(recording.answer_item, team.lead, **given)
    first = await team.acts(recording.answer_item, **given)
    assert (await team.acts(recording.answer_item, **given)).answered_at == first.answered_at
    with pytest.raises(rules.ItemAnswered):
        await team.acts(recording.answer_item, **{**given, "answer": "没有检查"})
    assert await site.entries() == ["scheme.drafted", "scheme.item_answered"]
    assert scheme.id == first.scheme_id


async def test_a_talk_is_kept_also_when_it_was_short(site: Site) -> None:
    team = await team_of(site)
    asked = opening(site, [team.lead, team.inspector])
    await team.acts(inspections.open_inspection, team.lead, opening=asked)
    short = talk(team, asked.id, minutes=12)
    kept = await team.acts(recording.record_talk, **short)
    assert (await team.acts(recording.record_talk, **short)).recorded_at == kept.recorded_at
    with pytest.raises(rules.LawTalkConflict):
        await team.acts(recording.record_talk, **{**short, "listeners": 3})
    assert await site.counted("law_talks") == 1


async def test_no_other_role_acts_on_schemes_and_nothing_is_recorded(site: Site) -> None:
    team = await team_of(site)
    scheme, approved = await team.drafts(), await team.drafts()
    await team.approves(approved.id)
    asked = opening(site, [team.lead, team.inspector])
    await team.acts(inspections.open_inspection, team.lead, opening=asked)
    item_id = await site.rows.fetchval("SELECT id FROM scheme_items LIMIT 1")
    acts: list[tuple[Verb, Any, dict[str, Any]]] = [
        (Verb.SCHEME_DRAFT, operations.draft_scheme, {"draft": team.draft()}),
        (Verb.SCHEME_APPROVE, operations.approve_scheme, {"scheme_id": scheme.id}),
        (Verb.SCHEME_APPROVE, operations.return_scheme, {"scheme_id": scheme.id, "reason": "不全"}),
        (Verb.INSPECTION_OPEN, operations.open_by_scheme,
         {"scheme_id": approved.id, "inspection_id": uuid4(), "places": PLACES}),
        (Verb.SCHEME_RECORD, operations.link_scheme, {"scheme_id": scheme.id, "inspection_id": asked.id}),
        (Verb.SCHEME_RECORD, recording.answer_item,
         {"item_id": item_id, "outcome": ItemOutcome.CHECKED, "answer": "已查"}),
        (Verb.SCHEME_RECORD, recording.record_talk, talk(team, asked.id)),
        (Verb.SCHEME_CLASSIFY, recording.classify_mine,
         {"mine_id": site.mine, "mine_class": MineClass.C, "from_day": DAY, "reason": "分类"}),
    ]  # fmt: skip
    before = await counts(site)
    strangers = [(role, await site.person(role)) for role in Role]
    strangers += [(role, await site.person(role, county=ZHONGSHAN)) for role in (Role.LEAD, Role.AGENCY_HEAD)]
    for role, person in strangers:
        for verb, operation, given in acts:
            if verb not in ROLE_VERBS[role] or person.reach.counties == {ZHONGSHAN}:
                with pytest.raises((NotAllowed, NotFound)):
                    await team.acts(operation, person, **given)
    assert await counts(site) == before


async def test_a_mine_is_not_told_beforehand_what_will_be_looked_at(site: Site) -> None:
    team = await team_of(site)
    await team.drafts()
    for role in (Role.MINE_PRINCIPAL, Role.MINE_CLERK, Role.MINER):
        own = await site.person(role, county=None, mine_id=site.mine, certificate=None)
        async with site.database.reading(own) as sql:
            assert await sql.fetchval("SELECT count(*) FROM schemes") == 0
            assert await sql.fetchval("SELECT count(*) FROM scheme_items") == 0


async def test_rows_agree_with_their_entries_until_a_hand_changes_them(site: Site, workers: Database) -> None:
    team = await team_of(site)
    scheme = await team.drafts()
    await team.approves(scheme.id)
    id = uuid4()
    await team.opens(scheme.id, id)
    own = await site.rows.fetchval("SELECT id FROM scheme_items WHERE officer_id = $1", team.inspector.account_id)
    await team.acts(recording.answer_item, item_id=own, outcome=ItemOutcome.NOT_CHECKED, answer="停风，未进入")
    await team.acts(recording.record_talk, **talk(team, id))
    await team.acts(recording.classify_mine, await site.person(Role.AGENCY_HEAD), mine_id=site.mine,
                    mine_class=MineClass.C, from_day=DAY, reason="分类")  # fmt: skip

    async def page(text: str, arguments: tuple[Any, ...]) -> Any:
        async with workers.reading(keeper()) as sql:
            return await sql.fetch(text, *arguments)

    async def found() -> list[str]:
        return [one.column for comparison in (SCHEMES, LAW_TALKS, MINE_CLASSES)
                async for one in comparing.differences(page, comparison)]  # fmt: skip

    assert await found() == []
    await site.rows.execute("SET session_replication_role = replica")  # What only the owner can do: no trigger fires.
    await site.rows.execute("UPDATE scheme_items SET answer = '已查' WHERE id = $1", own)
    await site.rows.execute("UPDATE law_talks SET ends_at = ends_at + interval '20 minutes'")
    await site.rows.execute("UPDATE mine_classes SET mine_class = 'D'")
    assert await found() == ["told_items", "ends_at", "mine_class"]
