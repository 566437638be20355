"""What may live here: how an enum of storage becomes one of GraphQL, each value with a description."""

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import TypeVar

import strawberry

from storage.record.glossary.labels import LABELS

Kind = TypeVar("Kind", bound=Enum)


def enum(
    kind: type[Kind], *, description: str, values: Mapping[Kind, str] | None = None, name: str | None = None
) -> type[Kind]:
    """Tell an enum of storage in GraphQL under its member names; a value that `values` does not describe says its name.

    The enum itself is returned, so that storage's members are what resolvers hand on.
    """
    told = strawberry.enum(kind, name=name, description=description)
    for value in told.__strawberry_definition__.values:  # type: ignore[attr-defined]  # Strawberry adds it.
        said = (values or {}).get(kind[value.name])
        value.description = said or value.name.replace("_", " ").capitalize() + "."
    return told


def labelled(kind: type[StrEnum], *, description: str, name: str | None = None) -> None:
    """The same for a closed list that has labels in the glossary: each value is described in Chinese and English."""
    enum(
        kind,
        name=name,
        description=description,
        values={one: "、".join(LABELS[kind.__name__][one.value]) for one in kind},
    )
