"""The invented mines and people that a newcomer finds, entered by the same acts as real ones and marked as sample."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID, uuid4

from api import workforce
from api.sample_people import ADMINISTRATORS, DUTIES, OFFICES, ONE, PASSWORD, PEOPLE, THREE, TWO, SamplePerson
from storage.alerts.rosters import operations as duty
from storage.alerts.rosters import queries as rosters
from storage.alerts.rosters.rules import LONGEST_PERIOD, Seat
from storage.record.actor import Actor, Grant, Reach, Role
from storage.record.clock import day_of
from storage.record.database import Database
from storage.record.work import Work, perform
from storage.register.identity import operations as identity
from storage.register.identity import queries as people
from storage.register.identity.passwords import Passwords
from storage.register.mines import operations as register
from storage.register.mines import queries as mines
from storage.register.mines.rules import MineFacts, check_character
from storage.register.mines.tables import Disaster, MineState

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


class NotInProduction(RuntimeError):
    """Sample people have known passwords: they are never let into a production system."""


_GAS, _OUTBURST, _WATER = Disaster.HIGH_GAS, Disaster.GAS_OUTBURST, Disaster.WATER
_DUST, _FIRE, _ROOF = Disaster.COAL_DUST, Disaster.FIRE, Disaster.ROOF

# Name, county, office, supervisor, state, disasters, latitude, longitude (degrees × 10^7, somewhere in the county).
_MINES: tuple[tuple[str, str, str, str, MineState, tuple[Disaster, ...], int, int], ...] = (
    ("松河湾", "520281", ONE, "5202", MineState.PRODUCING, (_OUTBURST, _DUST), 259_412_300, 1_045_983_100),
    ("鸡场坡", "520204", ONE, "520204", MineState.PRODUCING, (_OUTBURST, _WATER), 264_871_500, 1_048_320_600),
    ("岩脚", "520203", ONE, "520203", MineState.BUILDING, (_GAS,), 263_154_900, 1_053_987_200),
    ("大河边", "520201", ONE, "5202", MineState.PRODUCING, (_OUTBURST, _FIRE), 266_283_700, 1_049_012_400),
    ("潘家庄", "522302", THREE, "522302", MineState.PRODUCING, (_GAS, _ROOF), 255_018_600, 1_052_433_800),
    ("楼下河", "522323", THREE, "522323", MineState.STOPPED, (_OUTBURST,), 256_347_100, 1_049_871_900),
    ("新化", "520523", TWO, "5205", MineState.PRODUCING, (_GAS, _WATER), 273_561_800, 1_061_529_300),
    ("珠藏", "520524", TWO, "520524", MineState.PRODUCING, (_OUTBURST,), 265_432_700, 1_056_987_500),
    ("小屯", "520521", TWO, "520521", MineState.SUSPENDED, (_OUTBURST, _WATER), 271_892_400, 1_057_120_800),
    ("阳长", "520525", TWO, "520525", MineState.PRODUCING, (_OUTBURST, _DUST), 266_719_300, 1_052_218_600),
    ("花秋", "520322", THREE, "520322", MineState.CLOSED, (_GAS,), 281_206_500, 1_066_431_700),
    ("桑木", "520330", THREE, "520330", MineState.BUILDING, (_WATER, _ROOF), 284_317_900, 1_064_052_200),
)


async def load_samples(
    database: Database, now: datetime, *, production: bool = False, passwords: Passwords | None = None
) -> int:
    """Enters what is missing of the sample offices, mines and people; returns how many acts that took.

    A second start adds nothing; one that was killed halfway is completed by the next. A register that others founded
    is left alone. Raises NotInProduction.
    """
    if production:
        raise NotInProduction("sample people have known passwords")
    loading = _Loading(database, now, passwords or Passwords())
    try:
        if await loading.found():
            await loading.enter_offices()
            await loading.enter_mines()
            for person in PEOPLE:
                await loading.enter(person)
            for county, planner, logins in DUTIES:
                await loading.plan_duty(Seat(county=county), planner, logins)
            loading.acts += await workforce.enter_workforce(database, loading.system, now)
    finally:
        if passwords is None:
            loading.passwords.close()
    return loading.acts


@dataclass(slots=True)
class _Loading:
    """One run over the samples, with the two administrators by whose hands all is entered."""

    database: Database
    now: datetime
    passwords: Passwords
    acts: int = 0
    system: Actor = field(default_factory=identity.the_founding)
    security: Actor = field(default_factory=identity.the_founding)
    first_mine: UUID | None = None

    async def found(self) -> bool:
        """Founds an empty register with the sample administrators; whether they are the ones who stand there."""
        known = [await people.known_at_the_door(self.database, login) for _, login, _, _ in ADMINISTRATORS]
        async with self.database.reading(identity.the_founding()) as sql:
            founded = await people.any_account(sql)
            accounts = await people.accounts_by_id(sql, [one.account_id for one in known if one is not None])
        if not founded:
            administrators = [
                identity.Founder(role, login, name, await self.passwords.hash(PASSWORD), first_password=False)
                for role, login, name, _ in ADMINISTRATORS
            ]
            accounts = await self._act(
                identity.the_founding(), identity.found_register, administrators=administrators, sample=True
            )
        by_login = {account.login: account.id for account in accounts if account.sample}
        if len(by_login) != len(ADMINISTRATORS):
            log.info("the register was founded by others: no samples are loaded")
            return False
        self.system, self.security = (_administrator(role, by_login[login]) for role, login, _, _ in ADMINISTRATORS[:2])
        return True

    async def enter_offices(self) -> None:
        async with self.database.reading(self.system) as sql:
            known = {office.code for office in await mines.offices(sql)}
        for code, name in OFFICES:
            if code not in known:
                await self._act(self.system, register.register_office, code=code, name=name, sample=True)

    async def enter_mines(self) -> None:
        for number, (name, county, office, supervisor, state, disasters, latitude, longitude) in enumerate(_MINES):
            facts = MineFacts(
                name=f"{name}煤矿（示例）", credit_code=_credit_code(number), county=county, office=office,
                supervisor=supervisor, state=state, disasters=disasters, latitude=latitude, longitude=longitude,
            )  # fmt: skip
            async with self.database.reading(self.system) as sql:
                mine = await mines.mine_of_credit_code(sql, facts.credit_code)
            if mine is None:
                mine = await self._act(self.system, register.register_mine, facts=facts, sample=True)
            self.first_mine = self.first_mine or mine.id

    async def enter(self, person: SamplePerson) -> None:
        """Opens the account, gives the roles and issues the certificate, as far as each is missing."""
        known = await people.known_at_the_door(self.database, person.login)
        account_id = known.account_id if known is not None else await self._open(person)
        async with self.database.reading(self.security) as sql:
            account = (await people.accounts_by_id(sql, [account_id]))[0]
            held = {
                (one.role, one.division, one.office, one.mine_id)
                for one in await people.grants_of(sql, [account_id], now=self.now)
            }
            certified = {one.number for one in await people.certificates_of(sql, [account_id])}
        if not account.sample:
            log.warning("%s is no sample person: left alone", person.login)
            return
        for role, where in person.roles:
            reach: dict[str, Any] = {"mine_id": self.first_mine} if person.at_first_mine else dict(where)
            if (role, reach.get("division"), reach.get("office"), reach.get("mine_id")) not in held:
                await self._act(self.security, identity.grant_role, account_id=account_id, role=role, **reach)
        if person.certificate is not None and person.certificate not in certified:
            today = day_of(self.now)
            first, last = today.replace(month=1, day=1), today.replace(year=today.year + 4, month=12, day=31)
            await self._act(
                self.security, identity.issue_certificate, account_id=account_id, number=person.certificate,
                valid_from=first, valid_to=last,
            )  # fmt: skip

    async def plan_duty(self, seat: Seat, planner: str, logins: Sequence[str]) -> None:
        """Plans duty where nobody ever had it; who had it last stays on duty, so that one plan lasts."""
        by, *people_on_duty = [await people.known_at_the_door(self.database, login) for login in (planner, *logins)]
        reach = Reach(counties=frozenset({seat.county or ""}))
        known = [one.account_id for one in people_on_duty if one is not None]
        if by is None or len(known) < len(logins):
            return
        head = Actor(
            account_id=by.account_id, session_id=None, device_id=None, grants=(Grant(Role.AGENCY_HEAD, reach),),
            reach=reach,
        )  # fmt: skip
        async with self.database.reading(head) as sql:
            roster = await rosters.roster_of(sql, seat, now=self.now)
        if not roster.planned and not roster.before:
            await self._act(
                head, duty.plan_duty, id=uuid4(), seat=seat, begins_at=self.now, ends_at=self.now + LONGEST_PERIOD,
                accounts=known,
            )  # fmt: skip

    async def _open(self, person: SamplePerson) -> UUID:
        account = await self._act(
            self.system, identity.open_account, login=person.login, name=person.name,
            password=await self.passwords.hash(PASSWORD), county=person.county, office=person.office,
            mine_id=self.first_mine if person.at_first_mine else None, first_password=False, sample=True,
        )  # fmt: skip
        return account.id

    async def _act(
        self, actor: Actor, operation: Callable[Concatenate[Work, P], Awaitable[R]], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        self.acts += 1
        return await perform(self.database, actor, self.now, operation, *args, **kwargs)


def _administrator(role: Role, account_id: UUID) -> Actor:
    """An administrator of the province, as his sign-in would make him."""
    reach = Reach(everything=True)
    return Actor(account_id=account_id, session_id=None, device_id=None, grants=(Grant(role, reach),), reach=reach)


def _credit_code(number: int) -> str:
    """A well-formed code, check character and all, that can be no unit's: GB/T 2260 has no division 529900."""
    first = f"91529900MA05AMP{number:02d}"
    return first + check_character(first)
