"""What may live here: how a Problem and an error are told to the caller; every error carries a code."""

import importlib
import logging
import pkgutil
import re
import secrets
from collections.abc import Callable
from enum import Enum, StrEnum
from inspect import isawaitable
from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLObjectType

import storage
from graphql_schema.context import Context
from storage.record import glossary, problems

log = logging.getLogger(__name__)

# A message may quote what the caller sent; it never sends a large value back.
LONGEST_MESSAGE = 400
_QUOTED = re.compile(r"(?:[,;]? found:|(?<= value):) .*", re.DOTALL | re.IGNORECASE)


class Code(StrEnum):
    """The codes of errors that are no Problem: they say what is wrong with the request, or with us."""

    PARSE = "GRAPHQL_PARSE_FAILED"
    VALIDATION = "GRAPHQL_VALIDATION_FAILED"
    BAD_INPUT = "BAD_INPUT"
    BAD_ID = "BAD_ID"
    BAD_CURSOR = "BAD_CURSOR"
    LIMIT = "LIMIT_EXCEEDED"
    OPERATION = "OPERATION_NOT_FOUND"
    INTROSPECTION = "INTROSPECTION_CLOSED"
    NOT_SUPPORTED = "NOT_SUPPORTED"
    TIMED_OUT = "TIMED_OUT"
    PERSISTED_QUERY_UNKNOWN = "PERSISTED_QUERY_NOT_FOUND"
    NO_PERSISTED_QUERIES = "PERSISTED_QUERY_NOT_SUPPORTED"
    TOO_MANY = "TOO_MANY"
    BAD_REQUEST = "BAD_REQUEST"
    INTERNAL = "INTERNAL"


def coded(code: str, message: str, **parameters: str | int) -> GraphQLError:
    """Return an error with a code, whose message may be shown to the caller as it is."""
    return GraphQLError(message, extensions={"code": str(code), **({"parameters": parameters} if parameters else {})})


def _codes() -> Any:
    # A Problem is known once the rules that raise it are imported: all of them, before the list is closed.
    for module in pkgutil.walk_packages(storage.__path__, "storage."):
        if module.name.endswith(".rules"):
            importlib.import_module(module.name)
    # The members are known at run time only, so a type checker is told nothing of them.
    make: Any = Enum
    values = {
        code: strawberry.enum_value(code, description=(kind.__doc__ or code.replace("_", " ").capitalize()).strip())
        for code, kind in problems.all_problems().items()
    }
    return strawberry.enum(
        make("ProblemCode", values),
        description="The stable code of a Problem: a fact that stands against what was asked.",
    )


ProblemCode = _codes()


@strawberry.type(description="A parameter of a Problem's sentence.")
class ProblemParameter:
    """A parameter of a Problem's sentence: name and value, both text."""

    id: strawberry.ID = strawberry.field(description="The id of this parameter of this Problem; for caches.")
    name: str = strawberry.field(description="What the parameter is, e.g. `field`.")
    value: str = strawberry.field(description="Its value as text.")


@strawberry.type(description="A fact that stands against an act. Nothing was changed.")
class Problem:
    """A fact that stands against an act, as GraphQL tells it."""

    id: strawberry.ID = strawberry.field(description="What to quote when asking about it; no two are the same.")
    code: str = strawberry.field(graphql_type=ProblemCode, description="The stable code, for programs.")
    message: str = strawberry.field(description="The sentence for people, in the language that was asked for.")
    parameters: list[ProblemParameter] = strawberry.field(description="What the sentence was made with.")

    @classmethod
    def of(cls, problem: problems.Problem, *, context: Context, at: str) -> "Problem":
        """Tell a Problem of storage that came up at the response key `at`."""
        context.told.append(problem.code)
        id = f"{context.request_id}.{at}"
        return cls(
            id=strawberry.ID(id),
            code=ProblemCode(problem.code).value,
            message=glossary.sentence(problem.code, context.language, **problem.parameters),
            parameters=[
                ProblemParameter(id=strawberry.ID(f"{id}.{name}"), name=name, value=str(value))
                for name, value in problem.parameters.items()
            ],
        )


def problem_field() -> Any:
    """Return the field that each payload has: `problem: Problem | None = problem_field()`."""
    return strawberry.field(
        default=None, description="What stood against the act; null when it was done. Then every other field is null."
    )


class PayloadIncomplete(TypeError):
    """A mutation's payload cannot tell a Problem; the schema is not built."""


def tell_problems(root: GraphQLObjectType) -> None:
    """Make each mutation answer a raised Problem as its payload's `problem`, every other field null.

    NotSignedIn stays an error: it is about the request and not about the act, and clients look for it there.
    """
    for name, field in root.fields.items():
        payload = getattr(field.type, "of_type", field.type)
        fields = payload.fields if isinstance(payload, GraphQLObjectType) else {}
        if payload is not field.type or str(getattr(fields.get("problem"), "type", "")) != "Problem":
            raise PayloadIncomplete(f"{root.name}.{name} must return a nullable payload with `problem: Problem`")
        if required := [each for each, inner in fields.items() if str(inner.type).endswith("!")]:
            raise PayloadIncomplete(f"{payload}.{required[0]} must be nullable: beside a problem it is null")
        made = payload.extensions["strawberry-definition"].origin
        field.resolve = _telling(made, [each.python_name for each in _definitions(payload)], field.resolve)


def _definitions(payload: GraphQLObjectType) -> list[Any]:
    fields: list[Any] = payload.extensions["strawberry-definition"].fields
    return [each for each in fields if each.python_name != "problem"]


def _telling(payload: type, others: list[str], resolve: Any) -> Callable[..., Any]:
    async def tell(source: Any, info: Any, **arguments: Any) -> Any:
        try:
            answer = resolve(source, info, **arguments)
            return await answer if isawaitable(answer) else answer
        except problems.NotSignedIn:
            raise
        except problems.Problem as problem:
            answer = Problem.of(problem, context=info.context, at=str(info.path.key))
            return payload(problem=answer, **dict.fromkeys(others))

    return tell


def formatted(error: GraphQLError, *, context: Context, fallback: Code | None = None) -> dict[str, Any]:
    """Return an error as the answer carries it: message, locations, path and extensions with a code.

    `fallback` is the code of errors that graphql-core finds in the request. Without it the error was raised while
    executing: a Problem is told, a coded error is kept, and anything else leaves as INTERNAL with its incident.
    """
    message, extensions = _told(error, context, fallback)
    context.told.append(str(extensions["code"]))
    answer: dict[str, Any] = {"message": message[:LONGEST_MESSAGE]}
    if error.locations:
        answer["locations"] = [location.formatted for location in error.locations[:5]]
    if error.path is not None:
        answer["path"] = list(error.path)
    return {**answer, "extensions": extensions}


def told(error: Exception, *, context: Context) -> dict[str, Any]:
    """Return what stopped a request before or beside GraphQL's own steps, as the answer carries it."""
    wrapped = error if isinstance(error, GraphQLError) else GraphQLError("", original_error=error)
    return formatted(wrapped, context=context)


def _told(error: GraphQLError, context: Context, fallback: Code | None) -> tuple[str, dict[str, Any]]:
    cause = _cause(error)
    if isinstance(cause, problems.Problem):
        message = glossary.sentence(cause.code, context.language, **cause.parameters)
        return message, {"code": cause.code, "parameters": dict(cause.parameters)}
    if isinstance(cause, GraphQLError):
        if extensions := (cause.extensions or error.extensions):
            return error.message, dict(extensions)
        if fallback is not None or cause.nodes:
            # While executing, only an argument that cannot be read carries a place of its own in the document;
            # a value of ours that cannot be written carries none, and is our fault.
            code = fallback or Code.BAD_INPUT
            return _without_values(error.message), {"code": str(code)}
    return _incident(cause, context, error)


def _without_values(message: str) -> str:
    """Cut off the input that graphql-core quotes at the end of a message: it may hold a password."""
    said = _QUOTED.sub("", message)
    return said if said.endswith((".", "?")) else f"{said}."


def _cause(error: GraphQLError) -> BaseException:
    cause: BaseException = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _incident(cause: BaseException, context: Context, error: GraphQLError) -> tuple[str, dict[str, Any]]:
    number = secrets.token_hex(6)
    where = ".".join(str(step) for step in error.path or ())
    if context.incident is not None:
        context.incident(cause)
    else:
        log.error("incident %s at %s in request %s", number, where or "no field", context.request_id, exc_info=cause)
    sentence = glossary.sentence(Code.INTERNAL, context.language, incident=number)
    return sentence, {"code": str(Code.INTERNAL), "incident": number}
