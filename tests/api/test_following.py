"""Tests of following the log: who is rung, once a growth, and that a lost connection loses nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from api.embedded.postgres import DatabaseAddresses
from api.following import Follower
from graphql_schema.context import Ring
from storage.record.actor import Actor, Grant, Reach, Role
from storage.record.database import Database
from storage.record.ledger.sequencer import sequence
from storage.record.work import Work, perform
from tests.counting import statements_of
from tests.factories.ledger import NOW, looking, somebody

# Of this test's database alone: the other workers of the run have bells on the same server.
_OF_BELLS = "FROM pg_stat_activity WHERE application_name = 'pithead bell' AND datname = current_database()"
_BELLS = f"SELECT count(*) {_OF_BELLS}"
HERE, ELSEWHERE = "520302", "520201"


def inspector(county: str = HERE) -> Actor:
    reach = Reach(counties=frozenset({county}))
    return Actor(uuid4(), None, None, (Grant(Role.INSPECTOR, reach),), reach)


async def sealed(work: Work, *, county: str) -> None:
    work.record("evidence.sealed", uuid4(), county=county)


async def signed_in(work: Work) -> None:
    work.record("session.opened", uuid4())


async def grow(record: Database, workers: Database, *, county: str = HERE, count: int = 1) -> None:
    for _ in range(count):
        await perform(record, somebody(), NOW, sealed, county=county)
    while await sequence(workers):
        pass


@asynccontextmanager
async def following(database: Database, url: str) -> AsyncIterator[Follower]:
    follower = Follower(database, url)
    task = asyncio.create_task(follower.run())
    async with asyncio.timeout(10), looking(url) as sql:
        while not await sql.fetchval(_BELLS):  # noqa: ASYNC110 # PostgreSQL offers no event to wait for.
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)  # The ring of the beginning is over.
    try:
        yield follower
    finally:
        task.cancel()
        await asyncio.wait({task})


class Ear:
    """One who follows, and what he heard."""

    def __init__(self, follower: Follower, actor: Actor, **asked: object) -> None:
        self.heard: list[Ring] = []
        self._rings = follower.follow(actor, **{"after": None, "every": None, **asked})  # type: ignore[arg-type]  # Named by the test.
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for ring in self._rings:
            self.heard.append(ring)

    async def heard_so_far(self, count: int) -> list[int]:
        """The positions, once so many rings came, and a little later."""
        async with asyncio.timeout(5):
            while len(self.heard) < count:  # noqa: ASYNC110 # What is not heard sets no event.
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        return [ring.place[1] for ring in self.heard]

    async def leave(self) -> None:
        self._task.cancel()
        await asyncio.wait({self._task})
        await self._rings.aclose()  # type: ignore[attr-defined]  # It is a generator.


async def test_whoever_may_see_what_came_is_rung_once_and_nobody_else(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    await grow(record, workers)
    async with following(record, database.api) as follower:
        here, there = Ear(follower, inspector()), Ear(follower, inspector(ELSEWHERE))
        assert await here.heard_so_far(1) == [0]
        await grow(record, workers, count=5)
        assert (await here.heard_so_far(2))[-1] == 5
        assert await there.heard_so_far(1) == [0]
        await grow(record, workers, county=ELSEWHERE)
        assert (await there.heard_so_far(2))[-1] == 6
        assert len(here.heard) <= 3
        await here.leave()
        await there.leave()


async def test_what_one_sees_as_its_maker_only_rings_for_nobody(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    await grow(record, workers)
    maker, colleague = inspector(), inspector()
    async with following(record, database.api) as follower:
        ears = [Ear(follower, maker), Ear(follower, colleague)]
        for ear in ears:
            assert await ear.heard_so_far(1) == [0]
        await perform(record, maker, NOW, signed_in)
        while await sequence(workers):
            pass
        for ear in ears:
            assert await ear.heard_so_far(1) == [0], "nobody hears when a colleague signs in"
            await ear.leave()


async def test_who_comes_with_a_cursor_is_rung_at_once_only_if_something_came_behind_it(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    await grow(record, workers, count=2)
    async with following(record, database.api) as follower:
        late, new = Ear(follower, inspector(), after=(0, 0)), Ear(follower, inspector(), after=(0, 1))
        assert await late.heard_so_far(1) == [1]
        assert await new.heard_so_far(0) == []
        await grow(record, workers)
        assert await new.heard_so_far(1) == [2]
        await late.leave()
        await new.leave()


async def test_who_asks_for_signs_of_life_gets_them_in_silence(record: Database, database: DatabaseAddresses) -> None:
    async with following(record, database.api) as follower:
        ear = Ear(follower, inspector(), every=0.05)
        assert set(await ear.heard_so_far(4)) == {-1}
        await ear.leave()


async def test_all_who_see_the_same_cost_one_reading_and_share_one_ring(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    counted = Database(database.api, pool_size=4)
    heard = statements_of(counted)
    async with following(counted, database.api) as follower:
        ears = [Ear(follower, inspector()) for _ in range(20)]
        await asyncio.gather(*(ear.heard_so_far(1) for ear in ears))
        await grow(record, workers)
        await ears[0].heard_so_far(2)
        before = len(heard)
        await grow(record, workers)
        await asyncio.gather(*(ear.heard_so_far(3) for ear in ears))
        # Beside them a connection asks once what types it meets.
        assert len([text for text in heard[before:] if "FROM positions p" in text or "tree_head" in text]) == 2
        assert len({id(ear.heard[-1]) for ear in ears}) == 1
        for ear in ears:
            await ear.leave()
        assert follower._circles == {}
    await counted.close()


async def test_a_bell_that_was_cut_is_hung_up_again_and_what_came_meanwhile_rings(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    async with following(record, database.api) as follower:
        ear = Ear(follower, inspector())
        await ear.heard_so_far(1)
        async with looking(database.superuser) as sql:
            await sql.execute(f"SELECT pg_terminate_backend(pid) {_OF_BELLS}")
        await grow(record, workers)
        assert (await ear.heard_so_far(2))[-1] == 0
        await ear.leave()
