"""Fills a form from the record: what the record knows stands in the paper, whatever anybody wrote. Pure."""

from collections.abc import Mapping
from datetime import date

from storage.casework.papers.bodies import Value
from storage.casework.papers.rules import PaperContradictsRecord
from storage.casework.papers.sources import sources_of
from storage.casework.papers.telling.words import cited, closed
from storage.record.law import Law
from storage.record.law.forms import FieldKind, Form, FormField


def values_of(form: Form, told: Mapping[str, Value]) -> dict[str, Value]:
    """The fields of this form that the record fills: of several sources of a field the first that says something."""
    sources = sources_of(form.name).fields
    found: dict[str, Value] = {}
    for field in form.fields:
        value = next((told[one] for one in sources.get(field.name, ()) if told.get(one)), "")
        if value:
            found[field.name] = _fitting(field, value)
    return found


def filled(form: Form, written: Mapping[str, Value], told: Mapping[str, Value]) -> tuple[dict[str, Value], list[str]]:
    """All fields of the paper, empty ones left out, and the names of those that the record filled.

    PaperContradictsRecord where record and writer both speak of a field and differ; in a table the writer may fill
    cells that the record leaves empty.
    """
    known = values_of(form, told)
    for name, value in known.items():
        given = written.get(name)
        if isinstance(value, list) and isinstance(given, list) and given:
            known[name] = _completed(name, value, given)
        elif given not in (None, "", [], value) and _fitting(_field(form, name), given) != value:
            raise PaperContradictsRecord(field=name)
    fields = {name: value for name, value in {**written, **known}.items() if value}
    return fields, sorted(known)


def remedies(form: Form, sentence: str, fields: Mapping[str, Value], *, law: Law, on: date) -> str:
    """行政复议法20, 行政诉讼法46: to whom and within how long one may turn; 处罚法44, 64: until when one may speak.

    Empty where the form says nothing of it.
    """
    if form.rights is not None:
        text, key = form.rights
        return cited(text.format(days=law.number(key, on)))
    if not form.remedies:
        return ""
    *organs, court = (str(fields.get(one.name, "")) for one in form.remedies)
    return sentence.format(
        organs="或者".join(one for one in organs if one), court=court,
        days=law.number("review_application", on), months=law.number("suit_direct", on),
    )  # fmt: skip


def _fitting(field: FormField, value: Value) -> Value:
    """Laws by their titles, sentences closed; several things on one line where the form has one line for them."""
    if not isinstance(value, str):
        return value
    return closed(cited(value)) if field.kind is FieldKind.TEXT else cited(value.replace("\n", "；"))


def _field(form: Form, name: str) -> FormField:
    """One of those that the record filled, so it is there."""
    return next(one for one in form.fields if one.name == name)


def _completed(name: str, known: list[list[str]], given: list[list[str]]) -> list[list[str]]:
    if len(given) != len(known):
        raise PaperContradictsRecord(field=name)
    rows = [
        [told or wrote for told, wrote in zip(row, beside, strict=True)]
        for row, beside in zip(known, given, strict=True)
    ]
    if any(wrote not in ("", cell) for row, beside in zip(rows, given, strict=True)
           for cell, wrote in zip(row, beside, strict=True)):  # fmt: skip
        raise PaperContradictsRecord(field=name)
    return rows
