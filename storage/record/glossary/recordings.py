"""What people read when a recording (执法全过程记录) cannot be opened."""

SENTENCES: dict[str, tuple[str, str]] = {
    "BEACON_NOT_VALID": ("时间信标无效：{reason}。", "The beacon is not valid: {reason}."),
    "DEVICE_NEEDED": ("须用本人已登记的设备登录后操作。", "Sign in by an enrolled device of your own."),
    "NOT_OF_INSPECTION": (
        "只有本次检查的执法人员才能开启记录（行政处罚法第四十二条）。",
        "Only officers of this inspection may open a recording (Administrative Penalty Law, art. 42).",
    ),
    "RECORDING_CONFLICT": ("该编号已对应另一份记录。", "This id stands for another recording already."),
}
