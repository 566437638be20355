"""The only acts that change mines and branch offices."""

from uuid import NAMESPACE_URL, UUID, uuid5

from storage.record import ids
from storage.record.actor import Verb
from storage.record.clock import to_ms
from storage.record.work import Work
from storage.register.mines import queries, rules
from storage.register.mines.rules import MineFacts
from storage.register.mines.tables import Mine, Office


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
    work.record(
        "mine.registered", mine.id, county=mine.county, office=mine.office, mine_id=mine.id,
        data={"name": mine.name, "credit_code": mine.credit_code, "county": mine.county, "office": mine.office,
              "supervisor": mine.supervisor, "state": mine.state.value, "disasters": mine.disasters,
              "latitude": mine.latitude, "longitude": mine.longitude, "sample": sample},
    )  # fmt: skip
    return queries.MineRow(**{**mine.model_dump(), "state": mine.state.value})


async def mine_again(work: Work, mine_id: UUID) -> queries.MineRow:
    """What a replay of `register_mine` answers: the mine as it stands today."""
    return await queries.mine_of_id(work.sql, mine_id)


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
