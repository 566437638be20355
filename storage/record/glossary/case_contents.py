"""The words of the list of contents that lies in the pack of a case, in Chinese and English."""

TITLE = "案卷目录 Contents of the case file"
MAIN = "正卷 Main volume"
WHOLE = "正卷和副卷 Both volumes"
WHAT_COUNTS = (
    "本目录供阅读；以 data/{file} 中的账本条目为准，用 pithead verify 核对。"
    " This list is for reading; what counts are the entries of the ledger in data/{file}, checked by pithead verify."
)
STEPS, PAPERS, FINDINGS, MEASURES, WITHHELD = (
    "一、程序 Steps", "二、文书 Papers", "三、隐患 Findings", "四、措施 Measures", "五、未随卷提供 Not given out",
)  # fmt: skip
STEP_COLUMNS = ("序号 No.", "时间 When", "步骤 Step", "内容 Says", "账本位置 Position")
PAPER_COLUMNS = ("时间 When", "文书 Paper", "文号 Number", "账本位置 Position")
ENTRY_COLUMNS = ("时间 When", "条目 Entry", "内容 Says", "账本位置 Position")
WITHHELD_COLUMNS = ("序号 No.", "原因 Reason")
NO_PDF = "（无 PDF，见案卷文件中的正文 no PDF, its words stand in the case file）"
EVIDENCE = (
    "证据原件及其证明在 data/ 内，清单见 manifest-sha256.txt。"
    " The evidence lies in data/ with its proofs; manifest-sha256.txt lists it."
)
ENTRIES = {
    "finding.recorded": "记录隐患 / Recorded",
    "finding.evidenced": "附上证据 / Evidence attached",
    "finding.confirmed": "第二人确认 / Confirmed",
    "finding.made_good": "补正瑕疵 / Defect made good",
    "finding.clock_overrun": "期限已过 / A deadline was overrun",
    "measure.clock_overrun": "期限已过 / A deadline was overrun",
}
SUM = "{yuan} 元"
"""A sum in fen, as people write it."""
SAID = ("fact", "clause", "severity", "article", "reason", "words", "outcome", "state", "defect")
"""What of the entry of a finding or measure people read."""
PAGE = """<!doctype html>
<html lang="zh"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body{{font-family:sans-serif;margin:2em;max-width:70em}}table{{border-collapse:collapse;width:100%}}
th,td{{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top}}small{{color:#666}}
@media(max-width:40em){{body{{margin:.5em}}th,td{{overflow-wrap:anywhere;padding:.2em}}}}</style>
<body>
{body}
</body></html>
"""
