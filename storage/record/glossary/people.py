"""The sentences of the Problems of people of mines."""

SENTENCES: dict[str, tuple[str, str]] = {
    "PERSON_ALREADY_KNOWN": (
        "该身份证号的人员已在本矿登记。",
        "A person with this identity number stands in the register of the mine.",
    ),
    "NUMBER_OF_ANOTHER": (
        "该身份证号在本矿登记的姓名与此不同。",
        "This identity number stands in the mine's register under another name.",
    ),
    "PERSON_AMBIGUOUS": (
        "本矿有 {count} 名同名同岗人员，请填写身份证号加以区分。",
        "{count} people of this name hold this post at the mine: give an identity number to tell them apart.",
    ),
    "ACCOUNT_ALREADY_LINKED": (
        "该账号或该人员已关联，不能再次关联。",
        "The account or the person is linked already.",
    ),
    "ACCOUNT_ELSEWHERE": ("该账号不属于此人所在的煤矿。", "The account does not belong to the person's mine."),
    "NUMBER_WRONG": (
        "身份证号不正确：应为18位，且校验码相符（GB 11643-1999）。",
        "This is no identity number: 18 characters with their check character (GB 11643-1999).",
    ),
    "DAYS_OUT_OF_ORDER": ("止日 {last} 早于起日 {first}。", "The last day {last} lies before the first, {first}."),
    "ALREADY_ENDED": ("已经终止，终止只登记一次。", "It came to its end before; an end is recorded once."),
    "PRINCIPAL_IN_OFFICE": (
        "该矿已有主要负责人在任（{first} 至 {last}）：安全生产第一责任人同一时间只有一名（安全生产法第五条）。",
        "The mine has a principal from {first} to {last}: one at a time answers first for it (安全生产法 Art. 5).",
    ),
    "CRAFT_MISSING": (
        "特种作业人员及其操作证须写明作业类别，其他岗位和证书不写（安全生产法第三十条）。",
        "A special operator and his certificate name the kind of operation, nobody else does (安全生产法 Art. 30).",
    ),
    "WORKPLACE_NAME_TAKEN": ("该矿已有同名的在用作业地点。", "A workplace of this name is open at the mine."),
    "SHIFT_DEFINED": (
        "该矿已设此班次；更改时间请先停用原班次。",
        "The mine has this shift; retire it first to change its times.",
    ),
    "OF_ANOTHER_MINE": (
        "人员、作业地点和班次须属于同一煤矿。",
        "Person, workplace and shift must belong to one mine.",
    ),
    "NOT_ON_THAT_DAY": (
        "{first} 至 {last} 期间，作业地点或班次并非一直存在。",
        "The workplace or the shift is not there on all days from {first} to {last}.",
    ),
}
