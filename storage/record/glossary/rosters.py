"""The sentences of the Problems of duty rosters."""

SENTENCES: dict[str, tuple[str, str]] = {
    "DUTY_OF_NOBODY": (
        "{account} 不能在这里值班：账号已关闭，或者在这里没有值班、执法或者负责人角色。",
        "{account} cannot be on duty here: the account is closed, or has no role here that may act on an alert.",
    ),
    "DUTY_CONFLICT": (
        "该编号已用于另一份值班安排、交接或者请假。",
        "The id is taken by another duty plan, hand-over or absence.",
    ),
    "NOT_ON_DUTY": (
        "您现在不在班，不能交班。",
        "You do not hold the shift at this minute, so you cannot hand it over.",
    ),
    "HANDOVER_NOT_YOURS": ("这个班不是交给您的。", "This shift was given to somebody else."),
    "ALREADY_UNDERGROUND": ("您自 {since} 起已在井下。", "You are underground already, since {since}."),
    "NOT_UNDERGROUND": ("您不在井下。", "You are not underground."),
}
