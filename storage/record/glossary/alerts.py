"""The sentences of the Problems of alerts and of their addresses, and the words in which somebody is told."""

SENTENCES: dict[str, tuple[str, str]] = {
    "ALERT_NOT_YOURS": (
        "这条警报没有通知到您，您现在也不在这里值班。",
        "You were not told of this alert, and you do not answer for its seat at this minute.",
    ),
    "ALERT_TAKEN": ("{account} 已于 {at} 接警。", "{account} has it since {at}."),
    "ALERT_ENDED": ("这条警报已于 {at} 结束。", "The incident ended at {at}."),
    "ADDRESS_NOT_REACHABLE": (
        "不能向 {target} 推送：只接受公网的 https 地址。",
        "{target} cannot be notified: only https addresses of the public internet are.",
    ),
    "TOO_MANY_ADDRESSES": ("最多登记 {most} 个联系方式。", "At most {most} addresses are kept."),
    "MESSAGE_URGENT": ("有一条紧急警报，请立即打开井口接警。", "There is an urgent alert. Open Pithead and take it."),
    "MESSAGE_WAITING": ("有新的待办提醒，请打开井口查看。", "Something waits for you in Pithead."),
    "MESSAGE_TITLE": ("井口", "Pithead"),
    "MESSAGE_PRESS": ("请按1键接警。", " Press 1 to take it."),
    "MESSAGE_DRILL": ("【演练】", "[DRILL] "),
}
