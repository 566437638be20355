"""The sentences of the Problems of rewards, each with its article."""

SENTENCES: dict[str, tuple[str, str]] = {
    "REWARD_CONFLICT": (
        "该编号已用于其他内容，或者该举报在本案已有奖励；什么也没有改变。",
        "The id is taken, or the report has a reward in this case already; nothing was changed.",
    ),
    "REWARD_NOT_DUE": (
        "不符合奖励条件：{reason}（{article}）。",
        "No reward is due: {reason} ({article}).",
    ),
    "NOT_FIRST": (
        "同一事项有更早时段的举报，奖励归最先举报的人（{article}）。",
        "Another report of the same was there in an earlier hour: the first is rewarded ({article}).",
    ),
    "REWARD_DECIDED": ("该奖励已有决定；什么也没有改变。", "The reward was decided already; nothing was changed."),
    "REWARD_NOT_DECIDED": ("该奖励尚未决定。", "The reward was not decided yet."),
    "REWARD_NEEDS_TWO_PEOPLE": (
        "提出、决定和发放奖励不得为同一人（{article}）。",
        "Nobody proposes, decides and pays the same reward ({article}).",
    ),
    "REWARD_CLAIMED": (
        "该奖励已经领取；什么也没有改变。",
        "The reward was claimed already; nothing was changed.",
    ),
    "REWARD_NOT_CLAIMED": (
        "举报人尚未申领该奖励。",
        "Its reporter has not claimed the reward yet.",
    ),
    "REWARD_PAID": ("该奖励已经发放；什么也没有改变。", "The reward was paid already; nothing was changed."),
    "CLAIM_NOT_SIGNED": (
        "申领没有用该举报的领奖密钥签名。",
        "The claim is not signed with the claim key of this report.",
    ),
}
