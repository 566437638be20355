"""What may live here: documents that were made to hurt, each by its size."""

from collections.abc import Callable


def spreads(n: int) -> str:
    """Return fragments that each spread the next one twice: 2^n fields in n lines."""
    chain = "".join(f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }} " for i in range(n))
    return f"{{ ...F0 }} {chain} fragment F{n} on Query {{ health {{ status }} }}"


def tree(n: int) -> str:
    """Return fragments that each ask for the next one in two places."""
    chain = "".join(
        f"fragment F{i} on Piece {{ a: again {{ ...F{i + 1} }} b: again {{ ...F{i + 1} }} }} " for i in range(n)
    )
    return f'{{ node(id: "x") {{ ...F0 }} }} {chain} fragment F{n} on Piece {{ size }}'


def circle(n: int) -> str:
    """Return fragments that spread each other in a circle."""
    return "{ ...F0 } " + "".join(f"fragment F{i} on Query {{ ...F{(i + 1) % n} }} " for i in range(n))


def deep(n: int) -> str:
    """Return a self-relation `n` levels deep."""
    return '{ node(id: "x") { ... on Piece { ' + "again { " * n + "id" + " }" * n + " } } }"


def wrapped(n: int) -> str:
    """Return inline fragments inside each other, which add no depth to the answer."""
    return "{ " + "... { " * n + "health { status }" + " }" * n + " }"


def literal(n: int) -> str:
    """Return a literal nested `n` deep."""
    return "{ node(id: " + "[" * n + "1" + "]" * n + ") { id } }"


def introspection(n: int) -> str:
    """Return a question for the types of the fields of the types of the fields, as deep as may be."""
    n = min(n, 6)
    return "{ __schema { types { " + "fields { type { " * n + "name" + " } }" * n + " } } }"


ATTACKS: dict[str, Callable[[int], str]] = {
    "exponential spreads": spreads,
    "a tree of fragments": tree,
    "circular fragments": circle,
    "a deep self-relation": deep,
    "wrapped inline fragments": wrapped,
    "a deep literal": literal,
    "a flood of __typename": lambda n: "{ " + "__typename " * n + "}",
    "a flood of one field": lambda n: "{ " + "health { status } " * n + "}",
    "a flood within a flood": lambda n: "{ " + ("health { " + "status " * 45 + "} ") * min(n, 40) + "}",
    "a flood of aliases": lambda n: "{ " + " ".join(f"a{i}: health {{ status }}" for i in range(n)) + " }",
    "a flood of aliases in fragments": lambda n: (
        "{ ...A ...A ...A ...A } fragment A on Query { "
        + " ".join(f"a{i}: __typename" for i in range(min(n, 20)))
        + " }"
    ),
    "a flood of directives": lambda n: "{ health " + "@skip(if: false) " * n + "{ status } }",
    "a flood of fragments": lambda n: (
        "{ health { status } } " + "".join(f"fragment F{i} on Health {{ status }} " for i in range(n))
    ),
    "a flood of operations": lambda n: "".join(f"query Q{i} {{ __typename }} " for i in range(n)),
    "a flood of fields": lambda n: "{ " + " ".join(f"field{i}" for i in range(n)) + " }",
    "a flood of comments": lambda n: "{ __typename }" + "#\n" * n,
    "a long comment": lambda n: "{ __typename } #" + "x" * (n * 1000),
    "a large page": lambda n: (
        "{ pieces(first: 100) { edges { node { again { " + "again { id } " * min(n, 50) + "} } } } }"
    ),
    "deep introspection": introspection,
    "wide introspection": lambda n: (
        "{ __schema { types { " + " ".join(f"f{i}: fields {{ name }}" for i in range(min(n, 20))) + " } } }"
    ),
}
