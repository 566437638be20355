"""What may live here: the scalars, each read strictly and written in one form."""

import base64
import datetime
import re
import uuid
from collections.abc import Callable
from typing import Any, Final, NewType

import strawberry
from graphql import GraphQLError, StringValueNode, ValueNode
from strawberry.types.scalar import ScalarDefinition

from graphql_schema.errors import Code, coded
from storage.record.ledger.proofs.closings import LIMIT as CLOSING_LIMIT

Bytes = NewType("Bytes", int)
Money = NewType("Money", int)
Position = NewType("Position", int)
Base64 = NewType("Base64", bytes)
PartHashes = NewType("PartHashes", bytes)
ClosingBytes = NewType("ClosingBytes", bytes)
Sha256 = NewType("Sha256", bytes)
Language = NewType("Language", str)

# GraphQL's Int has 32 bits; PostgreSQL's bigint is the largest number that the record keeps.
LARGEST: Final = 2**63 - 1
LATEST: Final = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)
# The longest thing that travels inside a document is a signed statement with its signature; bytes go by URL.
LONGEST_BASE64: Final = 16 * 1024
# The parts of the largest file, 32 bytes each: 80 KiB, which a body of 256 KiB carries.
LONGEST_PART_HASHES: Final = 2_560 * 32 * 4 // 3 + 3
# A closing with hundreds of gaps, each with its reason (docs/protocol.md §9): 128 KiB, which such a body carries too.
LONGEST_CLOSING: Final = CLOSING_LIMIT * 4 // 3 + 3

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,18})", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)
# What may stand last, by the length modulo 4: spare bits that are not zero would give one signature two texts.
_LAST = (("",), (), tuple("AQgw"), tuple("AEIMQUYcgkosw048"))
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,3})?([Zz]|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)


def _refused(name: str, wanted: str) -> Exception:
    return coded(Code.BAD_INPUT, f"{name} must be {wanted}.")


def _text(value: Any, name: str, wanted: str) -> str:
    if type(value) is not str:
        raise _refused(name, wanted)
    return value


def _whole(name: str, *, least: int) -> Callable[[Any], int]:
    wanted = f"a whole number of at least {least} and at most {LARGEST}, as a decimal string without leading zeros"

    def read(value: Any) -> int:
        text = _text(value, name, wanted)
        if not _WHOLE.fullmatch(text) or text == "-0" or not least <= int(text) <= LARGEST:
            raise _refused(name, wanted)
        return int(text)

    return read


def _decimal(value: int) -> str:
    return str(int(value))


def read_base64(value: Any, name: str = "Base64", longest: int = LONGEST_BASE64) -> bytes:
    """Read base64url without padding (RFC 4648 §5); the one spelling that writing would give, or BAD_INPUT."""
    wanted = f"base64url without padding, of at most {longest} characters"
    text = _text(value, name, wanted)
    if len(text) > longest or not _BASE64URL.fullmatch(text) or not text.endswith(_LAST[len(text) % 4]):
        raise _refused(name, wanted)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def read_closing(value: Any) -> bytes:
    """Read the bytes of a closing, or BAD_INPUT."""
    return read_base64(value, "ClosingBytes", LONGEST_CLOSING)


def read_part_hashes(value: Any) -> bytes:
    """Read the SHA-256 of parts, 32 bytes each, one after the other, in base64url, or BAD_INPUT."""
    data = read_base64(value, "PartHashes", LONGEST_PART_HASHES)
    if len(data) % 32:
        raise _refused("PartHashes", "digests of 32 bytes each")
    return data


def write_base64(value: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def read_sha256(value: Any) -> bytes:
    """Read 64 lower-case hexadecimal digits as 32 bytes, or BAD_INPUT."""
    wanted = "64 lower-case hexadecimal digits"
    text = _text(value, "Sha256", wanted)
    if not _HEX.fullmatch(text):
        raise _refused("Sha256", wanted)
    return bytes.fromhex(text)


def read_time(value: Any) -> datetime.datetime:
    """Read an RFC 3339 time with its offset as aware UTC, or BAD_INPUT; nothing finer than a millisecond is taken.

    The last year of the calendar is none of ours: behind it there is no next second, and no other time zone's day.
    """
    wanted = "an RFC 3339 time with offset and at most milliseconds, e.g. 2026-07-01T08:00:00.000Z"
    found = _TIME.fullmatch(_text(value, "DateTime", wanted))
    if found is None:
        raise _refused("DateTime", wanted)
    day, clock, fraction, offset = found.groups()
    try:
        at = datetime.datetime.fromisoformat(f"{day}T{clock}{(fraction or '.0').ljust(4, '0')}{offset.upper()}")
        if (utc := at.astimezone(datetime.UTC)) < LATEST:
            return utc
        raise _refused("DateTime", wanted)
    except (ValueError, OverflowError):
        raise _refused("DateTime", wanted) from None


def write_time(value: datetime.datetime) -> str:
    """Write an aware time as RFC 3339 in UTC with milliseconds."""
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be told")
    return value.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read_date(value: Any) -> datetime.date:
    wanted = "an RFC 3339 date, e.g. 2026-07-01"
    text = _text(value, "Date", wanted)
    try:
        if _DATE.fullmatch(text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise _refused("Date", wanted)


def _read_uuid(value: Any) -> uuid.UUID:
    wanted = "a UUID in the hyphenated form"
    text = _text(value, "UUID", wanted)
    if not _UUID.fullmatch(text):
        raise _refused("UUID", wanted)
    return uuid.UUID(text)


def _read_language(value: Any) -> str:
    text = _text(value, "Language", "zh or en")
    if text not in ("zh", "en"):
        raise _refused("Language", "zh or en")
    return text


def _scalar(
    name: str, description: str, *, rfc: str, read: Callable[[Any], Any], write: Callable[[Any], Any]
) -> ScalarDefinition:
    def read_literal(node: ValueNode, _variables: Any = None) -> Any:
        try:
            return read(node.value if isinstance(node, StringValueNode) else None)
        except GraphQLError as error:
            # The literal's place in the document; its text is not sent back.
            raise GraphQLError(error.message, node, extensions=error.extensions) from None

    return strawberry.scalar(
        name=name,
        description=description,
        specified_by_url=f"https://www.rfc-editor.org/rfc/{rfc}",
        parse_value=read,
        parse_literal=read_literal,
        serialize=write,
    )


SCALARS: Final[dict[object, ScalarDefinition]] = {
    Bytes: _scalar(
        "Bytes",
        "A size in bytes: a 64-bit whole number as a decimal string, not negative.",
        rfc="rfc8259#section-6",
        read=_whole("Bytes", least=0),
        write=_decimal,
    ),
    Money: _scalar(
        "Money",
        "An amount of money in fen (分): a 64-bit whole number as a decimal string.",
        rfc="rfc8259#section-6",
        read=_whole("Money", least=-LARGEST),
        write=_decimal,
    ),
    Position: _scalar(
        "Position",
        "A position in the ledger, counted from 0: a 64-bit whole number as a decimal string.",
        rfc="rfc6962#section-2.1",
        read=_whole("Position", least=0),
        write=_decimal,
    ),
    Base64: _scalar(
        "Base64",
        f"Bytes in base64url without padding, at most {LONGEST_BASE64} characters.",
        rfc="rfc4648#section-5",
        read=read_base64,
        write=write_base64,
    ),
    ClosingBytes: _scalar(
        "ClosingBytes",
        f"The canonical bytes of a closing in base64url without padding, at most {LONGEST_CLOSING} characters.",
        rfc="rfc4648#section-5",
        read=read_closing,
        write=write_base64,
    ),
    PartHashes: _scalar(
        "PartHashes",
        "The SHA-256 of a file's parts of 8 MiB, 32 bytes each, in order, together in base64url without padding.",
        rfc="rfc4648#section-5",
        read=read_part_hashes,
        write=write_base64,
    ),
    Sha256: _scalar(
        "Sha256",
        "A SHA-256 digest as 64 lower-case hexadecimal digits.",
        rfc="rfc6234",
        read=read_sha256,
        write=bytes.hex,
    ),
    Language: _scalar(
        "Language",
        "A language that people read here: zh or en.",
        rfc="rfc5646",
        read=_read_language,
        write=str,
    ),
    uuid.UUID: _scalar("UUID", "A UUID in the hyphenated form.", rfc="rfc9562", read=_read_uuid, write=str),
    datetime.datetime: _scalar(
        "DateTime",
        "A time in UTC with milliseconds, e.g. 2026-07-01T08:00:00.000Z. An offset is read and turned into UTC.",
        rfc="rfc3339#section-5.6",
        read=read_time,
        write=write_time,
    ),
    datetime.date: _scalar(
        "Date",
        "A date of law in Asia/Shanghai, e.g. 2026-07-01.",
        rfc="rfc3339#section-5.6",
        read=_read_date,
        write=datetime.date.isoformat,
    ),
}
