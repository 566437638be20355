"""Tests of what the other tests stand on: databases cloned from the template, buckets with object lock."""

import asyncpg
import pytest

from api.embedded.postgres import DatabaseAddresses
from api.embedded.signature import signed_request
from storage.record.objects import StoreAddress


async def test_the_roles_of_the_application_can_make_nothing_and_see_no_other_database(
    database: DatabaseAddresses,
) -> None:
    for url in (database.api, database.worker):
        connection = await asyncpg.connect(url)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE mine (id int)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TEMPORARY TABLE mine (id int)")
        row = await connection.fetchrow("SELECT * FROM pg_roles WHERE rolname = current_user")
        await connection.close()
        assert row is not None
        assert not any(row[right] for right in ("rolsuper", "rolbypassrls", "rolcreatedb", "rolcreaterole"))


async def test_statements_of_the_api_are_cut_off_by_its_role(database: DatabaseAddresses) -> None:
    connection = await asyncpg.connect(database.api)
    limits = [
        await connection.fetchval(f"SHOW {name}")
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    ]
    await connection.close()
    assert limits == ["5s", "2s", "10s"]


async def test_the_owner_makes_tables_in_a_database_that_knows_chinese(database: DatabaseAddresses) -> None:
    connection = await asyncpg.connect(database.owner)
    await connection.execute("CREATE TABLE names (name text)")
    similar = await connection.fetchval("SELECT similarity('盘州市煤矿安全监察', '盘州市煤矿安全监管')")
    await connection.close()
    assert similar > 0.4


def test_a_bucket_has_versions_and_locks_and_is_closed_to_strangers(bucket: StoreAddress) -> None:
    path = f"/{bucket.bucket}"
    assert b"Enabled" in signed_request(bucket, method="GET", path=path, query={"versioning": ""})[1]
    assert b"Enabled" in signed_request(bucket, method="GET", path=path, query={"object-lock": ""})[1]
    assert signed_request(bucket, method="GET", path=path, query={"policy": ""})[0] == 404
