"""Tests of the blacklist: proposed, told, answered, entered, left, restored, withdrawn, over; and who follows whom."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from storage.promises.breaches.tables import BreachConsequenceKind, BreachConsequenceOf
from storage.promises.commitments.rules import EvidenceNotSealed
from storage.record.actor import ROLE_VERBS, Role, Verb, keeper, stranger
from storage.record.clock import day_of
from storage.record.database import Database
from storage.record.ledger import comparing
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.record.work import perform
from storage.trust.credit import listings, problems, queries, removals
from storage.trust.credit.comparing import LISTINGS, REMOVALS, SANCTIONS
from storage.trust.credit.tables import ListingFault, ListingGround, ListingState
from storage.trust.disclosures import ending, public
from storage.trust.disclosures import problems as disclosing
from storage.trust.disclosures.comparing import DISCLOSURES
from storage.trust.disclosures.operations import Wording
from storage.trust.disclosures.tables import DisclosureKind
from storage.trust.sweeping import record_overruns
from tests.counting import statements_of
from tests.factories.credit import Credit, credit_of
from tests.sites import NOW, Site

TABLES = (
    "blacklistings", "blacklist_removals", "joint_sanctions", "disclosures", "disclosure_events", "public_rows",
    "public_gone", "entries",
)  # fmt: skip
OF_AGE = Wording(of_age=True)
A_YEAR = timedelta(days=366)


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


async def agrees(workers: Database) -> list[Any]:
    async def rows(statement: str, arguments: tuple[Any, ...]) -> Any:
        async with workers.reading(keeper()) as sql:
            return await sql.fetch(statement, *arguments)

    every = (LISTINGS, REMOVALS, SANCTIONS, DISCLOSURES)
    return [one for each in every async for one in comparing.differences(rows, each)]


async def shown(database: Database) -> list[public.Shown]:
    async with database.reading(stranger()) as sql:
        return await public.search(sql, public.Sought(kind=DisclosureKind.BLACKLISTING), limit=9)


async def listing(credit: Credit, id: Any) -> list[Any]:
    async with credit.site.database.reading(credit.officer) as sql:
        return await queries.listings_by_ids(sql, [id])


async def principal_of(credit: Credit) -> Any:
    """The register's person of the mine's principal."""
    return await credit.site.rows.fetchval("SELECT id FROM persons WHERE account_id = $1", credit.principal.account_id)


async def test_令11_a_mine_is_told_heard_and_listed_for_three_years_and_the_public_reads_why(
    credit: Credit, public_database: Database, workers: Database
) -> None:
    proposed = await credit.proposes()
    assert (proposed.state, proposed.article.endswith("第七条第四项")) == ("PROPOSED", True)
    told = await credit.tells(proposed.id)
    assert (told.state, told.answer_ends) == ("TOLD", date(2026, 12, 1))
    answered = await credit.answers(proposed.id, evidence=(credit.piece,))
    assert (answered.heard, answered.evidence) == (False, [credit.piece])
    listed = await credit.lists(proposed.id)
    assert (listed.state, listed.until, listed.entered) == ("LISTED", date(2029, 11, 24), True)
    (row,) = await shown(public_database)
    assert (row.id, row.party, row.shown_until) == (listed.disclosure_id, "甲煤矿", listed.until)
    async with public_database.reading(stranger()) as sql:
        page = await public.page_of(sql, row.id)
    assert page is not None
    assert page.shown is not None
    copy = json.loads(page.shown.content)
    assert (copy["facts"], copy["ground"]["kind"], copy["listed_on"]) == (
        "瓦斯超限仍组织生产。", "OTHER_GRAVE", "2026-11-24",
    )  # fmt: skip
    assert "停产整改" not in page.shown.content.decode(), "what the party said is not public"
    kinds = [one for one in await credit.site.entries() if one.startswith("blacklist")]
    assert kinds == ["blacklist.proposed", "blacklist.told", "blacklist.answered", "blacklist.decided"]
    assert await agrees(workers) == []


async def test_nobody_is_listed_untold_or_before_his_time_to_answer_is_over(credit: Credit) -> None:
    proposed = await credit.proposes()
    await refused(credit, problems.PartyNotTold, credit.lists(proposed.id))
    await refused(credit, problems.PartyNotTold, credit.answers(proposed.id, by=credit.officer, heard=True))
    await credit.tells(proposed.id)
    await refused(credit, problems.PartyTold, credit.tells(proposed.id))
    found = await refused(credit, problems.PartyNotTold, credit.lists(proposed.id))
    assert found.parameters["day"] == "2026-12-01"
    credit.now = NOW + timedelta(days=7)
    await refused(credit, problems.PartyNotTold, credit.lists(proposed.id))
    credit.now = NOW + timedelta(days=8)
    assert (await credit.lists(proposed.id)).entered is True
    await refused(credit, problems.ListingDecided, credit.answers(proposed.id))
    await refused(credit, problems.ListingDecided, credit.lists(proposed.id, digest=bytes(32)))


async def test_who_proposed_does_not_decide_and_only_what_was_previewed_is_entered(credit: Credit) -> None:
    both = await credit.site.person(Role.LEAD, Role.AGENCY_HEAD)
    proposed = await credit.proposes(by=both)
    await credit.tells(proposed.id)
    await credit.answers(proposed.id)
    await refused(credit, problems.CreditTakesTwo, credit.lists(proposed.id, by=both))
    await refused(credit, disclosing.CopyStale, credit.lists(proposed.id, digest=bytes(32)))
    await refused(credit, BadInput, credit.lists(proposed.id, enter=False, digest=bytes(32)))
    await refused(credit, BadInput, credit.lists(proposed.id, digest=None))
    await refused(credit, BadInput, credit.lists(proposed.id, words="列"))
    not_listed = await credit.lists(proposed.id, enter=False, words="陈述成立，不予列入")
    assert (not_listed.state, not_listed.disclosure_id) == ("NOT_LISTED", None)
    assert await credit.site.counted("public_rows") == 1
    again = await credit.proposes()
    assert again.state == "PROPOSED"


async def test_personal_data_in_the_reasons_is_worded_anew(credit: Credit, public_database: Database) -> None:
    proposed = await credit.proposes(words="负责人电话13800138000，瓦斯超限仍组织生产")
    await credit.tells(proposed.id)
    await credit.answers(proposed.id)
    await refused(credit, disclosing.PersonalDataFound, credit.lists(proposed.id, digest=bytes(32)))
    await credit.lists(proposed.id, wording=Wording(anew={"facts": "瓦斯超限仍组织生产"}))
    assert len(await shown(public_database)) == 1


async def test_a_listing_rests_on_a_penalty_that_stands_and_carries_its_ground(credit: Credit) -> None:
    refuses = ListingGround.REFUSES_TO_PERFORM
    found = await refused(credit, problems.ListingNotGrounded, credit.proposes(ground=refuses))
    assert found.parameters["reason"] == "TIME_RUNS"
    credit.now = NOW + timedelta(days=30)
    await credit.pays()
    found = await refused(credit, problems.ListingNotGrounded, credit.proposes(ground=refuses))
    assert found.parameters["reason"] == "PERFORMED"
    only = ListingGround.NO_RESCUE_OR_FLED
    found = await refused(credit, problems.ListingNotGrounded, credit.proposes(ground=only))
    assert found.parameters["reason"] == "ONLY_PEOPLE"
    await refused(credit, NotFound, credit.proposes(decision=uuid4()))
    await refused(credit, BadInput, credit.proposes(words=""))
    await credit.made.revoke()
    found = await refused(credit, problems.ListingNotGrounded, credit.proposes())
    assert found.parameters["reason"] == "FELL"


async def test_who_does_not_pay_in_time_is_listed_as_refusing(credit: Credit) -> None:
    credit.now = NOW + timedelta(days=30)
    listed = await credit.listed(ground=ListingGround.REFUSES_TO_PERFORM)
    assert (listed.state, listed.ground) == ("LISTED", "REFUSES_TO_PERFORM")


async def test_only_the_party_answers_and_an_officer_takes_down_what_it_says(credit: Credit) -> None:
    worker = await credit.person(mine=credit.site.mine, name="钱进", post="WORKER")
    of_mine, of_person = await credit.proposes(), await credit.proposes(person=worker)
    for one in (of_mine, of_person):
        await refused(credit, (NotFound, problems.PartyNotTold), credit.answers(one.id))
        await credit.tells(one.id)
    await refused(credit, problems.NotTheParty, credit.answers(of_mine.id, by=credit.clerk))
    await refused(credit, NotFound, credit.answers(of_person.id))
    await refused(credit, NotAllowed, credit.answers(of_mine.id, by=credit.principal, heard=True))
    unsealed = await credit.made.desk.check.piece()
    await refused(credit, EvidenceNotSealed, credit.answers(of_mine.id, evidence=(unsealed,)))
    await refused(credit, BadInput, credit.answers(of_mine.id, evidence=(credit.piece, credit.piece)))
    heard = await credit.answers(of_person.id, by=credit.officer, heard=True, words="本人当时不在现场")
    assert heard.heard is True
    await credit.answers(of_mine.id)
    await refused(credit, problems.PartyAnswered, credit.answers(of_mine.id))


async def test_a_breachs_proposal_arrives_here_and_waits_until_it_is_taken_up(credit: Credit) -> None:
    id, other = uuid4(), uuid4()
    for one, of in ((id, BreachConsequenceOf.COMPANY), (other, BreachConsequenceOf.PRINCIPAL)):
        await credit.site.put(
            "breach_consequences", id=one, mine_id=credit.site.mine, county="520281", office="GZ-1",
            kind=BreachConsequenceKind.BLACKLIST_PROPOSAL.value, against=of.value, breaches=[], words="建议纳入黑名单",
            proposed_by=credit.officer.account_id, proposed_at=NOW, approved=one == id, decided_at=NOW,
            decision="同意", decided_by=credit.head.account_id,
        )  # fmt: skip

    async def waiting() -> list[Any]:
        async with credit.site.database.reading(credit.officer) as sql:
            return [one.id for one in await queries.waiting_proposals(sql, limit=9)]

    assert await waiting() == [id]
    refusals = ({"consequence": other, "person": await principal_of(credit)}, {"consequence": id,
                "person": await principal_of(credit)}, {"consequence": other})  # fmt: skip
    for changes in refusals:
        found = await refused(credit, problems.ListingNotGrounded, credit.proposes(**changes))
        assert found.parameters["reason"] == "NO_PROPOSAL"
    await refused(credit, NotFound, credit.proposes(consequence=uuid4()))
    assert (await credit.proposes(consequence=id)).consequence_id == id
    assert await waiting() == []


async def test_the_same_subject_is_proposed_once_on_one_decision_even_at_once(credit: Credit) -> None:
    outcomes = await asyncio.gather(credit.proposes(), credit.proposes(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["ListedBefore", "Listing"]
    await credit.proposes(person=await principal_of(credit))


async def test_an_entry_whose_penalty_fell_is_withdrawn_and_nobody_claims_that_it_fell(
    credit: Credit, public_database: Database, workers: Database
) -> None:
    listed = await credit.listed()
    fell: dict[str, Any] = {"listing_id": listed.id, "fault": ListingFault.DECISION_FELL, "words": "处罚决定已撤销"}
    await refused(credit, BadInput, credit.acts(listings.withdraw_listing, credit.head, **fell))
    await credit.made.revoke()
    withdrawn = await credit.acts(listings.withdraw_listing, credit.head, **fell)
    assert (withdrawn.state, withdrawn.withdrawn_for) == ("WITHDRAWN", "DECISION_FELL")
    async with public_database.reading(stranger()) as sql:
        page = await public.page_of(sql, listed.disclosure_id or uuid4())
    assert page is not None
    assert page.gone is not None
    assert page.gone.gone_as == "WITHDRAWN"
    await refused(credit, problems.NotListed, credit.acts(listings.withdraw_listing, credit.head, **fell))
    assert await agrees(workers) == []


async def test_an_entry_ends_by_its_last_day_with_what_is_shown_of_it(
    credit: Credit, public_database: Database, workers: Database
) -> None:
    listed = await credit.listed()
    assert listed.until is not None
    last = NOW + (listed.until - day_of(NOW))
    assert await perform(workers, keeper(), last, removals.expire_listings, limit=9) == 0
    over = last + timedelta(days=1)
    assert await perform(workers, keeper(), over, removals.expire_listings, limit=9) == 1
    assert await perform(workers, keeper(), over, removals.expire_listings, limit=9) == 0
    await perform(workers, keeper(), over, ending.expire, limit=9)
    assert await shown(public_database) == []
    assert (await listing(credit, listed.id))[0].state == "EXPIRED"
    credit.now = over
    await refused(credit, problems.NotListed, credit.leaves(listed.id))
    assert await agrees(workers) == []


async def test_what_waits_too_long_is_told_once(credit: Credit, workers: Database) -> None:
    proposed = await credit.proposes()
    await perform(workers, keeper(), NOW + timedelta(days=300), record_overruns, limit=9)
    assert "blacklist.clock_overrun" not in await credit.site.entries(), "nothing runs before the party is told"
    told = await credit.tells(proposed.id)
    assert told.due_on == date(2026, 12, 29)
    for _ in range(2):
        await perform(workers, keeper(), NOW + timedelta(days=40), record_overruns, limit=9)
    assert (await credit.site.entries()).count("blacklist.clock_overrun") == 1
    credit.now = NOW + timedelta(days=41)
    assert (await credit.lists(proposed.id)).entered is True


async def test_another_county_and_another_mine_see_no_entry(credit: Credit) -> None:
    proposed = await credit.proposes()
    await credit.tells(proposed.id)
    rival = await credit.site.person(Role.MINE_PRINCIPAL, county=None, mine_id=credit.site.far_mine)
    far = await credit.site.person(Role.LEAD, Role.AGENCY_HEAD, county="520201")
    for actor, count in ((rival, 0), (far, 0), (stranger(), 0), (credit.principal, 1), (credit.head, 1)):
        async with credit.site.database.reading(actor) as sql:
            assert len(await queries.listings_by_ids(sql, [proposed.id])) == count
    await refused(credit, NotFound, credit.answers(proposed.id, by=rival))
    await refused(credit, NotFound, credit.tells(proposed.id, by=far))
    await refused(credit, NotFound, credit.lists(proposed.id, by=far, digest=bytes(32)))
    await refused(credit, NotFound, credit.proposes(by=far))


_ACTS: dict[Verb, Any] = {
    Verb.BLACKLIST_PROPOSE: lambda credit, by, _, __: credit.proposes(by=by),
    Verb.BLACKLIST_TELL: lambda credit, by, id, _: credit.tells(id, by=by),
    Verb.BLACKLIST_ANSWER: lambda credit, by, id, _: credit.answers(id, by=by),
    Verb.BLACKLIST_DECIDE: lambda credit, by, id, _: credit.lists(id, by=by, digest=bytes(32)),
    Verb.BLACKLIST_LEAVE: lambda credit, by, id, _: credit.leaves(id, by=by),
    Verb.BLACKLIST_RESTORE: lambda credit, by, _, removal: credit.undoes(removal, by=by),
    Verb.BLACKLIST_WITHDRAW: lambda credit, by, id, _: credit.acts(
        listings.withdraw_listing, by, listing_id=id, fault=ListingFault.LISTED_IN_ERROR, words="列入有误"
    ),
    Verb.SANCTION_ASK: lambda credit, by, id, _: credit.sanctions(id, by=by),
}


async def test_only_whose_it_is_acts_on_an_entry(credit: Credit) -> None:
    listed = await credit.listed()
    credit.now += A_YEAR
    removal = await credit.leaves(listed.id)
    await credit.decides_leaving(removal.id)
    for role in Role:
        actor = await credit.site.person(role)
        for verb, act in _ACTS.items():
            if verb not in ROLE_VERBS[role]:
                await refused(credit, (NotAllowed, NotFound), act(credit, actor, listed.id, removal.id))


async def test_lists_of_entries_take_one_statement(credit: Credit, record: Database) -> None:
    await credit.listed()
    heard = statements_of(record)
    async with record.reading(credit.officer) as sql:
        assert len(await queries.listings_visible_to(sql, credit.officer, limit=10, state=ListingState.LISTED)) == 1
    assert len([text for text in heard if "blacklistings" in text]) == 1


@pytest.mark.parametrize(
    ("statement", "column"),
    [
        ("UPDATE blacklistings SET until = until + 1", "until"),
        ("UPDATE blacklistings SET state = 'REMOVED'", "state"),
        ("UPDATE blacklistings SET words = 'x'", "words"),
        ("UPDATE blacklistings SET disclosure_id = NULL", "disclosure_id"),
    ],
)  # fmt: skip
async def test_what_somebody_altered_past_every_guard_is_told_by_the_ledger(
    credit: Credit, workers: Database, statement: str, column: str
) -> None:
    await credit.listed()
    await credit.site.rows.execute("ALTER TABLE blacklistings DROP CONSTRAINT ck_blacklistings_public_while_in")
    await credit.site.rows.execute(f"SET session_replication_role = replica; {statement}")
    assert column in [one.column for one in await agrees(workers)]
