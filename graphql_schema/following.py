"""What may live here: a subscription from its document to encoded frames, each made once for all who see the same."""

from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

import orjson
from graphql import (
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    create_source_event_stream,
    visit,
)

from graphql_schema.context import Context
from graphql_schema.executor import Executor, Prepared, Refused, refusal


@dataclass(frozen=True, slots=True)
class Frame:
    """One answer of a subscription as JSON, and the cursor to go on from if the line is cut behind it.

    `refusal` are its errors if nothing was executed: then it is the last one.
    """

    data: bytes
    cursor: str | None = None
    refusal: list[dict[str, Any]] | None = None


async def frames(executor: Executor, prepared: Prepared, context: Context) -> AsyncGenerator[Frame, None]:
    """Open a subscription and give its answers; a refusal is one, too, and an error of its source.

    An event that brings its own `frames` is executed and encoded once for each document, whoever else follows it:
    it was given only to those who may see the same.
    """
    try:
        async for frame in _frames(executor, prepared, context):
            yield frame
    except Refused as refused:
        yield Frame(orjson.dumps(refused.answer.body()), refusal=refused.answer.errors)
    except Exception as error:  # What a source raises is told like what a resolver raises: coded, or as an incident.
        wrapped = error if isinstance(error, GraphQLError) else GraphQLError("", original_error=error)
        answer = refusal([wrapped], context)
        yield Frame(orjson.dumps(answer.body()), refusal=answer.errors)


async def _frames(executor: Executor, prepared: Prepared, context: Context) -> AsyncGenerator[Frame, None]:
    running = executor.begun(prepared, context)
    opening = create_source_event_stream(running)
    events: AsyncIterable[Any] | ExecutionResult = await opening if isawaitable(opening) else opening
    if isinstance(events, ExecutionResult):
        raise Refused(refusal(events.errors or [], context))
    key = _key(prepared, context)
    try:
        async for event in events:
            kept: dict[Any, bytes] | None = getattr(event, "frames", None)
            shared = {} if kept is None else kept
            if key not in shared:
                found = running.build_per_event_executor(event).execute_operation(False)
                result: Any = await found if isawaitable(found) else found
                shared[key] = orjson.dumps(executor.answered(result, context).body())
            yield Frame(shared[key], getattr(event, "cursor", None))
    finally:
        if isinstance(events, AsyncGenerator):
            await events.aclose()


def _key(prepared: Prepared, context: Context) -> tuple[Any, ...]:
    names = _Shaping(prepared)
    given = prepared.request.variables
    shaping = orjson.dumps({name: given[name] for name in sorted(names.found) if name in given})
    return prepared.document.digest, prepared.request.operation_name, context.language, shaping


class _Shaping(Visitor):
    """The variables that can change what is told of an event: all but those in the arguments of the root field."""

    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self.found: set[str] = set()
        for fragment in prepared.document.fragments.values():
            visit(fragment, self)
        visit(prepared.operation, self)

    def enter_variable(self, node: VariableNode, _key: Any, _parent: Any, path: list[Any], above: list[Any]) -> None:
        # A root field's argument chooses its events: operation, selections, which of them, arguments.
        if not (isinstance(above[0], OperationDefinitionNode) and path[3:4] == ["arguments"]):
            self.found.add(node.name.value)

    def enter_variable_definition(self, *_: Any) -> Any:
        return self.SKIP
