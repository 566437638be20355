"""Tests of the acts on people of mines: what they change, what they refuse, who may, and what trace they leave."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.record.actor import Actor, Role
from storage.record.problems import NotAllowed, NotFound, Problem
from storage.record.work import perform
from storage.register.people import operations, rules, workplaces
from storage.register.people.rules import PostFacts, QualificationFacts, number_mark
from storage.register.people.tables import Craft, PostKind, QualificationKind, ShiftKind, WorkplaceKind
from tests.sites import NOW, PANZHOU, ZHONGSHAN, Site
from tests.storage.register.people.test_rules import number_of

JANUARY, JUNE, JULY = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)
NUMBER = number_of("52020219850314123")
TABLES = ("persons", "posts", "qualifications", "workplaces", "shifts", "assignments")


@dataclass
class Crew:
    """A mine with its clerk, and what he enters."""

    site: Site
    clerk: Actor
    given: dict[str, Any] = field(default_factory=dict)

    async def acts(self, operation: Any, actor: Actor | None = None, **given: Any) -> Any:
        return await perform(self.site.database, actor or self.clerk, NOW, operation, **given)

    async def person(self, name: str = "张三", **given: Any) -> Any:
        return await self.acts(operations.register_person, **{"mine_id": self.site.mine, "name": name, **given})

    async def takes(self, person_id: UUID, kind: PostKind, first: date = JANUARY, last: date | None = None) -> Any:
        post = PostFacts(kind=kind, craft=None, from_day=first, to_day=last)
        return await self.acts(operations.take_post, person_id=person_id, post=post)

    async def counts(self) -> dict[str, int]:
        return {table: await self.site.counted(table) for table in (*TABLES, "entries")}


async def crew_of(site: Site) -> Crew:
    clerk = await site.person(Role.MINE_CLERK, county=None, mine_id=site.mine, certificate=None)
    return Crew(site, clerk)


def certificate(**changes: Any) -> QualificationFacts:
    usual: dict[str, Any] = {
        "kind": QualificationKind.SPECIAL_OPERATION, "craft": Craft.BLASTER, "number": f"T{NUMBER}",
        "issuer": "贵州局", "valid_from": date(2020, 1, 1), "valid_to": date(2026, 1, 1),
    }  # fmt: skip
    return QualificationFacts(**(usual | changes))


async def everything_of(crew: Crew) -> dict[str, UUID]:
    """One of each: a person with a post, a qualification and an assignment."""
    person = await crew.person(number=number_mark(NUMBER, key=b"key"))
    post = await crew.takes(person.id, PostKind.TEAM_LEADER)
    held = await crew.acts(operations.add_qualification, person_id=person.id, facts=certificate())
    place = await crew.acts(workplaces.open_workplace, mine_id=crew.site.mine, name="1201综采工作面",
                            kind=WorkplaceKind.COAL_FACE, underground=True, from_day=JANUARY)  # fmt: skip
    shift = await crew.acts(workplaces.define_shift, mine_id=crew.site.mine, kind=ShiftKind.NIGHT, starts=1_320,
                            ends=360, from_day=JANUARY)  # fmt: skip
    works = await crew.acts(workplaces.assign_shift, person_id=person.id, workplace_id=place.id, shift_id=shift.id,
                            from_day=JANUARY)  # fmt: skip
    return {"person": person.id, "post": post.id, "qualification": held.id, "workplace": place.id, "shift": shift.id,
            "assignment": works.id}  # fmt: skip


def all_acts(site: Site, ids: dict[str, UUID]) -> list[tuple[Any, dict[str, Any]]]:
    """Every act of the area, as far as rights decide on it."""
    post = PostFacts(kind=PostKind.WORKER, craft=None, from_day=JANUARY)
    return [
        (operations.register_person, {"mine_id": site.mine, "name": "李四"}),
        (operations.link_account, {"person_id": ids["person"], "account_id": uuid4()}),
        (operations.take_post, {"person_id": ids["person"], "post": post}),
        (operations.leave_post, {"post_id": ids["post"], "last_day": JUNE}),
        (operations.add_qualification, {"person_id": ids["person"], "facts": certificate()}),
        (operations.withdraw_qualification, {"qualification_id": ids["qualification"], "reason": "注销"}),
        (workplaces.open_workplace, {"mine_id": site.mine, "name": "新面", "kind": WorkplaceKind.HEADING,
                                     "underground": True, "from_day": JANUARY}),
        (workplaces.close_workplace, {"workplace_id": ids["workplace"], "last_day": JUNE}),
        (workplaces.define_shift, {"mine_id": site.mine, "kind": ShiftKind.MORNING, "starts": 1, "ends": 2,
                                   "from_day": JANUARY}),
        (workplaces.retire_shift, {"shift_id": ids["shift"], "last_day": JUNE}),
        (workplaces.assign_shift, {"person_id": ids["person"], "workplace_id": ids["workplace"],
                                   "shift_id": ids["shift"], "from_day": JANUARY}),
        (workplaces.end_shift, {"assignment_id": ids["assignment"], "last_day": JUNE}),
    ]  # fmt: skip


async def test_every_act_leaves_its_trace_under_the_mine_and_no_number_in_it(site: Site) -> None:
    crew = await crew_of(site)
    ids = await everything_of(crew)
    for operation, given in all_acts(site, ids):
        if operation in (operations.leave_post, operations.withdraw_qualification, workplaces.end_shift,
                         workplaces.close_workplace, workplaces.retire_shift):  # fmt: skip
            await crew.acts(operation, **given)
    assert sorted(await site.entries()) == sorted([
        "person.registered", "post.taken", "qualification.added", "workplace.opened", "shift.defined",
        "shift.assigned", "post.left", "qualification.withdrawn", "shift.ended", "workplace.closed", "shift.retired",
    ])  # fmt: skip
    payloads = await site.rows.fetch("SELECT payload, mine_id, county, office FROM payloads")
    assert {(row["mine_id"], row["county"], row["office"]) for row in payloads} == {(site.mine, PANZHOU, "GZ-1")}
    assert not any(NUMBER.encode() in row["payload"] or NUMBER[-4:].encode() in row["payload"] for row in payloads)
    kept = await site.rows.fetchrow("SELECT number_tail, octet_length(number_hash) FROM persons")
    assert tuple(kept) == (NUMBER[-4:], 32)


async def test_every_other_role_is_denied_and_nothing_is_recorded(site: Site) -> None:
    crew = await crew_of(site)
    ids = await everything_of(crew)
    before = await crew.counts()
    keepers = {Role.MINE_PRINCIPAL, Role.MINE_CLERK, Role.SYSTEM_ADMINISTRATOR}
    for role in [one for one in Role if one not in keepers]:
        actor = await site.person(role, mine_id=site.mine, certificate=None)
        for operation, given in all_acts(site, ids):
            with pytest.raises((NotAllowed, NotFound)):
                await crew.acts(operation, actor, **given)
    assert await crew.counts() == before


async def test_a_clerk_finds_nothing_of_another_mine(site: Site) -> None:
    crew = await crew_of(site)
    ids = await everything_of(crew)
    before = await crew.counts()
    stranger = await site.person(Role.MINE_CLERK, county=None, mine_id=site.far_mine, certificate=None)
    for operation, given in all_acts(site, ids):
        with pytest.raises(NotFound):
            await crew.acts(operation, stranger, **given)
    assert await crew.counts() == before


async def test_a_number_stands_once_at_a_mine_and_may_stand_at_another(site: Site) -> None:
    crew, mark = await crew_of(site), number_mark(NUMBER, key=b"key")
    administrator = await site.person(Role.SYSTEM_ADMINISTRATOR, division="52")
    await crew.person(number=mark)
    with pytest.raises(rules.PersonAlreadyKnown):
        await crew.person("李四", number=mark)
    await crew.acts(operations.register_person, administrator, mine_id=site.far_mine, name="张三", number=mark)
    assert await site.counted("persons") == 2


async def test_a_mine_has_one_principal_at_a_time(site: Site) -> None:
    crew = await crew_of(site)
    first, second = await crew.person("甲"), await crew.person("乙")
    post = await crew.takes(first.id, PostKind.PRINCIPAL)
    with pytest.raises(rules.PrincipalInOffice):
        await crew.takes(second.id, PostKind.PRINCIPAL, JULY)
    await crew.acts(operations.leave_post, post_id=post.id, last_day=JUNE)
    await crew.takes(second.id, PostKind.PRINCIPAL, JULY)
    assert (await site.entries()).count("post.taken") == 2


async def test_an_overlapping_post_is_kept_and_flagged(site: Site) -> None:
    crew = await crew_of(site)
    person = await crew.person()
    assert (await crew.takes(person.id, PostKind.MINE_MANAGER, last=JUNE)).flags == []
    assert (await crew.takes(person.id, PostKind.CHIEF_ENGINEER, JUNE)).flags == ["OVERLAPS"]
    assert (await crew.takes(person.id, PostKind.WORKER, date(2020, 1, 1), date(2020, 2, 1))).flags == []


async def test_an_end_is_recorded_once_and_not_even_the_database_changes_it(site: Site) -> None:
    crew = await crew_of(site)
    ids = await everything_of(crew)
    for operation, given in all_acts(site, ids):
        if "last_day" in given or "reason" in given:
            await crew.acts(operation, **given)
            with pytest.raises(rules.AlreadyEnded):
                await crew.acts(operation, **given)
            with pytest.raises(rules.AlreadyEnded):
                await crew.acts(operation, **(given | ({"last_day": JULY} if "last_day" in given else {})))
    async with site.database.transaction(crew.clerk) as (_, sql):
        with pytest.raises(asyncpg.RestrictViolationError):
            await sql.execute("UPDATE posts SET to_day = to_day + 1")
    for table in TABLES:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with site.database.transaction(crew.clerk) as (_, sql):
                await sql.execute(f"DELETE FROM {table}")


async def test_an_account_is_linked_once_and_only_one_of_the_mine(site: Site) -> None:
    crew = await crew_of(site)
    miner = await site.person(Role.MINER, county=None, mine_id=site.mine, certificate=None)
    foreign = await site.person(Role.MINER, county=PANZHOU, mine_id=site.far_mine, certificate=None)
    person = await crew.person()
    with pytest.raises((rules.AccountElsewhere, NotFound)):
        await crew.acts(operations.link_account, person_id=person.id, account_id=foreign.account_id)
    linked = await crew.acts(operations.link_account, person_id=person.id, account_id=miner.account_id)
    assert linked.account_id == miner.account_id
    with pytest.raises(rules.AccountAlreadyLinked):
        await crew.acts(operations.link_account, person_id=person.id, account_id=miner.account_id)
    with pytest.raises(rules.AccountAlreadyLinked):
        await crew.person("李四", account_id=miner.account_id)


async def test_nobody_works_where_or_when_there_is_nothing(site: Site) -> None:
    crew = await crew_of(site)
    ids = await everything_of(crew)
    await crew.acts(workplaces.close_workplace, workplace_id=ids["workplace"], last_day=JUNE)
    works: dict[str, Any] = {"person_id": ids["person"], "workplace_id": ids["workplace"], "shift_id": ids["shift"]}
    wrong: list[tuple[type[Problem], dict[str, Any]]] = [
        (rules.NotOnThatDay, {"from_day": JULY}),
        (rules.NotOnThatDay, {"from_day": JUNE}),
        (rules.NotOnThatDay, {"from_day": JANUARY - timedelta(days=1), "to_day": JANUARY}),
        (rules.DaysOutOfOrder, {"from_day": JUNE, "to_day": JANUARY}),
    ]
    for problem, days in wrong:
        with pytest.raises(problem):
            await crew.acts(workplaces.assign_shift, **works, **days)
    administrator = await site.person(Role.SYSTEM_ADMINISTRATOR, division="52")
    other = await crew.acts(operations.register_person, administrator, mine_id=site.far_mine, name="外矿人")
    with pytest.raises(rules.OfAnotherMine):
        await crew.acts(workplaces.assign_shift, administrator, **(works | {"person_id": other.id, "from_day": JUNE}))
    await crew.acts(workplaces.assign_shift, **works, from_day=JANUARY, to_day=JUNE)


async def test_open_workplaces_and_running_shifts_have_their_names_alone(site: Site) -> None:
    crew = await crew_of(site)
    ids = await everything_of(crew)
    place: dict[str, Any] = {"mine_id": site.mine, "name": "1201综采工作面", "kind": WorkplaceKind.COAL_FACE,
                             "underground": True}  # fmt: skip
    shift: dict[str, Any] = {"mine_id": site.mine, "kind": ShiftKind.NIGHT, "starts": 0, "ends": 480}
    with pytest.raises(rules.WorkplaceNameTaken):
        await crew.acts(workplaces.open_workplace, **place, from_day=JULY)
    with pytest.raises(rules.ShiftDefined):
        await crew.acts(workplaces.define_shift, **shift, from_day=JULY)
    await crew.acts(workplaces.close_workplace, workplace_id=ids["workplace"], last_day=JUNE)
    await crew.acts(workplaces.retire_shift, shift_id=ids["shift"], last_day=JUNE)
    await crew.acts(workplaces.open_workplace, **place, from_day=JULY)
    await crew.acts(workplaces.define_shift, **shift, from_day=JULY)


async def test_a_clerk_of_one_county_puts_nobody_at_a_mine_of_another(site: Site) -> None:
    crew = await crew_of(site)
    administrator = await site.person(Role.SYSTEM_ADMINISTRATOR, county=ZHONGSHAN)
    with pytest.raises(NotFound):
        await crew.acts(operations.register_person, administrator, mine_id=site.mine, name="李四")
