"""Tests of the acts on matters of conduct: what they change, who may not, and that nothing is recorded then."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from storage.casework.conduct import operations, queries, rules
from storage.casework.conduct.comparing import MATTERS
from storage.casework.conduct.history import Complainant
from storage.casework.conduct.tables import About, ConductOutcome, ConductTurn, MatterKind
from storage.record.actor import Actor, Role
from storage.record.ledger import comparing
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from tests.factories.conduct import WHO, WORDS, make_agency, opening
from tests.sites import ZHONGSHAN, Site

T, C, M = ConductTurn, ConductOutcome, MatterKind
TABLES = ("conduct_matters", "conduct_steps", "conduct_complainants", "entries")


async def counts(site: Site) -> list[int]:
    return [await site.counted(table) for table in TABLES]


async def seen_by(site: Site, actor: Actor) -> list[str]:
    async with site.database.reading(actor) as sql:
        return [row.kind for row in await queries.matters_visible_to(sql, limit=10)]


async def test_an_officer_asks_for_exemption_and_two_above_him_find(site: Site) -> None:
    agency = await make_agency(site)
    officer, second = agency.officer, await site.person(Role.AGENCY_HEAD)
    matter = await agency.opens(officer, M.EXEMPTION, mine_id=site.mine, reference="“11·20”瓦斯事故")
    assert (matter.state, matter.mine_id, matter.as_of) == ("OPEN", site.mine, None)
    piece = await agency.check.piece()
    await agency.takes(officer, matter.id, T.ACCOUNT_GIVEN, evidence=(piece,))
    await agency.takes(agency.head, matter.id, T.FOUND, outcome=C.EXEMPT, grounds=("ORDERED_AND_REFUSED",))
    settled = await agency.takes(second, matter.id, T.CONFIRMED)
    assert (settled.state, settled.steps, settled.granted) == ("SETTLED", 4, False)
    row = await site.rows.fetchrow(
        "SELECT c.subject_id = f.id AS it FROM conduct_steps c, conduct_steps f"
        " WHERE c.kind = 'CONFIRMED' AND f.kind = 'FOUND'"
    )
    assert row["it"]
    kinds = [kind for kind in await site.entries() if kind.startswith("conduct.")]
    assert kinds == ["conduct.opened", "conduct.account_given", "conduct.found", "conduct.confirmed"]


async def test_the_same_matter_and_step_again_are_the_same_answer_and_other_content_a_conflict(site: Site) -> None:
    agency = await make_agency(site)
    asked = opening(M.PROPOSAL, agency.officer.account_id, mine_id=site.mine)
    first = await agency.acts(agency.head, operations.open_matter, opening=asked)
    assert (await agency.acts(agency.head, operations.open_matter, opening=asked)).opened_at == first.opened_at
    for actor, other in ((agency.auditor, asked), (agency.head, replace(asked, words="另一件事实"))):
        with pytest.raises(rules.ConductConflict):
            await agency.acts(actor, operations.open_matter, opening=other)
    step = uuid4()
    for _ in range(2):
        assert (await agency.takes(agency.head, first.id, T.TOLD, id=step)).state == "TOLD"
    with pytest.raises(rules.ConductStepConflict):
        await agency.takes(agency.head, first.id, T.TOLD, id=step, words="另有所告")
    assert [one for one in await site.entries() if "conduct" in one] == ["conduct.opened", "conduct.told"]


async def test_a_proposal_goes_its_way_and_the_officer_reads_it(site: Site) -> None:
    agency = await make_agency(site)
    matter = await agency.opens(agency.auditor, M.PROPOSAL, mine_id=site.mine, grounds=("MAJOR_HAZARD_LEFT",))
    assert await seen_by(site, agency.officer) == ["PROPOSAL"]
    assert await seen_by(site, agency.check.lead) == []
    assert await seen_by(site, agency.principal) == []
    await agency.takes(agency.head, matter.id, T.TOLD)
    await agency.takes(agency.officer, matter.id, T.ANSWERED)
    await agency.takes(agency.head, matter.id, T.PASSED_ON, organ="盘州市纪委监委")
    await agency.takes(agency.head, matter.id, T.RECEIVED)
    done = await agency.takes(agency.head, matter.id, T.OUTCOME_RECORDED, outcome=C.NOT_ACTED_UPON)
    assert done.state == "SETTLED"


async def test_whom_a_complaint_is_about_sees_nothing_of_it_whatever_role_he_holds(site: Site) -> None:
    agency = await make_agency(site)
    matter = await agency.opens(agency.principal, M.COMPLAINT, mine_id=site.mine, complainant=WHO)
    about_head = await agency.opens(agency.check.lead, M.COMPLAINT, agency.head, mine_id=site.mine, complainant=WHO)
    for actor, found in (
        (agency.officer, []), (agency.principal, ["COMPLAINT"]), (agency.check.lead, ["COMPLAINT"]),
        (agency.head, ["COMPLAINT"]), (agency.above, ["COMPLAINT"] * 2), (agency.auditor, ["COMPLAINT"] * 2),
    ):  # fmt: skip
        assert await seen_by(site, actor) == found
    for actor, id in ((agency.officer, matter.id), (agency.head, about_head.id)):
        before = await counts(site)
        async with site.database.reading(actor) as sql:
            assert await queries.steps_of(sql, [id]) == []
            for table in ("conduct_complainants", "conduct_steps"):
                assert await sql.fetchval(f"SELECT count(*) FROM {table} WHERE matter_id = $1", id) == 0
            told = "SELECT count(*) FROM payloads WHERE subject = $1"
            assert await sql.fetchval(told, id) == 0
        for step, given in ((T.ACCEPTED, {}), (T.REPLIED, {"outcome": C.UNSUBSTANTIATED})):
            with pytest.raises(NotFound):
                await agency.takes(actor, id, step, **given)
        with pytest.raises(NotFound):
            await agency.acts(actor, operations.open_complainant, matter_id=id)
        assert await counts(site) == before
    with pytest.raises(NotAllowed):
        await agency.takes(agency.principal, matter.id, T.ACCEPTED)


async def test_a_complaint_is_handled_and_who_complained_is_opened_with_a_trace(site: Site) -> None:
    agency = await make_agency(site)
    matter = await agency.opens(agency.check.lead, M.COMPLAINT, mine_id=site.mine, complainant=WHO)
    assert (await agency.acts(agency.head, operations.open_complainant, matter_id=matter.id)) == WHO
    assert (await agency.acts(agency.check.lead, operations.open_complainant, matter_id=matter.id)) == WHO
    for step, given in (
        (T.ACCEPTED, {}), (T.HEARD, {}), (T.EXTENDED, {}), (T.REPLIED, {"outcome": C.SUBSTANTIATED}),
    ):  # fmt: skip
        matter = await agency.takes(agency.head, matter.id, step, **given)
    assert matter.state == "SETTLED"
    assert (await site.entries()).count("conduct.complainant_opened") == 2
    payloads = await site.rows.fetch("SELECT payload FROM payloads")
    assert not any(WHO.name.encode() in row["payload"] or WHO.contact.encode() in row["payload"] for row in payloads)
    nobody = await agency.opens(agency.check.lead, M.COMPLAINT, mine_id=site.mine)
    before = await counts(site)
    assert await agency.acts(agency.head, operations.open_complainant, matter_id=nobody.id) is None
    assert await counts(site) == before


async def test_the_officer_does_not_take_down_a_complaint_about_himself_nor_does_any_role_write_it_so(
    site: Site,
) -> None:
    agency = await make_agency(site)
    before = await counts(site)
    with pytest.raises(rules.HandledByOneself):
        await agency.opens(agency.officer, M.COMPLAINT, mine_id=site.mine)
    assert await counts(site) == before
    matter = await agency.opens(agency.check.lead, M.COMPLAINT, mine_id=site.mine)
    with pytest.raises(asyncpg.PostgresError):
        await site.rows.execute("UPDATE conduct_matters SET officer_id = opened_by WHERE id = $1", matter.id)
    for table in ("conduct_steps", "conduct_complainants"):
        with pytest.raises(asyncpg.PostgresError):
            await site.rows.execute(f"TRUNCATE {table} CASCADE")


async def test_the_heads_own_recusal_is_decided_by_the_body_above(site: Site) -> None:
    agency = await make_agency(site)
    lead_and_head = await site.person(Role.INSPECTOR, Role.AGENCY_HEAD)
    await site.put("inspection_officers", inspection_id=agency.check.id, account_id=lead_and_head.account_id,
                   certificate_id=await certificate_of(site, lead_and_head))  # fmt: skip
    matter = await agency.recusal(lead_and_head, lead_and_head)
    before = await counts(site)
    for actor, problem in ((lead_and_head, rules.HandledByOneself), (agency.head, rules.HandledBelow)):
        with pytest.raises(problem):
            await agency.takes(actor, matter.id, T.DECIDED, outcome=C.GRANTED)
    assert await counts(site) == before
    decided = await agency.takes(agency.above, matter.id, T.DECIDED, outcome=C.GRANTED)
    assert (decided.granted, decided.decided_at) == (True, agency.now)


async def certificate_of(site: Site, actor: Actor) -> Any:
    return await site.rows.fetchval("SELECT id FROM certificates WHERE account_id = $1", actor.account_id)


@pytest.mark.parametrize(("kind", "who", "changes", "problem"), [
    (M.PROPOSAL, "principal", {}, NotAllowed),
    (M.PROPOSAL, "lead", {}, NotAllowed),
    (M.EXEMPTION, "lead", {}, NotAllowed),
    (M.EXEMPTION, "head", {"mine_id": uuid4()}, NotFound),
    (M.EXEMPTION, "head", {"as_of": 4}, BadInput),
    (M.RECUSAL, "auditor", {}, NotAllowed),
    (M.RECUSAL, "lead", {}, rules.RecusalByStranger),
    (M.RECUSAL, "principal", {"subject_id": uuid4()}, NotFound),
    (M.RECUSAL, "principal", {"officer_id": uuid4()}, rules.NotOfTheTeam),
    (M.COMPLAINT, "miner", {}, NotAllowed),
    (M.COMPLAINT, "principal", {"officer_id": uuid4()}, rules.ConductOfNobody),
    (M.COMPLAINT, "principal", {"evidence": (uuid4(),)}, NotFound),
    (M.COMPLAINT, "far", {}, NotFound),
])  # fmt: skip
async def test_each_problem_of_an_opening_leaves_nothing_behind(
    site: Site, kind: MatterKind, who: str, changes: dict[str, Any], problem: type[Problem]
) -> None:
    agency = await make_agency(site)
    actors = {"lead": agency.check.lead, "head": agency.head, "principal": agency.principal,
              "auditor": agency.auditor, "miner": await site.person(Role.MINER, mine_id=site.mine),
              "far": await site.person(Role.INSPECTOR, county=ZHONGSHAN)}  # fmt: skip
    usual = {"subject_id": agency.check.id} if kind is M.RECUSAL else {"mine_id": site.mine}
    before = await counts(site)
    asked = opening(kind, **({"officer_id": agency.officer.account_id} | usual | changes))
    with pytest.raises(problem):
        await agency.acts(actors[who], operations.open_matter, opening=asked)
    assert await counts(site) == before


@pytest.mark.parametrize(("kind", "step", "outcome"), [
    (M.EXEMPTION, T.FOUND, C.NOT_EXEMPT), (M.PROPOSAL, T.TOLD, None), (M.RECUSAL, T.DECIDED, C.GRANTED),
])  # fmt: skip
async def test_no_role_without_the_verb_takes_a_step_of_the_authority(
    site: Site, kind: MatterKind, step: ConductTurn, outcome: ConductOutcome | None
) -> None:
    agency = await make_agency(site)
    by = agency.principal if kind is M.RECUSAL else agency.head
    about: dict[str, Any] = {"subject_id": agency.check.id} if kind is M.RECUSAL else {"mine_id": site.mine}
    matter = await agency.opens(by, kind, **about)
    before = await counts(site)
    for role in (Role.INSPECTOR, Role.LEAD, Role.LEGAL_REVIEWER, Role.ARCHIVIST, Role.MINE_CLERK):
        actor = await site.person(role, mine_id=site.mine if role is Role.MINE_CLERK else None,
                                  county=None if role is Role.MINE_CLERK else "520281")  # fmt: skip
        with pytest.raises((NotAllowed, NotFound)):
            await agency.takes(actor, matter.id, step, outcome=outcome)
    assert await counts(site) == before


async def test_rows_that_a_hand_changed_are_not_what_their_entries_say(site: Site) -> None:
    agency = await make_agency(site)
    matter = await agency.opens(agency.check.lead, M.COMPLAINT, mine_id=site.mine, complainant=WHO)
    await agency.takes(agency.head, matter.id, T.ACCEPTED)
    recusal = await agency.recusal()
    await agency.takes(agency.head, recusal.id, T.DECIDED, outcome=C.GRANTED)

    async def page(statement: str, arguments: tuple[Any, ...]) -> Any:
        return await site.rows.fetch(statement, *arguments)

    async def differing() -> set[str]:
        return {found.column async for found in comparing.differences(page, MATTERS)}

    assert await differing() == set()
    await site.rows.execute("SET session_replication_role = replica")  # Only a superuser gets past the trigger.
    await site.rows.execute("UPDATE conduct_complainants SET name = '王某'")
    assert await differing() == {"told_complainant"}
    await site.rows.execute("UPDATE conduct_steps SET words = '改动之后' WHERE kind = 'DECIDED'")
    await site.rows.execute("UPDATE conduct_matters SET granted = false, decided_at = NULL")
    assert await differing() == {"told_complainant", "told_steps", "granted", "decided_at"}


async def test_recusal_is_asked_of_an_exam_and_of_a_scheme_too(site: Site) -> None:
    agency = await make_agency(site)
    exam, officer = uuid4(), agency.officer
    await site.put("exams", id=exam, inspection_id=agency.check.id, mine_id=site.mine, county="520281", office="GZ-1",
                   way="BY_HAND", reason="无网络", pass_mark=80, paper_length=10, held_at=agency.now,
                   held_by=officer.account_id, recorded_at=agency.now)  # fmt: skip
    row = await agency.opens(officer, M.RECUSAL, about=About.EXAM, subject_id=exam, grounds=("DIRECT_INTEREST",))
    assert (row.about, row.county) == ("EXAM", "520281")
    withdrawn = await agency.takes(officer, row.id, T.WITHDRAWN)
    assert (withdrawn.state, WORDS) == ("WITHDRAWN", "该员参与了前次检查")


async def test_a_complaint_again_with_another_name_or_other_evidence_is_a_conflict(site: Site) -> None:
    agency = await make_agency(site)
    who = Complainant(name=" 王某", contact="138")
    asked = opening(M.COMPLAINT, agency.officer.account_id, mine_id=site.mine, complainant=who)
    for _ in range(2):
        await agency.acts(agency.principal, operations.open_matter, opening=asked)
    piece = await agency.check.piece()
    changes: tuple[dict[str, Any], ...] = (
        {"complainant": None}, {"complainant": replace(who, contact="139")}, {"evidence": (piece,)},
        {"reference": "另案"},
    )  # fmt: skip
    for change in changes:
        with pytest.raises(rules.ConductConflict):
            await agency.acts(agency.principal, operations.open_matter, opening=replace(asked, **change))
