"""Receipts of reporters: how locator and secret are written, read back as people type them, and checked at once."""

import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from storage.record.ledger.proofs.reports import words
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

Form = Literal["D", "W"]
"""Digits or words: the letter stands in the salt and in what is signed to log in."""
LOCATOR_DIGITS, SECRET_DIGITS = 6, 18
LOCATOR_WORDS, SECRET_WORDS = 2, 4
STRONGEST = "3"
PARAMETERS = ("1", "2", "3")
"""The first digit of a receipt says how its keys are derived (derivation.py)."""

_DOT = " · "
_SKIPPED = re.compile(r"[\s·・•‧∙.,、，。\-‐-―_/|:：;；]+")
"""Whatever people put between groups: it says nothing, so it is not read."""
_SPOKEN = str.maketrans("〇零幺一二三四五六七八九", "001123456789")
"""Digits as they are read out on the telephone and then written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The only way back into a report; the secret never leaves the reporter's side and is not shown by accident."""

    form: Form
    parameters: str
    locator: str
    secret: str = field(repr=False)

    def groups(self) -> list[str]:
        """What is shown, read out and written down, group by group; the first is the digit of the parameters."""
        step = 3 if self.form == "D" else words.SIGNS
        told = self.locator + self.secret
        return [self.parameters, *(told[at : at + step] for at in range(0, len(told), step))]

    def text(self) -> str:
        """The whole receipt on one line, locator and secret apart: 3 · 482 913 · 551 204 338 917 620 045."""
        first, *rest = self.groups()
        return _DOT.join([first, " ".join(rest[:2]), " ".join(rest[2:])])

    def ends_with(self, typed: str) -> bool:
        """Is it the last group that was typed back? Whoever can write it has the receipt on paper."""
        plain = _read(typed)
        return (plain.translate(_SPOKEN) if self.form == "D" else plain) == self.groups()[-1]

    def length_of(self, typed: str) -> int | None:
        """How many signs were typed back for the last group, if they are not as many as it has; else None."""
        read = len(_read(typed))
        return None if read == len(self.groups()[-1]) else read


def make_receipt(
    form: Form, locator: str, *, parameters: str = STRONGEST, draw: Callable[[int], int] = secrets.randbelow
) -> Receipt:
    """A receipt with a fresh secret for a locator that the server reserved."""
    if parameters not in PARAMETERS:
        raise ReportMalformed("parameters")
    if form == "D":
        secret = f"{draw(10**SECRET_DIGITS):0{SECRET_DIGITS}d}"
    else:
        secret = "".join(words.WORDS[draw(len(words.WORDS))] for _ in range(SECRET_WORDS))
    return Receipt(form=form, parameters=parameters, locator=must_be_locator(form, locator), secret=secret)


def make_locator(form: Form, *, draw: Callable[[int], int] = secrets.randbelow) -> str:
    """A random locator; the server looks whether it is free."""
    if form == "D":
        return f"{draw(10**LOCATOR_DIGITS):0{LOCATOR_DIGITS}d}"
    return "".join(words.WORDS[draw(len(words.WORDS))] for _ in range(LOCATOR_WORDS))


def must_be_locator(form: str, locator: str) -> str:
    """The locator, if it is written the one way that the server knows; ReportMalformed for any other text."""
    if form == "D" and len(locator) == LOCATOR_DIGITS and _is_digits(locator):
        return locator
    if form == "W" and len(locator) == LOCATOR_WORDS * words.SIGNS:
        _must_be_words(locator)
        return locator
    raise ReportMalformed("locator")


def parse_receipt(typed: str) -> Receipt:
    """The receipt that somebody typed: full-width digits, spoken digits, spaces and dots are all the same.

    ReportMalformed says what is wrong: `sign` (which one, from 1), `length` (how many were read), `word` (which of
    the six is none of ours) or `parameters` (the first digit is not 1, 2 or 3).
    """
    plain = _read(typed)
    digits = plain.translate(_SPOKEN)
    if not plain:
        raise ReportMalformed("length", at=0)
    if not _is_digits(digits[0]):
        # Six words and no digit before them, for example: what is missing is the first group.
        raise ReportMalformed("parameters")
    if digits[1:].isascii():
        return _of_digits(digits)
    return _of_words(digits[0], plain[1:])


def _of_digits(digits: str) -> Receipt:
    stranger = next((at for at, sign in enumerate(digits, 1) if not _is_digits(sign)), None)
    if stranger is not None:
        raise ReportMalformed("sign", at=stranger)
    if len(digits) != 1 + LOCATOR_DIGITS + SECRET_DIGITS:
        raise ReportMalformed("length", at=len(digits))
    cut = 1 + LOCATOR_DIGITS
    return Receipt(form="D", parameters=_must_be_parameters(digits[0]), locator=digits[1:cut], secret=digits[cut:])


def _of_words(parameters: str, body: str) -> Receipt:
    if len(body) != words.SIGNS * (LOCATOR_WORDS + SECRET_WORDS):
        raise ReportMalformed("length", at=1 + len(body))
    _must_be_words(body)
    cut = LOCATOR_WORDS * words.SIGNS
    return Receipt(form="W", parameters=_must_be_parameters(parameters), locator=body[:cut], secret=body[cut:])


def _must_be_words(text: str) -> None:
    for at in range(0, len(text), words.SIGNS):
        if text[at : at + words.SIGNS] not in words.NUMBERS:
            raise ReportMalformed("word", at=at // words.SIGNS + 1)


def _must_be_parameters(digit: str) -> str:
    if digit not in PARAMETERS:
        raise ReportMalformed("parameters")
    return digit


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _read(typed: str) -> str:
    """Compatibility forms (full-width digits) become plain, then separators go. NFKC changes no word of the list."""
    return _SKIPPED.sub("", unicodedata.normalize("NFKC", typed))
