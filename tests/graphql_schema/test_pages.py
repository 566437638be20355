"""What may live here: tests of ids, cursors, connections and loaders."""

import base64
import dataclasses
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as some

from graphql_schema import changes, pages
from graphql_schema.executor import Executor, Request
from storage.record.actor import Role
from storage.record.ledger.changes import Change
from tests.graphql_schema import sample

pytestmark = pytest.mark.quick
EXECUTOR = Executor(sample.SCHEMA)
LIST = """query($first: Int, $after: String, $last: Int, $before: String) {
  pieces(first: $first, after: $after, last: $last, before: $before) {
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } } }"""


async def listed(shelf: sample.Shelf, **variables: object) -> dict[str, object]:
    """Return one page of the shelf."""
    context = sample.context(sample.someone(Role.AUDITOR), database=shelf)
    answer = await EXECUTOR.answer(Request(LIST, variables), context)
    assert answer.errors == []
    assert answer.data is not None
    return answer.data["pieces"]


def ids(page: dict[str, object]) -> list[str]:
    """Return the ids on a page."""
    return [edge["node"]["id"] for edge in page["edges"]]  # type: ignore[attr-defined]  # An answer is plain JSON.


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
async def test_walking_the_pages_either_way_shows_every_row_once_in_one_order(size: int) -> None:
    shelf = sample.shelf(7)
    whole = ids(await listed(shelf))
    assert len(set(whole)) == 7
    forth: list[str] = []
    after = None
    while True:
        page = await listed(shelf, first=size, after=after)
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)  # type: ignore[index]  # Plain JSON.
        forth += ids(page)
        after = page["pageInfo"]["endCursor"]  # type: ignore[index]  # Plain JSON.
        if not page["pageInfo"]["hasNextPage"]:  # type: ignore[index]  # Plain JSON.
            break
    assert forth == whole
    back: list[str] = []
    before = None
    while True:
        page = await listed(shelf, last=size, before=before)
        back = ids(page) + back
        before = page["pageInfo"]["startCursor"]  # type: ignore[index]  # Plain JSON.
        if not page["pageInfo"]["hasPreviousPage"]:  # type: ignore[index]  # Plain JSON.
            break
    assert back == whole


async def test_a_page_of_none_and_an_empty_list_have_no_cursors() -> None:
    none = await listed(sample.shelf(3), first=0)
    empty = await listed(sample.shelf(0))
    assert none["edges"] == empty["edges"] == []
    assert none["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
    assert empty["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}


@pytest.mark.parametrize(
    "arguments",
    [
        {"first": -1},
        {"first": 101},
        {"last": 101},
        {"first": 1, "last": 1},
        {"before": "x"},
        {"first": 1, "before": "x"},
    ],
)
def test_a_page_that_cannot_be_is_bad_input(arguments: dict[str, object]) -> None:
    with pytest.raises(GraphQLError) as refused:
        pages.page(**arguments)  # type: ignore[arg-type]  # What callers send is not typed.
    assert refused.value.extensions is not None
    assert refused.value.extensions["code"] == "BAD_INPUT"


MICROSECONDS = some.integers(0, 253_402_300_799_999_999)
KEYS = some.tuples(
    MICROSECONDS.map(lambda n: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=n)), some.uuids()
)


@given(KEYS)
def test_a_cursor_gives_back_its_key_to_the_millisecond(key: pages.Key) -> None:
    at, id = key
    assert isinstance(at, datetime)
    kept = at.replace(microsecond=at.microsecond // 1000 * 1000)
    assert pages.key_of(pages.cursor(key)) == (kept, id)
    assert len(pages.cursor(key)) == 36


@given(
    some.text(max_size=60)
    | some.binary(min_size=27, max_size=27).map(lambda raw: base64.urlsafe_b64encode(raw).decode())
)
def test_a_forged_cursor_is_bad_cursor(text: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        pages.key_of(text)
    assert refused.value.extensions is not None
    assert refused.value.extensions["code"] == "BAD_CURSOR"


@given(some.uuids(), some.sampled_from(["Piece", "Mine", "Inspection"]))
def test_an_id_gives_back_its_kind_and_uuid(id: uuid.UUID, kind: str) -> None:
    assert pages.kind_and_id(pages.global_id(kind, id)) == (kind, id)


@pytest.mark.parametrize("text", ["", "Tm9wZTox", "not base64", "A" * 22, "é" * 40])
def test_a_bad_id_is_bad_id(text: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        pages.kind_and_id(text)
    assert refused.value.extensions == {"code": "BAD_ID"}


async def test_node_finds_what_was_listed_and_answers_null_for_what_is_not_there() -> None:
    shelf = sample.shelf(1)
    known = pages.global_id("Piece", shelf.rows[0].id)
    unknown = [pages.global_id("Piece", uuid.uuid4()), pages.global_id("Nope", uuid.uuid4()), "not base64", ""]
    context = sample.context(sample.someone(Role.AUDITOR), database=shelf)
    text = "query($id: ID!) { node(id: $id) { __typename id ... on Piece { size } } }"
    found = await EXECUTOR.answer(Request(text, {"id": known}), context)
    assert found.body() == {"data": {"node": {"__typename": "Piece", "id": known, "size": str(2**40)}}}
    for id in unknown:
        answer = await EXECUTOR.answer(Request(text, {"id": id}), context)
        assert answer.body() == {"data": {"node": None}}


async def test_a_page_of_rows_that_each_ask_for_one_is_two_questions() -> None:
    shelf = sample.shelf(20)
    context = sample.context(sample.someone(Role.AUDITOR), database=shelf)
    answer = await EXECUTOR.answer(Request("{ pieces { edges { node { id again { id } } } } }"), context)
    assert answer.errors == []
    assert answer.data is not None
    assert all(edge["node"]["id"] == edge["node"]["again"]["id"] for edge in answer.data["pieces"]["edges"])
    assert shelf.asked == ["list", "by ids"]


async def test_what_one_request_loaded_is_not_kept_for_the_next() -> None:
    shelf = sample.shelf(1)
    for _ in range(2):
        row = await sample.row_by_id(sample.context(database=shelf), shelf.rows[0].id)
        assert row == shelf.rows[0]
    assert shelf.asked == ["by ids", "by ids"]


def test_an_edge_of_changes_tells_every_field_of_its_type_and_of_its_node() -> None:
    row = Change(log=1, position=7, id=uuid.uuid4(), kind="evidence.erased", subject=uuid.uuid4(), at=datetime.now(UTC))
    seen = changes.Seen(row)
    fields = {one.name for made in (changes.Change, pages.Edge) for one in dataclasses.fields(made)}
    assert [name for name in fields if not hasattr(seen, name)] == []
    assert (seen.id, seen.subject_id, seen.gone, seen.node) == (str(row.id), row.subject, True, seen)
    assert (seen.cursor, seen.subject) == (pages.place_cursor((1, 7)), pages.global_id("Evidence", row.subject))
    assert changes.Seen(dataclasses.replace(row, kind="duty.planned")).subject is None
