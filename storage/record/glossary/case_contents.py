"""The words of the list of contents that lies in the pack of a case, in Chinese and English."""

TITLE = "案卷目录 Contents of the case file"
MAIN = "正卷 Main volume"
WHOLE = "正卷和副卷 Both volumes"
WHAT_COUNTS = (
    "以 data/{file} 中的账本条目为准；本目录由系统给出，其摘要记入账本，用 pithead verify 核对。"
    " What counts are the entries of the ledger in data/{file}. The record gave out this list, and the ledger holds its"
    " digest: pithead verify checks it."
)
STEPS, PAPERS, FINDINGS, MEASURES, EVIDENCE, WITHHELD = (
    "一、程序 Steps", "二、卷内文书目录 Papers", "三、隐患 Findings", "四、措施 Measures", "五、证据目录 Evidence",
    "六、未随卷提供 Not given out",
)  # fmt: skip
STEP_COLUMNS = ("序号 No.", "日期 Date", "步骤 Step", "责任者 By", "内容 Says", "备注 Remarks")
PAPER_COLUMNS = (
    "序号 No.", "文号 Number", "责任者 By", "题名 Title", "日期 Date", "页号（电子件）Pages (file)", "备注 Remarks",
)  # fmt: skip
ENTRY_COLUMNS = ("序号 No.", "日期 Date", "条目 Entry", "责任者 By", "内容 Says", "备注 Remarks")
EVIDENCE_COLUMNS = (
    "序号 No.", "文件 File", "种类 Type", "拍摄时间 Taken", "责任者 By", "等级 Grade", "备注 Remarks",
)  # fmt: skip
WITHHELD_COLUMNS = ("序号 No.", "原因 Reason")
NO_PDF = "（无 PDF，见案卷文件中的正文 no PDF, its words stand in the case file）"
MORE_PIECES = "另有 {count} 件，见 manifest-sha256.txt。 {count} more, see manifest-sha256.txt."
SIGNED, REFUSED, INTERNAL = "{count} 处签名 signed", "{count} 处拒签 refused", "副卷 second volume"
NOTHING_MORE = "（步骤本身即结果）(the step itself is its result)"
POSITION = "账本位置 Position {position}"
ENTRIES = {
    "finding.recorded": "记录隐患 / Recorded",
    "finding.evidenced": "附上证据 / Evidence attached",
    "finding.confirmed": "第二人确认 / Confirmed",
    "finding.made_good": "补正瑕疵 / Defect made good",
    "finding.clock_overrun": "期限已过 / A deadline was overrun",
    "measure.clock_overrun": "期限已过 / A deadline was overrun",
}
ORDERED = "措施 Measure：{title}"
SAID: dict[str, tuple[str, str, str]] = {
    "fact": ("事实", "Fact", ""),
    "clause": ("违反条款", "Clause", ""),
    "severity": ("程度", "Severity", "Severity"),
    "article": ("依据", "Article", ""),
    "ordered_at": ("下令时间", "Ordered at", ""),
    "seen_at": ("发现时间", "Seen at", ""),
    "days": ("整改天数", "Days", ""),
    "until": ("期限", "Until", ""),
    "outcome": ("结果", "Outcome", "StepOutcome"),
    "state": ("状态", "State", "MeasureState"),
    "number": ("井下人数", "People below", ""),
    "reason": ("理由", "Reason", ""),
    "words": ("说明", "Words", "SupervisionLevel"),
    "defect": ("补正的瑕疵", "Defect", "Shortcoming"),
    "ended": ("期限届满", "Deadline", ""),
}
"""What of the entry of a finding or measure people read, and the closed list of which it is a code."""
PAGE = """<!doctype html>
<html lang="zh"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body{{font-family:sans-serif;margin:2em auto;padding:0 1em;max-width:80em;line-height:1.5}}
h1{{font-size:1.5em}}h2{{font-size:1.15em;margin-top:2em}}p,td{{overflow-wrap:anywhere}}
table{{border-collapse:collapse;width:100%}}
th,td{{border:1px solid #bbb;padding:.3em .5em;text-align:left;vertical-align:top}}
th{{background:#f2f2f2;white-space:nowrap}}td:first-child{{white-space:nowrap}}
@media(max-width:48em){{body{{margin:.5em auto;padding:0 .6em}}thead{{display:none}}
table,tbody,tr,td{{display:block;width:auto;border:0;padding:0}}
tr{{border:1px solid #bbb;border-radius:.4em;padding:.5em .7em;margin:.6em 0}}
td{{padding:.1em 0}}td:empty{{display:none}}td:first-child{{white-space:normal}}
td::before{{content:attr(data-is) "："; color:#555;font-size:.85em}}}}
@media print{{body{{margin:0;max-width:none}}tr{{break-inside:avoid}}}}</style>
<body>
{body}
</body></html>
"""
