"""Tests of the unit of work: replay, twins, Problems, and what a connection remembers of its last actor."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.record.actor import Actor, Reach, Role, at_the_door
from storage.record.database import Database
from storage.record.problems import BadInput, NotFound, OperationIdReused, TryAgain
from storage.record.work import Work, input_digest, perform, perform_once
from tests.factories.field import make_scene
from tests.factories.ledger import NOW, count, leave_entries, looking, somebody


async def read_again(work: Work, subject: UUID) -> UUID:
    return subject


async def refuse(work: Work) -> None:
    work.record("test.done", uuid4())
    raise BadInput(field="x", reason="y")


async def test_an_act_stores_its_entry_its_payload_and_its_place_in_the_queue(
    record: Database, database: DatabaseAddresses
) -> None:
    actor = somebody()
    subject = await perform(record, actor, NOW + timedelta(microseconds=1999), leave_entries)
    async with looking(database.superuser) as sql:
        row = await sql.fetchrow(
            "SELECT e.kind, e.at, p.subject, p.actor_id FROM entries e JOIN payloads p ON p.entry_id = e.id"
            " JOIN unsequenced u ON u.entry_id = e.id AND u.digest = e.digest"
        )
    assert tuple(row) == ("test.done", NOW + timedelta(milliseconds=1), subject, actor.account_id)


async def test_the_same_operation_id_acts_once_and_answers_alike(record: Database, database: DatabaseAddresses) -> None:
    actor, id = somebody(), uuid4()
    first = await perform_once(record, actor, NOW, id, read_again, leave_entries, count=2)
    again = await perform_once(record, actor, NOW + timedelta(days=399), id, read_again, leave_entries, count=2)
    assert first == again
    assert await count(database.superuser, "entries") == 2


async def test_another_input_under_the_same_id_is_refused_and_another_actor_is_free(
    record: Database, database: DatabaseAddresses
) -> None:
    actor, id = somebody(), uuid4()
    await perform_once(record, actor, NOW, id, read_again, leave_entries)
    with pytest.raises(OperationIdReused):
        await perform_once(record, actor, NOW, id, read_again, leave_entries, count=2)
    await perform_once(record, somebody(), NOW, id, read_again, leave_entries, count=2)
    assert await count(database.superuser, "entries") == 3


async def test_a_twin_waits_for_the_first_and_answers_with_its_subject(
    record: Database, database: DatabaseAddresses
) -> None:
    actor, id = somebody(), uuid4()
    entered, go = asyncio.Event(), asyncio.Event()

    async def slowly(work: Work) -> UUID:
        entered.set()
        await go.wait()
        return await leave_entries(work)

    first = asyncio.create_task(perform_once(record, actor, NOW, id, read_again, slowly))
    await entered.wait()
    twin = asyncio.create_task(perform_once(record, actor, NOW, id, read_again, slowly))
    await asyncio.sleep(0.1)
    assert not twin.done()
    go.set()
    assert await first == await twin
    assert await count(database.superuser, "entries") == 1


async def test_a_problem_stores_nothing_and_the_id_may_be_used_again(
    record: Database, database: DatabaseAddresses
) -> None:
    actor, id = somebody(), uuid4()
    with pytest.raises(BadInput):
        await perform_once(record, actor, NOW, id, read_again, refuse)
    for table in ("acts", "entries", "payloads", "unsequenced"):
        assert await count(database.superuser, table) == 0
    await perform_once(record, actor, NOW, id, read_again, leave_entries)


async def test_an_act_that_left_no_trace_is_asked_again_and_not_called_another(record: Database) -> None:
    async def nothing_to_do(work: Work) -> str:
        return "so already"

    async def never(work: Work, subject: UUID) -> str:
        raise AssertionError("there is no subject")

    actor, id = somebody(), uuid4()
    for _ in range(2):
        assert await perform_once(record, actor, NOW, id, never, nothing_to_do) == "so already"


def test_what_was_asked_is_told_alike_in_every_process() -> None:
    many = [str(number) for number in range(50)]
    assert input_digest(frozenset(many), {"b": 1, "a": 2}) == input_digest(frozenset(reversed(many)), {"a": 2, "b": 1})
    assert input_digest(Role.MINER) == input_digest("MINER") != input_digest(b"MINER")
    assert input_digest([1, [2]]) != input_digest([1, 2])
    with pytest.raises(TypeError):
        input_digest(object())


async def test_constraints_and_passing_troubles_of_the_database_are_problems(record: Database) -> None:
    with pytest.raises(TryAgain):
        async with record.transaction(somebody()) as (_, sql):
            await sql.execute("SET LOCAL statement_timeout = 20; SELECT pg_sleep(1)")
    with pytest.raises(TryAgain):
        async with record.transaction(somebody()) as (_, sql):
            raise asyncpg.exceptions.DeadlockDetectedError("met")
    with pytest.raises(asyncpg.DataError):  # A fault of ours is not told as "try again".
        async with record.transaction(somebody()) as (_, sql):
            await sql.fetchval("SELECT $1::bigint", "no number")
    with pytest.raises(asyncpg.InterfaceError, match="in progress"):
        async with record.transaction(somebody()) as (_, sql):
            await asyncio.gather(sql.execute("SELECT 1"), sql.execute("SELECT 1"))


async def test_a_text_that_the_database_cannot_hold_is_bad_input_wherever_it_came(record: Database) -> None:
    async def act(work: Work) -> None:
        await work.sql.fetchval("SELECT $1::text", "no such\0login")

    with pytest.raises(BadInput):
        await perform(record, somebody(), NOW, act)
    with pytest.raises(BadInput):
        async with record.reading(somebody()) as sql:
            await sql.fetchval("SELECT $1::text", "no such\0county")


async def test_a_violated_constraint_is_the_problem_that_it_means(
    record: Database, database: DatabaseAddresses
) -> None:
    from storage.field.recordings.rules import RecordingConflict

    scene = await make_scene(database.superuser)
    with pytest.raises(RecordingConflict):
        async with record.transaction(scene.actor()) as (_, sql):
            await sql.execute("INSERT INTO recordings SELECT * FROM recordings")


async def test_a_full_pool_is_a_reason_to_come_again(database: DatabaseAddresses) -> None:
    narrow = Database(database.api, pool_size=1, pool_timeout=0.1)
    async with narrow.reading(somebody()):
        with pytest.raises(TryAgain):
            async with narrow.reading(somebody()):
                pass
    await narrow.close()


SIGHT = "SELECT concat_ws('|', nullif(current_setting('pithead.actor', true), ''), nullif(current_setting("\
        "'pithead.reach', true), ''), nullif(current_setting('pithead.counties', true), ''))"  # fmt: skip


async def remembered(narrow: Database) -> tuple[str, int, bool]:
    """What the one connection of a pool knows of an actor outside any transaction, and whether it is in one."""
    async with narrow.connection() as (_, raw):
        seen = await raw.fetchval("SELECT count(*) FROM inspections")
        return await raw.fetchval(SIGHT), seen, raw.is_in_transaction()


async def test_a_connection_forgets_its_actor_however_the_transaction_ended(database: DatabaseAddresses) -> None:
    scene = await make_scene(database.superuser)
    everything = Actor(scene.phone.owner_id, None, None, (), Reach(everything=True))
    narrow = Database(database.api, pool_size=1)

    async def see(fault: BaseException | None = None) -> None:
        async with narrow.transaction(everything) as (_, sql):
            assert await sql.fetchval("SELECT count(*) FROM inspections") == 1
            if fault is not None:
                raise fault

    await see()
    assert await remembered(narrow) == ("", 0, False)
    for fault in (NotFound(), RuntimeError(), asyncio.CancelledError(), KeyboardInterrupt()):
        with pytest.raises(type(fault)):
            await see(fault)
        assert await remembered(narrow) == ("", 0, False)
    with pytest.raises(asyncpg.PostgresError):
        async with narrow.transaction(everything) as (_, sql):
            await sql.execute("SELECT 1/0")
    assert await remembered(narrow) == ("", 0, False)
    await narrow.close()


@pytest.mark.parametrize("twice", [False, True])
async def test_a_cancelled_act_gives_back_no_connection_that_is_still_in_it(
    database: DatabaseAddresses, twice: bool
) -> None:
    scene = await make_scene(database.superuser)
    everything = Actor(scene.phone.owner_id, None, None, (), Reach(everything=True))
    narrow = Database(database.api, pool_size=1)

    async def act(work: Work) -> None:
        await leave_entries(work)
        await work.sql.execute("SELECT pg_sleep(3)")

    for number in range(12):
        task = asyncio.create_task(perform(narrow, everything, NOW, act))
        for _ in range(number):  # Cut off at the very beginning, within BEGIN, within a statement, …
            await asyncio.sleep(0 if number < 8 else 0.005)
        task.cancel()
        if twice:
            await asyncio.sleep(0)
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await remembered(narrow) == ("", 0, False)
    assert await count(database.superuser, "entries") == 0
    await narrow.close()


async def test_a_pool_outlives_connections_that_the_server_cut(database: DatabaseAddresses) -> None:
    narrow = Database(database.api, pool_size=2)
    await perform(narrow, somebody(), NOW, leave_entries)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'pithead_api'"

    async def cut_off_within() -> None:
        async with narrow.transaction(somebody()) as (_, sql):
            async with looking(database.superuser) as master:
                await master.execute(f"{cut} AND datname = current_database()")
            await sql.execute("SELECT 1")

    with pytest.raises(TryAgain):
        await cut_off_within()
    await perform(narrow, somebody(), NOW, leave_entries)
    async with narrow.connection() as (_, raw):
        pass
    async with looking(database.superuser) as master:  # While it lies in the pool, unused.
        await master.execute(f"{cut} AND datname = current_database()")
    async with asyncio.timeout(20):
        while not raw.is_closed():  # noqa: ASYNC110 # The driver offers no event to wait for.
            await asyncio.sleep(0.01)
    await perform(narrow, somebody(), NOW, leave_entries)
    assert await count(database.superuser, "entries") == 3
    await narrow.close()


async def test_a_read_session_writes_nothing(record: Database) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with record.reading(somebody()) as sql:
            await sql.execute("INSERT INTO acts VALUES ($1, $2, '', NULL, now())", uuid4(), uuid4())


async def test_a_reach_that_could_leave_its_quotes_is_refused(record: Database) -> None:
    for value in ("520302', true); DROP TABLE acts; --", "a,b", "é", "５２"):
        with pytest.raises(ValueError, match="reach"):
            async with record.reading(Actor(uuid4(), None, None, (), Reach(counties=frozenset({value})))):
                pass


async def test_who_stands_at_the_door_holds_no_verb_and_sees_no_field_row(
    record: Database, database: DatabaseAddresses
) -> None:
    await make_scene(database.superuser)
    async with record.reading(at_the_door()) as sql:
        for table in ("inspections", "recordings", "evidence", "mines", "payloads", "acts"):
            assert await sql.fetchval(f"SELECT count(*) FROM {table}") == 0
