"""The invented people of the sample mines, entered by the same acts as real ones and marked as sample."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from storage.record.actor import Actor
from storage.record.database import Database
from storage.record.sheets import Outcome
from storage.record.work import perform
from storage.register.identity import queries as accounts
from storage.register.mines import queries as mines
from storage.register.people import importing, operations, queries, workplaces
from storage.register.people.importing import PersonRow
from storage.register.people.rules import PostFacts, QualificationFacts
from storage.register.people.tables import (
    Craft,
    PostKind,
    QualificationKind,
    ShiftKind,
    WorkplaceKind,
)

_LINKED = {"principal.songhewan": "何矿（示例）", "miner.songhewan": "石安（示例）"}
"""Which sample accounts belong to whom at the first mine, so that they see themselves."""
_NAMED = {(0, PostKind.PRINCIPAL): "何矿（示例）", (0, PostKind.TEAM_LEADER): "石安（示例）"}

_FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN = ("国平", "建军", "永福", "志强", "德才", "光明", "学文", "世林", "荣华", "兴旺", "成刚", "启明", "家富")
_KNOWLEDGE, _SPECIAL = QualificationKind.KNOWLEDGE_AND_ABILITY, QualificationKind.SPECIAL_OPERATION
_TRAINING = QualificationKind.TRAINING

# Post, special operation, certificate, the last day of its three years: one is over, one ends with the year 2026.
_STAFF: tuple[tuple[PostKind, Craft | None, QualificationKind, date], ...] = (
    (PostKind.PRINCIPAL, None, _KNOWLEDGE, date(2028, 5, 31)),
    (PostKind.ACTUAL_CONTROLLER, None, _KNOWLEDGE, date(2028, 5, 31)),
    (PostKind.MINE_MANAGER, None, _KNOWLEDGE, date(2027, 8, 15)),
    (PostKind.CHIEF_ENGINEER, None, _KNOWLEDGE, date(2027, 8, 15)),
    (PostKind.DEPUTY_SAFETY, None, _KNOWLEDGE, date(2028, 1, 20)),
    (PostKind.DEPUTY_PRODUCTION, None, _KNOWLEDGE, date(2028, 1, 20)),
    (PostKind.DEPUTY_MECHANICAL, None, _KNOWLEDGE, date(2026, 12, 31)),
    (PostKind.SAFETY_MANAGER, None, _KNOWLEDGE, date(2028, 3, 10)),
    (PostKind.SPECIAL_OPERATOR, Craft.GAS_INSPECTOR, _SPECIAL, date(2029, 4, 30)),
    (PostKind.SPECIAL_OPERATOR, Craft.GAS_INSPECTOR, _SPECIAL, date(2026, 6, 30)),
    (PostKind.SPECIAL_OPERATOR, Craft.SAFETY_INSPECTOR, _SPECIAL, date(2029, 4, 30)),
    (PostKind.SPECIAL_OPERATOR, Craft.BLASTER, _SPECIAL, date(2028, 9, 12)),
    (PostKind.SPECIAL_OPERATOR, Craft.HOIST_OPERATOR, _SPECIAL, date(2028, 9, 12)),
    (PostKind.SPECIAL_OPERATOR, Craft.UNDERGROUND_ELECTRICIAN, _SPECIAL, date(2027, 2, 28)),
    (PostKind.SPECIAL_OPERATOR, Craft.WATER_EXPLORATION, _SPECIAL, date(2027, 2, 28)),
    (PostKind.TEAM_LEADER, None, _TRAINING, date(2027, 6, 30)),
    (PostKind.WORKER, None, _TRAINING, date(2027, 6, 30)),
    (PostKind.WORKER, None, _TRAINING, date(2027, 6, 30)),
    (PostKind.WORKER, None, _TRAINING, date(2027, 6, 30)),
)
_WORKPLACES = (
    ("1201综采工作面", WorkplaceKind.COAL_FACE, True),
    ("1203运输巷掘进工作面", WorkplaceKind.HEADING, True),
    ("调度室", WorkplaceKind.CONTROL_ROOM, False),
)
_SHIFTS = ((ShiftKind.MORNING, 480, 960), (ShiftKind.MIDDLE, 960, 0), (ShiftKind.NIGHT, 0, 480))
_SINCE = date(2026, 1, 1)


async def enter_workforce(database: Database, system: Actor, now: datetime) -> int:
    """Enters what is missing of the people of the sample mines; returns how many acts that took.

    One act a mine; the first has workplaces, shifts and two people with accounts besides. Real mines are left alone.
    """
    async with database.reading(system) as sql:
        listed = await mines.mines_visible_to(sql, system, limit=100)
    acts = 0
    # The registered order, not the one of names: the first is the mine of the sample accounts.
    sample_mines = sorted((mine for mine in listed if mine.sample), key=lambda mine: mine.credit_code)
    for number, mine in enumerate(sample_mines):
        rows = list(_rows(number))
        tried = await importing.tried(database, system, now, credit_code=mine.credit_code, rows=rows)
        if any(one.outcome is not Outcome.UNCHANGED for one in tried):
            await perform(
                database, system, now, operations.import_people, credit_code=mine.credit_code, rows=rows,
                skip_refused=True, sample=True,
            )  # fmt: skip
            acts += 1
    if sample_mines:
        acts += await _FirstMine(database, system, now, sample_mines[0].id).complete()
    return acts


def _rows(mine: int) -> Iterator[PersonRow]:
    for number, (post, craft, kind, valid_to) in enumerate(_STAFF):
        place = mine * len(_STAFF) + number
        invented = _FAMILIES[place % len(_FAMILIES)] + _GIVEN[place // len(_FAMILIES) % len(_GIVEN)] + "（示例）"
        name = _NAMED.get((mine, post), invented)
        certificate = QualificationFacts(
            kind=kind, craft=craft, number=f"SAMPLE-{place:04d}", issuer="示例发证机关",
            valid_from=date(valid_to.year - 3, valid_to.month, 1), valid_to=valid_to,
        )  # fmt: skip
        taken = PostFacts(kind=post, craft=craft, from_day=date(2024, 3, 1))
        yield PersonRow(number + 2, name, None, taken, certificate)


class _FirstMine:
    """The mine of the sample accounts, with workplaces and shifts."""

    def __init__(self, database: Database, system: Actor, now: datetime, mine_id: UUID) -> None:
        self.database, self.system, self.now, self.mine_id = database, system, now, mine_id
        self.acts = 0

    async def complete(self) -> int:
        """Enters what is missing; how many acts that took."""
        async with self.database.reading(self.system) as sql:
            places = {one.name: one.id for one in await queries.workplaces_of(sql, [self.mine_id])}
            shifts = {str(one.kind): one.id for one in await queries.shifts_of(sql, [self.mine_id])}
            roster = await queries.roster_of(sql, self.mine_id)
            assigned = {one.person_id for one in await queries.assignments_of(sql, [one.id for one in roster.persons])}
        for name, kind, underground in _WORKPLACES:
            if name not in places:
                opened = await self._act(workplaces.open_workplace, mine_id=self.mine_id, name=name, kind=kind,
                                         underground=underground, from_day=_SINCE)  # fmt: skip
                places[name] = opened.id
        for shift, starts, ends in _SHIFTS:
            if shift.value not in shifts:
                defined = await self._act(workplaces.define_shift, mine_id=self.mine_id, kind=shift, starts=starts,
                                          ends=ends, from_day=_SINCE)  # fmt: skip
                shifts[shift.value] = defined.id
        await self._assign(roster, assigned, list(places.values()), list(shifts.values()))
        await self._link(roster)
        return self.acts

    async def _assign(
        self, roster: queries.Roster, assigned: set[UUID], places: list[UUID], shifts: list[UUID]
    ) -> None:
        """Special operators and workers work somewhere, one after the other; whoever works already is left alone."""
        working = (PostKind.SPECIAL_OPERATOR, PostKind.TEAM_LEADER, PostKind.WORKER)
        people = sorted({post.person_id for post in roster.posts if post.kind in working}, key=str)
        for number, person_id in enumerate(people):
            if person_id not in assigned:
                await self._act(
                    workplaces.assign_shift, person_id=person_id, workplace_id=places[number % len(places)],
                    shift_id=shifts[number % len(shifts)], from_day=_SINCE,
                )  # fmt: skip

    async def _link(self, roster: queries.Roster) -> None:
        for login, name in _LINKED.items():
            account = await accounts.known_at_the_door(self.database, login)
            person = next((one for one in roster.persons if one.sample and one.name == name), None)
            if account is not None and person is not None and person.account_id is None:
                await self._act(operations.link_account, person_id=person.id, account_id=account.account_id)

    async def _act(self, operation: Any, **given: Any) -> Any:
        self.acts += 1
        return await perform(self.database, self.system, self.now, operation, **given)
