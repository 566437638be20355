"""What `pithead desk … --help` says, in Chinese and English; argparse's own words are English and stay so."""

HELP: dict[str, tuple[str, str]] = {
    "desk": ("举报台（受理、核查和保管人一侧）", "the client of those who receive protected reports"),
    "keep-key": ("生成密钥：以口令保存，并分份保管", "make a key, keep it under a pass-phrase and in shares"),
    "list": ("待办的举报", "what is to be handled"),
    "read": ("打开一份举报和往来消息", "a report with its thread"),
    "accept": ("受理，或者办理另一步", "take it in, or take another step"),
    "reply": ("答复举报人", "write to the reporter"),
    "hand-over": ("移交核查", "hand it over to verification"),
    "ask-identity": ("申请打开身份", "ask to open the identity"),
    "release-identity": ("保管人查看或批准申请", "a custodian reads the requests, or grants one"),
    "open-identity": ("显示已批准打开的身份", "show an identity that was released for you"),
    "give-shares": ("保管人交还遗失密钥的份", "a custodian gives shares of lost keys back"),
    "recover": ("用两份恢复遗失的密钥", "bring a lost key back of two shares"),
    "export": ("导出附件，再次清理", "files of a report, cleaned again"),
    "report": ("举报编号（见 list）", "the report's id, as list tells it"),
    "as": ("您的账号；密码和口令另行询问", "who you are; password and pass-phrase are asked for"),
    "language": ("说中文、英文或两种都说", "Chinese, English, or both"),
    "custodian": ("保管人自己的密钥，不分份", "a custodian's own key, without shares"),
    "county": ("由哪个行政区划的保管人持有各份（代码）", "whose custodians hold the shares (its code)"),
    "office": ("或者哪个监察执法处的保管人", "or those of a branch office"),
    "share-with": ("保管人超过三名时，哪三名（密钥编号）", "which three keys, if there are more"),
    "step": ("哪一步", "which step"),
    "article": ("依据哪一条", "by which article"),
    "passed-to": ("转交给哪个机关", "to whom it is passed on"),
    "words": (
        "要说的话（不写就询问；写在命令里会留在终端记录中）",
        "what to say (asked for if left out; here it stays in the shell's history)",
    ),
    "reason": ("理由，举报人会看到", "why; the reporter reads it"),
    "request": ("批准哪一份申请（不写就列出）", "which request to grant (listed if left out)"),
    "into": ("导出到哪个文件夹", "into which folder"),
}


def help_of(name: str) -> str:
    """One line of help in both languages."""
    zh, en = HELP[name]
    return f"{zh} / {en}"
