"""Any course of the log: a state machine over writers that commit in any order and sequencers that die."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from api.embedded.postgres import DatabaseAddresses
from storage.record.database import Database, sight_of
from storage.record.ledger import checkpoints, entries
from storage.record.ledger.checkpoints import DatabaseBehind
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs.checkpoints import parse_checkpoint
from storage.record.ledger.sequencer import open_log, sequence
from storage.record.objects import Objects
from storage.record.problems import TryAgain
from tests.factories.gates import Stage, deadly
from tests.factories.ledger import NOW, naive_root, somebody

MOMENTS = st.sampled_from(["queue", "positions", "tiles", "head", "sequenced"])
# Not even the superuser empties the entries while their triggers fire.
_ANEW = """
SET session_replication_role = replica;
TRUNCATE entries, payloads, unsequenced, positions, tiles, checkpoints, tree_head;
RESET session_replication_role
"""
_LOG = """
SELECT p.position, p.entry_id, e.digest FROM positions p JOIN entries e ON e.id = p.entry_id WHERE p.log = 0
ORDER BY p.position
"""


@dataclass
class LogGround:
    """One database and one bucket for all courses; each begins a log and keys of its own."""

    addresses: DatabaseAddresses
    objects: Objects
    folder: Path
    stage: Stage = field(default_factory=Stage)

    def __post_init__(self) -> None:
        self.workers = Database(self.addresses.worker, pool_size=4)
        self.sql: asyncpg.Connection[Any] = self.stage.run(asyncpg.connect(self.addresses.superuser))
        self.writers = [self.stage.run(_writer(self.addresses.api)) for _ in range(4)]

    def close(self) -> None:
        self.stage.run(self.workers.close())
        for connection in (self.sql, *self.writers):
            self.stage.run(connection.close())
        self.stage.loop.close()


class LogCourse(RuleBasedStateMachine):
    """Acts that are open at the same time, end in any order or never, and batches between them."""

    def __init__(self, ground: LogGround) -> None:
        super().__init__()
        self.ground, self.stage = ground, ground.stage
        self.idle = list(ground.writers)
        self.open: list[tuple[asyncpg.Connection[Any], list[entries.Entry]]] = []
        self.committed: dict[UUID, bytes] = {}
        self.log: list[tuple[int, UUID, bytes]] = []
        self.shown = 0
        origin = f"ledger.pithead.example/{uuid4().hex}"
        self.keys = KeyFolder(ground.folder / origin)
        self.keys.create_missing(1_577_836_800_000, origin=origin)
        self.stage.run(ground.sql.execute(_ANEW))
        self.stage.run(open_log(ground.workers, origin=origin))

    @precondition(lambda self: self.idle)
    @rule(count=st.sampled_from([1, 2, 3, 40, 255, 256, 257, 700]))
    def an_act_writes(self, count: int) -> None:
        """Its entries are there and nobody sees them yet."""
        writer, actor = self.idle.pop(), somebody()
        made = [
            entries.compose(
                kind="test.done", subject=uuid4(), at=NOW, actor_id=actor.account_id, device_id=None, data={}
            )
            for _ in range(count)
        ]  # fmt: skip
        self.stage.run(writer.execute("BEGIN; " + sight_of(actor)))
        self.stage.run(entries.append(writer, made))
        self.open.append((writer, made))

    @precondition(lambda self: self.open)
    @rule(pick=st.integers(0, 3), commits=st.sampled_from([True, True, False]))
    def an_act_ends(self, pick: int, commits: bool) -> None:
        """In any order: one that began first may commit last, with ids that are older than the head's."""
        writer, made = self.open.pop(pick % len(self.open))
        self.stage.run(writer.execute("COMMIT" if commits else "ROLLBACK"))
        self.idle.append(writer)
        if commits:
            self.committed |= {entry.id: entry.digest for entry in made}

    @rule(sequencers=st.integers(1, 3))
    def batches_are_taken(self, sequencers: int) -> None:
        """By several at once: none takes what another has."""
        before = len(self.log)
        taken = self.stage.run(_at_once(self.ground.workers, sequencers))
        self.the_log_is_whole()
        assert len(self.log) == before + sum(taken)

    @rule(moment=MOMENTS)
    def a_batch_dies(self, moment: str) -> None:
        """At any statement of it, the commit too: nothing of it was."""
        before, waiting = len(self.log), self._count("unsequenced")
        with deadly(self.stage, self.ground.sql, moment):
            try:
                assert self.stage.run(sequence(self.ground.workers)) == 0
            except TryAgain:
                assert waiting > 0
        self.the_log_is_whole()
        assert (len(self.log), self._count("unsequenced")) == (before, waiting)

    @rule()
    def the_head_is_shown(self) -> None:
        """Its checkpoint says what the model says, and none is ever smaller than one before."""
        ground = self.ground
        shown = self.stage.run(
            checkpoints.show_head(ground.workers, ground.objects, self.keys, now=NOW, keep_until=_soon())
        )
        if shown is None:
            assert not self.log
            return
        told = parse_checkpoint(shown.note, {})
        assert (told.size, told.root) == (shown.size, shown.root)
        assert shown.size == len(self.log) >= self.shown
        assert shown.root == naive_root([digest for _, _, digest in self.log])
        self.shown = shown.size

    @precondition(lambda self: self.shown > 0)
    @rule()
    def an_older_database_never_signs(self) -> None:
        """A database that came back without its newest batch sees the store ahead of it."""
        ground = self.ground
        smaller = naive_root([digest for _, _, digest in self.log[: self.shown - 1]])
        head = self.stage.run(ground.sql.fetchrow("SELECT size, root FROM tree_head"))
        self._set_head(self.shown - 1, smaller)
        try:
            self.stage.run(
                checkpoints.show_head(ground.workers, ground.objects, self.keys, now=NOW, keep_until=_soon())
            )  # fmt: skip
        except DatabaseBehind:
            return
        finally:
            self._set_head(*head)
        raise AssertionError("it signed")

    @invariant()
    def the_log_is_whole(self) -> None:
        """Positions are 0…n−1, once each; what has one keeps it; the root is the model's; nothing committed is lost."""
        rows = [tuple(row) for row in self.stage.run(self.ground.sql.fetch(_LOG))]
        assert [row[0] for row in rows] == list(range(len(rows)))
        assert rows[: len(self.log)] == self.log, "a position was given twice"
        placed = {row[1]: row[2] for row in rows}
        assert len(placed) == len(rows)
        assert placed.items() <= self.committed.items()
        assert self._count("unsequenced") == len(self.committed) - len(rows)
        if rows != self.log:
            head = self.stage.run(self.ground.sql.fetchrow("SELECT size, root FROM tree_head"))
            assert tuple(head) == (len(rows), naive_root([row[2] for row in rows]))
        self.log = rows

    def teardown(self) -> None:
        for writer, _ in self.open:
            self.stage.run(writer.execute("ROLLBACK"))
        while self.stage.run(sequence(self.ground.workers)):
            pass
        self.the_log_is_whole()
        assert len(self.log) == len(self.committed)

    def _count(self, table: str) -> int:
        return int(self.stage.run(self.ground.sql.fetchval(f"SELECT count(*) FROM {table}")))

    def _set_head(self, size: int, root: bytes) -> None:
        self.stage.run(self.ground.sql.execute("UPDATE tree_head SET size = $1, root = $2", size, root))


async def _writer(url: str) -> "asyncpg.Connection[Any]":
    """An act of a course may stay open for longer than the server lets one of the product's."""
    return await asyncpg.connect(url, server_settings={"idle_in_transaction_session_timeout": "0"})


async def _at_once(workers: Database, sequencers: int) -> list[int]:
    return await asyncio.gather(*(sequence(workers) for _ in range(sequencers)))


def _soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)
