"""The items of the law that are no numbers, as JSON holds them: kinds of findings, powers, standards, forms; pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from storage.record.law.discretion import GENERAL, LISTED_BY_LAW, DiscretionGround, Standard, Tier
from storage.record.law.forms import FieldKind, Form
from storage.record.law.laws import Law
from storage.record.law.library import FindingKind
from storage.record.law.powers import Power
from storage.record.plain import read, told
from storage.record.problems import BadInput

Item = FindingKind | Power | Standard | Form
ITEM_KEY = re.compile(r"[A-Z][A-Z0-9_]{2,59}", re.ASCII)
LONGEST_NAME, LONGEST_WORDS = 60, 500
MOST_PARTS = 100
_DATED = ("key", "version", "in_force_from", "in_force_to")
_FINES = ("fine", "fine_uncorrected", "fine_person", "fine_person_uncorrected")


def content_of(item: Item) -> dict[str, Any]:
    """What an item says besides its key and its days."""
    return {name: value for name, value in told(item).items() if name not in (*_DATED, *_named(type(item)))}


def item_of(
    sort: type[Item],
    content: Mapping[str, Any],
    *,
    key: str,
    in_force_from: date,
    in_force_to: date | None,
    version: str,
) -> Item:
    """The item that `content_of` told; BadInput for anything else."""
    days = {"in_force_from": in_force_from.isoformat(), "in_force_to": in_force_to and in_force_to.isoformat()}
    named = {"name": key, "version": version} if sort is Form else {"key": key}
    try:
        item: Item = read(sort, {**content, **named, **days})
    except (ValueError, KeyError, TypeError):
        raise BadInput(field="item", reason=sort.__name__) from None
    return item


def must_be_sound(item: Item, law: Law) -> None:
    """Sizes, doubles, and whether rules find what it names; else BadInput with the field."""
    if isinstance(item, FindingKind):
        _kind(item, law)
    elif isinstance(item, Power):
        _must(bool(ITEM_KEY.fullmatch(item.key)), "key", ITEM_KEY.pattern)
        _texts(name=item.name, article=item.article, ground=item.ground, handling=item.handling)
        _must(0 < len(set(item.holders)) == len(item.holders), "holders", ">= 1, no one twice")
    elif isinstance(item, Standard):
        _standard(item, law)
    else:
        _form(item, law)


def has_range(law: Law, basis: str, on: date) -> bool:
    """Whether the law of a day gives both ends of the range of fines of this name."""
    held = {one.key for one in law.in_force(on)} if basis else set()
    return any({f"{basis}_least{tail}", f"{basis}_most{tail}"} <= held for tail in ("", "_percent"))


def _kind(item: FindingKind, law: Law) -> None:
    _must(bool(ITEM_KEY.fullmatch(item.key)), "key", ITEM_KEY.pattern)
    _texts(title=item.title, clause=item.clause, measure=item.measure, penalty=item.penalty)
    for name in _FINES:
        basis = getattr(item, name)
        _must(not basis or has_range(law, basis, item.in_force_from), name, "a range in force on that day")


def _standard(item: Standard, law: Law) -> None:
    kind, _, basis = item.key.rpartition("/")
    _must(item.key == GENERAL or has_range(law, basis, item.in_force_from), "key", "a range in force on that day")
    _must(not kind or law.kind(kind, item.in_force_from) is not None, "key", "a kind in force on that day")
    _texts(title=item.title, article=item.article)
    grounds = [one.ground for one in item.tiers]
    _must(len(set(grounds)) == len(grounds) and DiscretionGround.PLAIN in grounds, "tiers", "PLAIN, no one twice")
    for tier in item.tiers:
        _tier(tier)


def _tier(tier: Tier) -> None:
    _texts(article=tier.article)
    _must(len(tier.words) <= LONGEST_WORDS and len(tier.when) <= MOST_PARTS, "tiers", f"<= {LONGEST_WORDS}")
    _must(all(tier.when) and (bool(tier.when) or tier.ground not in LISTED_BY_LAW), "when", tier.ground.value)
    _must(0 <= tier.share_from <= tier.share_to <= 1000, "shareFrom", "0-1000")
    _must((tier.least is None) is (tier.most is None), "least", "least, most")
    _must(tier.least is None or tier.most is None or 0 <= tier.least <= tier.most, "least", "0 <= least <= most")


def _form(item: Form, law: Law) -> None:
    _texts(name=item.name)
    if item.rights is not None:
        sound = len(item.rights) == 2 and item.rights[1] in {one.key for one in law.in_force(item.in_force_from)}
        _must(sound, "rights", "a sentence, a period in force on that day")
        _texts(rights=item.rights[0])
    _must(len(item.name) <= LONGEST_NAME and len(item.word) <= LONGEST_NAME, "name", f"1-{LONGEST_NAME}")
    for parts, names in (("fields", [one.name for one in item.fields]), ("signers", [one.name for one in item.places])):
        _names(parts, names)
    _must(bool(item.fields), "fields", f"1-{MOST_PARTS}")
    for one in item.fields:
        _must(one.kind is not FieldKind.CHOICE or bool(one.options), "options", one.name)
        _must(one.kind is not FieldKind.TABLE or bool(one.columns), "columns", one.name)
        _names("options", one.options)
        _names("columns", one.columns)
    _must(sum(one.remedy for one in item.fields) in (0, 3), "fields", "remedy: 0, 3")


def _names(field: str, names: Iterable[str]) -> None:
    found = list(names)
    sound = all(1 <= len(one.strip()) == len(one) <= LONGEST_NAME and one.isprintable() for one in found)
    _must(sound and len(set(found)) == len(found) <= MOST_PARTS, field, f"<= {MOST_PARTS}, no one twice")


def _texts(**texts: str) -> None:
    for field, text in texts.items():
        _must(len(text.strip()) >= 1 and len(text) <= LONGEST_WORDS, field, f"1-{LONGEST_WORDS}")


def _must(sound: bool, field: str, reason: str) -> None:
    if not sound:
        raise BadInput(field=field, reason=reason)


def _named(sort: type[Item]) -> tuple[str, ...]:
    return ("name",) if sort is Form else ()
