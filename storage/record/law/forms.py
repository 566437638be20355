"""The forms of papers (执法文书式样) as dated data: names, fields, who signs, how papers are numbered; pure."""

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any


class FieldKind(StrEnum):
    """What a field of a form takes."""

    LINE = "LINE"
    TEXT = "TEXT"
    DAY = "DAY"
    MOMENT = "MOMENT"
    CHOICE = "CHOICE"
    TABLE = "TABLE"


class Capacity(StrEnum):
    """In which capacity somebody signs a paper."""

    OFFICER = "OFFICER"
    CLERK = "CLERK"
    CHAIR = "CHAIR"
    MEMBER = "MEMBER"
    REVIEWER = "REVIEWER"
    APPROVER = "APPROVER"
    PARTY = "PARTY"
    WITNESS = "WITNESS"


class Layout(StrEnum):
    """How a paper is set: a letter to a party, a record of what was done, or a sheet of boxes."""

    LETTER = "LETTER"
    RECORD = "RECORD"
    SHEET = "SHEET"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A field to fill. `must`: a paper without it is not issued; `remedy`: it stands in the sentence of remedies."""

    name: str
    kind: FieldKind
    must: bool = False
    remedy: bool = False
    options: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place for a signature; `opinion` heads what the signer writes with it, where the form asks for that."""

    name: str
    capacity: Capacity
    opinion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form. `word` is its word in numbers (文书代字), empty where papers of it bear none.

    `internal` papers stay within the agency; `stamped` ones bear the mark of its seal. `version` is that of its set, or
    the id of the provision that brought it. `rights` is the sentence with which a letter tells its reader what he may
    do, and within which number of days of the law.
    """

    name: str
    version: str
    word: str
    layout: Layout
    internal: bool
    stamped: bool
    fields: tuple[FormField, ...]
    places: tuple[Place, ...]
    in_force_from: date
    in_force_to: date | None = None
    rights: tuple[str, str] | None = None

    @property
    def key(self) -> str:
        """The name, which is its key."""
        return self.name

    @property
    def remedies(self) -> tuple[FormField, ...]:
        """Where it says to whom one may turn: who may reconsider, one of which is enough, and last the court."""
        return tuple(one for one in self.fields if one.remedy)

    def field(self, name: str) -> FormField | None:
        """The field of this name."""
        return next((one for one in self.fields if one.name == name), None)

    def place(self, name: str) -> Place | None:
        """The place for a signature of this name."""
        return next((one for one in self.places if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Who issues: the mark of its numbers (机关代字) and its name; `settled` is False where the project chose it."""

    mark: str
    name: str
    settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSet:
    """All forms that are in force from one day on, and how their papers are numbered and speak of remedies."""

    version: str
    in_force_from: date
    settled: bool
    note: str
    pattern: str
    remedies: str
    forms: dict[str, Form]
    agencies: dict[str, Agency]

    def agency_of(self, office: str) -> Agency:
        """The agency of a branch office: its own entry, or else the one for all."""
        return self.agencies.get(office, self.agencies[""])

    def number(self, form: Form, agency: Agency, *, year: int, ordinal: int) -> str:
        """The number as the authority writes it."""
        return self.pattern.format(mark=agency.mark, word=form.word, year=year, ordinal=ordinal)


@cache
def form_sets() -> tuple[FormSet, ...]:
    """Every set that was ever in force, the oldest first."""
    text = resources.files(__package__).joinpath("forms.json").read_text(encoding="utf-8")
    return (_set(json.loads(text)),)


def set_on(day: date) -> FormSet:
    """The set of forms of a day; the oldest one for days before it."""
    return next((one for one in reversed(form_sets()) if one.in_force_from <= day), form_sets()[0])


def forms_of_the_code() -> tuple[Form, ...]:
    """Every form of every set."""
    return tuple(form for one in form_sets() for form in one.forms.values())


def _set(said: dict[str, Any]) -> FormSet:
    agencies = {
        one["office"]: Agency(mark=one["mark"], name=one["name"], settled=one["settled"]) for one in said["agencies"]
    }
    version, since = said["version"], date.fromisoformat(said["in_force_from"])
    forms = (_form(one, version=version, in_force_from=since) for one in said["forms"])
    return FormSet(
        version=version, in_force_from=since, settled=said["settled"], note=said["note"],
        pattern=said["numbering"]["pattern"], remedies=said["remedies"]["text"],
        forms={one.name: one for one in forms}, agencies=agencies,
    )  # fmt: skip


def _form(said: dict[str, Any], *, version: str, in_force_from: date) -> Form:
    return Form(
        version=version, in_force_from=in_force_from, name=said["name"], word=said["word"] or "",
        layout=Layout(said["layout"]), internal=said["internal"],
        stamped=said["stamped"], fields=tuple(_field(one) for one in said["fields"]),
        places=tuple(
            Place(name=one["place"], capacity=Capacity(one["who"]), opinion=one.get("opinion", ""))
            for one in said["signers"]
        ),
        rights=(said["rights"]["text"], said["rights"]["days"]) if "rights" in said else None,
    )  # fmt: skip


def _field(said: dict[str, Any]) -> FormField:
    return FormField(
        name=said["name"], kind=FieldKind(said["kind"]), must=said.get("must", False),
        remedy=said.get("remedy", False), options=tuple(said.get("options", ())),
        columns=tuple(said.get("columns", ())),
    )  # fmt: skip
