"""The sentences of the Problems of what the law wants on paper before a case goes on, each with its article."""

SENTENCES: dict[str, tuple[str, str]] = {
    "PAPER_NOT_OF_CASE": (
        "文书 {paper} 不是本案已制作的文书（{article}）。",
        "Paper {paper} was not issued about this case ({article}).",
    ),
    "DECISION_NOT_ON_PAPER": (
        "尚未制作行政处罚决定书，无从送达（{article}）。",
        "The decision has not been issued on paper: there is nothing to serve ({article}).",
    ),
    "HEARING_NOT_ON_PAPER": (
        "听证已举行而无听证笔录，不得据以作出决定（{article}）。",
        "The hearing has no record on paper to decide by ({article}).",
    ),
    "CLOSING_NOT_ON_PAPER": (
        "没有经负责人签批的结案审批表，或者签批在处理、执行完毕之前（{article}）。",
        "No form is named on which a head approved the closing after all was decided and done ({article}).",
    ),
    "FILE_NOT_WHOLE": (
        "案卷缺少文书：{form}（步骤 {step}；{article}）。",
        "The file lacks a paper: {form} (of step {step}; {article}).",
    ),
    "CONTENTS_NOT_WHOLE": (
        "没有列明全部文书的卷内目录（{article}）。",
        "No list of contents is named that knows every paper of the file ({article}).",
    ),
}
