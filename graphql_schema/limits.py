"""What may live here: how large a document may be, found out in linear time before it is validated.

Every rule looks at each selection once: what a fragment adds is kept by its name, so a fragment that spreads
another twice costs one look and not two. Rules count what would be *executed* (spreads unfolded), except
directives and fragments, which are counted as written.

The price list of a document; it is refused above `Limits.cost`:

    | what                                            | price                                                 |
    |-------------------------------------------------|-------------------------------------------------------|
    | a field                                         | 1                                                     |
    | what is selected below a list with `first`      | its price × `first` or `last`, or 50 where neither is |
    | the same below a list that takes `ids`          | its price × their number                              |
    | what is selected below any other list           | its price × 10: such lists are short by design        |
    | the same below `changes`, whose rows come flat  | that ÷ 5, rounded up                                  |
    | `edges` of a list with `first`                  | not multiplied again                                  |
    | introspection (`__schema`, `__type`)            | 1 a field; open only to whom the setting opens it     |

A page of 50 with 8 fields and one nested object of 4 costs about 800. 10,000 fields take about a quarter of a second.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLList,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
)

from graphql_schema.area import PRICE_SHARE
from graphql_schema.errors import Code, coded

SHORT_LIST: Final = 10
LARGEST_FIRST: Final = 5_000
USUAL_PAGE: Final = 50
_SATURATED: Final = 10**9
_META: Final = ("__schema", "__type")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may be at most; handed down as plain values by whoever reads the settings.

    `depth` counts fields on the way to the deepest leaf, `introspection_depth` the same below `__schema`;
    `repeats` is how often one name may stand in one selection (each pair of them is compared by validation, which
    makes floods of one name quadratic); `seconds` is how long an operation may run, `cache_bytes` how much memory
    documents that were found valid may hold.
    """

    tokens: int = 2_000
    comments: int = 100
    source: int = 100_000
    depth: int = 12
    introspection_depth: int = 16
    aliases: int = 30
    introspection_aliases: int = 2
    directives: int = 20
    fragments: int = 50
    operations: int = 20
    repeats: int = 50
    selections: int = 500
    cost: int = 10_000
    seconds: float = 10.0
    cache_bytes: int = 32 * 1024 * 1024


def refused(what: str, most: int, detail: str = "") -> Exception:
    """Return the error that says which limit a document breaks."""
    return coded(Code.LIMIT, f"The document has more than {most} {what}{detail}.", limit=what, most=most)


@dataclass(slots=True)
class _Below:
    """What one selection comes to, with its spreads unfolded."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    names: dict[str, int] = field(default_factory=dict)
    introspects: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """What was found of one operation."""

    introspects: bool


class _Measure:
    """One walk over a document, which stops at the first limit that is broken."""

    def __init__(self, limits: Limits, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self.limits = limits
        self.fragments = fragments
        self.known: dict[str, _Below] = {}
        self.open: list[str] = []

    def selection(self, node: SelectionSetNode, depth: int, most: int, wraps: int = 0) -> _Below:
        """Measure one selection that stands `depth` fields deep and may reach `most`."""
        found = _Below()
        if len(node.selections) > self.limits.selections:
            raise refused("selections", self.limits.selections, " in one place")
        for each in node.selections:
            if isinstance(each, FieldNode):
                self._field(found, each, depth + 1, most)
            elif isinstance(each, FragmentSpreadNode):
                self._add(found, self._fragment(each.name.value, depth, most), depth, most)
            elif isinstance(each, InlineFragmentNode):
                # Wrappers add no depth to the answer, but each is a step of recursion here and in validation.
                if wraps >= self.limits.depth:
                    raise refused("inline fragments", self.limits.depth, " inside each other")
                self._add(found, self.selection(each.selection_set, depth, most, wraps + 1), depth, most)
        return found

    def _field(self, found: _Below, node: FieldNode, depth: int, most: int) -> None:
        name = node.name.value
        meta = name in _META
        most = self.limits.introspection_depth if meta else most
        if depth > most:
            raise refused("levels", most)
        key = node.alias.value if node.alias else name
        found.names[key] = count = found.names.get(key, 0) + 1
        found.aliases += node.alias is not None
        if node.selection_set is None:
            # Nine fields of ten are leaves: what they add is known without looking below.
            found.introspects = found.introspects or meta
            found.fields += 1
            found.depth = found.depth or 1
            self._check(found, count)
            return
        below = self.selection(node.selection_set, depth, most)
        found.introspects = found.introspects or meta or below.introspects
        found.depth = max(found.depth, below.depth + 1)
        found.aliases += below.aliases
        found.fields = min(found.fields + below.fields + 1, _SATURATED)
        self._check(found, count)

    def _add(self, found: _Below, part: _Below, depth: int, most: int) -> None:
        if depth + part.depth > most:
            raise refused("levels", most)
        found.depth = max(found.depth, part.depth)
        found.aliases += part.aliases
        found.fields = min(found.fields + part.fields, _SATURATED)
        found.introspects = found.introspects or part.introspects
        most_of_one = 0
        for name, count in part.names.items():
            found.names[name] = count = found.names.get(name, 0) + count
            most_of_one = max(most_of_one, count)
        self._check(found, most_of_one)

    def _check(self, found: _Below, most_of_one: int) -> None:
        if found.aliases > self.limits.aliases:
            raise refused("aliases", self.limits.aliases)
        if found.fields > self.limits.cost:
            raise refused("fields", self.limits.cost)
        if len(found.names) > self.limits.selections:
            raise refused("selections", self.limits.selections, " in one place")
        if most_of_one > self.limits.repeats:
            raise refused("repeats", self.limits.repeats, " of one name in one place")

    def _fragment(self, name: str, depth: int, most: int) -> _Below:
        if name in self.known:
            return self.known[name]
        if name in self.open:
            raise coded(Code.VALIDATION, f"Fragment {name[:60]} spreads itself.")
        definition = self.fragments.get(name)
        if definition is None:
            return _Below()  # Validation names the missing fragment.
        self.open.append(name)
        # A fragment below `__schema` may be as deep as introspection is; it is checked again where it is spread.
        found = self.selection(definition.selection_set, depth, max(most, self.limits.introspection_depth))
        self.open.pop()
        self.known[name] = found
        return found


def measure(document: DocumentNode, limits: Limits) -> dict[str, Shape]:
    """Return the shape of each operation by its name ("" if it has none), or raise LIMIT_EXCEEDED.

    Every fragment is measured, spread or not, because validation looks at every one.
    """
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    written = sum(isinstance(each, FragmentDefinitionNode) for each in document.definitions)
    if written > limits.fragments:
        raise refused("fragments", limits.fragments)
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if len(operations) > limits.operations:
        raise refused("operations", limits.operations)
    if _directives(document) > limits.directives:
        raise refused("directives", limits.directives)
    walk = _Measure(limits, fragments)
    shapes = {}
    for operation in operations:
        found = walk.selection(operation.selection_set, 0, limits.depth)
        if found.introspects and found.aliases > limits.introspection_aliases:
            # All fields of all types, asked for under thirty names, is work without end that nothing interrupts.
            raise refused("aliases", limits.introspection_aliases, " beside introspection")
        shapes[operation.name.value if operation.name else ""] = Shape(introspects=found.introspects)
    for name in fragments:
        walk._fragment(name, 0, limits.depth)
    return shapes


def has_directives(document: DocumentNode) -> bool:
    """Whether anything in a document may be left out or not, by variables."""
    return _directives(document) > 0


def _directives(document: DocumentNode) -> int:
    count = 0
    waiting: list[Any] = list(document.definitions)
    while waiting:
        node = waiting.pop()
        count += len(getattr(node, "directives", None) or ())
        waiting.extend(getattr(node, "variable_definitions", None) or ())
        selection = getattr(node, "selection_set", None)
        if selection is not None:
            waiting.extend(selection.selections)
    return count


def share_of(found: GraphQLField) -> int:
    """Return by what the list price of a field's selection is divided."""
    declared = found.extensions.get("strawberry-definition")
    return int(declared.metadata.get(PRICE_SHARE, 1)) if declared is not None else 1


class Prices:
    """The price of an operation for these variables; see the price list above."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.variables = variables
        self.known: dict[str, int] = {}
        self.asked_variables = False

    def of(self, operation: OperationDefinitionNode) -> int:
        """Return the price of a measured and valid operation."""
        defaults: dict[str, Any] = {}
        for each in operation.variable_definitions or ():
            if isinstance(each.default_value, IntValueNode):
                defaults[each.variable.name.value] = int(each.default_value.value)
            elif isinstance(each.default_value, ListValueNode):
                defaults[each.variable.name.value] = list(each.default_value.values)
        self.variables = {**defaults, **self.variables}
        return self._selection(operation.selection_set, self.schema.get_root_type(operation.operation), paged=False)

    def _selection(self, node: SelectionSetNode, parent: Any, *, paged: bool) -> int:
        total = 0
        for each in node.selections:
            if isinstance(each, FieldNode):
                total += self._field(each, parent, paged=paged)
            elif isinstance(each, FragmentSpreadNode):
                total += self._fragment(each.name.value, paged=paged)
            elif isinstance(each, InlineFragmentNode):
                inner = self.schema.get_type(each.type_condition.name.value) if each.type_condition else parent
                total += self._selection(each.selection_set, inner, paged=paged)
        return min(total, _SATURATED)

    def _field(self, node: FieldNode, parent: Any, *, paged: bool) -> int:
        if node.selection_set is None:
            return 1
        found = self.schema.get_field(parent, node.name.value) if parent is not None else None
        if found is None:
            return 1
        times, pages = self._times(node, found, parent, paged=paged)
        below = self._selection(node.selection_set, get_named_type(found.type), paged=pages)
        return min(1 + -(-times * below // share_of(found)), _SATURATED)

    def _times(self, node: FieldNode, found: GraphQLField, parent: Any, *, paged: bool) -> tuple[int, bool]:
        if "first" in found.args:
            return self._first(node), True
        if "ids" in found.args:
            return self._ids(node), False
        if isinstance(get_nullable_type(found.type), GraphQLList) and not parent.name.startswith("__"):
            return (1 if paged else SHORT_LIST), False
        return 1, False

    def _first(self, node: FieldNode) -> int:
        value: Any = None
        for argument in node.arguments or ():
            if argument.name.value not in ("first", "last"):
                continue
            if isinstance(argument.value, IntValueNode):
                value = int(argument.value.value)
            elif isinstance(argument.value, VariableNode):
                self.asked_variables = True
                given = self.variables.get(argument.value.name.value)
                value = value if given is None else given
        return _page_of(value)

    def _ids(self, node: FieldNode) -> int:
        """Return how many things are named one by one; a single one need not stand in a list."""
        given = next((each.value for each in node.arguments or () if each.name.value == "ids"), None)
        if isinstance(given, VariableNode):
            self.asked_variables = True
            value = self.variables.get(given.name.value)
            return len(value) if isinstance(value, list) else 1
        return len(given.values) if isinstance(given, ListValueNode) else 1

    def _fragment(self, name: str, *, paged: bool) -> int:
        kept = f"{name} {paged}"
        if kept not in self.known:
            definition = self.fragments[name]
            inner = self.schema.get_type(definition.type_condition.name.value)
            self.known[kept] = self._selection(definition.selection_set, inner, paged=paged)
        return self.known[kept]


def _page_of(value: Any) -> int:
    """Return how many rows a page of this size may bring: JSON has one kind of number, and `5000.0` is an Int, too."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    # What cannot be a page is refused by the field itself with a better word.
    return min(max(value, 0), LARGEST_FIRST) if type(value) is int else USUAL_PAGE
