"""The sentences of devices."""

SENTENCES: dict[str, tuple[str, str]] = {
    "DEVICE_CONFLICT": ("该设备编号或密钥已用于其他设备。", "This id or this key stands for another device."),
    "DEVICE_KEY_UNPROVEN": (
        "未能证明设备持有该密钥。",
        "The signature was not made by this key for this id and this owner.",
    ),
    "DEVICE_ALREADY_LOST": ("该设备已经挂失。", "The device was reported lost before."),
    "DEVICE_ALREADY_REVOKED": ("该设备已被停用。", "The device was revoked before."),
    "DEVICE_NEEDED": ("须用本人已登记的设备登录后操作。", "Sign in by an enrolled device of your own."),
    "DEVICE_NOT_VALID": (
        "该设备当时已挂失、停用或过期。",
        "The device was lost, revoked or past its validity at that time.",
    ),
}
