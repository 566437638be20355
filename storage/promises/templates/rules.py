"""What may stand in a year's commitment, and who may put it there: pure rules (实施意见三（六）1、2)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson

from storage.promises.templates.conditions import (
    BoundInAnotherUnit,
    Condition,
    LooserThanTheTemplate,
    must_be_a_condition,
    stricter,
)
from storage.promises.templates.tables import ClauseField, Wanted
from storage.record.ledger.proofs.canonical import canonical
from storage.record.plain import read, told
from storage.record.problems import BadInput, Problem, TryAgain, constraint_means
from storage.record.visible import must_be_visible

CLAUSE_KEY = re.compile(r"[A-Z][A-Z0-9_]{2,59}", re.ASCII)
LONGEST_TITLE, LONGEST_WORDS, LONGEST_ARTICLE, LONGEST_NOTE = 60, 500, 200, 1_000
MOST_CLAUSES = 100
MOST_KINDS = 20
MOST_BYTES = 262_144
"""Of all clauses of a year as canonical JSON: half of what a commitment may have (docs/protocol.md §8b)."""


class YearOver(Problem):
    """The year is over: nobody promises what is past (parameter: year)."""


class TemplateNotApproved(Problem):
    """No template of that year is approved, so that there is nothing to be stricter than (parameter: year)."""


class TemplateDecided(Problem):
    """The template was approved or rejected before; another version says something else."""


class TemplateOvertaken(Problem):
    """A later version of the year's template is approved: an earlier one would never hold (parameter: version)."""


class ClauseDecided(Problem):
    """The mine's own clause was adopted or rejected before."""


class ClauseOvertaken(Problem):
    """Another own clause of the same key was adopted since this one was drafted."""


class PromiseTakesTwo(Problem):
    """Whoever drafted it may not decide it: a promise takes two people (the house's rule)."""


constraint_means("uq_templates_year_version", TryAgain)
constraint_means("uq_own_clauses_first", ClauseOvertaken)
constraint_means("uq_own_clauses_next", ClauseOvertaken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The same said in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause: what must hold, in words for somebody at his place of work and as a machine can check it.

    `checked` says how it is checked, `otherwise` what happens if it is not kept. A finding of a kind of
    `contradicted_by` speaks against whoever says that it is met. `settled` is False where no official text that was
    read gives it; then `note` says why.
    """

    key: str
    field: ClauseField
    title: Words
    says: Words
    condition: Condition
    checked: Words
    wanted: tuple[Wanted, ...]
    otherwise: Words
    article: str
    contradicted_by: tuple[str, ...] = ()
    settled: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Promised:
    """A clause as it holds for one mine: the template's, or the mine's own."""

    clause: Clause
    own: bool


def told_of(clause: Clause) -> dict[str, Any]:
    """A clause as entries and rows hold it."""
    said: dict[str, Any] = told(clause)
    return said


def clause_of(said: Mapping[str, Any]) -> Clause:
    """The clause that `told_of` told."""
    clause: Clause = read(Clause, said)
    return clause


@lru_cache(maxsize=64)
def clauses_in(text: str) -> tuple[Clause, ...]:
    """The clauses that `text_of` wrote, of one or of several: most who ask, ask for the same year's."""
    said = orjson.loads(text)
    return tuple(clause_of(one) for one in (said if isinstance(said, list) else [said]))


def named(clause: Clause) -> dict[str, str]:
    """How a Problem names a clause: the key for programs, the title in both languages for people."""
    return {"clause": clause.key, "title": clause.title.zh, "title_en": clause.title.en}


def text_of(clauses: Clause | Sequence[Clause]) -> str:
    """A clause or several as canonical JSON, as their row holds them."""
    said = told_of(clauses) if isinstance(clauses, Clause) else [told_of(one) for one in clauses]
    return canonical(said).decode()


def digest_of(clauses: Clause | Sequence[Clause]) -> bytes:
    """SHA-256 of a clause or several as canonical JSON: an answer is given to it, an entry names it."""
    return sha256(text_of(clauses).encode()).digest()


def must_be_a_clause(clause: Clause) -> None:
    """A key, words in both languages, a condition, evidence, an article; else BadInput."""
    _must(bool(CLAUSE_KEY.fullmatch(clause.key)), "key", CLAUSE_KEY.pattern)
    _said("title", clause.title, LONGEST_TITLE)
    for name, words in (("says", clause.says), ("checked", clause.checked), ("otherwise", clause.otherwise)):
        _said(name, words, LONGEST_WORDS)
    must_be_a_condition(clause.condition)
    _must(1 <= len(set(clause.wanted)) == len(clause.wanted), "wanted", ">= 1, no one twice")
    _must(
        len(clause.article.strip()) >= 1 and len(clause.article) <= LONGEST_ARTICLE, "article", f"1-{LONGEST_ARTICLE}"
    )
    must_be_visible(clause.article, "article", lines=False)
    kinds = clause.contradicted_by
    sound = len(set(kinds)) == len(kinds) <= MOST_KINDS and all(CLAUSE_KEY.fullmatch(one) for one in kinds)
    _must(sound, "contradictedBy", f"<= {MOST_KINDS}, no one twice")
    must_have_short_note(clause.note)
    _must(clause.settled or bool(clause.note.strip()), "note", f"1-{LONGEST_NOTE}")


def must_be_clauses_of_a_year(clauses: Sequence[Clause]) -> None:
    """Sound clauses, no key twice, and each of the five fields spoken of (实施意见三（六）1); else BadInput."""
    _must(1 <= len(clauses) <= MOST_CLAUSES, "clauses", f"1-{MOST_CLAUSES}")
    for clause in clauses:
        must_be_a_clause(clause)
    _must(len({one.key for one in clauses}) == len(clauses), "key", "no one twice")
    missing = [one.value for one in ClauseField if one not in {clause.field for clause in clauses}]
    _must(not missing, "clauses", ", ".join(missing))
    _must(len(text_of(clauses).encode()) <= MOST_BYTES, "clauses", f"<= {MOST_BYTES} bytes")


def must_have_short_note(note: str) -> None:
    """What somebody says of it; else BadInput."""
    must_be_visible(note, "note")
    _must(len(note) <= LONGEST_NOTE, "note", f"<= {LONGEST_NOTE}")


def must_be_a_year_to_promise(year: int, today: date) -> None:
    """This year or the next: the commitment is signed at the beginning of each year (实施意见三（六）2)."""
    if year < today.year:
        raise YearOver(year=year)
    _must(year <= today.year + 1, "year", f"{today.year}-{today.year + 1}")


def must_be_undecided(approved: bool | None, problem: type[Problem]) -> None:
    """A decision stands; from then on nothing of it is changed."""
    if approved is not None:
        raise problem()


def must_be_another(*, drafted_by: UUID, decider: UUID) -> None:
    """Two people: who drafts does not decide."""
    if drafted_by == decider:
        raise PromiseTakesTwo()


def must_be_the_newest(version: int, approved: int | None) -> None:
    """No version is approved behind a later one, where it would never hold."""
    if approved is not None and approved > version:
        raise TemplateOvertaken(version=approved)


def must_follow(*, replaces: UUID | None, standing: UUID | None) -> None:
    """An own clause is adopted in the place of the one that it was drafted against, or not at all."""
    if replaces != standing:
        raise ClauseOvertaken()


def must_be_no_looser(theirs: Clause, ours: Clause) -> None:
    """Of the same field, asking for no less, wanting no less evidence, contradicted by no less: more, never less.

    实施意见三（四）2: an enterprise's own standard is above the compulsory one. Raises BoundInAnotherUnit and
    LooserThanTheTemplate.
    """
    stricter(theirs.condition, ours.condition, **named(theirs))
    wants = set(theirs.wanted) >= set(ours.wanted) and set(theirs.contradicted_by) >= set(ours.contradicted_by)
    if theirs.field is not ours.field or not wants:
        raise LooserThanTheTemplate(**named(theirs))


def must_add(own: Clause, *, template: Iterable[Clause], standing: Clause | None) -> None:
    """An own clause is stricter than what stands, of the template and of the mine's own, or new."""
    of_template = next((one for one in template if one.key == own.key), None)
    for ours in (of_template, standing):
        if ours is not None:
            must_be_no_looser(own, ours)


def clauses_in_force(template: Sequence[Clause], own: Sequence[Clause]) -> list[Promised]:
    """What holds for a mine: its own clauses where they are no looser than the template, else the template's.

    A later version of the template may ask for more than a clause that was adopted before it: then the template's
    holds again. Own clauses that are new stand behind those of the template.
    """
    of_key = {one.key: one for one in own}
    held = [_in_force(ours, of_key.pop(ours.key, None)) for ours in template]
    return held + [Promised(one, own=True) for one in of_key.values()]


def _in_force(ours: Clause, theirs: Clause | None) -> Promised:
    if theirs is None:
        return Promised(ours, own=False)
    try:
        must_be_no_looser(theirs, ours)
    except (BoundInAnotherUnit, LooserThanTheTemplate):
        return Promised(ours, own=False)
    return Promised(theirs, own=True)


def _said(field: str, words: Words, longest: int) -> None:
    for one in (words.zh, words.en):
        _must(len(one.strip()) >= 1 and len(one) <= longest, field, f"1-{longest}")
        must_be_visible(one, field, lines=field != "title")


def _must(sound: bool, field: str, reason: str) -> None:
    if not sound:
        raise BadInput(field=field, reason=reason)
