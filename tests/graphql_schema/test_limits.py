"""What may live here: tests that a document made to hurt is refused early, and in time that grows with its size."""

import time
from dataclasses import replace
from uuid import UUID

import pytest
from graphql import get_introspection_query, parse

from graphql_schema.executor import Executor, Request
from graphql_schema.limits import Limits, Prices, measure
from storage.record.actor import Role
from tests.graphql_schema import sample
from tests.graphql_schema.attacks import ATTACKS, deep, spreads, tree

pytestmark = pytest.mark.quick
BUILT = sample.SCHEMA
REFUSALS = {"LIMIT_EXCEEDED", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"}
NO_END = 10**60
TWO = f'["{UUID(int=1)}", "{UUID(int=2)}"]'
ENDLESS = Limits(
    depth=NO_END,
    introspection_depth=NO_END,
    aliases=NO_END,
    fragments=NO_END,
    repeats=NO_END,
    selections=NO_END,
    cost=NO_END,
)
GROWING = [
    *("exponential spreads", "a tree of fragments", "circular fragments"),
    *("a flood of one field", "a flood of aliases", "a flood of fields"),
]


@pytest.mark.parametrize("attack", ATTACKS)
async def test_an_attack_is_refused_and_nothing_ran(attack: str) -> None:
    shelf = sample.shelf(3)
    context = sample.context(sample.someone(Role.INSPECTOR), database=shelf)
    answer = await Executor(BUILT).answer(Request(ATTACKS[attack](400)), context)
    assert not answer.executed, answer.errors
    assert answer.codes <= REFUSALS
    assert shelf.asked == []


def seconds(text: str) -> float:
    """Return the best time of three for a refusal."""
    times = []
    for _ in range(3):
        executor = Executor(BUILT)
        begin = time.process_time()
        with pytest.raises(Exception):  # noqa: B017, PT011  # Only the time is looked at here.
            executor.prepare(Request(text), sample.context())
        times.append(time.process_time() - begin)
    return min(times)


@pytest.mark.parametrize("attack", GROWING)
def test_twice_the_attack_takes_about_twice_the_time(attack: str) -> None:
    assert seconds(ATTACKS[attack](300)) < 4 * seconds(ATTACKS[attack](150)) + 0.005


@pytest.mark.parametrize("grow", [spreads, tree])
def test_measuring_looks_at_each_fragment_once_even_where_nothing_stops_it(grow: object) -> None:
    def took(n: int) -> float:
        document = parse(grow(n))  # type: ignore[operator]  # Both are functions of a size.
        times = []
        for _ in range(3):
            begin = time.process_time()
            measure(document, ENDLESS)
            times.append(time.process_time() - begin)
        return min(times)

    assert took(80) < 4 * took(40) + 0.002


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        ("depth", "{ pieces { edges { node { id } } } }"),
        ("aliases", "{ a: __typename b: __typename c: __typename d: __typename e: __typename }"),
        (
            "directives",
            "{ health @skip(if: false) @include(if: true) { status @skip(if: false) id @skip(if: false) } }",
        ),
        ("fragments", "{ ...A ...B ...C ...D } " + "".join(f"fragment {n} on Query {{ __typename }} " for n in "ABCD")),
        ("operations", "query A { __typename } query B { __typename } query C { __typename } query D { __typename }"),
        ("repeats", "{ __typename __typename __typename __typename }"),
        ("selections", "{ __typename health { status } viewer { id } secret }"),
        ("cost", "{ health { status time version } }"),
        ("tokens", "{ health { status } }"),
        ("source", "{ health { status } }"),
        ("comments", "{ __typename } #\n#\n#\n#\n"),
    ],
)
async def test_each_limit_is_a_value_that_is_handed_down(limit: str, text: str) -> None:
    context = sample.context(sample.someone(Role.INSPECTOR))
    request = Request(text, operation_name="A" if limit == "operations" else None)
    assert (await Executor(BUILT).answer(request, context)).errors == []
    refused = await Executor(BUILT, limits=replace(Limits(), **{limit: 3})).answer(request, context)
    assert refused.codes == {"LIMIT_EXCEEDED"}


async def test_a_fragment_is_as_deep_as_the_place_that_spreads_it() -> None:
    executor = Executor(BUILT, limits=Limits(depth=5))
    context = sample.context(sample.someone(Role.INSPECTOR))
    piece = "fragment P on Piece { id again { id } }"
    shallow = piece + ' { node(id: "x") { ...P } }'
    low = piece + ' { node(id: "x") { ... on Piece { again { again { again { ...P } } } } } }'
    assert (await executor.answer(Request(shallow), context)).errors == []
    assert (await executor.answer(Request(low), context)).codes == {"LIMIT_EXCEEDED"}


async def test_depth_is_counted_to_the_last_level_that_is_allowed() -> None:
    context = sample.context(sample.someone(Role.INSPECTOR))
    assert (await Executor(BUILT).answer(Request(deep(10)), context)).errors == []
    assert (await Executor(BUILT).answer(Request(deep(11)), context)).codes == {"LIMIT_EXCEEDED"}


async def test_the_whole_schema_may_be_asked_for_by_whoever_may_introspect() -> None:
    text = get_introspection_query(input_value_deprecation=True, specified_by_url=True)
    answer = await Executor(BUILT).answer(Request(text), sample.context(sample.someone(Role.AUDITOR)))
    assert answer.errors == []


@pytest.mark.parametrize(
    ("text", "variables", "price"),
    [
        ("{ health { status time } }", {}, 3),
        ("{ viewer { roles } }", {}, 2),
        ("{ pieces { pageInfo { endCursor } } }", {}, 1 + 50 * 2),
        ("{ pieces(first: 3) { edges { node { id size } } } }", {}, 1 + 3 * (1 + 1 + 2)),
        ("{ pieces(last: 3) { edges { cursor } } }", {}, 1 + 3 * 2),
        ("query($n: Int) { pieces(first: $n) { edges { cursor } } }", {"n": 7}, 1 + 7 * 2),
        ("query($n: Int = 9) { pieces(first: $n) { edges { cursor } } }", {}, 1 + 9 * 2),
        ("query($n: Int) { pieces(first: $n) { edges { cursor } } }", {"n": "many"}, 1 + 50 * 2),
        ("query($n: Int) { pieces(first: $n) { edges { cursor } } }", {"n": 10**12}, 1 + 5_000 * 2),
        # GraphQL reads a whole number as an Int however JSON writes it, so it costs what it brings.
        ("query($n: Int) { pieces(first: $n) { edges { cursor } } }", {"n": 7.0}, 1 + 7 * 2),
        ("query($n: Int) { pieces(first: $n) { edges { cursor } } }", {"n": 1e300}, 1 + 5_000 * 2),
        ("query($n: Int) { pieces(first: $n) { edges { cursor } } }", {"n": 7.5}, 1 + 50 * 2),
        ("query($i: [UUID!]!) { evidence(ids: $i) { uuid state } }", {"i": ["x"] * 100}, 1 + 100 * 2),
        ("query($i: [UUID!]! = []) { evidence(ids: $i) { uuid state } }", {"i": "x"}, 1 + 2),
        (f"{{ evidence(ids: {TWO}) {{ uuid }} }}", {}, 1 + 2),
        (f"query($i: [UUID!]! = {TWO}) {{ evidence(ids: $i) {{ uuid }} }}", {}, 1 + 2),
        ('{ evidence(ids: "00000000-0000-0000-0000-000000000000") { uuid } }', {}, 1 + 1),
        ("{ mines(first: 50) { edges { node { id name county { name } } } } }", {}, 301),
        ("{ changes(first: 5000) { edges { node { kind subject position at } } pageInfo { endCursor } } }", {}, 8_001),
        ("{ changes(last: 3) { edges { cursor } } }", {}, 1 + 2),
        ("{ ...A ...A } fragment A on Query { health { status } }", {}, 4),
        ('mutation { putPiece(input: {sizes: "1"}) { problem { parameters { name } } } }', {}, 1 + 1 + 1 + 10),
    ],
)
def test_the_price_list(text: str, variables: dict[str, object], price: int) -> None:
    prepared = Executor(BUILT, limits=Limits(cost=10**9)).prepare(Request(text, variables), sample.context())
    assert Prices(BUILT._schema, prepared.document.fragments, variables).of(prepared.operation) == price


async def test_a_price_that_hangs_on_variables_is_asked_again_for_each_request() -> None:
    executor = Executor(BUILT, limits=Limits(cost=100))
    context = sample.context(sample.someone(Role.AUDITOR))
    text = "query($n: Int) { pieces(first: $n) { edges { cursor } } }"
    assert (await executor.answer(Request(text, {"n": 10}), context)).errors == []
    assert (await executor.answer(Request(text, {"n": 100}), context)).codes == {"LIMIT_EXCEEDED"}
    assert (await executor.answer(Request(text, {"n": 100.0}), context)).codes == {"LIMIT_EXCEEDED"}
    assert (await executor.answer(Request(text, {"n": 10}), context)).errors == []


async def test_kept_documents_are_bounded_by_bytes_and_the_least_used_leave_first() -> None:
    executor = Executor(BUILT, limits=Limits(cache_bytes=40_000))
    hot = "{ __typename }"
    for n in range(100):
        await executor.answer(Request(f"query Q{n} {{ __typename }}"), sample.context())
        await executor.answer(Request(hot), sample.context())
    kept = executor._kept
    assert kept._held <= 40_000
    assert 1 < len(kept._by_digest) < 20
    first = executor.prepare(Request(hot), sample.context())
    assert executor.prepare(Request(hot), sample.context()).document is first.document


async def test_what_is_not_valid_is_not_kept() -> None:
    executor = Executor(BUILT)
    await executor.answer(Request("{ nothing }"), sample.context())
    assert not executor._kept._by_digest
