"""Tests of what an actor may know of the log: nothing foreign, nothing missed, whatever the window."""

import ast
import re
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.record.actor import Actor, Grant, Reach, Role, reach_of
from storage.record.database import Database
from storage.record.ledger import changes
from storage.record.ledger.changes import BEGINNING, READ_BY, Change, Place
from storage.record.ledger.sequencer import sequence
from storage.record.work import Work, perform
from tests.factories.ledger import NOW, somebody, statements_of

HERE, ELSEWHERE, OFFICE = "520302", "520201", "office-1"


def someone(*grants: tuple[Role, Reach]) -> Actor:
    given = tuple(Grant(role, reach) for role, reach in grants)
    return Actor(uuid4(), None, None, given, reach_of(given))


async def leave(work: Work, *, kinds: list[str], county: str | None, office: str | None, mine_id: UUID | None) -> None:
    for kind in kinds:
        work.record(kind, uuid4(), county=county, office=office, mine_id=mine_id)


async def done(
    record: Database, workers: Database, *kinds: str, by: Actor | None = None, county: str | None = HERE,
    office: str | None = OFFICE, mine_id: UUID | None = None,
) -> None:  # fmt: skip
    await perform(
        record, by or somebody(), NOW, leave, kinds=list(kinds), county=county, office=office, mine_id=mine_id
    )
    while await sequence(workers):
        pass


async def told(
    record: Database, actor: Actor, *, after: Place = BEGINNING, window: int = 10, limit: int = 100
) -> list[Change]:
    """All that the actor learns by going on until there is no more."""
    found: list[Change] = []
    for _ in range(1_000):
        async with record.reading(actor) as sql:
            page = await changes.changes_visible_to(sql, actor, after=after, limit=limit, window=window)
        assert page.end >= after
        found, after = found + page.rows, page.end
        if not page.more:
            assert after >= page.head
            return found
    raise AssertionError("it never ends")


async def test_a_role_is_told_of_what_it_may_read_within_its_own_reach_and_of_nothing_else(
    record: Database, workers: Database
) -> None:
    await done(record, workers, "evidence.sealed", "inspection.opened", "mine.changed", "session.opened")
    await done(record, workers, "evidence.sealed", "mine.changed", county=ELSEWHERE, office="office-2")
    duty = someone((Role.DUTY_OFFICER, Reach(counties=frozenset({HERE}))))
    assert sorted(one.kind for one in await told(record, duty)) == ["inspection.opened", "mine.changed"]
    both = someone(
        (Role.DUTY_OFFICER, Reach(counties=frozenset({HERE}))),
        (Role.INSPECTOR, Reach(offices=frozenset({"office-2"}))),
    )
    assert sorted(one.kind for one in await told(record, both)) == [
        "evidence.sealed", "inspection.opened", "mine.changed", "mine.changed",
    ]  # fmt: skip
    assert await told(record, someone()) == []


async def test_what_one_did_oneself_is_told_whatever_it_is_about(record: Database, workers: Database) -> None:
    me = someone()
    await done(record, workers, "session.opened", by=me, county=None, office=None)
    await done(record, workers, "session.opened", county=None, office=None)
    assert [one.kind for one in await told(record, me)] == ["session.opened"]


async def test_one_mine_is_a_reach_of_its_own(record: Database, workers: Database) -> None:
    mine = uuid4()
    await done(record, workers, "mine.changed", mine_id=mine)
    await done(record, workers, "mine.changed", mine_id=uuid4())
    assert len(await told(record, someone((Role.MINER, Reach(mines=frozenset({mine})))))) == 1


@pytest.mark.parametrize("limit", [1, 3, 100])
@pytest.mark.parametrize("window", [1, 4, 1_000])
async def test_nothing_is_missed_or_told_twice_whatever_the_page_and_the_window(
    record: Database, workers: Database, limit: int, window: int
) -> None:
    for county in (HERE, ELSEWHERE, ELSEWHERE, HERE):
        await done(record, workers, *["evidence.declared"] * 4, county=county, office=None)
    actor = someone((Role.INSPECTOR, Reach(counties=frozenset({HERE}))))
    rows = await told(record, actor, limit=limit, window=window)
    assert [one.position for one in rows] == [*range(4), *range(12, 16)]
    assert await told(record, actor, after=(0, 13), limit=limit, window=window) == rows[-2:]
    assert await told(record, actor, after=(7, 99), limit=limit, window=window) == []


@pytest.mark.parametrize("limit", [1, 3, 100])
@pytest.mark.parametrize("window", [1, 4, 1_000])
async def test_the_newest_are_told_backwards_in_the_same_order(
    record: Database, workers: Database, limit: int, window: int
) -> None:
    for county in (HERE, ELSEWHERE, HERE):
        await done(record, workers, *["evidence.declared"] * 3, county=county, office=None)
    actor = someone((Role.INSPECTOR, Reach(counties=frozenset({HERE}))))
    found: list[Change] = []
    before: Place | None = None
    for _ in range(100):
        async with record.reading(actor) as sql:
            page = await changes.changes_visible_before(sql, actor, before=before, limit=limit, window=window)
        found, before = page.rows + found, page.end
        if not page.more:
            break
    assert [one.position for one in found] == [0, 1, 2, 6, 7, 8]


async def test_a_page_costs_two_statements_whatever_its_size(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    await done(record, workers, *["evidence.sealed"] * 40)
    actor = someone((Role.INSPECTOR, Reach(counties=frozenset({HERE}))))
    one = Database(database.api, pool_size=1)
    async with one.reading(actor) as sql:
        await changes.changes_visible_to(sql, actor, after=BEGINNING, limit=1)  # A connection learns its types once.
    for limit in (1, 30):
        async with statements_of(one) as texts, one.reading(actor) as sql:
            await changes.changes_visible_to(sql, actor, after=BEGINNING, limit=limit)
        assert len([text for text in texts if not text.startswith(("BEGIN", "COMMIT"))]) == 2
    await one.close()


@pytest.mark.quick
def test_every_kind_of_entry_is_about_something_that_somebody_may_read_or_is_a_persons_own() -> None:
    nouns = set()
    for path in Path(changes.__file__).parents[2].rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record":
                nouns |= {str(arg.value).split(".")[0] for arg in node.args[:1] if isinstance(arg, ast.Constant)}
            if isinstance(node, ast.keyword) and node.arg == "kind" and isinstance(node.value, ast.Constant):
                nouns |= {str(node.value.value).split(".")[0]} if "." in str(node.value.value) else set()
    assert len(nouns) > 10
    assert nouns - set(READ_BY) == {
        "address", "conduct", "identity", "refusal", "report", "report_key", "retaliation", "reward", "session",
    }  # fmt: skip


async def test_reading_the_log_plans_the_tables_of_the_log_and_none_of_what_only_mines_are_asked(
    record: Database,
) -> None:
    async with record.reading(someone((Role.INSPECTOR, Reach(counties=frozenset({HERE}))))) as sql:
        plan = await sql.fetch(
            "EXPLAIN SELECT y.subject FROM positions p JOIN payloads y ON y.entry_id = p.entry_id"
            " WHERE p.log = 0 AND p.position > 3"
        )
    named = " ".join(row[0] for row in plan)
    read = set(re.findall(r" on (\w+)", named))
    assert {re.sub(r"_\w+", "", table) for table in read} == {"positions", "payloads"}, read
