"""Mines, offices and the people who inspect them, put straight into the database as a test finds them."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.field.inspections.rules import Opening, Place
from storage.field.inspections.tables import Basis
from storage.record.actor import Actor, Grant, Reach, Role, reach_of
from storage.record.database import Database
from storage.register.mines.rules import check_character
from storage.register.mines.tables import MineState

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PANZHOU, SHUICHENG, ZHONGSHAN = "520281", "520204", "520201"
_ROW = "INSERT INTO {} ({}) VALUES ({})"


def credit_code(number: int) -> str:
    """A well-formed credit code that belongs to nobody."""
    first = f"91520000MA{number:07d}"
    return first + check_character(first)


@dataclass(slots=True)
class Site:
    """A database with two offices, three mines and the people around them; `rows` is the superuser's connection."""

    database: Database
    rows: "asyncpg.Connection[Any]"
    mine: UUID = field(default_factory=uuid4)
    closed_mine: UUID = field(default_factory=uuid4)
    far_mine: UUID = field(default_factory=uuid4)
    number: int = 0

    async def put(self, table: str, **values: Any) -> None:
        """One row, past every policy."""
        places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        await self.rows.execute(_ROW.format(table, ", ".join(values), places), *values.values())

    async def add_mine(self, id: UUID, *, name: str, county: str, office: str, state: MineState) -> None:
        self.number += 1
        await self.put(
            "mines", id=id, name=name, credit_code=credit_code(self.number), county=county, office=office,
            supervisor=county[:4], state=state.value, disasters=["HIGH_GAS"], latitude=257_000_000,
            longitude=1_046_000_000, registered_at=NOW, sample=False,
        )  # fmt: skip

    async def person(
        self,
        *roles: Role,
        county: str | None = PANZHOU,
        office: str | None = None,
        mine_id: UUID | None = None,
        division: str | None = None,
        certificate: tuple[date, date] | None = (date(2025, 1, 1), date(2027, 12, 31)),
    ) -> Actor:
        """An account with these roles over one reach, a device, and a certificate unless None."""
        account, device = uuid4(), uuid4()
        self.number += 1
        await self.put("accounts", id=account, login=f"p{self.number}", name=f"人员{self.number}", county=county,
                       office=office, mine_id=mine_id, opened_at=NOW, sample=False)  # fmt: skip
        where = division or county
        reach = Reach(
            everything=where == "52", counties=frozenset({where} if where and where != "52" else ()),
            offices=frozenset({office} if office else ()), mines=frozenset({mine_id} if mine_id else ()),
        )  # fmt: skip
        for role in roles:
            await self._grant(account, role, where, office, mine_id)
        if certificate is not None:
            await self.put("certificates", id=uuid4(), account_id=account, number=f"GZ{self.number:06d}",
                           valid_from=certificate[0], valid_to=certificate[1], issued_at=NOW)  # fmt: skip
        await self.put("devices", id=device, owner_id=account, kind="PHONE", name="手机", algorithm="ES256",
                       public_key=account.bytes, enrolled_at=NOW, valid_to=NOW.replace(year=2030))  # fmt: skip
        grants = tuple(Grant(role, reach) for role in roles)
        return Actor(account_id=account, session_id=uuid4(), device_id=device, grants=grants, reach=reach_of(grants))

    async def _grant(
        self, account: UUID, role: Role, division: str | None, office: str | None, mine_id: UUID | None
    ) -> None:
        for column, value in (("division", division), ("office", office), ("mine_id", mine_id)):
            if value is not None:
                await self.put("role_grants", id=uuid4(), account_id=account, role=role.value, granted_at=NOW,
                               **{column: value})  # fmt: skip

    async def counted(self, table: str) -> int:
        """How many rows a table holds, seen by nobody's sight."""
        return int(await self.rows.fetchval(f"SELECT count(*) FROM {table}"))  # The test's own name.

    async def entries(self) -> list[str]:
        """The kinds of all entries, in their order."""
        return [row["kind"] for row in await self.rows.fetch("SELECT kind FROM entries ORDER BY database_at")]


def opening(site: Site, officers: Iterable[Actor], **changes: Any) -> Opening:
    """A planned inspection of the site's mine by these officers, led by the first, on the surface and underground."""
    accounts = tuple(officer.account_id for officer in officers)
    usual = Opening(
        id=uuid4(), mine_id=site.mine, basis=Basis.PLANNED, reason="2026年度监督检查计划第17号", lead_id=accounts[0],
        officers=accounts,
        places=(Place(id=uuid4(), name="调度室", underground=False),
                Place(id=uuid4(), name="1201综采工作面", underground=True)),
    )  # fmt: skip
    return replace(usual, **changes)


@pytest.fixture
async def site(database: DatabaseAddresses) -> AsyncIterator[Site]:
    """The site, in a database of the test's own."""
    async with site_on(database) as made:
        yield made


@asynccontextmanager
async def site_on(database: DatabaseAddresses) -> AsyncIterator[Site]:
    """Two offices and three mines: one producing and one closed in Panzhou, one producing in Zhongshan."""
    rows = await asyncpg.connect(database.superuser)
    made = Site(Database(database.api, pool_size=4), rows)
    await made.put("offices", code="GZ-1", name="监察执法一处", sample=False)
    await made.put("offices", code="GZ-2", name="监察执法二处", sample=False)
    await made.add_mine(made.mine, name="甲煤矿", county=PANZHOU, office="GZ-1", state=MineState.PRODUCING)
    await made.add_mine(made.closed_mine, name="乙煤矿", county=PANZHOU, office="GZ-1", state=MineState.CLOSED)
    await made.add_mine(made.far_mine, name="丙煤矿", county=ZHONGSHAN, office="GZ-2", state=MineState.PRODUCING)
    yield made
    await made.database.close()
    await rows.close()
