"""What must not stand in a text that a person wrote and the public reads, and how it is found; pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from storage.record.problems import BadInput
from storage.trust.disclosures.copies.allowed import TakenOut, TakenOutFor, Worded
from storage.trust.disclosures.problems import PersonalDataFound

LONGEST = 20_000
_WORDED_BY = "行政处罚法第五十条、个人信息保护法第二十八条"
# A point is a gap between groups of digits, and none within a decimal number; a comma separates what is listed.
_GAPS = re.compile(r"(?<=\d)[\s\-—‐‑–·_/()]{1,3}(?=[\dxX])|(?<=\d{3})\.(?=\d{3})")
_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺两", "000123456789123456789" + "12")
_UNSEEN = frozenset({"Mn", "Me", "Cf"})
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# What somebody may write into a name; a comma or a 、 separates names.
_WITHIN_NAMES = frozenset("·•・‧-—‐‑–_.*/'\"“”‘’")


class PersonalData(StrEnum):
    """What is looked for."""

    IDENTITY_OR_ACCOUNT_NUMBER = "IDENTITY_OR_ACCOUNT_NUMBER"
    TELEPHONE = "TELEPHONE"
    ADDRESS = "ADDRESS"
    MAIL = "MAIL"
    HEALTH = "HEALTH"
    NAME = "NAME"


# Numbers are looked for in a text without the gaps that people write into them, and with Chinese digits as digits.
_NUMBERS: tuple[tuple[PersonalData, re.Pattern[str]], ...] = (
    (PersonalData.IDENTITY_OR_ACCOUNT_NUMBER, re.compile(r"(?<![0-9A-Za-z])\d{14,17}[\dXx](?![0-9A-Za-z])|\d{15,}")),
    (PersonalData.TELEPHONE, re.compile(r"(?<!\d)(?:\+?0{0,2}86)?1[3-9]\d{9}(?!\d)")),
    (PersonalData.TELEPHONE, re.compile(r"(?<!\d)0\d{2,3}\d{7,8}(?!\d)")),
)
_WORDS: tuple[tuple[PersonalData, re.Pattern[str]], ...] = (
    (PersonalData.MAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (PersonalData.ADDRESS, re.compile(r"家住|住址[:：为]|家庭(?:住|地)址|户籍(?:地|所在地|地址)")),
    (PersonalData.TELEPHONE, re.compile(r"(?:电话|手机|联系方式|微信号?)(?:号码?)?(?:[:：为是])+\s*[0-9A-Za-z]")),
    (PersonalData.IDENTITY_OR_ACCOUNT_NUMBER, re.compile(r"身份证(?:件)?号?码?(?:[:：为是])|银行(?:账|帐|卡)号")),
    (PersonalData.HEALTH, re.compile(r"病历|诊断(?:为|证明)|患有|病情|尘肺病?患者|残疾等级|传染病")),
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: in which member, what it is, and at which sign of the text it begins."""

    member: str
    what: PersonalData
    at: int

    def __str__(self) -> str:
        return f"{self.member} @{self.at} {self.what.value}"


def hits_in(member: str, text: str, *, names: Iterable[str] = (), known: Iterable[str] = ()) -> Iterator[Hit]:
    """What must not be public in a text. `known` are numbers that may stand there: credit codes of units."""
    plain, places = _plain(text)
    digits, where = _closed_up(plain.translate(_CHINESE_DIGITS), places)
    for number in known:
        digits = digits.replace(unicodedata.normalize("NFKC", number), "#" * len(number))
    for what, pattern in _NUMBERS:
        yield from (Hit(member, what, where[one.start()]) for one in pattern.finditer(digits))
    for what, pattern in _WORDS:
        yield from (Hit(member, what, places[one.start()]) for one in pattern.finditer(plain))
    closed, at = _name_signs(plain, places)
    for name in sorted({_name_signs(*_plain(one))[0] for one in names}):
        # A name that the record itself reduced (王某) is not found out by it.
        if len(name) >= 2 and "某" not in name and (found := closed.find(name)) >= 0:
            yield Hit(member, PersonalData.NAME, at[found])


def must_be_clean(texts: Mapping[str, str], *, names: Iterable[str], known: Iterable[str]) -> None:
    """处罚法50; 个保法28, 34: whatever people wrote holds no number, address or illness of a person, and no name."""
    every = tuple(names)
    found = [hit for member, text in texts.items() for hit in hits_in(member, text, names=every, known=known)]
    if found:
        raise PersonalDataFound(where="; ".join(str(one) for one in sorted(found, key=_place)[:20]))


def worded(texts: Mapping[str, str], anew: Mapping[str, str]) -> tuple[dict[str, str], tuple[Worded, ...]]:
    """The texts as an officer worded them anew for the public, and which those are; BadInput for another member."""
    if strange := sorted(anew.keys() - texts.keys()):
        raise BadInput(field="worded", reason=", ".join(sorted(texts)) if len(strange) else "")
    if any(not text.strip() or len(text) > LONGEST for text in anew.values()):
        raise BadInput(field="worded", reason=f"1-{LONGEST}")
    changed = {member: text.strip() for member, text in anew.items() if text.strip() != texts[member].strip()}
    told = (Worded(member=one, was=_digest(texts[one]), now=_digest(text)) for one, text in sorted(changed.items()))
    return {**texts, **changed}, tuple(told)


def taken_out_of(changed: Iterable[Worded]) -> Iterator[TakenOut]:
    """That a text is not the served one any more, which the public is told."""
    for one in changed:
        yield TakenOut(member=one.member, article=_WORDED_BY, why=TakenOutFor.WORDED_ANEW)


def _place(hit: Hit) -> tuple[str, int]:
    return hit.member, hit.at


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _plain(text: str) -> tuple[str, list[int]]:
    """The text in its compatible form without what is not seen, and the place in it from which each sign comes."""
    signs: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        for one in unicodedata.normalize("NFKC", sign):
            if one not in _FILLERS and unicodedata.category(one) not in _UNSEEN:
                signs.append(one)
                places.append(at)
    return "".join(signs), [*places, len(text)]


def _closed_up(text: str, places: list[int]) -> tuple[str, list[int]]:
    """Without the gaps within numbers."""
    kept: list[str] = []
    where: list[int] = []
    last = 0
    for gap in _GAPS.finditer(text):
        kept.append(text[last : gap.start()])
        where += places[last : gap.start()]
        last = gap.end()
    return "".join(kept) + text[last:], where + places[last:]


def _name_signs(text: str, places: list[int]) -> tuple[str, list[int]]:
    """Without spaces, and without what people write between the signs of a name."""
    pairs = [
        (sign, place) for sign, place in zip(text, places, strict=False)
        if not sign.isspace() and sign not in _WITHIN_NAMES
    ]  # fmt: skip
    return "".join(sign for sign, _ in pairs), [place for _, place in pairs]
