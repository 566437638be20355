"""Tests of people on the blacklist: who is liable, who answers, and whom an entry follows to the next mine."""

from typing import Any
from uuid import uuid4

import pytest

from storage.casework.cases.steps import PartyKind
from storage.record.actor import Actor, Role, Verb, keeper, stranger
from storage.record.clock import day_of
from storage.record.database import Database
from storage.record.problems import NotFound
from storage.record.work import perform
from storage.trust.credit import problems, queries, removals
from storage.trust.credit import public as counted
from storage.trust.credit.tables import ListingGround
from storage.trust.disclosures import problems as disclosing
from tests.factories.credit import LATER, Credit, credit_of, sealed_piece
from tests.sites import NOW, Site
from tests.storage.trust.credit.test_listings import OF_AGE, principal_of, refused, shown


@pytest.fixture
async def credit(site: Site) -> Credit:
    return await credit_of(site)


async def test_a_person_is_liable_by_his_post_and_read_by_his_family_name(
    credit: Credit, public_database: Database
) -> None:
    principal = await principal_of(credit)
    worker = await credit.person(mine=credit.site.mine, name="钱进", post="WORKER")
    elsewhere = await credit.person(name="孙成", post="PRINCIPAL")
    found = await refused(
        credit, problems.ListingNotGrounded, credit.proposes(person=worker, ground=ListingGround.WITHOUT_LICENCE)
    )
    assert found.parameters["reason"] == "NOT_RESPONSIBLE"
    await refused(credit, NotFound, credit.proposes(person=elsewhere))
    await credit.proposes(person=worker)  # 第七条第四项 speaks of whoever is responsible.
    proposed = await credit.proposes(person=principal, words="指挥工人在瓦斯超限区域作业")
    await credit.tells(proposed.id)
    await credit.answers(proposed.id)
    await refused(credit, disclosing.NotPublishable, credit.lists(proposed.id, digest=bytes(32)))
    await credit.lists(proposed.id, wording=OF_AGE)
    (row,) = await shown(public_database)
    assert row.party == "矿某"
    assert row.credit_code == await credit.site.rows.fetchval("SELECT credit_code FROM mines WHERE id = $1",
                                                              credit.site.mine)  # fmt: skip


async def test_a_person_answers_by_his_own_account_and_reads_of_himself_once_told(credit: Credit) -> None:
    miner = await credit.site.person(Role.MINER, county=None, mine_id=credit.site.mine)
    person = await credit.person(mine=credit.site.mine, name="钱进", post="TEAM_LEADER", account=miner.account_id)
    proposed = await credit.proposes(person=person)

    async def own(actor: Actor) -> list[Any]:
        async with credit.site.database.reading(actor) as sql:
            return [one.id for one in await queries.own_listings(sql, actor, limit=9)]

    assert await own(miner) == []
    await credit.tells(proposed.id)
    assert (await own(miner), await own(credit.principal)) == ([proposed.id], [])
    answered = await credit.answers(proposed.id, by=miner)
    assert (answered.answered_by, answered.heard) == (miner.account_id, False)


async def test_a_persons_entry_follows_him_to_the_next_mine_and_the_public_reads_a_number(
    credit: Credit, public_database: Database, workers: Database
) -> None:
    number = uuid4().bytes * 2
    person = await credit.person(mine=credit.site.mine, name="赵铁柱", post="DEPUTY_SAFETY", number=number)
    await credit.listed(person=person, wording=OF_AGE)
    there = await credit.person(mine=credit.site.far_mine, name="赵铁柱", post="MINE_MANAGER", number=number)
    await credit.person(mine=credit.site.far_mine, name="赵铁柱", post="WORKER", number=uuid4().bytes * 2)
    supervisor = await credit.site.person(Role.INSPECTOR, county="520201")

    async def followed(actor: Actor) -> list[tuple[Any, str, str]]:
        async with credit.site.database.reading(actor.seeing(Verb.BLACKLIST_READ)) as sql:
            found = await queries.listed_people_at(sql, [credit.site.far_mine], on=day_of(credit.now))
        return [(one.person_id, one.post.value, one.listed_at_mine) for one in found]

    assert await followed(supervisor) == [(there, "MINE_MANAGER", "甲煤矿")]
    assert await followed(credit.officer) == []
    assert await perform(workers, keeper(), credit.now, removals.count_listed) == 2
    assert await perform(workers, keeper(), credit.now, removals.count_listed) == 0
    async with public_database.reading(stranger()) as sql:
        assert await counted.people_listed_at(sql, credit.site.far_mine) == 1
        assert await counted.people_listed_at(sql, credit.site.closed_mine) == 0
        before = await counted.changes_of(sql)
    await credit.site.rows.execute("UPDATE posts SET to_day = $1, ended_at = $2 WHERE person_id = $3",
                                   day_of(NOW), NOW, there)  # fmt: skip
    assert await perform(workers, keeper(), credit.now, removals.count_listed) == 1
    async with public_database.reading(stranger()) as sql:
        assert await counted.people_listed_at(sql, credit.site.far_mine) == 0
        assert await counted.changes_of(sql) > before
    assert await followed(supervisor) == []


async def test_a_persons_penalty_is_repaired_by_what_he_brings_to_the_desk_and_his_mine_sees_nothing_of_it(
    credit: Credit,
) -> None:
    await credit.pays()
    credit.now = LATER
    proposal = """UPDATE case_steps SET body = replace(body, '"kind":"UNIT"', '"kind":"PERSON"')"""
    person = "SET session_replication_role = replica; UPDATE case_parties SET kind = 'PERSON'"
    await credit.site.rows.execute(f"{person}; {proposal} WHERE kind = 'PROPOSED'")
    await refused(credit, NotFound, credit.asks())
    await refused(credit, problems.RepairUnproven, credit.asks(by=credit.officer))
    paper = await sealed_piece(credit)
    repair = await credit.asks(by=credit.officer, pledge="", pledge_piece=paper)
    assert (repair.received, repair.party) == (True, PartyKind.PERSON)
    async with credit.site.database.reading(credit.principal) as sql:
        assert await queries.repairs_by_ids(sql, [repair.id]) == []
    await credit.examines(repair.id)
    assert (await credit.decides(repair.id)).granted is True
