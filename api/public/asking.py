"""What visitors ask in an address: filters, cursors, languages and ids, each read strictly; pure."""

import re
from collections.abc import Collection, Mapping
from typing import Final, Literal
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from starlette.requests import Request

from api.public.charts import short
from storage.record.problems import BadInput, NotFound
from storage.trust.disclosures.public import Sought
from storage.trust.disclosures.tables import DisclosureKind

Tongue = Literal["zh", "en"]
PAGE: Final = 20
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_PLACE = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_REGION = re.compile(r"52|52[0-9]{2}|52[0-9]{4}", re.ASCII)
_YUAN = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?", re.ASCII)
_CODE = re.compile(r"[0-9A-Z]{18}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LONGEST: Final = 4_000
"""Bytes of a query that are looked at: a form filled to its bounds sends a thousand."""
_LONGEST_VALUE: Final = 200
NAMES: Final = ("q", "kind", "region", "mine", "code", "year", "least", "most")


def tongue(query: Mapping[str, str]) -> Tongue:
    """Chinese unless English is asked for: an address says it, no cookie."""
    return "en" if query.get("lang") == "en" else "zh"


def narrowed(request: Request, takes: Collection[str]) -> Request:
    """The request with no more of its query than its page takes, written in one way: so whatever somebody adds to an
    address makes no page anew, and is in no link of one. What is named twice counts as it stands last."""
    if not request.scope["query_string"]:
        return request
    given = dict(parse_qsl(request.scope["query_string"][:_LONGEST].decode("latin-1"), errors="replace"))
    told = [(name, given[name][:_LONGEST_VALUE]) for name in takes if given.get(name)]
    if given.get("lang") == "en":
        told.append(("lang", "en"))
    return Request({**request.scope, "query_string": urlencode(told).encode()}, request.receive)


def id_of(text: str) -> UUID:
    """An id as permalinks write it; NotFound for anything else, as for one that was never given out."""
    if not _ID.fullmatch(text):
        raise NotFound()
    return UUID(text)


def digest_of(text: str) -> bytes:
    """A digest in hexadecimal; NotFound."""
    if not _DIGEST.fullmatch(text):
        raise NotFound()
    return bytes.fromhex(text)


def code_of(text: str) -> str:
    """A unified social credit code; NotFound."""
    if not _CODE.fullmatch(text):
        raise NotFound()
    return text


def place_of(query: Mapping[str, str], name: str) -> int | None:
    """A place in the stream; whoever forges one sees what stands behind it, which is public."""
    text = query.get(name, "")
    if not text:
        return None
    if not _PLACE.fullmatch(text):
        raise BadInput(field=name, reason="0-999999999999999999")
    return int(text)


def sought_of(query: Mapping[str, str]) -> Sought:
    """What is looked for; BadInput for a filter that is none."""
    kind, region, year, mine = (query.get(name, "").strip() for name in ("kind", "region", "year", "mine"))
    code = query.get("code", "").strip().upper()
    if kind and kind not in DisclosureKind.__members__:
        raise BadInput(field="kind", reason="")
    if region and not _REGION.fullmatch(region):
        raise BadInput(field="region", reason="52…")
    if year and not (year.isascii() and year.isdecimal() and 2000 <= int(year[:5]) <= 2100 and len(year) == 4):
        raise BadInput(field="year", reason="2000-2100")
    if code and not _CODE.fullmatch(code):
        raise BadInput(field="code", reason="18")
    if mine and not _ID.fullmatch(mine):
        raise BadInput(field="mine", reason="UUID")
    return Sought(
        words=query.get("q", "")[:200], kind=DisclosureKind(kind) if kind else None, region=region or None,
        mine_id=UUID(mine) if mine else None, credit_code=code or None, year=int(year) if year else None,
        least=_fen(query, "least"), most=_fen(query, "most"),
    )  # fmt: skip


def asked_of(query: Mapping[str, str]) -> dict[str, str]:
    """The filters as they were given, to be shown again in the form and carried along by links."""
    return {name: query[name][:200] for name in NAMES if query.get(name, "").strip()}


def places_named(words: str, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The divisions that these words name, whole or for short: who means a place is shown the way."""
    said = {word for word in words.split() if len(word) > 1}
    return [(code, name) for code, name in names.items() if len(code) > 2 and {name, short(name)} & said]


def address(path: str, tongue: Tongue, **more: str | int | None) -> str:
    """A link within the site, in the language that is read."""
    told = {name: value for name, value in more.items() if value not in (None, "")}
    if tongue == "en":
        told["lang"] = "en"
    return f"{path}?{urlencode(told)}" if told else path


def choices(names: Mapping[str, str], chosen: str) -> list[tuple[str, str, bool]]:
    """Prefectures and counties for a form: code, name set in below its prefecture, whether it is chosen."""
    return [(code, ("　" if len(code) == 6 else "") + name, code == chosen) for code, name in names.items()]


def _fen(query: Mapping[str, str], name: str) -> int | None:
    text = query.get(name, "").strip().replace(",", "")
    if not text:
        return None
    if not _YUAN.fullmatch(text):
        raise BadInput(field=name, reason="0-999999999999")
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)
