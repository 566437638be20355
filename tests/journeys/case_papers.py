"""What the papers in the pack of the story must be: all that a file has, each with its facts where people read them."""

import json
from collections import Counter
from hashlib import sha256
from pathlib import Path

from api.demo.docket import Docket
from api.demo.papering import Made
from api.demo.telling import Story
from storage.casework.papers.bodies import Body
from storage.casework.papers.laying import moment_in_words
from storage.record.law.forms import FieldKind, form_sets
from storage.record.ledger.proofs.canonical import from_base64url
from tests.pdf_text import text_of

CASE = "松河湾煤矿（示例）、何矿（示例）瓦斯超限作业案"
FINE, OF_THE_PRINCIPAL = "人民币捌拾万元整（￥800,000.00）", "人民币伍万元整（￥50,000.00）"
FILE = Counter({
    "现场检查方案": 1, "现场处理措施决定书": 1, "现场检查记录": 1, "立案审批表": 1, "询问笔录": 1,
    "行政处罚告知书": 2, "行政处罚听证告知书": 2, "当事人陈述申辩笔录": 1, "行政处罚听证会通知书": 1,
    "责令限期整改指令书": 1, "整改复查意见书": 2, "听证笔录": 1, "听证会报告书": 1, "案件处理呈批表": 2,
    "行政处罚集体讨论记录": 2, "行政处罚决定书（单位）": 1, "行政处罚决定书（个人）": 1, "文书送达回执": 7,
    "结案审批表": 1, "卷内目录": 1,
    "案卷（首页）": 1,
})  # fmt: skip
WITH_THE_FINE = (
    "行政处罚告知书", "行政处罚听证告知书", "案件处理呈批表", "行政处罚集体讨论记录", "行政处罚决定书（单位）",
    "结案审批表", "案卷（首页）",
)  # fmt: skip
OF_THE_WHOLE = ("结案审批表", "案卷（首页）")
"""What speaks of both parties."""
SAID = {
    "现场处理措施决定书": (
        "责令从危险区域内撤出作业人员", "拒绝签名", "见证人：石安", "《中华人民共和国安全生产法》第六十五条",
    ),
    "现场检查记录": ("责令从危险区域内撤出作业人员", "实测甲烷浓度3.2%，限值1.0%", "屏幕手写签名"),
    "立案审批表": ("同意立案", "赵肃（示例）"),
    "行政处罚告知书": ("《中华人民共和国行政处罚法》第四十四条",),
    "听证笔录": ("纸质文书签名（照片存证）", "屏幕手写签名"),
    "案件处理呈批表": ("经法制审核", "经集体讨论决定"),
    "行政处罚决定书（个人）": ("何矿（示例）", OF_THE_PRINCIPAL, "申请行政复议", "机关印章"),
    "行政处罚决定书（单位）": (
        "责令停产整顿30日，整顿内容：", "当事人陈述申辩及采纳情况：甲烷传感器误报", "不予采纳", "裁量基准",
        "15日内到指定的银行缴纳", "申请行政复议", "提起行政诉讼", "机关印章",
    ),
    "整改复查意见书": ("经复查，已整改完毕",),
    "结案审批表": ("同意结案", "2026年"),
}  # fmt: skip
"""What an official looks for first."""
WHOLE = ("现场检查记录", "现场检查方案", "立案审批表", "行政处罚决定书（单位）", "文书送达回执", "案卷（首页）")
"""Forms of which every field is known in this story."""


def are_in_the_pack(story: Story, docket: Docket, pack: Path) -> None:
    """Each paper of the story once, with its PDF, that says what its body says; what the steps rest on is there."""
    file = json.loads((pack / "data" / f"{docket.id}.case.json").read_bytes())
    told = {one["paper"]: one for one in file["papers"]}
    assert Counter(one.form for one in story.papers) == FILE
    assert told.keys() == {one.id for one in story.papers}
    texts = {}
    for made in story.papers:
        data = from_base64url(told[made.id]["body"])
        texts[made.id] = text_of((pack / "data" / told[made.id]["file"]).read_bytes())
        says_what_its_body_says(made, Body.decode(data), sha256(data).hexdigest(), texts[made.id])
    knows_every_paper(story.papers, texts)
    rests_on_papers(file, story.papers)
    assert Counter(story.seen["ways"]) == {"HAND": 3, "INK": 2}


def says_what_its_body_says(made: Made, body: Body, digest: str, text: str) -> None:
    """Number, digest, whatever the record filled, and what this form is read for."""
    form = form_sets()[-1].forms[made.form]
    assert (body.form, str(body.step) if body.step else None, digest) == (made.form, made.step, made.digest)
    assert digest in text
    assert made.number in text
    kinds = {one.name: one.kind for one in form.fields}
    for name in body.record:
        for line in lines_of(body, name, dated=kinds[name] in (FieldKind.DAY, FieldKind.MOMENT)):
            assert line in text, (made.form, name, line)
    for said in SAID.get(made.form, ()):
        assert said in text, (made.form, said)
    if made.form in WITH_THE_FINE:
        assert (FINE in text) is not (OF_THE_PRINCIPAL in text and made.form not in OF_THE_WHOLE), made.form
    if form.field("案件名称") is not None:
        assert CASE in text
    if made.form in WHOLE:
        assert {one.name for one in form.fields if not one.remedy} - set(body.fields) <= {"可申请行政复议的部门"}
        assert "／" not in text, made.form
    assert not {"(", ")"} & set(text), "brackets of Chinese are full"
    assert "））" not in text


def lines_of(body: Body, name: str, *, dated: bool) -> list[str]:
    """What stands in a field, line by line as it is printed, without its spaces."""
    value = body.fields[name]
    if isinstance(value, list):
        return ["".join(cell.split()) for row in value for cell in row]
    return ["".join(one.split()) for one in (moment_in_words(value) if dated else value).split("\n")]


def knows_every_paper(papers: list[Made], texts: dict[str, str]) -> None:
    """档案法13: the list of contents names each paper that was issued before it, of the inspection too."""
    (at,) = (at for at, one in enumerate(papers) if one.form == "卷内目录")
    for one in papers[:at]:
        assert one.form in texts[papers[at].id]
        assert one.number in texts[papers[at].id]


def rests_on_papers(file: dict[str, list[dict[str, str]]], papers: list[Made]) -> None:
    """处罚法47: closing and archiving name what was written before them; every other paper of a step names its step."""
    by_form = {one.form: one for one in papers}
    steps = {entry["kind"]: entry["data"] for entry in (json.loads(one["payload"]) for one in file["steps"])}
    assert steps["case.closed"]["body"]["papers"] == [by_form["结案审批表"].id]
    assert steps["case.archived"]["body"]["papers"] == [by_form["卷内目录"].id]
    assert by_form["案卷（首页）"].step == steps["case.archived"]["step"]
    decided = [
        one for one in map(json.loads, (one["payload"] for one in file["steps"])) if one["kind"] == "case.decided"
    ]
    forms = ("行政处罚决定书（单位）", "行政处罚决定书（个人）")
    assert [by_form[form].step for form in forms] == [one["data"]["step"] for one in decided]
    assert {one.form for one in papers if one.step is None} == {
        "现场检查方案", "现场检查记录", "结案审批表", "卷内目录",
    }  # fmt: skip
