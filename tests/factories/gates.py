"""A record and a store whose every step waits at a gate, so that a test decides who goes on, who fails and who dies."""

import asyncio
import contextvars
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ParamSpec, TypeVar

from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.record.actor import Actor
from storage.record.database import Database
from storage.record.objects import Objects, StoreAddress
from tests.factories.ledger import looking

P = ParamSpec("P")
R = TypeVar("R")


class Fault(StrEnum):
    """What befalls a call of the store: it never arrives, or it is done and its answer is lost."""

    UNSENT = "UNSENT"
    UNHEARD = "UNHEARD"


@dataclass
class Gate:
    """Where one process waits before each transaction and each visit to the store; open, it lets everybody through.

    `fault` befalls the call of the store that comes after `calls` others.
    """

    open: bool = False
    fault: Fault | None = None
    calls: int = 0
    waiting: "deque[asyncio.Future[None]]" = field(default_factory=deque)

    async def wait(self) -> None:
        if self.open:
            return
        turn = asyncio.get_running_loop().create_future()
        self.waiting.append(turn)
        await turn

    def let_one_through(self) -> None:
        if self.waiting:
            self.waiting.popleft().set_result(None)

    def let_all_through(self) -> None:
        self.open = True
        while self.waiting:
            self.let_one_through()

    def strikes(self, fault: Fault) -> bool:
        """Whether this call is the one; it strikes once."""
        if self.fault is not fault:
            return False
        self.calls -= 1
        if self.calls >= 0:
            return False
        self.fault = None
        return True


GATE: contextvars.ContextVar[Gate | None] = contextvars.ContextVar("gate", default=None)


class GatedDatabase(Database):
    """The record; a process that has a gate waits there before each transaction."""

    @asynccontextmanager
    async def transaction(
        self, actor: Actor, *, read_only: bool = False
    ) -> "AsyncIterator[tuple[AsyncConnection, Any]]":
        if (gate := GATE.get()) is not None:
            await gate.wait()
        async with super().transaction(actor, read_only=read_only) as pair:
            yield pair


class GatedStore(Objects):
    """The real store; a process that has a gate waits there before each visit, within which a call may fail."""

    def __init__(self, address: StoreAddress) -> None:
        super().__init__(address, threads=4)
        self.client.meta.events.register("before-call.s3", self._before)
        self.client.meta.events.register("after-call.s3", self._after)

    async def aside(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        if (gate := GATE.get()) is not None:
            await gate.wait()
        context = contextvars.copy_context()
        return await super().aside(lambda: context.run(call, *args, **kwargs))

    def _before(self, **_: Any) -> None:
        if (gate := GATE.get()) is not None and gate.strikes(Fault.UNSENT):
            raise EndpointConnectionError(endpoint_url=self.address.endpoint)

    def _after(self, **_: Any) -> None:
        if (gate := GATE.get()) is not None and gate.strikes(Fault.UNHEARD):
            raise ReadTimeoutError(endpoint_url=self.address.endpoint)


@dataclass
class Process:
    """Something under way that goes on only when it is told to; `ended` hears what came of it, unless it is killed."""

    name: str
    gate: Gate
    task: "asyncio.Task[Any]"
    ended: Callable[[Any], None]

    @property
    def is_over(self) -> bool:
        return self.task.done()


class Stage:
    """An event loop of the test's own, since a state machine of hypothesis is no coroutine, and what runs on it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.processes: list[Process] = []

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        return self.loop.run_until_complete(work)

    def start(self, name: str, work: Coroutine[Any, Any, Any], ended: Callable[[Any], None]) -> Process:
        """Lets it come to its first gate."""
        gate, context = Gate(), contextvars.copy_context()
        context.run(GATE.set, gate)
        process = Process(name, gate, self.loop.create_task(work, context=context), ended)
        self.processes.append(process)
        self.run(self._until_at_rest(process))
        return process

    def go_on(self, process: Process) -> None:
        """Lets it do what it waits for, up to the next gate."""
        process.gate.let_one_through()
        self.run(self._until_at_rest(process))

    def finish(self, *processes: Process) -> None:
        """Lets these run to their ends, all at once."""
        for process in processes:
            process.gate.let_all_through()
        if processes:
            self.run(_wait_for(processes))
        self._collect()

    def kill(self, process: Process) -> None:
        """It ends where it waits, and says nothing to anybody."""
        self.processes.remove(process)
        process.task.cancel()
        self.run(_wait_for([process]))

    def close(self) -> None:
        for process in list(self.processes):
            self.kill(process)

    async def _until_at_rest(self, process: Process) -> None:
        """Until it waits at a gate with every task that it has, or is over."""
        quiet = 0
        while not process.is_over and quiet < 3:
            await asyncio.sleep(0.001)
            quiet = quiet + 1 if process.gate.waiting else 0
        self._collect()

    def _collect(self) -> None:
        for process in [one for one in self.processes if one.is_over]:
            self.processes.remove(process)
            process.ended(process.task.result())


async def _wait_for(processes: "list[Process] | tuple[Process, ...]") -> None:
    await asyncio.wait([process.task for process in processes])


DEATHS = {
    "evidence": "BEFORE INSERT OR UPDATE ON evidence",
    "entries": "BEFORE INSERT ON entries",
    "commit": "AFTER INSERT ON unsequenced DEFERRABLE INITIALLY DEFERRED",
    "positions": "BEFORE INSERT ON positions",
    "queue": "BEFORE DELETE ON unsequenced",
    "tiles": "BEFORE INSERT OR UPDATE ON tiles",
    "head": "BEFORE UPDATE ON tree_head",
    "sequenced": "AFTER INSERT ON positions DEFERRABLE INITIALLY DEFERRED",
}
"""Statements at which the server process of a transaction may be killed."""
_LAY = """
CREATE TABLE deaths (moment text);
CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$ BEGIN
  IF EXISTS (SELECT FROM deaths WHERE moment = TG_ARGV[0]) THEN
    PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(0.01);
  END IF;
  RETURN coalesce(NEW, OLD);
END $$
"""


async def lay_deaths(superuser: str) -> None:
    """Prepares a database so that `deadly` costs one statement."""
    async with looking(superuser) as sql:
        await sql.execute(_LAY)
        for name, moment in DEATHS.items():
            kind = "CONSTRAINT TRIGGER" if "DEFERRED" in moment else "TRIGGER"
            await sql.execute(f"CREATE {kind} die_{name} {moment} FOR EACH ROW EXECUTE FUNCTION die('{name}')")


@contextmanager
def deadly(stage: Stage, sql: Any, moment: str | None) -> Iterator[None]:
    """Within it, whoever comes to this statement loses its server process."""
    if moment is None:
        yield
        return
    stage.run(sql.execute("INSERT INTO deaths VALUES ($1)", moment))
    try:
        yield
    finally:
        stage.run(sql.execute("DELETE FROM deaths"))
