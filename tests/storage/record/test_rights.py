"""Tests of what the database itself refuses: foreign rows, changed records, unfit roles."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from api.embedded.postgres import API, OWNER, DatabaseAddresses
from storage.migrations.run import differences
from storage.record.actor import Actor, Reach, keeper
from storage.record.database import Database
from storage.record.fitness import RoleUnfit, must_be_a_plain_role, must_be_migrated
from storage.record.ledger import sequencer
from storage.record.work import perform
from tests.factories.evidence import declared, received
from tests.factories.field import ELSEWHERE, HERE, PHOTO, make_scene
from tests.factories.ledger import NOW, leave_entries, looking, somebody

PUBLIC = {"alembic_version", "divisions", "offices", "entries", "positions", "tree_head", "tiles", "checkpoints",
          "unsequenced", "upkeep", "heartbeats", "public_head"}  # fmt: skip
"""What everybody may read: digests, the register of places and counts of work, never a name or a payload."""


async def test_model_and_migrations_agree(database: DatabaseAddresses) -> None:
    assert await asyncio.to_thread(differences, database.owner) == []


async def tables_of(url: str) -> list[str]:
    async with looking(url) as sql:
        rows = await sql.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition ORDER BY relname"
        )
    return [row[0] for row in rows]


async def test_every_table_forces_row_security_and_no_partition_can_be_reached_around_it(
    database: DatabaseAddresses,
) -> None:
    async with looking(database.superuser) as sql:
        open_tables = await sql.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition AND NOT (relrowsecurity AND relforcerowsecurity) AND relname <> 'alembic_version'"
        )
        reachable = await sql.fetch(
            "SELECT relname, r FROM pg_class, unnest(ARRAY['pithead_api', 'pithead_worker']) AS r"
            " WHERE relispartition AND relkind = 'r'"
            " AND has_table_privilege(r, oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')"
        )
    assert open_tables == reachable == []


async def seen_by(database: Database, actor: Actor, tables: list[str]) -> dict[str, int]:
    """How many rows of each table plain SELECTs find, with no filter of their own."""
    async with database.reading(actor) as sql:
        return {table: await sql.fetchval(f"SELECT count(*) FROM {table}") for table in tables}


async def test_plain_selects_show_nothing_of_another_county_office_or_mine(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    await received(record, scene)
    tables = [table for table in await tables_of(database.superuser) if table not in PUBLIC]
    strangers = {
        "county": Reach(counties=frozenset({ELSEWHERE, HERE[:4], "52"})),
        "office": Reach(offices=frozenset({"office-520201", scene.county})),
        "mine": Reach(mines=frozenset({uuid4()})),
        "nothing": Reach(),
    }
    for name, reach in strangers.items():
        seen = await seen_by(record, Actor(uuid4(), None, None, (), reach), tables)
        assert {table: rows for table, rows in seen.items() if rows} == {}, name


async def test_each_scope_of_a_reach_shows_the_rows_in_it(record: Database, database: DatabaseAddresses) -> None:
    scene = await make_scene(database.superuser)
    await make_scene(database.superuser, county=ELSEWHERE)
    await received(record, scene)
    reaches = (
        Reach(counties=frozenset({scene.county})), Reach(offices=frozenset({scene.office})),
        Reach(mines=frozenset({scene.mine_id})),
    )  # fmt: skip
    shown = ["inspections", "inspection_officers", "recordings", "chains", "evidence", "statements", "mines"]
    for reach in reaches:
        seen = await seen_by(record, Actor(uuid4(), None, None, (), reach), shown)
        assert seen == dict.fromkeys(shown, 1) | {"inspection_officers": 2}
    everything = await seen_by(record, Actor(uuid4(), None, None, (), Reach(everything=True)), ["inspections"])
    assert everything == {"inspections": 2}


async def test_nobody_reads_the_passwords_of_others(record: Database, database: DatabaseAddresses) -> None:
    scene = await make_scene(database.superuser)
    async with record.reading(Actor(uuid4(), None, None, (), Reach(everything=True))) as sql:
        assert await sql.fetchval("SELECT count(*) FROM accounts") == 2
        assert await sql.fetchval("SELECT count(*) FROM passwords") == 0
    async with record.reading(scene.actor()) as sql:
        assert await sql.fetchval("SELECT array_agg(account_id) FROM passwords") == [scene.phone.owner_id]


async def test_what_is_immutable_is_changed_and_removed_by_nobody(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    await declared(record, await make_scene(database.superuser))
    await sequencer.sequence(workers)
    changes = {"entries": "kind = 'x'", "positions": "position = 7", "statements": "signature = ''"}
    for role in ("api", "worker", "owner", "superuser"):
        for table, change in changes.items():
            for act in (f"UPDATE {table} SET {change}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
                await changes_nothing(database, role, table, act)


async def changes_nothing(database: DatabaseAddresses, role: str, table: str, act: str) -> None:
    async with looking(database.superuser) as master, looking(getattr(database, role)) as sql:
        before = await master.fetch(f"SELECT * FROM {table}")
        assert before
        try:
            await sql.execute(act)
        except (asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError):
            pass
        else:
            # Its policies show the owner no row at all, so that there is nothing to change.
            assert role == "owner", (role, act)
            assert not act.startswith("TRUNCATE")
        assert await master.fetch(f"SELECT * FROM {table}") == before


async def test_no_partition_of_entries_is_emptied_or_changed_by_its_owner(
    record: Database, database: DatabaseAddresses
) -> None:
    await perform(record, somebody(), NOW, leave_entries)
    async with looking(database.owner) as sql:
        partitions = await sql.fetch(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'entries'::regclass"
        )
        assert len(partitions) >= 3
        for (partition,) in partitions:
            with pytest.raises(asyncpg.RestrictViolationError):
                await sql.execute(f"TRUNCATE {partition}")
            rows = await sql.fetchval(f"SELECT count(*) FROM {partition}")
            for act in (f"DELETE FROM {partition}", f"UPDATE {partition} SET kind = 'x'"):
                if rows:
                    with pytest.raises(asyncpg.RestrictViolationError):
                        await sql.execute(act)


async def test_evidence_moves_only_forward_even_for_a_superuser(record: Database, database: DatabaseAddresses) -> None:
    scene = await make_scene(database.superuser)
    piece = (await declared(record, scene))[0]

    async def refused(change: str) -> None:
        with pytest.raises(asyncpg.RestrictViolationError):
            await sql.execute(f"UPDATE evidence SET {change} WHERE id = $1", piece.id)

    async with looking(database.superuser) as sql:
        for state in ("SEALED", "QUARANTINED"):
            await refused(f"state = '{state}'")
        await sql.execute("UPDATE evidence SET state = 'RECEIVED', object_version = 'v1', received_at = declared_at")
        for change in ("state = 'DECLARED'", "object_version = 'v2'", "received_at = NULL", "size = 1",
                       "sha256 = ''", "flags = '{}'::text[] || 'X'::text", "object_name = 'other'"):  # fmt: skip
            await refused(change)
        await sql.execute("UPDATE evidence SET state = 'SEALED', sealed_at = declared_at, sealed_entry_id = id")
        for change in ("state = 'RECEIVED'", "state = 'QUARANTINED'", "object_version = 'v2'", "sealed_at = NULL",
                       "sealed_entry_id = NULL", "quarantine_reason = 'HASH_DIFFERS'"):  # fmt: skip
            await refused(change)
        await sql.execute("UPDATE evidence SET receipted = true")


async def test_a_chain_only_grows_even_for_a_superuser(record: Database, database: DatabaseAddresses) -> None:
    scene = await make_scene(database.superuser)
    await declared(record, scene, PHOTO, PHOTO)
    backwards = ("last_seq = last_seq - 1", "count = count - 1", "last_hash = sha256('another')")
    async with looking(database.superuser) as sql:
        for change in backwards:
            with pytest.raises(asyncpg.RestrictViolationError):
                await sql.execute(f"UPDATE chains SET {change}")
        await sql.execute("UPDATE chains SET closed_at = clock_timestamp()")
        for change in ("closed_at = NULL", "closed_at = clock_timestamp() + interval '1 day'"):
            with pytest.raises(asyncpg.RestrictViolationError):
                await sql.execute(f"UPDATE chains SET {change}")


async def test_the_api_may_receive_and_can_neither_seal_nor_begin_sealed(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    await declared(record, scene)

    async def refused(statement: str) -> None:
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError)):
            async with record.transaction(scene.actor()) as (_, sql):
                await sql.execute(statement)

    await received_by_hand(record, scene.actor())
    await refused("UPDATE evidence SET state = 'SEALED'")
    await refused("UPDATE evidence SET object_version = 'other'")
    for column in ("sealed_at = declared_at", "receipted = true", "size = 1"):
        await refused(f"UPDATE evidence SET {column}")
    await refused("DELETE FROM evidence")
    async with looking(database.superuser) as sql:
        for change in ("state = 'SEALED'", "state = 'RECEIVED'", "receipted = true"):
            await sql.execute("CREATE TEMP TABLE one AS SELECT * FROM evidence")
            await sql.execute(
                "UPDATE one SET id = gen_random_uuid(), seq = 9, state = 'DECLARED', object_version = NULL,"
                " received_at = NULL"
            )
            await sql.execute(f"UPDATE one SET {change}")
            with pytest.raises(asyncpg.RestrictViolationError):
                await sql.execute("INSERT INTO evidence SELECT * FROM one")
            await sql.execute("DROP TABLE one")


async def received_by_hand(database: Database, actor: Actor) -> None:
    async with database.transaction(actor) as (_, sql):
        await sql.execute("UPDATE evidence SET state = 'RECEIVED', object_version = 'v1', received_at = declared_at")


async def test_the_roles_of_the_product_are_fit(record: Database, workers: Database) -> None:
    for opened in (record, workers):
        await must_be_a_plain_role(opened)
        await must_be_migrated(opened)


async def test_owners_superusers_and_whoever_may_become_one_are_refused(database: DatabaseAddresses) -> None:
    for url, word in ((database.owner, "owns tables"), (database.superuser, "is a superuser")):
        opened = Database(url, pool_size=1)
        with pytest.raises(RoleUnfit, match=word):
            await must_be_a_plain_role(opened)
        await opened.close()
    name = f"unfit_{uuid4().hex[:8]}"
    address = database.api.replace(API, name, 1)
    password = address.split(":")[2].split("@")[0]
    async with looking(database.superuser) as sql:
        await sql.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
        await sql.execute(f'GRANT CONNECT ON DATABASE "{address.rsplit("/", 1)[1]}" TO {name}')
        try:
            for grant, take, word in (
                (f"ALTER ROLE {name} BYPASSRLS", f"ALTER ROLE {name} NOBYPASSRLS", "BYPASSRLS"),
                (f"GRANT {OWNER} TO {name}", f"REVOKE {OWNER} FROM {name}", "may become"),
            ):
                await sql.execute(grant)
                opened = Database(address, pool_size=1)
                with pytest.raises(RoleUnfit, match=word):
                    await must_be_a_plain_role(opened)
                await opened.close()
                await sql.execute(take)
        finally:
            await sql.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")


async def test_the_keeper_sees_every_row_and_changes_only_what_its_steps_need(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    await declared(record, await make_scene(database.superuser))
    for statement in ("UPDATE evidence SET size = 1", "UPDATE evidence SET object_version = 'x'",
                      "DELETE FROM evidence",
                      "UPDATE payloads SET payload = ''", "DELETE FROM payloads", "DELETE FROM positions",
                      "UPDATE checkpoints SET note = ''", "INSERT INTO statements VALUES (gen_random_uuid(), '', '')",
                      "UPDATE accounts SET closed_at = opened_at", "DELETE FROM tiles"):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with workers.transaction(keeper()) as (_, sql):
                await sql.execute(statement)
    async with workers.reading(keeper()) as sql:
        assert await sql.fetchval("SELECT count(*) FROM evidence") == 1


async def test_an_actor_adds_no_row_in_a_county_that_he_does_not_reach(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    stranger = Actor(scene.phone.owner_id, None, scene.phone.id, (), Reach(counties=frozenset({ELSEWHERE})))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with record.transaction(stranger) as (_, sql):
            await sql.execute(
                "INSERT INTO recordings VALUES ($1, $2, $3, $4, $5, $6, $7, '{}', $8, $8)",
                uuid4(), scene.inspection_id, scene.mine_id, scene.county, scene.office, scene.phone.owner_id,
                scene.phone.id, NOW - timedelta(days=1),
            )  # fmt: skip


async def test_an_actor_adds_no_row_to_what_another_opened_or_owns(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    other = Actor(uuid4(), None, uuid4(), (), scene.actor().reach)
    additions = (
        f"INSERT INTO inspection_officers SELECT '{scene.inspection_id}', id, id FROM accounts",
        f"INSERT INTO inspection_places VALUES (gen_random_uuid(), '{scene.inspection_id}', 9, 'here', true)",
        "INSERT INTO inspections SELECT gen_random_uuid(), mine_id, county, office, basis, reason, flags, lead_id,"
        " opened_by, opened_at FROM inspections",
        "INSERT INTO recordings SELECT gen_random_uuid(), inspection_id, mine_id, county, office, opened_by, device_id,"
        " beacon, not_before, opened_at FROM recordings",
        f"INSERT INTO chains VALUES ('{scene.recording_id}', gen_random_uuid(), 0, -1, '')",
        f"INSERT INTO payloads VALUES (gen_random_uuid(), gen_random_uuid(), '{scene.phone.owner_id}', '', '')",
        "INSERT INTO offices VALUES ('GZ-99', 'an office of nobody', false)",
    )
    for addition in additions:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with record.transaction(other) as (_, sql):
                await sql.execute(addition)


async def test_the_api_changes_no_column_that_no_operation_changes(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    changes = (
        "UPDATE mines SET county = '520201'", "UPDATE mines SET credit_code = 'x'", "UPDATE mines SET sample = true",
        "UPDATE accounts SET closed_at = opened_at", "UPDATE accounts SET login = 'x'",
        "UPDATE certificates SET withdrawn_at = issued_at", "UPDATE certificates SET valid_to = '2099-12-31'",
        "UPDATE passwords SET account_id = account_id", "UPDATE inspections SET reason = 'x'",
        "UPDATE recordings SET not_before = opened_at", "UPDATE inspection_officers SET certificate_id = account_id",
    )  # fmt: skip
    for change in changes:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with record.transaction(scene.actor()) as (_, sql):
                await sql.execute(change)
    async with record.transaction(scene.actor()) as (_, sql):
        assert await sql.fetchval("SELECT true FROM accounts LIMIT 1 FOR UPDATE"), "an account can be locked"


async def test_the_workers_read_no_password_no_session_and_no_act(workers: Database) -> None:
    for table in ("passwords", "sessions", "acts"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with workers.reading(keeper()) as sql:
                await sql.execute(f"SELECT FROM {table}")
