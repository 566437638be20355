"""How an article of the law is named in English: the English name of the law, and the number of the article."""

import re

LAWS: dict[str, str] = {
    "中华人民共和国档案法": "Archives Law",
    "行政执法机关移送涉嫌犯罪案件的规定": "Provisions on Transferring Suspected Criminal Cases",
    "关于行政诉讼证据若干问题的规定": "Provisions on Evidence in Administrative Litigation",
    "生产安全事故报告和调查处理条例": "Regulation on Reporting and Investigating Accidents",
    "安全生产严重失信主体名单管理办法（应急管理部令第11号）": "Measures on the List of Gravely"
    " Dishonest Entities in Work Safety (MEM Order 11)",
    "安全生产违法行为行政处罚办法": "Measures on Penalties for Violations of Work Safety",
    "煤矿企业安全生产许可证实施办法": "Measures on Safety Licences of Coal Mines",
    "煤矿安全生产举报办法": "Measures on Reports of Coal Mine Safety",
    "信用修复管理办法（国家发展和改革委员会令第36号）": "Measures on Credit Repair (NDRC Order 36)",
    "失信行为纠正后的信用信息修复管理办法（试行）（国家发展和改革委员会令第58号）": "Measures on Repair of Credit"
    " Information (trial, NDRC Order 58)",
    "市场监督管理行政处罚信息公示规定": "Provisions on Publishing Penalties of Market Regulators",
    "煤矿安全培训规定": "Provisions on Coal Mine Safety Training",
    "安全生产许可证条例": "Regulation on Safety Licences",
    "煤矿安全生产条例": "Regulation on Coal Mine Safety",
    "政府信息公开条例": "Regulation on Open Government Information",
    "信访工作条例": "Regulation on Petitions",
    "矿山安全生产举报奖励实施细则（试行）": "Detailed Rules on Rewards for Reports of Mine Safety (trial)",
    "电子签名法": "Electronic Signature Law",
    "个人信息保护法": "Personal Information Protection Law",
    "行政处罚法": "Administrative Penalty Law",
    "行政强制法": "Administrative Compulsion Law",
    "行政复议法": "Administrative Reconsideration Law",
    "行政诉讼法": "Administrative Litigation Law",
    "民事诉讼法": "Civil Procedure Law",
    "安全生产法": "Work Safety Law",
    "公务员法": "Civil Servants Law",
    "行诉解释": "Interpretation on Administrative Litigation",
    "实施意见": "Guizhou Implementing Opinions",
    "国办发": "State Council Office ",
    "应急": "Ministry of Emergency Management ",
    "矿安": "Mine Safety Administration ",
    "本项目的做法（参照": "this project's practice (after ",
    "河南省2025年公布的分类检查频次": "frequency of inspections as published by Henan for 2025",
    "至": " to ",
    "（原）": " (former)",
    "处罚法": "Administrative Penalty Law ",
}
"""What stands in the article of a Problem, the longer names first where one holds another."""
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_PART = re.compile(r"第([零一二三四五六七八九十百]+)([条款项])")
_ROMAN = re.compile(r"[（(]([零一二三四五六七八九十百]+)[)）]")
_SECTION = re.compile(r"(?<=[0-9号])[一二三四五六七八九十]+")
_BARE = re.compile(r"(?<=Opinions )([一二三四五六七八九十]+)")
_SHORT: dict[str, str] = {
    "条例": "Regulation on Coal Mine Safety", "煤矿安全生产条例": "Regulation on Coal Mine Safety",
    "安法": "Work Safety Law", "安全生产法": "Work Safety Law", "行政处罚法": "Administrative Penalty Law",
    "强制法": "Administrative Compulsion Law", "电子签名法": "Electronic Signature Law",
    "行诉证据规定": "Provisions on Evidence in Administrative Litigation",
}  # fmt: skip
"""What sentences of the glossary call a law for short."""
_CITED = re.compile(rf"({'|'.join(sorted(_SHORT, key=len, reverse=True))})(?:( Arts?\.) ?|(?=[0-9]))")
_OPINIONS = re.compile(r"(?:policy )?(三[（(][一二三四五六七八九十]+[)）][0-9]*)")
_SIGNS = str.maketrans({"、": ", ", "，": ", ", "；": "; ", "（": "(", "）": ")", "〔": "[", "〕": "] ", "号": ""})


def english(article: str) -> str:
    """The article as English sentences name it; whatever is known by no name here stays as it is."""
    for chinese, name in LAWS.items():
        article = article.replace(chinese, f"{name} " if name[-1] not in " (" else name)
    article = _PART.sub(lambda found: _part(number(found[1]), found[2]), article)
    article = _SECTION.sub(lambda found: f"({number(found[0])})", article)
    article = _BARE.sub(lambda found: str(number(found[1])), article)
    article = _ROMAN.sub(lambda found: f"({number(found[1])})", article).translate(_SIGNS)
    return re.sub(r" +(?=[,;)]|$)| {2,}", lambda found: " " if len(found[0]) > 1 and found.end() < len(article) else "",
                  article).strip()  # fmt: skip


def cited(sentence: str) -> str:
    """An English sentence with its laws named in English, as `english` names those of parameters."""
    sentence = _CITED.sub(lambda found: f"{_SHORT[found[1]]} {(found[2] or 'art.').strip().lower()} ", sentence)
    return _OPINIONS.sub(lambda found: english(f"实施意见{found[1]}"), sentence)


def _part(value: int, of: str) -> str:
    return f" art. {value}" if of == "条" else f" para. {value}" if of == "款" else f" item {value}"


def number(text: str) -> int:
    """A number below a thousand, as articles are counted."""
    total, digit = 0, 0
    for sign in text:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit
