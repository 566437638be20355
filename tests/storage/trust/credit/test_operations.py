"""Tests of repair of credit: asked, examined, decided, taken back; what is refused, who may, and its traces."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.cases.bodies.facts import CorrectionChecked, CorrectionOrdered
from storage.promises.commitments.rules import EvidenceNotSealed
from storage.record.actor import ROLE_VERBS, Role, Verb, keeper, stranger
from storage.record.clock import day_of
from storage.record.database import Database
from storage.record.ledger import comparing
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.record.work import perform
from storage.trust.credit import problems, queries
from storage.trust.credit.comparing import REPAIRS
from storage.trust.credit.tables import FraudGround
from storage.trust.disclosures import operations as disclosures
from storage.trust.disclosures import problems as disclosing
from storage.trust.disclosures import public
from storage.trust.disclosures.comparing import DISCLOSURES
from storage.trust.sweeping import record_overruns
from tests.counting import statements_of
from tests.factories.credit import LATER, PLEDGE, Credit, credit_of
from tests.factories.measures import orders
from tests.sites import NOW, Site

TABLES = ("credit_repairs", "disclosure_events", "public_rows", "public_gone", "entries")


@pytest.fixture
async def credit(site: Site) -> Credit:
    return await credit_of(site)


async def refused(credit: Credit, problem: type[Problem] | tuple[type[Problem], ...], act: Any) -> Problem:
    before = [await credit.site.counted(table) for table in TABLES]
    with pytest.raises(problem) as told:
        await act
    assert before == [await credit.site.counted(table) for table in TABLES]
    assert isinstance(told.value, Problem)
    return told.value


async def page(database: Database, credit: Credit) -> public.Page:
    async with database.reading(stranger()) as sql:
        found = await public.page_of(sql, credit.shown)
    assert found is not None
    return found


async def ordered_at(credit: Credit) -> UUID:
    """An order on site by the inspection that the case comes from."""
    check = credit.made.desk.check
    return (await orders(check, "CORRECT_BY_TERM", (await check.finds()).id, days=5)).id


async def agrees(workers: Database) -> list[Any]:
    async def rows(statement: str, arguments: tuple[Any, ...]) -> Any:
        async with workers.reading(keeper()) as sql:
            return await sql.fetch(statement, *arguments)

    return [one for each in (REPAIRS, DISCLOSURES) async for one in comparing.differences(rows, each)]


async def test_令36_a_repaired_penalty_stops_being_shown_in_the_minute_of_the_decision(
    credit: Credit, public_database: Database, workers: Database
) -> None:
    await credit.pays()
    repair = await credit.asks(at=LATER)
    assert (repair.grade, repair.party, repair.received, repair.pledge) == ("ORDINARY", "UNIT", False, PLEDGE)
    credit.now = LATER
    await credit.examines(repair.id)
    assert (await page(public_database, credit)).gone is None
    decided = await credit.decides(repair.id)
    found = await page(public_database, credit)
    assert (found.shown, found.editions, decided.granted) == (None, (), True)
    assert found.gone is not None
    assert (found.gone.gone_as, found.gone.gone_at) == ("REPAIRED", decided.decided_at)
    assert "令第36号" in found.gone.basis
    assert "属实" not in found.gone.reason
    async with public_database.reading(stranger()) as sql:
        assert await public.search(sql, public.Sought(words="瓦斯"), limit=5) == []
        assert [one.id for one in await public.gone_after(sql, after=0)] == [credit.shown]
    kinds = [one for one in await credit.site.entries() if one.startswith(("repair", "disclosure"))]
    assert kinds == [
        "disclosure.published", "repair.asked", "repair.examined", "repair.decided", "disclosure.repaired",
    ]  # fmt: skip
    assert await agrees(workers) == []


async def test_nothing_is_repaired_before_the_shortest_period_is_over(credit: Credit) -> None:
    await credit.pays()
    found = await refused(credit, problems.RepairTooEarly, credit.asks(at=NOW + timedelta(days=92)))
    assert found.parameters["day"] == "2027-02-24"
    assert (await credit.asks(at=NOW + timedelta(days=93))).granted is None


async def test_令58_a_penalty_of_before_waits_a_year_and_one_that_is_grave_too(site: Site) -> None:
    credit = await credit_of(site)
    await credit.pays()
    await site.rows.execute(
        "SET session_replication_role = replica; UPDATE case_steps SET at = at - interval '300 days'"
    )
    found = await refused(credit, problems.RepairTooEarly, credit.asks(at=NOW))
    assert found.parameters["day"] == "2027-01-28"
    assert "令第58号" in str(found.parameters["article"])


async def test_nothing_is_repaired_while_the_fine_is_unpaid(credit: Credit) -> None:
    found = await refused(credit, problems.ObligationsOpen, credit.asks(at=LATER))
    assert found.parameters["obstacle"] == "FINE_UNPAID"
    await credit.pays(999_999)
    await refused(credit, problems.ObligationsOpen, credit.asks(at=LATER))
    await credit.pays(1)
    await credit.asks(at=LATER)


async def test_nothing_is_repaired_while_a_correction_or_an_order_on_site_is_open(credit: Credit) -> None:
    await credit.pays()
    desk = credit.made.desk
    ordered = desk.taking(CorrectionOrdered(what="安装传感器", due_on=day_of(NOW)))
    await desk.again(ordered)
    found = await refused(credit, problems.ObligationsOpen, credit.asks(at=LATER))
    assert found.parameters["obstacle"] == "CORRECTION_OPEN"
    await desk.take(CorrectionChecked(ordered=ordered.id, corrected=True))
    measure = await ordered_at(credit)
    found = await refused(credit, problems.ObligationsOpen, credit.asks(at=LATER))
    assert found.parameters["obstacle"] == "MEASURE_OPEN"
    await refused(credit, problems.ObligationsOpen, credit.asks(at=LATER, measures=(measure,)))
    await credit.site.rows.execute("UPDATE measures SET closed_at = $1", NOW)
    repair = await credit.asks(at=LATER, proof=(), measures=(measure,))
    assert (repair.proof, repair.measures) == ([], [measure])


async def test_what_became_open_meanwhile_stops_the_grant_and_never_a_refusal(credit: Credit) -> None:
    await credit.pays()
    credit.now = LATER
    repair = await credit.asks()
    await credit.examines(repair.id, favoured=False, words="现场复查不合格")
    await ordered_at(credit)
    await refused(credit, problems.ObligationsOpen, credit.decides(repair.id))
    decided = await credit.decides(repair.id, grant=False, words="整改未完成，不予修复")
    assert (decided.granted, decided.decision) == (False, "整改未完成，不予修复")
    await refused(credit, problems.RepairDecided, credit.decides(repair.id))


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"proof": ()}, "PROOF"), ({"measures": (uuid4(),)}, "PROOF"), ({"pledge": " "}, "PLEDGE"),
        ({"pledge_piece": uuid4()}, "PLEDGE"),
    ],
)  # fmt: skip
async def test_a_request_brings_its_proof_and_one_pledge(credit: Credit, changes: dict[str, Any], part: str) -> None:
    await credit.pays()
    found = await refused(credit, problems.RepairUnproven, credit.asks(at=LATER, **changes))
    assert found.parameters["part"] == part


async def test_evidence_is_sealed_and_of_this_mine_and_a_clerk_brings_the_signed_paper(credit: Credit) -> None:
    await credit.pays()
    unsealed = await credit.made.desk.check.piece()
    await refused(credit, EvidenceNotSealed, credit.asks(at=LATER, proof=(unsealed,)))
    await refused(credit, EvidenceNotSealed, credit.asks(at=LATER, proof=(uuid4(),)))
    await refused(credit, BadInput, credit.asks(at=LATER, proof=(credit.piece, credit.piece)))
    await refused(credit, BadInput, credit.asks(at=LATER, words="短"))
    await refused(credit, problems.RepairUnproven, credit.asks(by=credit.clerk, at=LATER))
    same: dict[str, Any] = {"pledge": "", "pledge_piece": credit.piece}
    await refused(credit, problems.RepairUnproven, credit.asks(by=credit.clerk, at=LATER, **same))
    for state in ("RECEIVED", "SEALED"):
        await credit.site.rows.execute("UPDATE evidence SET state = $2 WHERE id = $1", unsealed, state)
    repair = await credit.asks(by=credit.clerk, at=LATER, pledge="", pledge_piece=unsealed)
    assert (repair.pledge, repair.pledge_piece) == (None, unsealed)


async def test_only_a_penalty_that_is_shown_is_repaired(credit: Credit) -> None:
    await credit.pays()
    await refused(credit, NotFound, credit.asks(at=LATER, disclosure_id=uuid4()))
    finding = await credit.made.desk.check.finds()
    await credit.site.rows.execute("UPDATE finding_defects SET made_good_at = $1, made_good_by = $2", NOW,
                                   credit.officer.account_id)  # fmt: skip
    await credit.granted()
    await refused(credit, problems.NotRepairable, credit.asks(at=LATER))
    assert finding.mine_id == credit.site.mine


async def test_of_two_requests_at_once_one_waits_for_the_other(credit: Credit) -> None:
    await credit.pays()
    credit.now = LATER
    outcomes = await asyncio.gather(credit.asks(), credit.asks(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["Repair", "RepairAskedBefore"]
    assert await credit.site.counted("credit_repairs") == 1


async def test_of_two_decisions_at_once_one_stands(credit: Credit) -> None:
    await credit.pays()
    credit.now = LATER
    repair = await credit.asks()
    await credit.examines(repair.id)
    acts = (credit.decides(repair.id), credit.decides(repair.id, by=credit.other_head, grant=False))
    outcomes = await asyncio.gather(*acts, return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["Repair", "RepairDecided"]


async def test_it_takes_an_officer_and_another_who_decides(credit: Credit) -> None:
    await credit.pays()
    credit.now = LATER
    both = await credit.site.person(Role.INSPECTOR, Role.AGENCY_HEAD)
    repair = await credit.asks()
    await refused(credit, problems.RepairNotExamined, credit.decides(repair.id))
    await credit.examines(repair.id, by=both)
    await refused(credit, problems.RepairExamined, credit.examines(repair.id))
    await refused(credit, problems.CreditTakesTwo, credit.decides(repair.id, by=both))
    await credit.decides(repair.id)
    await refused(credit, problems.RepairDecided, credit.examines(repair.id))


async def test_late_is_told_by_the_sweep_and_by_the_decision_and_refuses_nothing(
    credit: Credit, workers: Database
) -> None:
    await credit.pays()
    repair = await credit.asks(at=NOW + timedelta(days=93))
    assert repair.due_on is None, "no calendar of 2027 is published: nobody guesses"
    await credit.site.rows.execute("UPDATE credit_repairs SET asked_at = $1, due_on = $2, over_at = $3", NOW,
                                   day_of(NOW), NOW)  # fmt: skip
    late = NOW + timedelta(days=100)
    assert await perform(workers, keeper(), late, record_overruns, limit=9) >= 1
    await perform(workers, keeper(), late, record_overruns, limit=9)
    entries = await credit.site.entries()
    assert entries.count("repair.clock_overrun") == 1
    credit.now = late
    await credit.examines(repair.id)
    assert (await credit.decides(repair.id)).granted
    told = await credit.site.rows.fetchval(
        "SELECT convert_from(payload, 'UTF8')::jsonb -> 'data' ->> 'late' FROM payloads y JOIN entries e"
        " ON e.id = y.entry_id WHERE e.kind = 'repair.decided'"
    )
    assert told == "true"


async def test_what_fraud_got_is_taken_back_by_another_and_shown_again(
    credit: Credit, public_database: Database, workers: Database
) -> None:
    repair = await credit.granted()
    plain = credit.made.acts(disclosures.restore_disclosure, disclosure_id=credit.shown, reason="修复有误")
    await refused(credit, disclosing.RepairStands, plain)
    await refused(credit, problems.CreditTakesTwo, credit.restores(repair.id, by=credit.head))
    restored = await credit.restores(repair.id)
    assert (restored.restored_for, restored.granted) == (FraudGround.FALSE_PROOF, True)
    found = await page(public_database, credit)
    assert found.shown is not None
    assert [one.kind for one in found.events] == ["PUBLISHED", "REPAIRED", "RESTORED"]
    assert "虚假" in found.events[-1].reason
    await refused(credit, problems.NothingGranted, credit.restores(repair.id))
    assert await agrees(workers) == []
    again = await credit.asks()
    assert again.id != repair.id


async def test_what_was_never_granted_or_fell_since_is_not_shown_again(credit: Credit) -> None:
    await credit.pays()
    credit.now = LATER
    repair = await credit.asks()
    await refused(credit, problems.NothingGranted, credit.restores(repair.id))
    await credit.examines(repair.id)
    await credit.decides(repair.id)
    await credit.made.revoke()
    await refused(credit, problems.NotRepairable, credit.restores(repair.id))


async def test_other_mines_and_other_counties_neither_see_nor_touch_it(credit: Credit) -> None:
    await credit.pays()
    credit.now = LATER
    rival = await credit.site.person(Role.MINE_PRINCIPAL, county=None, mine_id=credit.site.far_mine)
    far = await credit.site.person(Role.INSPECTOR, Role.AGENCY_HEAD, county="520201")
    for other in (rival, far):
        await refused(credit, NotFound, credit.asks(by=other))
    repair = await credit.asks()
    for other in (rival, far):
        await refused(credit, NotFound, credit.examines(repair.id, by=other))
        await refused(credit, NotFound, credit.decides(repair.id, by=other))
        await refused(credit, NotFound, credit.restores(repair.id, by=other))
    for actor, count in ((rival, 0), (far, 0), (stranger(), 0), (credit.principal, 1), (credit.officer, 1)):
        async with credit.site.database.reading(actor) as sql:
            assert len(await queries.repairs_by_ids(sql, [repair.id])) == count


_ACTS = {
    Verb.REPAIR_ASK: lambda credit, by, _: credit.asks(by=by),
    Verb.REPAIR_EXAMINE: lambda credit, by, id: credit.examines(id, by=by),
    Verb.REPAIR_DECIDE: lambda credit, by, id: credit.decides(id, by=by),
    Verb.REPAIR_RESTORE: lambda credit, by, id: credit.restores(id, by=by),
}


async def test_only_whose_it_is_acts_on_a_repair(credit: Credit) -> None:
    await credit.pays()
    credit.now = LATER
    repair = await credit.asks()
    for role in Role:
        actor = await credit.site.person(role)
        for verb, act in _ACTS.items():
            if verb not in ROLE_VERBS[role]:
                await refused(credit, (NotAllowed, NotFound), act(credit, actor, repair.id))


async def test_a_list_of_repairs_takes_one_statement(credit: Credit, record: Database) -> None:
    await credit.granted()
    heard = statements_of(record)
    async with record.reading(credit.officer) as sql:
        rows = await queries.repairs_visible_to(sql, credit.officer, Verb.REPAIR_READ, limit=10)
    assert len(rows) == 1
    assert len([text for text in heard if "credit_repairs" in text]) == 1
