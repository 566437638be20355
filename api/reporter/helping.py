"""What `pithead report … --help` says, in Chinese and English; argparse's own words are English and stay so."""

HELP: dict[str, tuple[str, str]] = {
    "report": ("举报与拒绝入井（举报人一侧）", "the client of protected reports and refusals to descend"),
    "file": ("提交举报、拒绝入井或打击报复，得到凭证", "file a report, a refusal or retaliation, and get its receipt"),
    "read": ("用凭证查看办理情况和答复", "what became of it, with the receipt"),
    "answer": ("用凭证再写一条", "one more message, with the receipt"),
    "claim": ("用凭证申领奖励", "claim a reward, with the receipt"),
    "page": (
        "服务器发出的网页与本机保存的是否相同",
        "is the web page that the server hands out the one that stands here?",
    ),
    "language": ("说中文、英文或两种都说", "Chinese, English, or both"),
    "mine": ("煤矿名称、编号或所在县", "its name, code or county"),
    "kind": (
        "report 举报，refusal 拒绝入井，retaliation 打击报复；打击报复不等整点，看得出是哪一分钟",
        "what it is; retaliation does not wait for the hour, and its minute is seen",
    ),
    "now": (
        "拒绝入井：立即公开，地点马上标记；地点、班次、危险为明文，看得出是哪一分钟",
        "a refusal: now and openly, marked at once; place, shift and danger go in plain, the minute is seen",
    ),
    "later": ("拒绝入井：放进一次例行检查（默认）", "a refusal: within a routine check (the default)"),
    "place": ("拒绝入井：哪个地点不下去", "of a refusal: where one does not go down"),
    "day": ("哪一天的班，如 2026-11-29（默认今天）", "of the refused shift, as 2026-11-29 (default: today)"),
    "shift": ("哪个班：morning 早班，middle 中班，night 夜班", "of a refusal: which shift"),
    "since": ("从哪一天开始这样（默认今天）", "since when it is so (default: today)"),
    "danger": ("什么危险：{zh}", "which danger: {en}"),
    "clause": ("没有做到的承诺", "the clause of the commitment that is not met"),
    "mode": (
        "anonymous 完全匿名，contact 匿名并留联系方式，named 实名",
        "how far you are known: a contact or a name is locked away",
    ),
    "words": (
        "要说的话（不写就询问；写在命令里会留在终端记录中）",
        "what to say (asked for if left out; here it stays in the shell's history)",
    ),
    "form": ("凭证写成数字或词语", "how the receipt is written"),
    "parameters": (
        "生成密钥用多少内存：3 = 64 MiB，2 = 32，1 = 16",
        "how much memory the keys take: 3 = 64 MiB, 2 = 32, 1 = 16",
    ),
    "danger_to_life": (
        "有人有生命危险：不等整点；这一项为明文，看得出是哪一分钟",
        "life is in danger: it does not wait for the hour; this goes in plain, and the minute is seen",
    ),
    "channel": ("由人员替打电话或上门的人代收", "an officer takes it for somebody who calls or comes"),
    "as": ("代收人员的账号", "the officer who takes it"),
    "photo": ("照片，先清理再发送", "a photo; cleaned before it is sent"),
    "voice": ("WAV 录音，先变声再发送", "a WAV; masked before it is sent"),
    "payee": ("在哪个窗口领现金", "at which counter it is to be paid in cash"),
    "reward": ("有几项奖励时，哪一项", "its id, if there are several"),
}


def help_of(name: str, **parameters: str) -> str:
    """One line of help in both languages."""
    zh, en = HELP[name]
    return f"{zh} / {en}".format_map(parameters)
