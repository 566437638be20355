"""How a sheet of mines becomes what is to be entered: reads its rows and compares them with the register."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import asyncpg

from storage.record import ids
from storage.record.actor import Actor, Verb
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.problems import Problem
from storage.record.sheets import Column, Imported, Outcome, SheetRow, degrees, read_sheet, value_of
from storage.register.mines import queries, rules
from storage.register.mines.queries import MineRow
from storage.register.mines.rules import MineFacts
from storage.register.mines.tables import Disaster, Mine, MineState

COLUMNS = (
    Column("name", ("煤矿名称", "名称")),
    Column("creditCode", ("统一社会信用代码", "credit code")),
    Column("county", ("县级代码", "行政区划代码")),
    Column("office", ("监察执法处", "监察执法处代码")),
    Column("supervisor", ("直接监管主体", "监管主体代码")),
    Column("state", ("状态", "矿井状态")),
    Column("disasters", ("灾害类型",), needed=False),
    Column("latitude", ("纬度",)),
    Column("longitude", ("经度",)),
)
CHANGEABLE = ("name", "supervisor", "state", "disasters", "latitude", "longitude")
"""What of a registered mine a sheet may change."""


@dataclass(frozen=True, slots=True)
class MineSheetRow:
    """One row as it was read: what it says, or why it cannot be read."""

    number: int
    facts: MineFacts | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are compared with: the mines of their credit codes, and the divisions and offices that there are."""

    mines: dict[str, MineRow]
    divisions: frozenset[str]
    offices: frozenset[str]


@dataclass(slots=True)
class Plan:
    """The answer to each row, and what is to be entered: new mines, and changed ones with what stood before."""

    answers: list[Imported]
    registered: list[Mine]
    changed: list[tuple[Mine, dict[str, Any]]]

    @property
    def refused(self) -> int:
        """How many rows are refused."""
        return sum(one.outcome is Outcome.REFUSED for one in self.answers)


def read_mines(text: str) -> list[MineSheetRow]:
    """The rows of a sheet of mines; one that cannot be read carries its Problem. Raises what `read_sheet` raises."""
    return [_read(row) for row in read_sheet(text, COLUMNS)]


async def known(sql: "asyncpg.Connection[Any]", rows: Sequence[MineSheetRow], *, lock: bool = False) -> Known:
    """What the rows are compared with; three statements."""
    codes = [row.facts.credit_code for row in rows if row.facts is not None]
    mines = await queries.mines_of_credit_codes(sql, codes, lock=lock)
    return Known(
        {mine.credit_code: mine for mine in mines},
        frozenset(one.code for one in await queries.divisions(sql)),
        frozenset(one.code for one in await queries.offices(sql)),
    )


async def tried(database: Database, actor: Actor, now: datetime, rows: Sequence[MineSheetRow]) -> list[Imported]:
    """What would come of the rows, asked in a transaction that cannot write."""
    actor.require(Verb.MINE_REGISTER)
    async with database.reading(actor) as sql:
        return plan(rows, await known(sql, rows), actor=actor, now=now).answers


def plan(rows: Sequence[MineSheetRow], known: Known, *, actor: Actor, now: datetime, sample: bool = False) -> Plan:
    """Compares each row with the register; a credit code that the sheet names twice is refused the second time."""
    made, named = Plan([], [], []), set[str]()
    for row in rows:
        try:
            if row.problem is not None or row.facts is None:
                raise row.problem or rules.CreditCodeTaken()
            if row.facts.credit_code in named:
                raise rules.CreditCodeTaken()
            made.answers.append(Imported(row.number, _enter(made, row.facts, known, actor, now, sample)))
            named.add(row.facts.credit_code)
        except Problem as problem:
            made.answers.append(Imported(row.number, Outcome.REFUSED, problem))
    return made


def _enter(made: Plan, facts: MineFacts, known: Known, actor: Actor, now: datetime, sample: bool) -> Outcome:
    stands = known.mines.get(facts.credit_code)
    verb = Verb.MINE_REGISTER if stands is None else Verb.MINE_CHANGE
    actor.require(verb, county=facts.county, office=facts.office)
    rules.must_be_registrable(facts, divisions=known.divisions, offices=known.offices)
    asked = asdict(facts) | {"disasters": [one.value for one in facts.disasters]}
    if stands is None:
        made.registered.append(Mine(id=ids.new_id(to_ms(now)), registered_at=now, sample=sample, **asked))
        return Outcome.CREATED
    actor.require(verb, county=stands.county, office=stands.office, mine_id=stands.id)
    rules.must_stay(facts, county=stands.county, office=stands.office)
    before = {name: getattr(stands, name) for name in CHANGEABLE if not _same(getattr(stands, name), asked[name])}
    if not before:
        return Outcome.UNCHANGED
    mine = Mine(id=stands.id, registered_at=stands.registered_at, sample=stands.sample, **asked)
    made.changed.append((mine, before))
    return Outcome.CHANGED


def _same(stands: Any, asked: Any) -> bool:
    """Disasters are a set, however they are listed."""
    return sorted(stands) == sorted(asked) if isinstance(stands, list) else bool(stands == asked)


def _read(row: SheetRow) -> MineSheetRow:
    try:
        disasters = [one for one in re.split(r"[、,，;；/\s]+", row.optional("disasters") or "") if one]
        facts = MineFacts(
            name=row.needed("name"), credit_code=row.needed("creditCode").upper(), county=row.needed("county"),
            office=row.needed("office"), supervisor=row.needed("supervisor"),
            state=value_of(MineState, row.needed("state"), field="state"),
            disasters=tuple(value_of(Disaster, one, field="disasters") for one in disasters),
            latitude=degrees(row.needed("latitude"), field="latitude"),
            longitude=degrees(row.needed("longitude"), field="longitude"),
        )  # fmt: skip
        return MineSheetRow(row.number, facts)
    except Problem as problem:
        return MineSheetRow(row.number, problem=problem)
