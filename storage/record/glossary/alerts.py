"""The sentences of the Problems of alerts and of their addresses, and the words in which somebody is told."""

SENTENCES: dict[str, tuple[str, str]] = {
    "ALERT_NOT_YOURS": (
        "这条警报没有通知到您，您现在也不在这里值班。",
        "You were not told of this alert, and you do not answer for its seat at this minute.",
    ),
    "ALERT_TAKEN": ("已有人员于 {at} 接警。", "Somebody has it since {at}."),
    "ALERT_ENDED": ("这条警报已于 {at} 结束。", "The incident ended at {at}."),
    "DRILL_CONFLICT": ("该编号已用于另一次演练。", "The id is taken by another drill."),
    "URGENT_CANNOT_BE_SILENCED": (
        "紧急警报（{kind}）不能关闭任何通知渠道。",
        "{kind} is urgent: it is told by every channel, and no setting silences it.",
    ),
    "ADDRESS_NOT_REACHABLE": (
        "不能向 {target} 推送：只接受公网的 https 地址。",
        "{target} cannot be notified: only https addresses of the public internet are.",
    ),
    "TOO_MANY_ADDRESSES": ("最多登记 {most} 个联系方式。", "At most {most} addresses are kept."),
    "TOLD_RAISED": ("{at} 警报产生：{kind}。", "{at} An alarm was raised: {kind}."),
    "TOLD_RAISED_CALMLY": (
        "{at} 提醒产生：{kind}；不紧急，夜间不打扰，早8时合并通知。",
        "{at} Raised: {kind}. It is not urgent: by night it waits for eight in the morning.",
    ),
    "TOLD_WITHOUT_CLIMB": ("不逐级上报：只通知有关人员。", "It climbs no ladder: only whom it concerns is told."),
    "TOLD_RUNG": ("{at} {chain}第{rung}级：通知{who}。", "{at} {chain}, rung {rung}: {who} told."),
    "TOLD_RUNG_OF_NOBODY": (
        "{at} {chain}第{rung}级：无人可通知，立即转下一级。",
        "{at} {chain}, rung {rung}: there is nobody to tell, so the next rung follows at once.",
    ),
    "TOLD_PASSED_OVER": ("跳过{who}：{why}。", "{who} passed over: {why}."),
    "TOLD_SILENT": (
        "{who}的值班页面60秒内没有信号，视为无人在岗。",
        "The duty page of {who} has been silent for 60 s.",
    ),
    "TOLD_SEND": ("{at} {who}，{channel}：{state}，尚无尝试。", "{at} {who}, {channel}: {state}; nothing was tried."),
    "TOLD_ATTEMPT": (
        "{at} {who}，{channel}：{state}；尝试{attempts}次，最后一次：{outcome}。",
        "{at} {who}, {channel}: {state}; attempts: {attempts}, the last one: {outcome}.",
    ),
    "TOLD_NOBODY": ("没有向任何人发送。", "Nothing was sent to anybody."),
    "TOLD_TAKEN": ("{chain}：{who}于 {at} 接警。", "{chain}: {who} has it since {at}."),
    "TOLD_NOT_TAKEN": ("{chain}：无人接警。", "{chain}: nobody took it."),
    "TOLD_STILL_CLIMBING": (
        "{chain}：至今无人接警，{at} 通知下一级。",
        "{chain}: nobody has taken it; the next is told at {at}.",
    ),
    "TOLD_ENDED": ("{at} 警报结束。", "{at} It ended."),
    "TOLD_SOMEBODY": ("（不在您可见范围内的人员）", "(somebody whom you do not see)"),
    "MESSAGE_URGENT": ("有一条紧急警报，请立即打开井口接警。", "There is an urgent alert. Open Pithead and take it."),
    "MESSAGE_WAITING": ("有新的待办提醒，请打开井口查看。", "Something waits for you in Pithead."),
    "MESSAGE_TITLE": ("井口", "Pithead"),
    "MESSAGE_PRESS": ("请按1键接警。", " Press 1 to take it."),
    "MESSAGE_DRILL": ("【演练】", "[DRILL] "),
}
