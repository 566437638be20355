"""Canonical JSON (RFC 8785) and the few forms of text that stand in it: nothing else may live here."""

import base64
import binascii
import json
import re
from collections.abc import Set
from typing import Any, NoReturn

import orjson
import rfc8785

LARGEST = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly; larger ones travel as decimal strings."""
DEPTH = 16
"""How deep lists and objects may be nested; nothing in the protocol comes near it."""

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HASH_TEXT = re.compile(r"[0-9a-f]{64}")
POSITION_TEXT = re.compile(r"0|[1-9][0-9]{0,18}")

LINE_LIMIT = 600
"""The most bytes of a reason or another line that a person writes into a signed paper."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")


class NotCanonical(ValueError):
    """The bytes are not canonical JSON; `offset` is the byte where they stop being so, where that is known."""

    def __init__(self, reason: str, *, offset: int | None = None) -> None:
        super().__init__(reason if offset is None else f"{reason} at byte {offset}")
        self.reason = reason
        self.offset = offset


def canonical(value: object) -> bytes:
    """RFC 8785 over dict, list, str, int and bool; ValueError for floats, None, large ints and anything else.

    For these types orjson writes the same bytes as RFC 8785, in a tenth of the time, unless a key lies beyond U+D7FF,
    where sorting by UTF-16 unit and by code point differ; only then does the slower package do it.
    """
    try:
        plain = _check(value, 0)
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) if plain else rfc8785.dumps(value)  # type: ignore[arg-type]  # _check did.
    except (orjson.JSONEncodeError, UnicodeEncodeError, rfc8785.CanonicalizationError) as error:
        raise NotCanonical("a lone surrogate is no text") from error


def parse_canonical(data: bytes, limit: int) -> dict[str, Any]:
    """The object that `data` writes, at most `limit` bytes; NotCanonical unless canonical(result) == data."""
    if len(data) > limit:
        raise NotCanonical(f"{len(data)} bytes are more than the {limit} allowed")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise NotCanonical("not UTF-8", offset=error.start) from error
    value = _parse(text)
    if type(value) is not dict:
        raise NotCanonical("not a JSON object", offset=0)
    again = canonical(value)
    if again != data:
        raise NotCanonical("not written canonically", offset=_first_difference(again, data))
    return value


def parse_members(data: bytes, limit: int, *, names: Set[str], version: str) -> dict[str, Any]:
    """The object that `data` writes, which has just these members and says this version in `v`; else NotCanonical."""
    members = parse_canonical(data, limit)
    if members.keys() != names:
        raise NotCanonical("missing or unknown: " + ", ".join(sorted(members.keys() ^ names)))
    if members["v"] != version:
        raise NotCanonical(f"v is not {version}")
    return members


def to_base64url(data: bytes) -> str:
    """RFC 4648 §5 without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: object) -> bytes:
    """The bytes of base64url without padding; ValueError unless `text` is the one way to write them."""
    if type(text) is not str or not _BASE64URL.fullmatch(text):
        raise ValueError("not base64url without padding")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url without padding") from error
    # Unused low bits in the last character would let two texts mean the same bytes.
    if to_base64url(data) != text:
        raise ValueError("base64url with bits left over")
    return data


def is_uuid(value: object) -> bool:
    """Is it a UUID in lower-case text with hyphens, of any version?"""
    return type(value) is str and UUID_TEXT.fullmatch(value) is not None


def is_hash(value: object) -> bool:
    """Is it a SHA-256 in 64 lower-case hexadecimal digits?"""
    return type(value) is str and HASH_TEXT.fullmatch(value) is not None


def is_line(value: object) -> bool:
    """Is it one line of 1 to 600 bytes, as people write a reason: without control signs and breaks?"""
    return (
        type(value) is str and 1 <= len(value.encode("utf-8", "replace")) <= LINE_LIMIT and not _CONTROL.search(value)
    )


def is_integer(value: object, *, at_least: int = -LARGEST, at_most: int = LARGEST) -> bool:
    """Is it an integer (true and false are none) between the bounds, both included?"""
    return type(value) is int and at_least <= value <= at_most


def _check(value: object, depth: int) -> bool:
    """ValueError for what may not be written; True if sorting keys by code point is enough."""
    kind = type(value)
    if kind is str or kind is bool:
        return True
    if kind is int:
        if -LARGEST <= value <= LARGEST:  # type: ignore[operator]  # mypy cannot follow `type(value) is`.
            return True
        raise NotCanonical("an integer beyond 2^53")
    if depth >= DEPTH:
        raise NotCanonical(f"nested more than {DEPTH} deep")
    if isinstance(value, list):
        checked = [_check(item, depth + 1) for item in value]  # Every one, also after the first that is not plain.
        return all(checked)
    if isinstance(value, dict):
        plain = True
        for key, item in value.items():
            if type(key) is not str:
                raise NotCanonical("a key that is no text")
            # Most members are texts: no call for each of them.
            plain = (type(item) is str or _check(item, depth + 1)) and (key.isascii() or max(key) < "\ud800") and plain
        return plain
    raise NotCanonical(f"a value of type {kind.__name__}")


def _parse(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise NotCanonical("not JSON", offset=len(text[: error.pos].encode())) from error
    except RecursionError as error:
        raise NotCanonical("nested too deep") from error
    except NotCanonical:
        raise
    except ValueError as error:  # Python refuses to read integers of thousands of digits.
        raise NotCanonical("an integer beyond 2^53") from error


def _refuse_number(text: str) -> NoReturn:
    raise NotCanonical(f"{text[:40]} is no integer")


def _first_difference(left: bytes, right: bytes) -> int:
    return next(
        (at for at, (one, other) in enumerate(zip(left, right, strict=False)) if one != other),
        min(len(left), len(right)),
    )


_DECODER = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number)
