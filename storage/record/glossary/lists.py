"""The sentences of the Problems of lists and figures."""

SENTENCES: dict[str, tuple[str, str]] = {
    "LIST_TAKES_TWO": (
        "起草人不能审批自己起草的名单，须由另一人办理。",
        "Whoever drafted a list does not decide it: another person does.",
    ),
    "LIST_DECIDED": ("该版本已经审批。", "This version was decided before."),
    "LIST_OVERTAKEN": (
        "第 {version} 版已经公布，请重新起草。",
        "Version {version} was published meanwhile; draft it anew.",
    ),
    "LIST_OF_ANOTHER_LEVEL": (
        "“{kind}”由省级汇总公布，或者所选机关有误。",
        "“{kind}” is the province's to publish, or no agency keeps it for that place.",
    ),
    "PERIOD_NOT_OVER": (
        "统计期间至 {until} 尚未结束。",
        "The period lasts until {until} and is not over.",
    ),
}

WORDS: dict[str, tuple[str, str]] = {
    "nav_lists": ("名单目录", "Lists"),
    "lists_title": ("名单和目录", "Lists"),
    "lists_lead": (
        "各机关主动公布的执法人员、权责清单、依据、程序、救济渠道和各类名单。能从执法记录得出的，直接取自记录，不另行填报；其余由一人起草、"
        "另一人审批。每一份都附有证明，可以自己核验。",
        "What each agency publishes of itself: who may inspect, its powers, basis, procedure, remedies, and lists. What"
        " the record knows is taken from it and typed in by nobody; the rest is drafted by one person and approved by"
        " another. Each bears a proof that you can check.",
    ),
    "list_kind": ("类别", "What it lists"),
    "list_version": ("版本", "Version"),
    "list_as_of": ("截至", "As of"),
    "list_next_by": ("下次公布不晚于", "Next by"),
    "list_overdue": ("逾期未更新", "Overdue"),
    "list_lines": ("条", "lines"),
    "list_empty": ("目前没有符合条件的条目。", "Nothing falls under this list at present."),
    "list_proof": ("证明和各版本", "Proof and versions"),
    "list_more": ("下一页", "Next lines"),
    "list_whole": ("查看全部条目", "All lines"),
    "lists_none": ("目前还没有公布名单和目录。", "No lists are published yet."),
    "lists_choose": ("筛选", "Narrow"),
    "item_name": ("名称", "Name"),
    "item_person": ("姓名", "Name"),
    "item_number": ("编号", "Number"),
    "item_text": ("说明", "What is said"),
    "item_article": ("依据", "Basis"),
    "item_day": ("日期", "Day"),
    "item_until": ("有效期至", "Valid until"),
    "item_credit_code": ("统一社会信用代码", "Credit code"),
    "item_county": ("所在地", "Place"),
    "about_lists": ("已公布的目录", "Published by agencies"),
    "counts_title": ("各机关公示情况和年度执法数据", "What agencies had to publish, and yearly figures"),
    "counts_lead": (
        "由执法人员预览后签发，数字由系统从执法记录统计，不能填写；每一份都附有证明。",
        "Counted of the record and typed in by nobody, published by an officer after a preview, each with its proof.",
    ),
    "counts_chart": ("应公示事项及其办理", "What had to be published, and what became of it"),
    "counts_period": ("期间", "Period"),
    "count_due": ("应公示", "To publish"),
    "count_published": ("已公示", "Published"),
    "count_published_late": ("其中逾期", "Of these late"),
    "count_withheld": ("不予公示", "Withheld"),
    "count_fell": ("决定已失效", "Fell"),
    "count_waiting": ("待公示", "Waiting"),
    "count_overdue": ("逾期未公示", "Overdue"),
    "counts_by_article": ("不予公示的依据", "Withheld by article"),
    "enforcement": ("年度执法数据", "Enforcement of the year"),
    "enforced_inspections": ("现场检查", "Inspections"),
    "enforced_findings": ("查出问题隐患", "Findings"),
    "enforced_major": ("其中重大事故隐患", "Major hazards among them"),
    "enforced_measures": ("处理措施", "Measures"),
    "enforced_cases": ("立案", "Cases"),
    "enforced_decisions": ("行政处罚决定", "Decisions on penalties"),
    "enforced_fines": ("罚款", "Fines"),
    "enforced_reconsiderations": ("行政复议", "Reconsiderations"),
    "enforced_suits": ("行政诉讼", "Suits"),
    "quarter": ("季度", "Quarter"),
    "quarter_of": ("第{quarter}季度", "Quarter {quarter}"),
    "names_CERTIFICATES": (
        "执法人员的姓名和证件编号依法公开（国办发〔2018〕118号）；其他个人信息不公开。",
        "By law the names of officers and the numbers of their certificates are public (State Council Office [2018]"
        " 118); nothing else of them is.",
    ),
    "names_EXPERTS": (
        "专家库名单依规定公布（实施意见三（十四）5）；其他个人信息不公开。",
        "The names of experts are published (Guizhou Implementing Opinions 3(14)5); nothing else of them is.",
    ),
    "item_text_CERTIFICATES": ("单位", "Where"),
    "item_text_SUPERVISORS": ("直接监管主体", "Direct supervisor"),
    "item_text_EXPERTS": ("专业", "Field"),
    "item_text_OVERDUE": ("原因", "Why"),
    "item_text_STANDARDS": ("标准名称", "Title of the standard"),
}
"""What the pages of lists and figures say."""
