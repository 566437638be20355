"""The sentences of the Problems of recordings."""

SENTENCES: dict[str, tuple[str, str]] = {
    "BEACON_NOT_VALID": (
        "信标无效：{reason}。请同步后重试。",
        "The beacon is not valid: {reason}. Sync and try again.",
    ),
    "RECORDING_CONFLICT": (
        "该编号已属于另一条执法记录，请使用新的编号。",
        "This id already stands for another recording; use a new id.",
    ),
    "DEVICE_NEEDED": (
        "开启执法记录须使用本人已登记并用于登录的设备。",
        "Opening a recording takes the enrolled device by which you are signed in.",
    ),
    "NOT_OF_INSPECTION": (
        "只有该检查的执法人员才能开启执法记录（行政处罚法第四十二条）。",
        "Only officers of the inspection open its recordings (行政处罚法 Art. 42).",
    ),
}
