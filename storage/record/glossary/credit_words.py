"""What the public site says of the blacklist and of repaired credit, in Chinese and English."""

WORDS: dict[str, tuple[str, str]] = {
    "nav_blacklist": ("失信名单", "Blacklist"),
    "blacklist_title": ("安全生产严重失信主体名单", "List of the gravely dishonest in work safety"),
    "blacklist_lead": (
        "因生产安全事故或者违反安全生产法律法规受到行政处罚，并且性质恶劣、情节严重的煤矿企业和有关人员。人员只公开姓氏。",
        "Mines and people penalised for an accident or a violation that was vile and grave. Of people only the family"
        " name is shown.",
    ),
    "blacklist_words": ("煤矿、企业名称或者统一社会信用代码", "A mine, a company, or a credit code"),
    "blacklist_now": ("现在名单之内", "On the list now"),
    "blacklist_none": (
        "目前没有列入名单的煤矿和人员。",
        "No mine and nobody is on the list.",
    ),
    "blacklist_none_found": (
        "名单之内没有符合条件的煤矿或者人员。已移出的不再公示，其永久网址说明何时、依据什么移出。",
        "Nobody on the list fits. Who left it is shown no more; the permalink says since when, and by which article.",
    ),
    "blacklist_ground": ("列入情形", "Ground"),
    "blacklist_basis": ("处罚决定", "Penalty"),
    "blacklist_since": ("列入日期", "Listed on"),
    "blacklist_until": ("管理期限至", "Until"),
    "blacklist_who": ("由谁列入", "Who lists"),
    "blacklist_who_text": (
        "谁处罚、谁决定、谁负责：作出处罚的机关提出，另一人决定；列入前告知当事人，并听取其陈述、申辩。",
        "Whoever penalised decides and answers for it: one officer proposes, another person decides. The party is told"
        " beforehand and heard.",
    ),
    "blacklist_leave": ("怎样移出名单", "How one leaves the list"),
    "blacklist_leave_term": (
        "管理期限为 %d 年，期满由作出决定的机关移出，停止公示。",
        "An entry stands for %d years and then ends by itself; nothing of it is shown any more.",
    ),
    "blacklist_leave_early": (
        "列入满 %d 个月，已纠正并消除影响的，可以向作出决定的机关申请提前移出。准予的，自决定的那一分钟起"
        "停止公示和共享；不准予的，说明理由。",
        "After %d months, whoever has corrected what he did may ask the agency that decided to leave early. If that is"
        " granted, nothing is shown or shared from that minute on; if not, it says why.",
    ),
    "blacklist_leave_wrong": (
        "所依据的处罚被撤销、变更，或者列入有误的，撤销列入。",
        "If the penalty behind it is revoked or changed, or the entry was wrong, it is withdrawn.",
    ),
    "blacklist_leave_fraud": (
        "隐瞒真实情况、弄虚作假取得移出的，撤销移出，恢复列入，管理期限重新计算。",
        "Whoever left by hiding facts or by false proof is listed again, and the years begin anew.",
    ),
    "blacklist_grounds": ("应当列入的情形", "Who is listed"),
    "blacklist_article": ("依据", "Article"),
    "blacklist_follow": (
        "有关人员到另一煤矿任职的，负责监管该矿的机关能看到其列入情况；公众只能看到人数。",
        "If a listed person takes a post at another mine, those who supervise it read of his entry; the public reads"
        " a number only.",
    ),
    "listed_people": (
        "本矿现任职人员中有 %d 人在安全生产严重失信主体名单之内。",
        "People with a post at this mine who are on the list of the gravely dishonest in work safety: %d.",
    ),
    "gone_repaired": (
        "当事人已经纠正、履行相关义务并作出信用承诺，或者准予提前移出名单。处罚决定本身仍然有效；其内容不再公示、共享和使用。",
        "The party corrected it, did what it owed and gave its pledge, or was let off the list early. What was decided"
        " stands; its content is no longer shown, shared or used.",
    ),
}
