"""The only acts that change mines and branch offices."""

from enum import Enum
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows, change_rows
from storage.record.clock import to_ms
from storage.record.sheets import Imported
from storage.record.work import Work
from storage.register.mines import importing, queries, rules
from storage.register.mines.importing import MineSheetRow
from storage.register.mines.rules import MineFacts
from storage.register.mines.tables import Mine, MineState, Office


async def register_mine(work: Work, *, facts: MineFacts, sample: bool = False) -> queries.MineRow:
    """Enters a mine into the register; the system administrator's act.

    Raises CreditCodeWrong, CreditCodeTaken, CountyUnknown, SupervisorElsewhere, OfficeUnknown, PositionOutsideGuizhou
    and BadInput; NotAllowed beyond the administrator's reach.
    """
    divisions = {one.code for one in await queries.divisions(work.sql, [facts.county, facts.supervisor])}
    offices = {one.code for one in await queries.offices(work.sql, [facts.office])}
    work.actor.require(Verb.MINE_REGISTER, county=facts.county, office=facts.office)
    rules.must_be_registrable(facts, divisions=divisions, offices=offices)
    mine = Mine(
        id=ids.new_id(to_ms(work.now)), name=facts.name, credit_code=facts.credit_code, county=facts.county,
        office=facts.office, supervisor=facts.supervisor, state=facts.state,
        disasters=[one.value for one in facts.disasters], latitude=facts.latitude, longitude=facts.longitude,
        registered_at=work.now, sample=sample,
    )  # fmt: skip
    work.rows.add(mine)
    _record_mine(work, mine)
    return queries.MineRow(**{**mine.model_dump(), "state": mine.state.value})


async def mine_again(work: Work, mine_id: UUID) -> queries.MineRow:
    """What a replay of `register_mine` answers: the mine as it stands today."""
    return await queries.mine_of_id(work.sql, mine_id)


async def import_mines(
    work: Work, *, rows: list[MineSheetRow], skip_refused: bool = False, sample: bool = False
) -> list[Imported]:
    """Enters what a sheet says of mines: all of it or, if a row is refused, nothing of it.

    With `skip_refused` the other rows are entered all the same. Found by credit code, a registered mine is changed
    where the sheet differs; the entry keeps both. The statements are as many for 2,000 rows as for one.
    """
    work.actor.require(Verb.MINE_REGISTER)
    known = await importing.known(work.sql, rows, lock=True)
    plan = importing.plan(rows, known, actor=work.actor, now=work.now, sample=sample)
    if plan.refused and not skip_refused:
        return plan.answers
    await add_rows(work.sql, plan.registered)
    await change_rows(work.sql, [mine for mine, _ in plan.changed], *importing.CHANGEABLE)
    for mine in plan.registered:
        _record_mine(work, mine)
    for mine, before in plan.changed:
        data = {name: [before[name], _told(getattr(mine, name))] for name in before}
        work.record("mine.changed", mine.id, county=mine.county, office=mine.office, mine_id=mine.id, data=data)
    return plan.answers


async def put_mine_state(work: Work, *, mine_id: UUID, state: MineState) -> None:
    """What an act of law makes of a mine: a stop, a restart. Whoever calls it has asked for the right to that act.

    A closed mine stays closed; a state that is so already leaves no trace. Raises NotFound out of sight.
    """
    mine = await queries.mine_to_change(work, mine_id)
    if mine.state in (MineState.CLOSED.value, state.value):
        return
    await queries.change_state(work, mine_id, state)
    data = {"state": [mine.state, state.value]}
    work.record("mine.changed", mine.id, county=mine.county, office=mine.office, mine_id=mine.id, data=data)


def _record_mine(work: Work, mine: Mine) -> None:
    work.record(
        "mine.registered", mine.id, county=mine.county, office=mine.office, mine_id=mine.id,
        data={"name": mine.name, "credit_code": mine.credit_code, "county": mine.county, "office": mine.office,
              "supervisor": mine.supervisor, "state": mine.state.value, "disasters": mine.disasters,
              "latitude": mine.latitude, "longitude": mine.longitude, "sample": mine.sample},
    )  # fmt: skip


def _told(value: Any) -> Any:
    """A value as an entry holds it."""
    return value.value if isinstance(value, Enum) else value


async def register_office(work: Work, *, code: str, name: str, sample: bool = False) -> queries.OfficeRow:
    """Enters a branch office (监察执法处); the act of a system administrator who reaches it.

    Raises OfficeCodeTaken and BadInput; NotAllowed beyond the administrator's reach.
    """
    work.actor.require(Verb.MINE_REGISTER, office=code)
    rules.must_be_office_code(code)
    rules.must_have_name(name)
    work.rows.add(Office(code=code, name=name, sample=sample))
    # An office has no id but its code; its entries carry the id that the code gives.
    subject = uuid5(NAMESPACE_URL, f"pithead:office:{code}")
    work.record("office.registered", subject, office=code, data={"code": code, "name": name, "sample": sample})
    return queries.OfficeRow(code=code, name=name, sample=sample)
