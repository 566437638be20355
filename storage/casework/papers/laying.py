"""Lays a paper out: from its body and its signatures to what the template is told. Pure; no text becomes markup."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from storage.casework.papers.bodies import Body, Value, digest_of
from storage.record.clock import SHANGHAI
from storage.record.glossary.papers import PRINTED, REFUSED, REFUSED_BY, WAYS
from storage.record.law import BUILT_IN, Law
from storage.record.law.forms import Capacity, FieldKind, Form, FormField, Layout, Place

_SHORT = (FieldKind.LINE, FieldKind.DAY, FieldKind.MOMENT)
_HALF_A_LINE = 200.0
"""Points that label and text of a short field may take together before they get a line of their own."""
_HALF_A_SHEET = 135.0
_LABEL, _TEXT = 10.5, 12.0
_NARROWEST, _WIDEST = 4.0, 14.0
"""Shares of a table that a column has at least and at most, in signs."""
_TAIL = 2
"""So many last lines of a record stand on the page of its signatures."""
_NUMBERED = re.compile(r"\d")
_BREAKS = re.compile(r"(?<=[A-Za-z0-9])([@._/-])(?=[A-Za-z0-9])")
_OWN_NUMBER = "编号"
"""A table that begins with it numbers its rows itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is shown at one place for a signature: who signed or refused, in which way, when."""

    place: str
    name: str
    way: str
    at: datetime
    note: str = ""
    opinion: str = ""
    strokes: Sequence[Sequence[Sequence[int]]] = ()


def laid(body: bytes, marks: Iterable[Mark] = (), *, law: Law = BUILT_IN) -> dict[str, Any]:
    """What the template shows of a body and of what was signed on it; always the same for the same record.

    The law is asked only for the form in the version that the body names, which never changes.
    """
    said = Body.decode(body)
    form, shown = law.form_of(said.form, said.version), {one.place: one for one in marks}
    addressed = _addressee(form)
    places = [_place(place, shown.get(place.name)) for place in _shown_of(form, shown)]
    groups = _groups(form, said.fields, without=addressed)
    return {
        "title": said.form, "number": said.number, "agency": said.agency, "layout": form.layout.value,
        "digest": _grouped(digest_of(body).hex()),
        "to": f"{_text(said.fields, addressed)}：" if addressed else "",
        "tail": _tail(groups) if form.layout is Layout.RECORD else "", "groups": groups,
        "remedies": said.remedies,
        "sealed": form.stamped and form.layout is not Layout.SHEET,
        "day": day_in_words(said.day) if _dated(form) else "",
        "places": [one for one in places if not one["heading"]],
        "opinions": [one for one in places if one["heading"]], "words": PRINTED,
    }  # fmt: skip


def day_in_words(day: str) -> str:
    """2026-11-24 as 2026年11月24日; anything else as it is written."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return day
    return f"{found.year}年{found.month}月{found.day}日"


def moment_in_words(moment: str) -> str:
    """2026-11-24T16:05 as 2026年11月24日16时05分, a day as a day; anything else as it is written."""
    if len(moment) == len("2026-11-24"):
        return day_in_words(moment)
    try:
        found = datetime.fromisoformat(moment)
        local = found if found.tzinfo is None else found.astimezone(SHANGHAI)
    except (ValueError, OverflowError):  # The first hours of year 1 are on no day of Shanghai.
        return moment
    return f"{day_in_words(local.date().isoformat())}{local.hour}时{local.minute:02}分"


def _dated(form: Form) -> bool:
    return form.layout is not Layout.SHEET and form.field("日期") is not None


def _addressee(form: Form) -> FormField | None:
    """A letter speaks to whom its first field names."""
    first = form.fields[0]
    return first if form.layout is Layout.LETTER and first.must and first.kind is FieldKind.LINE else None


def _groups(form: Form, fields: Mapping[str, Value], *, without: FormField | None) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    for field in form.fields:
        if field is without or field.remedy or (field.name == "日期" and _dated(form)):
            continue
        if field.kind in _SHORT:
            if not groups or groups[-1]["kind"] != "PAIRS":
                groups.append({"kind": "PAIRS", "fields": []})
            groups[-1]["fields"].append(_short(field, fields, sheet=form.layout is Layout.SHEET))
        else:
            groups.append(_long(field, fields))
    for group in groups:
        if "fields" in group:
            group["fields"] = _beside_each_other(group["fields"])
            _pair(group["fields"])
    return groups


def _beside_each_other(fields: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Who is numbered has his certificate next to his name, wherever the form lists it."""
    found: list[dict[str, Any]] = []
    for field in fields:
        bearer = _bearer(field["name"], [one["name"] for one in found])
        found.insert(len(found) if bearer is None else bearer + 1, field)
    return found


def _bearer(certificate: str, names: Sequence[str]) -> int | None:
    """Where the name stands that a certificate belongs to: of the same number, and called alike."""
    number = _NUMBERED.search(certificate)
    if number is None or "证" not in certificate:
        return None
    who = certificate.split("证")[0].rstrip("0123456789")
    alike = (at for at, name in enumerate(names) if name.startswith(who) and number[0] in name and "证" not in name)
    return next(alike, None)


def _belong_together(name: str, behind: str) -> bool:
    """A name and its certificate, or the first and the second of a kind: they stand on one line."""
    return _bearer(behind, [name]) is not None or ("1" in name and behind == name.replace("1", "2"))


def _tail(groups: Sequence[dict[str, Any]]) -> str:
    """The last lines of a long text, taken from it: signatures never stand on a page without something they sign."""
    last = groups[-1] if groups else {"kind": ""}
    lines = last["text"].split("\n") if last["kind"] == FieldKind.TEXT.value else []
    if len(lines) <= _TAIL:
        return ""
    last["text"] = "\n".join(lines[:-_TAIL])
    return "\n".join(lines[-_TAIL:])


def _pair(fields: Sequence[dict[str, Any]]) -> None:
    """Two short fields share a line; one without a partner has the whole line."""
    alone: dict[str, Any] | None = None
    for field, behind in zip(fields, [*fields[1:], None], strict=True):
        if alone is not None and behind is not None and _belong_together(field["name"], behind["name"]):
            alone["wide"], alone = True, None
        if field["wide"]:
            if alone is not None:
                alone["wide"] = True
            alone = None
        else:
            alone = field if alone is None else None
    if alone is not None:
        alone["wide"] = True


def _short(field: FormField, fields: Mapping[str, Value], *, sheet: bool) -> dict[str, Any]:
    text = _text(fields, field)
    width = _width(text) * _TEXT
    wide = width > _HALF_A_SHEET if sheet else _width(field.name) * _LABEL + width > _HALF_A_LINE
    return {"name": field.name, "text": text, "wide": wide}


def _long(field: FormField, fields: Mapping[str, Value]) -> dict[str, Any]:
    value = fields.get(field.name, "")
    told: dict[str, Any] = {"kind": field.kind.value, "name": field.name}
    if field.kind is FieldKind.CHOICE:
        return told | {"options": [{"name": one, "chosen": one == value} for one in field.options]}
    if field.kind is FieldKind.TABLE:
        rows = [[_BREAKS.sub("\\1\u200b", cell) for cell in row] for row in value] if isinstance(value, list) else []
        return told | {
            "columns": list(field.columns), "rows": rows, "widths": _widths(field.columns, rows),
            "numbered": field.columns[0] != _OWN_NUMBER,
        }  # fmt: skip
    return told | {"text": value}


def _text(fields: Mapping[str, Value], field: FormField) -> str:
    value = str(fields.get(field.name, ""))
    if field.kind is FieldKind.DAY:
        return day_in_words(value)
    return moment_in_words(value) if field.kind is FieldKind.MOMENT else value


def _shown_of(form: Form, marks: Mapping[str, Mark]) -> list[Place]:
    """A form has more places for members than come: once one of them signed, those where nobody did are left out."""
    members = {one.name for one in form.places if one.capacity is Capacity.MEMBER}
    empty = members - marks.keys() if members & marks.keys() else set()
    return [one for one in form.places if one.name not in empty]


def _place(place: Place, mark: Mark | None) -> dict[str, Any]:
    told: dict[str, Any] = {"place": place.name, "heading": place.opinion}
    if mark is None:
        return told | {"name": "", "how": "", "opinion": "", "strokes": []}
    moment = mark.at.astimezone(SHANGHAI)
    how = f"{WAYS[mark.way]}　{moment_in_words(moment.replace(tzinfo=None).isoformat())}"
    strokes = [[list(point) for point in stroke] for stroke in mark.strokes]
    name, note = mark.name, mark.note
    if strokes:
        how = f"{name}　{how}"
    if mark.way == REFUSED:
        name = REFUSED_BY.format(name=name)
    return told | {"name": name, "how": f"{how}　{note}" if note else how, "opinion": mark.opinion, "strokes": strokes}


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """The share of each column, by the longest of what stands in it."""
    longest = [max([min(len(name), 5.0), *(_width(row[at]) for row in rows)]) for at, name in enumerate(columns)]
    return [min(max(one + 1.0, _NARROWEST), _WIDEST) for one in longest]


def _width(text: str) -> float:
    """How wide a line is, in widths of one Chinese character."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.55 for sign in text)


def _grouped(digits: str) -> str:
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))
