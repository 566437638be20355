"""Tests of recordings in GraphQL: what they hold, in a number of statements that does not grow with them."""

from datetime import UTC, datetime
from typing import Any

from api.embedded.postgres import DatabaseAddresses
from graphql_schema.context import Context, Means
from graphql_schema.executor import Request
from graphql_schema.pages import cursor
from storage.field.evidence import queries
from storage.record.actor import Actor, Reach
from storage.record.database import Database
from tests.counting import statements_of
from tests.factories.evidence import declare, declared
from tests.factories.field import ELSEWHERE, PHOTO, Scene, make_scene
from tests.graphql_schema.asking import EXECUTOR, ask, codes
from tests.vectors import sample

RECORDING = """query ($id: UUID!, $first: Int, $after: String, $last: Int, $before: String) { recording(id: $id) {
  uuid state closedAt chains { device count last gaps { first last } } closing { closing }
  evidence(first: $first, after: $after, last: $last, before: $before) {
    edges { node { uuid seq state grade lostReason takeover { from } } cursor } pageInfo { hasNextPage endCursor }
  } } }"""


async def of(database: Database, scene: Scene, **asked: Any) -> Any:
    usual: dict[str, Any] = {"id": str(scene.recording_id), "first": None, "after": None, "last": None, "before": None}
    return (await ask(database, scene.actor(), RECORDING, **(usual | asked)))["recording"]


async def test_a_recording_tells_its_chains_gaps_and_pieces_page_by_page(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    items = scene.chain([PHOTO + bytes([number]) for number in range(5)])
    await declare(record, scene, [items[0], items[2], items[4]])
    told = await of(record, scene, first=2)
    (chain,) = told["chains"]
    assert (told["state"], told["closing"], chain["count"]) == ("OPEN", None, "5")
    assert chain["gaps"] == [{"first": "1", "last": "1"}, {"first": "3", "last": "3"}]
    page = told["evidence"]
    assert [edge["node"]["seq"] for edge in page["edges"]] != []
    rest = (await of(record, scene, first=2, after=page["pageInfo"]["endCursor"]))["evidence"]
    before = (await of(record, scene, last=2, before=rest["edges"][0]["cursor"]))["evidence"]
    assert [edge["node"] for edge in before["edges"]] == [edge["node"] for edge in page["edges"]]
    found = {edge["node"]["seq"] for edge in (*page["edges"], *rest["edges"])}
    assert (found, rest["pageInfo"]["hasNextPage"]) == ({"0", "2", "4"}, False)


async def test_a_recording_of_many_pieces_costs_as_many_statements_as_one_of_few(
    record: Database, database: DatabaseAddresses
) -> None:
    narrow = Database(database.api, pool_size=1)
    costs, texts = [], statements_of(narrow)
    await of(narrow, await make_scene(database.superuser))  # The connection opens, and learns the types.
    for pieces in (1, 30):
        scene = await make_scene(database.superuser)
        await declared(record, scene, *(PHOTO + bytes([number]) for number in range(pieces)))
        texts.clear()
        told = await of(narrow, scene)
        assert len(told["evidence"]["edges"]) == pieces
        costs.append(len(texts))
    await narrow.close()
    assert costs[0] == costs[1] <= 8, texts


OPENING = """mutation($input: OpenPackInput!) { openPack(input: $input) {
  pieces { state } endCursor problem { code } } }"""


async def opens(database: Database, actor: Actor, **asked: Any) -> Any:
    context = Context(actor, database, lambda: datetime.now(UTC), means=Means(keys=lambda: sample.server().keys))
    answer = await EXECUTOR.answer(Request(OPENING, {"input": asked}), context)
    assert answer.errors == [], answer.errors
    return answer.data["openPack"]


async def test_a_pack_begins_behind_a_cursor_that_was_given_out_and_no_other(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    await declared(record, scene, *(PHOTO + bytes([number]) for number in range(3)))
    actor, asked = scene.actor(), {"recordingId": str(scene.recording_id), "first": 2}
    page = await opens(record, actor, **asked)
    rest = await opens(record, actor, **asked, after=page["endCursor"])
    assert (len(page["pieces"]), len(rest["pieces"]), rest["endCursor"]) == (2, 1, None)
    damaged = page["endCursor"][:-1] + ("A" if page["endCursor"][-1] != "A" else "B")
    of_names = cursor(("甲煤矿", scene.recording_id))
    for wrong in ("", "garbage", damaged, of_names, "A" * 5_000):
        assert await codes(record, actor, OPENING, input={**asked, "after": wrong}) == {"BAD_CURSOR"}, wrong


INSPECTIONS = """query { inspections(first: 50) { edges { node { uuid recordings {
  uuid state chains { device } } } } } }"""


async def test_the_recordings_of_many_inspections_are_told_in_as_many_statements_as_those_of_one(
    record: Database, database: DatabaseAddresses
) -> None:
    narrow = Database(database.api, pool_size=1)
    costs, texts, scenes = [], statements_of(narrow), [await make_scene(database.superuser)]
    await ask(narrow, scenes[0].actor(), INSPECTIONS)  # The connection opens, and learns the types.
    for more in (0, 5):
        scenes += [await make_scene(database.superuser) for _ in range(more)]
        texts.clear()
        found = (await ask(narrow, scenes[0].actor(), INSPECTIONS))["inspections"]["edges"]
        told = {one["uuid"] for edge in found for one in edge["node"]["recordings"]}
        assert told >= {str(scene.recording_id) for scene in scenes}
        costs.append(len(texts))
    await narrow.close()
    assert costs[0] == costs[1] <= 8, texts


async def test_nobody_sees_the_recording_or_the_pieces_of_another_county(
    record: Database, database: DatabaseAddresses
) -> None:
    scene, foreign = await make_scene(database.superuser), await make_scene(database.superuser, county=ELSEWHERE)
    (piece,) = await declared(record, foreign)
    assert await of(record, scene, id=str(foreign.recording_id)) is None
    async with record.reading(scene.actor()) as sql:
        ids = [scene.recording_id, foreign.recording_id]
        assert await queries.pieces_of_recordings(sql, recording_ids=ids, limit=5) == []
        assert await sql.fetchval("SELECT count(*) FROM closings") == 0
        assert await queries.takeovers_of(sql, ids=[piece.id]) == []
    nobody = Actor(scene.phone.owner_id, None, None, (), Reach())
    asked = {"id": str(scene.recording_id), "first": 1, "after": None, "last": None, "before": None}
    assert await codes(record, nobody, RECORDING, **asked) == {"NOT_ALLOWED"}
