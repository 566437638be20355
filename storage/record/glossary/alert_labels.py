"""What each value of the closed lists of alerts is called, in Chinese and English."""

LABELS: dict[str, dict[str, tuple[str, str]]] = {
    "AlertKind": {
        "WITHDRAWAL_ORDERED": ("责令撤出人员", "Withdrawal ordered"),
        "REFUSAL": ("拒绝入井", "Refusal to descend"),
        "REPORT_OF_DANGER": ("有人举报现有生命危险", "A report of danger to life"),
        "RETALIATION": ("阻挠或者打击报复", "Obstruction or retaliation"),
        "CLOCK_OVERRUN": ("期限已过", "Deadline overrun"),
        "DEFECT_OPEN": ("记录有待补正", "Something to make good"),
        "COMMITMENT_DUE": ("安全生产承诺书待签订", "A commitment is to be signed"),
        "BREACH_FOUND": ("未履行承诺待答复", "A breach is to be answered"),
        "DRILL": ("【演练】", "[DRILL]"),
    },
    "Channel": {
        "PAGE": ("值班页面", "Duty page"),
        "PUSH": ("手机推送", "Push"),
        "SMS": ("短信", "Text message"),
        "CALL": ("自动电话", "Automatic call"),
        "EMAIL": ("电子邮件", "E-mail"),
        "WEBHOOK": ("系统推送", "Webhook"),
    },
    "SendState": {
        "WAITING": ("等待发送", "Waiting"),
        "HANDED_ON": ("已交通道", "Handed on"),
        "FAILED": ("未送达", "Failed"),
        "SILENCED": ("本人设置不接收", "Silenced by its receiver"),
        "NEEDLESS": ("已有人接警，不再发送", "Needless: somebody has it"),
    },
    "DeliveryOutcome": {
        "ACCEPTED": ("通道已接收", "Accepted"),
        "REFUSED": ("通道拒绝", "Refused"),
        "BUSY": ("通道忙", "Busy"),
        "SILENT": ("无应答", "Silent"),
        "GONE": ("地址失效", "Gone"),
        "NO_ADDRESS": ("没有登记联系方式", "No address"),
        "NO_CHANNEL": ("没有接通该通道", "No such channel here"),
    },
    "Away": {
        "EXCUSED": ("请假", "Excused"),
        "UNDERGROUND": ("在井下", "Underground"),
    },
    "Chain": {
        "DEPARTMENT": ("地方主管部门", "Local department"),
        "OFFICE": ("矿山安全监察机构", "Branch office"),
    },
}
