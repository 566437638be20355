"""How the public reads the name of a person: the family name and 某 (个人信息保护法28; 公开条例15); pure."""

from collections.abc import Mapping, Sequence

STEMS = "甲乙丙丁戊己庚辛壬癸"
_COMPOUND = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠"
    "公孙慕容仲孙钟离长孙宇文司徒鲜于司空令狐轩辕呼延东郭西门南门百里第五拓跋夹谷段干梁丘左丘谷梁"
)
COMPOUND = frozenset(_COMPOUND[at : at + 2] for at in range(0, len(_COMPOUND), 2))
"""Family names of two characters."""
REDUCED_BY = "个人信息保护法第二十八条、政府信息公开条例第十五条"


def family_of(name: str) -> str:
    """The family name; of a name that is written with a dot (木沙·买买提) or in Latin, its first sign alone."""
    plain = name.strip()
    return plain[:2] if plain[:2] in COMPOUND and len(plain) > 2 else plain[:1]


def reduced(names: Sequence[str]) -> Mapping[str, str]:
    """Each name as the public reads it: 王某; where two differ that would read alike, 王某甲, 王某乙, in this order."""
    found: dict[str, str] = {}
    by_family: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        by_family.setdefault(family_of(name), []).append(name)
    for family, those in by_family.items():
        for place, name in enumerate(those):
            found[name] = f"{family}某" + (_mark(place) if len(those) > 1 else "")
    return found


def _mark(place: int) -> str:
    """甲 to 癸, then 甲2 and so on: no two in one case are alike."""
    round_, stem = divmod(place, len(STEMS))
    return STEMS[stem] + (str(round_ + 1) if round_ else "")
