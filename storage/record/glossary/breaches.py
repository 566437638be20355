"""The sentences of the Problems of breaches."""

SENTENCES: dict[str, tuple[str, str]] = {
    "COMMITMENT_NOT_SIGNED": (
        "该矿在 {day} 没有签订过 {year} 年安全生产承诺书，未承诺的事项不构成未履行承诺（{article}）。",
        "On {day} the mine had signed no commitment for {year}: what nobody promised nobody breaks ({article}).",
    ),
    "BREACH_SOURCE_ELSEWHERE": (
        "所依据的事项 {source} 不是本矿的。",
        "What it is based on ({source}) is of another mine.",
    ),
    "REFUSAL_NOT_SUBSTANTIATED": (
        "拒绝入井的情形尚未核查属实，不能据以认定未履行承诺（{article}）。",
        "The refusal has not been found true: no breach follows from it ({article}).",
    ),
    "NOT_YET_DUE": (
        "条款“{title}”承诺最迟 {day} 达到，期限未过，不属于未履行承诺（{article}）。",
        "The clause “{title}” was promised by {day}, which was not over yet: it is no breach ({article}).",
    ),
    "BREACH_FOUND_BEFORE": (
        "已依据同一事项认定过该条款未履行。",
        "This clause was found not kept from this very source before.",
    ),
    "BREACH_ANSWERED": ("煤矿已经答复，答复不可更改。", "The mine has answered; what it said stands."),
    "BREACH_DECIDED": ("已经作出认定，不可更改。", "It has been decided; the decision stands."),
    "BREACH_ANSWER_DUE": (
        "煤矿尚未答复，答复期限（{day}）未过（{article}）。",
        "The mine has not answered, and its time runs until {day} ({article}).",
    ),
    "BREACH_TAKES_TWO": (
        "发现或者提出的人不能自己作出决定（{article}）。",
        "Whoever found or proposed it does not decide it ({article}).",
    ),
    "NO_BREACH_STANDS": (
        "只有已认定的本矿未履行承诺才能据以处理（{article}）。",
        "Something follows only from breaches that stand at this mine ({article}).",
    ),
    "BREACH_CORRECTED": ("已确认改正。", "It was found corrected before."),
    "BREACH_CONSEQUENCE_DECIDED": ("该项建议已经作出决定。", "What was proposed has been decided."),
}
