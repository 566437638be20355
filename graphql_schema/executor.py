"""What may live here: the way of a document from text to answer, each step bounded.

    text -> parse (token limit) -> limits -> validate -> choose operation -> price -> coerce and execute -> answer
            `------------- kept by SHA-256 of the text -------------'

Strawberry's own `Schema.execute` is not used: it builds an extension runner and a middleware chain for each request,
knows no limits, and keeps no document. What of it matters is kept: its execution context class (resolvers get plain
variables; `plain.py` shortens it), its test for awaitables, and its two rules beside the specified ones. A compiled
executor can take the place of `Executor.begun`, and nothing else changes.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, Final

import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSyntaxError,
    MaxIntrospectionDepthRule,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from graphql_schema.context import Context
from graphql_schema.errors import Code, coded, formatted
from graphql_schema.limits import Limits, Prices, Shape, has_directives, measure, refused
from graphql_schema.plain import PlainFirst
from storage.record.spans import UNMEASURED, Spans

# Strawberry types its test as answering bool; graphql-core wants the narrower TypeGuard.
IS_AWAITABLE: Final[Any] = optimized_is_awaitable
RULES: Final = (*specified_rules, MaxIntrospectionDepthRule, MaybeNullValidationRule, OneOfInputValidationRule)
MOST_ERRORS: Final = 10
# A syntax tree was measured to hold 100 to 300 bytes for each byte of its text.
TREE_BYTES: Final = 300


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: the document, which of its operations, and with which variables (as JSON gave them).

    A document that was sent before may be named by the SHA-256 of its text alone.
    """

    text: str | None
    variables: Mapping[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    digest: bytes | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was found valid and within its limits."""

    digest: bytes
    tree: DocumentNode
    operations: Mapping[str, OperationDefinitionNode]
    fragments: Mapping[str, FragmentDefinitionNode]
    shapes: Mapping[str, Shape]
    prices: dict[str, int]
    collected: dict[str, dict[str, Any]] | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation that may be executed with these variables."""

    document: Document
    operation: OperationDefinitionNode
    request: Request

    @property
    def kind(self) -> OperationType:
        """Whether it reads, acts or follows."""
        return self.operation.operation

    @property
    def follows(self) -> bool:
        """Whether it is a subscription, which has many answers."""
        return self.kind is OperationType.SUBSCRIPTION

    @property
    def first_field(self) -> str:
        """The first field that is asked for, by the schema's own name; `fragment` where one stands in its place."""
        first = self.operation.selection_set.selections[0]
        return first.name.value if isinstance(first, FieldNode) else "fragment"

    @property
    def reads(self) -> bool:
        """Whether it only reads, and so may be asked for by a plain GET."""
        return self.kind is OperationType.QUERY


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome: `data` stands in the answer only if `executed`; `errors` are formatted and each has a code."""

    errors: list[dict[str, Any]]
    data: dict[str, Any] | None = None
    executed: bool = False

    def body(self) -> dict[str, Any]:
        """Return the answer as the GraphQL specification shapes it (§7.1)."""
        if not self.executed:
            return {"errors": self.errors}
        return {"data": self.data, "errors": self.errors} if self.errors else {"data": self.data}

    @property
    def codes(self) -> frozenset[str]:
        """Return the codes of all errors."""
        return frozenset(error["extensions"]["code"] for error in self.errors)


class Refused(Exception):
    """The request is not executed; `answer` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(", ".join(sorted(answer.codes)))
        self.answer = answer


class _Kept:
    """Valid documents by the SHA-256 of their text, the least recently used leaving first.

    It serves those who send a text again and those who send its hash alone (automatic persisted queries): what was
    refused is never in it, and what it forgets is sent once more.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._by_digest: OrderedDict[bytes, tuple[Document, int]] = OrderedDict()

    def get(self, digest: bytes) -> Document | None:
        found = self._by_digest.get(digest)
        if found is None:
            return None
        self._by_digest.move_to_end(digest)
        return found[0]

    def keep(self, digest: bytes, document: Document, size: int) -> None:
        self._by_digest[digest] = (document, size)
        self._held += size
        while self._held > self._most and self._by_digest:
            self._held -= self._by_digest.popitem(last=False)[1][1]


class Executor:
    """Answers documents over one schema. One for a process; it holds no state of any request.

    `development` opens introspection to strangers and lets errors suggest names; without it introspection takes a
    sign-in, and no error names a field that was not asked for.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        limits: Limits | None = None,
        development: bool = False,
        spans: Spans = UNMEASURED,
    ) -> None:
        self._spans = spans
        self.schema = schema._schema
        self.limits = limits or Limits()
        self.development = development
        self._kept = _Kept(self.limits.cache_bytes)

    def prepare(self, request: Request, context: Context) -> Prepared:
        """Return what is to be executed, or raise Refused. Nothing runs here."""
        try:
            document = self._document(request)
            prepared = Prepared(document, self._operation(document, request.operation_name), request)
            self._may_introspect(prepared, context)
            self._can_pay(prepared)
            return prepared
        except _Invalid as invalid:
            raise Refused(refusal(invalid.errors, context, invalid.code)) from None
        except GraphQLError as error:
            raise Refused(refusal([error], context, Code.VALIDATION)) from None
        except RecursionError:
            deep = coded(Code.LIMIT, "The document is nested too deeply.")
            raise Refused(refusal([deep], context)) from None

    async def run(self, prepared: Prepared, context: Context) -> Answer:
        """Execute a query or mutation within its time; the fields of a query side by side, of a mutation in order."""
        if prepared.follows:
            return refusal([coded(Code.NOT_SUPPORTED, "Subscriptions have their own transport.")], context)
        with self._spans.within(prepared.kind.value, prepared.first_field):
            return await self._ran(prepared, context)

    async def _ran(self, prepared: Prepared, context: Context) -> Answer:
        try:
            running = self.begun(prepared, context)
            result: Any = running.execute_operation()
            if isawaitable(result):  # What needs nobody else is done by now, and no clock could have stopped it.
                async with asyncio.timeout(self.limits.seconds):
                    result = await result
        except TimeoutError:
            late = coded(Code.TIMED_OUT, f"The operation took longer than {self.limits.seconds:g} s and was ended.")
            return refusal([late], context)
        except Refused as refused_input:
            return refused_input.answer
        except GraphQLError as error:
            return refusal([error], context)
        return self.answered(result, context)

    async def answer(self, request: Request, context: Context) -> Answer:
        """Prepare and run."""
        try:
            return await self.run(self.prepare(request, context), context)
        except Refused as refused:
            return refused.answer

    def begun(self, prepared: Prepared, context: Context) -> PlainFirst:
        """Return the execution of an operation whose variables were read, or raise Refused."""
        running = PlainFirst.build(
            self.schema,
            prepared.document.tree,
            context_value=context,
            raw_variable_values=dict(prepared.request.variables),
            operation_name=prepared.request.operation_name or None,
            max_coercion_errors=MOST_ERRORS,
            is_awaitable=IS_AWAITABLE,
            hide_suggestions=not self.development,
        )
        if not isinstance(running, PlainFirst):
            raise Refused(refusal(running if isinstance(running, list) else [], context, Code.BAD_INPUT))
        if prepared.document.collected is not None:
            running.kept = prepared.document.collected.setdefault(_name(prepared.operation), {})
        return running

    def answered(self, result: ExecutionResult, context: Context) -> Answer:
        """Return what came of an execution, each error told and coded."""
        if not result.errors:
            return Answer([], result.data, executed=True)
        if result.data is None and all(error.path is None for error in result.errors):
            return refusal(result.errors, context, Code.BAD_INPUT)  # The variables could not be read.
        return Answer([formatted(error, context=context) for error in result.errors], result.data, executed=True)

    def _document(self, request: Request) -> Document:
        if request.text is None:
            kept = self._kept.get(request.digest or b"")
            if kept is None:
                # The words are those that clients of automatic persisted queries look for.
                raise coded(Code.PERSISTED_QUERY_UNKNOWN, "PersistedQueryNotFound")
            return kept
        # A lone surrogate cannot come out of strict UTF-8, but this is no place to trust that.
        digest = hashlib.sha256(request.text.encode("utf-8", "surrogatepass")).digest()
        if request.digest not in (None, digest):
            raise coded(Code.BAD_REQUEST, "The hash is not that of the document.")
        kept = self._kept.get(digest)
        if kept is None:
            kept = self._read(request.text, digest)
            self._kept.keep(digest, kept, 1_000 + TREE_BYTES * len(request.text))
        return kept

    def _read(self, text: str, digest: bytes) -> Document:
        limits = self.limits
        if len(text) > limits.source:
            raise refused("characters", limits.source)
        try:
            tree = parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.comments)
        except GraphQLSyntaxError as error:
            # The parser words its limits as syntax errors.
            raise _Invalid([error], Code.LIMIT if "Parsing aborted" in error.message else Code.PARSE) from None
        shapes = measure(tree, limits)
        if errors := validate(self.schema, tree, RULES, MOST_ERRORS, hide_suggestions=not self.development):
            # The comparison of fields has a budget of its own, which is worded as an error of the document.
            spent = errors[-1].message == "Validation aborted."
            raise _Invalid(errors, Code.LIMIT if spent else Code.VALIDATION)
        definitions = tree.definitions
        operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
        fragments = [each for each in definitions if isinstance(each, FragmentDefinitionNode)]
        return Document(
            digest=digest,
            tree=tree,
            operations={each.name.value if each.name else "": each for each in operations},
            fragments={each.name.value: each for each in fragments},
            shapes=shapes,
            prices={},
            collected=None if has_directives(tree) else {},
        )

    def _operation(self, document: Document, name: str | None) -> OperationDefinitionNode:
        if not name:
            if len(document.operations) != 1:
                raise coded(Code.OPERATION, "The document has not exactly one operation: name the one to execute.")
            return next(iter(document.operations.values()))
        found = document.operations.get(name)
        if found is None:
            raise coded(Code.OPERATION, "The document has no operation of that name.")
        return found

    def _may_introspect(self, prepared: Prepared, context: Context) -> None:
        shape = prepared.document.shapes[_name(prepared.operation)]
        if shape.introspects and not self.development and context.actor is None:
            raise coded(Code.INTROSPECTION, "The schema is shown to whoever is signed in.")

    def _can_pay(self, prepared: Prepared) -> None:
        document, name = prepared.document, _name(prepared.operation)
        price = document.prices.get(name)
        if price is None:
            prices = Prices(self.schema, document.fragments, prepared.request.variables)
            price = prices.of(prepared.operation)
            if not prices.asked_variables:
                document.prices[name] = price
        if price > self.limits.cost:
            raise refused("points of cost", self.limits.cost, f": it costs {price}")


class _Invalid(Exception):
    def __init__(self, errors: list[GraphQLError], code: Code) -> None:
        super().__init__(code)
        self.errors = errors
        self.code = code


def _name(operation: OperationDefinitionNode) -> str:
    return operation.name.value if operation.name else ""


def refusal(errors: list[GraphQLError], context: Context, fallback: Code | None = None) -> Answer:
    """Return the answer that says why nothing was executed."""
    return Answer([formatted(error, context=context, fallback=fallback) for error in errors])
