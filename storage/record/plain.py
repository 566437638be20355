"""Turns frozen dataclasses into what JSON holds and back, by the types of their fields; pure."""

from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID


def told(value: Any) -> Any:
    """A dataclass, or what stands in one, as JSON holds it; what is not there is left out."""
    if type(value) in (str, int, bool, NoneType):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        said = ((name, told(getattr(value, name))) for name in _names_of(type(value)))
        return {name: value for name, value in said if value is not None}
    if isinstance(value, tuple | list):
        return [told(one) for one in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def read(kind: Any, value: Any) -> Any:
    """What `told` told, as this type; ValueError where something lacks that has no default."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        (one,) = (part for part in get_args(kind) if part is not NoneType)
        return None if value is None else read(one, value)
    if origin is tuple:
        return tuple(read(get_args(kind)[0], one) for one in value)
    if is_dataclass(kind) and isinstance(kind, type):
        given = {name: read(its, value[name]) for name, its in types_of(kind).items() if name in value}
        missing = [one.name for one in fields(kind) if one.name not in given and one.default is MISSING]
        if missing:
            raise ValueError(f"{kind.__name__} lacks {', '.join(missing)}")
        return kind(**given)
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    return kind(value) if issubclass(kind, UUID | StrEnum) else value


@cache
def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


@cache
def types_of(kind: type) -> dict[str, Any]:
    """The types of a dataclass's fields, by name."""
    hints = get_type_hints(kind)
    return {name: hint for name, hint in hints.items() if get_origin(hint) is not ClassVar}
