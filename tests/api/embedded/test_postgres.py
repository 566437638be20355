"""Tests of the embedded PostgreSQL: start, stop, crash, and what stands in the way."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from api.embedded import places, server_files
from api.embedded.postgres import EmbeddedPostgres
from api.embedded.processes import CannotStart, server_identity
from tests.servers import run_sql, wanted_server_files

Make = Callable[[Path], EmbeddedPostgres]


@pytest.fixture
def make(passable: Path) -> Iterator[Make]:
    """Makes supervisors of PostgreSQL that stop with the test."""
    made: list[EmbeddedPostgres] = []

    def make_one(folder: Path) -> EmbeddedPostgres:
        made.append(EmbeddedPostgres(folder, log=print, files=wanted_server_files()))
        return made[-1]

    yield make_one
    for postgres in made:
        postgres.stop()


async def _count(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM acts"))
    finally:
        await connection.close()


async def test_a_second_start_keeps_data_port_and_passwords(passable: Path, make: Make) -> None:
    postgres = make(passable / "postgres")
    first = postgres.start()
    await run_sql(first.owner, "CREATE TABLE acts (id int)", "INSERT INTO acts SELECT generate_series(1, 1000)")
    postgres.stop()
    second = make(passable / "postgres").start()
    assert second == first
    assert await _count(second.owner) == 1000


async def test_a_killed_server_starts_again_at_once_with_every_committed_row(passable: Path, make: Make) -> None:
    postgres = make(passable / "postgres")
    first = postgres.start()
    await run_sql(first.owner, "CREATE TABLE acts (id int)", "INSERT INTO acts SELECT generate_series(1, 1000)")
    for _ in range(3):
        postgres.process.kill()
        assert postgres.start() == first
        assert await _count(first.owner) == 1000


def test_another_port_is_found_when_the_one_of_last_time_is_taken(passable: Path, make: Make) -> None:
    postgres = make(passable / "postgres")
    postgres.start()
    postgres.stop()
    note = passable / "postgres" / "port"
    taken = int(note.read_text())
    with socket.create_server(("127.0.0.1", taken)):
        make(passable / "postgres").start()
        assert int(note.read_text()) != taken


def test_two_servers_run_side_by_side_and_a_third_on_a_used_folder_is_refused(passable: Path, make: Make) -> None:
    first = make(passable / "one").start()
    second = make(passable / "two").start()
    assert first.api != second.api
    with pytest.raises(CannotStart, match=f"in use by another running Pithead .process {os.getpid()}."):
        make(passable / "one").start()


def test_a_path_too_long_for_a_socket_is_no_obstacle(passable: Path, make: Make) -> None:
    postgres = make(passable / ("煤" * 40) / "postgres")
    socket_folder = postgres.start().socket
    assert len(os.fsencode(socket_folder)) < 90
    assert any(socket_folder.iterdir())
    postgres.stop()
    assert not socket_folder.exists()


def test_data_of_another_major_version_is_named_and_left_alone(passable: Path, make: Make) -> None:
    data = passable / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(CannotStart, match="written by PostgreSQL 14"):
        make(passable / "postgres").start()


def test_an_initialisation_that_was_cut_short_is_done_again(passable: Path, make: Make) -> None:
    remains = passable / "postgres" / "data.new"
    remains.mkdir(parents=True)
    (remains / "PG_VERSION").write_text("18\n")
    make(passable / "postgres").start()
    assert not remains.exists()


def test_a_folder_below_a_closed_home_is_kept_elsewhere_when_the_servers_run_as_another_user(
    passable: Path, monkeypatch: pytest.MonkeyPatch, make: Make
) -> None:
    monkeypatch.setattr(places, "STATE_DIRECTORY", passable / "state")
    home = passable / "home"
    home.mkdir(mode=0o700)
    make(home / "postgres").start()
    elsewhere = list((passable / "state").glob("postgres-*/data/PG_VERSION"))
    here = list(home.glob("postgres/data/PG_VERSION"))
    assert (len(elsewhere), len(here)) == ((1, 0) if server_identity().is_other else (0, 1))


def test_programs_below_a_closed_home_are_copied_once_when_the_servers_run_as_another_user(
    passable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "STATE_DIRECTORY", passable / "state")
    home, identity = passable / "home", server_identity()
    program = home / "bin" / "weed"
    program.parent.mkdir(parents=True)
    home.chmod(0o700)
    program.write_text("#!/bin/sh\necho version\n")
    program.chmod(0o755)
    said: list[str] = []
    for _ in range(2):
        found = places.reachable_program(program, root=program, name="weed-1", identity=identity, log=said.append)
        assert found is not None
        assert places.runs(identity, found)
    assert len(said) == (1 if identity.is_other else 0)


def test_the_systems_postgres_is_the_fallback_and_the_log_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    said: list[str] = []
    system = server_files.of_the_system(identity=server_identity())
    if system is None:
        with pytest.raises(CannotStart, match="no PostgreSQL"):
            server_files.find(identity=server_identity(), log=said.append)
    else:
        assert server_files.find(identity=server_identity(), log=said.append) == system
        assert str(system.bin) in said[0]
