"""What may become law without a release: pure rules. The text itself is made elsewhere; here it is entered by two."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from storage.record.law import BUILT_IN, Law, Parameter
from storage.record.problems import BadInput, Problem
from storage.register.provisions.tables import ProvisionKind

LONGEST_ARTICLE = 200
LONGEST_NOTE = 1_000
MOST_LISTED = 100
LONGEST_ITEM = 200
LARGEST_NUMBER = 10**15
"""Far above any sum in fen; a limit of the house."""


class ParameterUnknown(Problem):
    """No rule asks for a parameter of that key: entered, it would change nothing (parameter: key)."""


class ProvisionDecided(Problem):
    """The draft was approved or rejected before."""


class DecidedByTheDrafter(Problem):
    """Whoever drafted it may not decide it: two people make a change of the law (the house's rule)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A change as the legal office drafts it. `value` is a number, or the items of a closed list."""

    kind: ProvisionKind
    key: str
    value: int | tuple[str, ...]
    article: str
    in_force_from: date
    in_force_to: date | None = None
    note: str = ""


def must_be_well_formed(draft: Draft) -> None:
    """Sizes, an article, days in order; else BadInput."""
    if not 1 <= len(draft.article.strip()) <= LONGEST_ARTICLE:
        raise BadInput(field="article", reason=f"1-{LONGEST_ARTICLE}")
    if len(draft.note) > LONGEST_NOTE:
        raise BadInput(field="note", reason=f"<= {LONGEST_NOTE}")
    if draft.in_force_to is not None and draft.in_force_to < draft.in_force_from:
        raise BadInput(field="in_force_to", reason=">= in_force_from")
    if isinstance(draft.value, int):
        if not 0 <= draft.value <= LARGEST_NUMBER:
            raise BadInput(field="value", reason=f"0-{LARGEST_NUMBER}")
    elif not 1 <= len(set(draft.value)) == len(draft.value) <= MOST_LISTED or not all(
        1 <= len(item.strip()) <= LONGEST_ITEM for item in draft.value
    ):
        raise BadInput(field="value", reason=f"1-{MOST_LISTED} items, no one twice, each 1-{LONGEST_ITEM}")


def must_change_the_law(draft: Draft) -> None:
    """A parameter that rules ask for, with a value of its sort; or one day, that works or not."""
    if draft.kind is ProvisionKind.DAY:
        day_of(draft.key)
        if draft.value not in (0, 1):
            raise BadInput(field="value", reason="0, 1")
        return
    known = BUILT_IN.parameters.get(draft.key)
    if known is None:
        raise ParameterUnknown(key=draft.key)
    if isinstance(draft.value, int) is not isinstance(known[-1].value, int):
        raise BadInput(field="value", reason=known[-1].unit)
    if known[-1].runs is not None and draft.value == 0:
        raise BadInput(field="value", reason=">= 1")


def must_have_short_note(note: str) -> None:
    """What the decider says of it; else BadInput."""
    if len(note) > LONGEST_NOTE:
        raise BadInput(field="note", reason=f"<= {LONGEST_NOTE}")


def must_be_undecided(approved: bool | None) -> None:
    """A decision stands; what it made is changed by another provision."""
    if approved is not None:
        raise ProvisionDecided()


def must_be_another(*, drafted_by: UUID, decider: UUID) -> None:
    """Two people: who drafts does not approve."""
    if drafted_by == decider:
        raise DecidedByTheDrafter()


def day_of(key: str) -> date:
    """The day that a DAY names (YYYY-MM-DD); BadInput when it is none."""
    try:
        return date.fromisoformat(key)
    except ValueError:
        raise BadInput(field="key", reason="YYYY-MM-DD") from None


def law_with(drafts: "list[Draft]") -> Law:
    """The law with these approved changes, in the order of their approval."""
    parameters = [_as_parameter(draft) for draft in drafts if draft.kind is ProvisionKind.PARAMETER]
    days = {day_of(draft.key): bool(draft.value) for draft in drafts if draft.kind is ProvisionKind.DAY}
    return replace(BUILT_IN.with_changes(parameters, days), changes=len(drafts))


def _as_parameter(draft: Draft) -> Parameter:
    """The change as the rules read it: how a period runs stays with the key, its number and article are new."""
    known = BUILT_IN.parameters[draft.key][-1]
    return Parameter(
        key=draft.key, value=draft.value, unit=known.unit, article=draft.article, in_force_from=draft.in_force_from,
        in_force_to=draft.in_force_to, note=draft.note, runs=known.runs, first_day_counts=known.first_day_counts,
    )  # fmt: skip
