"""Which field of which form the record fills from what, and which steps a form stands for: data, read once. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from storage.casework.cases.steps import PartyKind, StepKind
from storage.casework.measures.tables import Turn
from storage.casework.papers.tables import PaperSubject


class FieldSource(StrEnum):
    """Who fills a field: the record, where it knows, or whoever writes the paper."""

    RECORD = "RECORD"
    WRITTEN = "WRITTEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSources:
    """Of one form: its fields with their sources, first come first used, and the steps that it stands for.

    `party` is the kind of party that the form is for, where the official set has one for each.
    """

    fields: Mapping[str, tuple[str, ...]]
    case: tuple[StepKind, ...] = ()
    measure: tuple[Turn, ...] = ()
    party: PartyKind | None = None

    def steps(self, subject: PaperSubject) -> tuple[StepKind | Turn, ...]:
        """The kinds of steps of this subject that it stands for."""
        if subject is PaperSubject.CASE:
            return self.case
        return self.measure if subject is PaperSubject.MEASURE else ()


def sources_of(form: str) -> FormSources:
    """Those of a form, by its name; of an unknown one, only what every form may say."""
    every, forms = _read()
    return forms.get(form, FormSources(fields=every))


def source_of(form: str, field: str) -> FieldSource:
    """Whether the record can fill this field."""
    return FieldSource.RECORD if field in sources_of(form).fields else FieldSource.WRITTEN


@cache
def forms_for(kind: StepKind | Turn, party: PartyKind | None = None) -> tuple[str, ...]:
    """The forms that stand for a step of this kind, in the order of the official set."""
    _, forms = _read()
    return tuple(
        name for name, one in forms.items()
        if kind in (one.case if isinstance(kind, StepKind) else one.measure)
        and (party is None or one.party in (None, party))
    )  # fmt: skip


@cache
def _read() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, FormSources]]:
    text = resources.files(__package__).joinpath("sources.json").read_text(encoding="utf-8")
    said = json.loads(text)
    every = _fields(said.pop("*"))
    said.pop("note")
    return every, {name: _one(one, every) for name, one in said.items()}


def _one(said: dict[str, Any], every: Mapping[str, tuple[str, ...]]) -> FormSources:
    return FormSources(
        fields={**every, **_fields(said["fields"])}, case=tuple(map(StepKind, said["case"])),
        measure=tuple(map(Turn, said["measure"])), party=PartyKind(said["party"]) if "party" in said else None,
    )  # fmt: skip


def _fields(said: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(sources) for name, sources in said.items()}
