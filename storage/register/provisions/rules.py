"""What may become law without a release: pure rules. The text itself is made elsewhere; here it is entered by two."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from storage.record.law import BUILT_IN, Law, Parameter
from storage.record.law.dated import Ended
from storage.record.law.discretion import GENERAL, Standard
from storage.record.law.forms import Form
from storage.record.law.items import Item, item_of, must_be_sound
from storage.record.law.library import FindingKind
from storage.record.law.powers import Power
from storage.record.ledger.proofs.canonical import canonical
from storage.record.problems import BadInput, Problem
from storage.register.provisions.tables import ProvisionKind

LONGEST_ARTICLE = 200
LONGEST_NOTE = 1_000
MOST_LISTED = 100
LONGEST_ITEM = 200
LARGEST_NUMBER = 10**15
"""Far above any sum in fen; a limit of the house."""
MOST_CONTENT = 65_536
"""The most bytes of an item as canonical JSON."""
SORTS: Mapping[ProvisionKind, type[Item]] = {
    ProvisionKind.FINDING_KIND: FindingKind,
    ProvisionKind.POWER: Power,
    ProvisionKind.DISCRETION: Standard,
    ProvisionKind.FORM: Form,
}
"""What a provision of each kind brings; the other kinds bring a value."""
_Version = tuple[ProvisionKind, Item | Ended]
Sort = TypeVar("Sort", FindingKind, Power, Standard, Form)
_NEW_RANGE = re.compile(r"fine_[a-z][a-z_]{1,60}_(least|most)(_percent)?", re.ASCII)


class ParameterUnknown(Problem):
    """No rule asks for a parameter of that key: entered, it would change nothing (parameter: key)."""


class NothingToEnd(Problem):
    """No item of that key stands on that day, so that nothing would end (parameter: key)."""


class ProvisionDecided(Problem):
    """The draft was approved or rejected before."""


class DecidedByTheDrafter(Problem):
    """Whoever drafted it may not decide it: two people make a change of the law (the house's rule)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A change as the legal office drafts it. `value` is a number, or the items of a closed list.

    Of an item of the law `content` is what it says, and None ends it. `version` is the id under which it is kept.
    """

    kind: ProvisionKind
    key: str
    value: int | tuple[str, ...] | None = None
    content: Mapping[str, Any] | None = None
    version: str = ""
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
    if (draft.kind in SORTS) is not (draft.value is None) or (draft.kind not in SORTS and draft.content is not None):
        raise BadInput(field="value", reason=draft.kind.value)
    if draft.value is None:
        return
    if isinstance(draft.value, int):
        if not 0 <= draft.value <= LARGEST_NUMBER:
            raise BadInput(field="value", reason=f"0-{LARGEST_NUMBER}")
    elif not 1 <= len(set(draft.value)) == len(draft.value) <= MOST_LISTED or not all(
        1 <= len(item.strip()) <= LONGEST_ITEM for item in draft.value
    ):
        raise BadInput(field="value", reason=f"1-{MOST_LISTED} items, no one twice, each 1-{LONGEST_ITEM}")


def must_change_the_law(draft: Draft, law: Law = BUILT_IN) -> None:
    """A parameter that rules ask for, with a value of its sort; one day, that works or not; an item that is sound."""
    if draft.kind in SORTS:
        _must_change_an_item(draft, law)
        return
    if draft.kind is ProvisionKind.DAY:
        day_of(draft.key)
        if draft.value not in (0, 1):
            raise BadInput(field="value", reason="0, 1")
        return
    known = _known(draft)
    if isinstance(draft.value, int) is not isinstance(known.value, int):
        raise BadInput(field="value", reason=known.unit)
    if known.runs is not None and draft.value == 0:
        raise BadInput(field="value", reason=">= 1")


def must_be_short(draft: Draft) -> str | None:
    """The item as canonical JSON, as its row holds it; BadInput when it is too long or no JSON."""
    if draft.content is None:
        return None
    text = canonical(dict(draft.content))
    if len(text) > MOST_CONTENT:
        raise BadInput(field="item", reason=f"<= {MOST_CONTENT} bytes")
    return text.decode()


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


def law_with(drafts: Sequence[Draft]) -> Law:
    """The law with these approved changes, in the order of their approval."""
    parameters = [_as_parameter(draft) for draft in drafts if draft.kind is ProvisionKind.PARAMETER]
    days = {day_of(draft.key): bool(draft.value) for draft in drafts if draft.kind is ProvisionKind.DAY}
    versions = [_as_version(draft) for draft in drafts if draft.kind in SORTS]
    law = BUILT_IN.with_changes(parameters, days).with_items(
        kinds=_of(ProvisionKind.FINDING_KIND, FindingKind, versions),
        powers=_of(ProvisionKind.POWER, Power, versions),
        standards=_of(ProvisionKind.DISCRETION, Standard, versions),
        forms=_of(ProvisionKind.FORM, Form, versions),
    )
    return replace(law, changes=len(drafts))


def _of(
    kind: ProvisionKind, sort: type[Sort], versions: Sequence[tuple[ProvisionKind, Item | Ended]]
) -> list[Sort | Ended]:
    return [one for of, one in versions if of is kind and isinstance(one, sort | Ended)]


def _as_version(draft: Draft) -> _Version:
    """The item as the rules read it, or its end."""
    if draft.content is not None:
        return draft.kind, _item(draft)
    return draft.kind, Ended(
        key=draft.key, article=draft.article, in_force_from=draft.in_force_from, in_force_to=draft.in_force_to
    )


def _item(draft: Draft) -> Item:
    return item_of(
        SORTS[draft.kind], draft.content or {}, key=draft.key, in_force_from=draft.in_force_from,
        in_force_to=draft.in_force_to, version=draft.version,
    )  # fmt: skip


def _must_change_an_item(draft: Draft, law: Law) -> None:
    if draft.content is not None:
        must_be_sound(_item(draft), law)
        return
    on = draft.in_force_from
    held = {
        ProvisionKind.FINDING_KIND: law.kinds_on(on).keys(),
        ProvisionKind.POWER: {one.key for one in law.powers_on(on)},
        ProvisionKind.DISCRETION: {one.key for one in law.standards_on(on)} - {GENERAL},
        ProvisionKind.FORM: law.forms_on(on).keys(),
    }[draft.kind]
    if draft.key not in held:
        raise NothingToEnd(key=draft.key)


def _known(draft: Draft) -> Parameter:
    """What the code knows of that key; the legal office may also name a range of fines that the code has not."""
    if draft.key in BUILT_IN.parameters:
        return BUILT_IN.parameters[draft.key][-1]
    if not _NEW_RANGE.fullmatch(draft.key):
        raise ParameterUnknown(key=draft.key)
    unit = "percent" if draft.key.endswith("_percent") else "fen"
    return Parameter(key=draft.key, value=0, unit=unit, article=draft.article, in_force_from=draft.in_force_from)


def _as_parameter(draft: Draft) -> Parameter:
    """The change as the rules read it: how a period runs stays with the key, its number and article are new."""
    known = _known(draft)
    return replace(
        known, value=known.value if draft.value is None else draft.value, article=draft.article, settled=True,
        in_force_from=draft.in_force_from, in_force_to=draft.in_force_to, note=draft.note,
    )  # fmt: skip
