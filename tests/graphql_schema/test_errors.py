"""What may live here: tests of how Problems and errors are told."""

import logging
import re

import pytest

from graphql_schema.executor import Answer, Executor, Request
from graphql_schema.limits import Limits
from storage.record import glossary
from storage.record.actor import Role
from storage.record.problems import all_problems
from tests.graphql_schema import sample

pytestmark = pytest.mark.quick
BUILT = sample.SCHEMA
PUT = """mutation($input: PutPieceInput!) { putPiece(input: $input) {
  piece { size } problem { id code message parameters { name value } } } }"""
VIEWER = sample.someone(Role.INSPECTOR)


async def asked(text: str, *, language: str = "zh", development: bool = False, **variables: object) -> Answer:
    """Answer a document as an inspector."""
    executor = Executor(BUILT, development=development)
    return await executor.answer(Request(text, variables), sample.context(VIEWER, language=language))


async def test_a_mutation_answers_a_problem_in_its_payload_and_every_other_field_is_null() -> None:
    answer = await asked(PUT, input={"sizes": ["1"], "fail": "problem"})
    assert answer.data is not None
    told = answer.data["putPiece"]
    assert answer.errors == []
    assert told["piece"] is None
    assert told["problem"]["code"] == "BAD_INPUT"
    assert told["problem"]["id"].endswith(".putPiece")
    assert {each["name"]: each["value"] for each in told["problem"]["parameters"]} == {
        "field": "sizes",
        "reason": "none",
    }


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_problem_is_told_in_the_language_that_was_asked_for(language: str) -> None:
    answer = await asked(PUT, language=language, input={"sizes": ["1"], "fail": "problem"})
    assert answer.data is not None
    expected = glossary.sentence("BAD_INPUT", language, field="sizes", reason="none")
    assert answer.data["putPiece"]["problem"]["message"] == expected


async def test_a_mutation_that_is_done_has_no_problem() -> None:
    answer = await asked(PUT, input={"sizes": ["1099511627776"]})
    assert answer.body() == {"data": {"putPiece": {"piece": {"size": "1099511627776"}, "problem": None}}}


async def test_a_query_answers_a_problem_as_an_error_with_its_code_and_parameters() -> None:
    answer = await asked('{ failing(how: "problem") }')
    (error,) = answer.errors
    assert error["path"] == ["failing"]
    assert error["extensions"] == {"code": "NOT_FOUND", "parameters": {"kind": "piece"}}
    assert error["message"] == glossary.sentence("NOT_FOUND", "zh", kind="piece")


@pytest.mark.parametrize("how", ["crash", "large"])
async def test_anything_else_leaves_as_internal_with_an_incident_that_is_logged(
    how: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await asked("query($how: String!) { failing(how: $how) }", how=how)
    (error,) = answer.errors
    incident = error["extensions"]["incident"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert re.fullmatch(r"[0-9a-f]{12}", incident)
    assert "hunter2" not in str(answer.body())
    assert str(2**40) not in str(answer.body())
    assert incident in caplog.text
    assert "Traceback" in caplog.text


async def test_a_crash_in_a_mutation_is_internal_and_leaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    answer = await asked(PUT, input={"sizes": ["1"], "fail": "crash"})
    assert answer.codes == {"INTERNAL"}
    assert "hunter2" not in str(answer.body())
    assert "hunter2" in caplog.text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ node }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", "OPERATION_NOT_FOUND"),
        ("query($id: ID!) { node(id: $id) { id } }", "BAD_INPUT"),
        ('{ pieces(after: "forged") { edges { cursor } } }', "BAD_CURSOR"),
        ("{ pieces(first: 101) { edges { cursor } } }", "BAD_INPUT"),
        ("query($n: Int = 3) { failing(how: null) }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_every_error_carries_a_code(text: str, code: str) -> None:
    answer = await asked(text)
    assert code in answer.codes


async def test_an_argument_that_is_null_by_a_variable_is_the_callers_error() -> None:
    answer = await asked('query($how: String = "x") { failing(how: $how) }', how=None)
    assert answer.codes == {"BAD_INPUT"}


@pytest.mark.parametrize("text", ["{ viewe { id } }", "{ node(idd: 1) { id } }", "{ viewer { rolez } }"])
async def test_names_are_suggested_only_in_development(text: str) -> None:
    kept = await asked(text)
    told = await asked(text, development=True)
    assert "Did you mean" not in str(kept.errors)
    assert "Did you mean" in str(told.errors)


@pytest.mark.parametrize("text", ["{ __schema { types { name } } }", '{ x: __type(name: "Query") { name } }'])
async def test_a_stranger_may_not_introspect_but_in_development(text: str) -> None:
    stranger = sample.context(None)
    assert (await Executor(BUILT).answer(Request(text), stranger)).codes == {"INTROSPECTION_CLOSED"}
    assert (await Executor(BUILT, development=True).answer(Request(text), stranger)).errors == []
    assert (await asked(text)).errors == []


async def test_introspection_inside_a_fragment_is_introspection() -> None:
    text = "{ ...Hidden } fragment Hidden on Query { ... { __schema { types { name } } } }"
    assert (await Executor(BUILT).answer(Request(text), sample.context(None))).codes == {"INTROSPECTION_CLOSED"}


async def test_an_operation_that_takes_too_long_is_ended() -> None:
    executor = Executor(BUILT, limits=Limits(seconds=0.05))
    answer = await executor.answer(Request('{ failing(how: "slow") }'), sample.context(VIEWER))
    assert answer.codes == {"TIMED_OUT"}
    assert not answer.executed


async def test_a_value_of_the_caller_is_never_sent_back_at_length() -> None:
    answer = await asked(PUT, input={"sizes": "x" * 100_000})
    assert answer.codes == {"BAD_INPUT"}
    assert len(answer.errors[0]["message"]) <= 400


def test_every_problem_has_its_code_in_the_schema_and_a_description() -> None:
    values = BUILT._schema.type_map["ProblemCode"].values  # type: ignore[attr-defined]  # It is an enum.
    assert set(values) == set(all_problems())
    assert all(value.description for value in values.values())
