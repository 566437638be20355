"""What the law says of mines: pure rules that return or raise the Problem of the article."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from storage.record.problems import BadInput, Problem, constraint_means
from storage.register.mines.tables import Disaster, MineState

CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: digits and capital letters without I, O, S, V, Z; a character's value is its place here."""
CODE_LENGTH = 18
NAME_LENGTH = 100

# The box around Guizhou (24°37'-29°13' N, 103°36'-109°35' E) in degrees × 10^7, a little wider than its border.
_LATITUDES = range(246_000_000, 292_500_000)
_LONGITUDES = range(1_035_500_000, 1_096_500_000)
_OFFICE_CODE = re.compile(r"[A-Za-z0-9-]{1,32}")
_WEIGHTS = tuple(3**place % 31 for place in range(CODE_LENGTH - 1))


class CreditCodeWrong(Problem):
    """The unified social credit code is not one by GB 32100-2015 (parameter: code)."""


class CreditCodeTaken(Problem):
    """A mine with this credit code is registered."""


class CountyUnknown(Problem):
    """The code is no county of Guizhou by GB/T 2260 (parameter: county)."""


class OfficeUnknown(Problem):
    """There is no branch office of this code (parameter: office)."""


class OfficeCodeTaken(Problem):
    """A branch office of this code is registered."""


class SupervisorElsewhere(Problem):
    """The supervisor is no division that contains the mine (煤矿安全生产条例40; parameters: supervisor, county)."""


class MineNotMovable(Problem):
    """What is recorded under a mine lies in its county and office: a sheet does not move it (parameter: field)."""


class PositionOutsideGuizhou(Problem):
    """The position cannot be a mine of Guizhou (parameters: latitude, longitude, in degrees × 10^7)."""


constraint_means("uq_mines_credit_code", CreditCodeTaken)
constraint_means("pk_offices", OfficeCodeTaken)


@dataclass(frozen=True, slots=True, kw_only=True)
class MineFacts:
    """What is registered of a mine. Position: WGS-84, degrees × 10^7; divisions: GB/T 2260."""

    name: str
    credit_code: str
    county: str
    office: str
    supervisor: str
    state: MineState
    disasters: tuple[Disaster, ...]
    latitude: int
    longitude: int


def check_character(first: str) -> str:
    """The 18th character of a credit code from its first 17 (GB 32100-2015 §5.5: weights 3^i mod 31)."""
    total = sum(CODE_LETTERS.index(letter) * weight for letter, weight in zip(first, _WEIGHTS, strict=True))
    return CODE_LETTERS[-total % 31]


def must_be_credit_code(code: str) -> None:
    """GB 32100-2015: 18 characters of the list, the last one the check of the others; else CreditCodeWrong."""
    if not is_credit_code(code):
        raise CreditCodeWrong(code=code[:40])


def is_credit_code(code: str) -> bool:
    """Whether it is one by GB 32100-2015."""
    listed = len(code) == CODE_LENGTH and all(letter in CODE_LETTERS for letter in code)
    return listed and check_character(code[:-1]) == code[-1]


def must_have_name(name: str) -> None:
    """A name of 1 to 100 characters without spaces around it or control characters in it; else BadInput."""
    if not 0 < len(name) <= NAME_LENGTH or name != name.strip() or not name.isprintable():
        raise BadInput(field="name", reason=f"1-{NAME_LENGTH}")


def must_be_office_code(code: str) -> None:
    """A code of 1 to 32 letters a-z, digits and hyphens, since it travels in the sight of actors; else BadInput."""
    if not _OFFICE_CODE.fullmatch(code):
        raise BadInput(field="code", reason="A-Z a-z 0-9 -")


def must_be_county(county: str, *, divisions: Iterable[str]) -> None:
    """The mine's division is a county of Guizhou: six digits of the list; else CountyUnknown."""
    if len(county) != 6 or county not in divisions:
        raise CountyUnknown(county=county[:40])


def must_contain_mine(supervisor: str, *, county: str, divisions: Iterable[str]) -> None:
    """煤矿安全生产条例40, 三(十一)1: a mine has one direct supervisor, a division in which it lies."""
    if supervisor not in divisions or not county.startswith(supervisor):
        raise SupervisorElsewhere(supervisor=supervisor[:40], county=county)


def must_lie_in_guizhou(*, latitude: int, longitude: int) -> None:
    """The position lies within the box around Guizhou; degrees × 10^7, WGS-84. Else PositionOutsideGuizhou."""
    if latitude not in _LATITUDES or longitude not in _LONGITUDES:
        raise PositionOutsideGuizhou(latitude=latitude, longitude=longitude)


def must_stay(facts: MineFacts, *, county: str, office: str) -> None:
    """A mine that is registered keeps its county and office; else MineNotMovable."""
    for field, asked, stands in (("county", facts.county, county), ("office", facts.office, office)):
        if asked != stands:
            raise MineNotMovable(field=field)


def must_be_registrable(facts: MineFacts, *, divisions: Iterable[str], offices: Iterable[str]) -> None:
    """All that a register entry needs, as far as the mine alone can tell."""
    must_have_name(facts.name)
    must_be_credit_code(facts.credit_code)
    must_be_county(facts.county, divisions=divisions)
    must_contain_mine(facts.supervisor, county=facts.county, divisions=divisions)
    if facts.office not in offices:
        raise OfficeUnknown(office=facts.office[:40])
    if len(set(facts.disasters)) != len(facts.disasters):
        raise BadInput(field="disasters", reason="twice")
    must_lie_in_guizhou(latitude=facts.latitude, longitude=facts.longitude)
