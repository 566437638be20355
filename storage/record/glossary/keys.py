"""The sentences of the Problems of signing keys and of signatures."""

SENTENCES: dict[str, tuple[str, str]] = {
    "NOT_THE_PRINCIPAL": (
        "您不是本矿登记在册的现任主要负责人（安全生产法5）。",
        "By the register, you are not the mine's principal today (Work Safety Law 5).",
    ),
    "KEY_KNOWN": ("该密钥已经登记。", "This key stands in the register already."),
    "KEY_UNPROVEN": ("签名与所登记的密钥不符。", "The signature was not made by the key that should be registered."),
    "KEY_OVER": ("该密钥已停用，不能再签名。", "The key signs no more."),
    "KEY_OF_FORMER_PRINCIPAL": (
        "该密钥属于前任主要负责人，不能用于签署。",
        "The key is that of somebody who is not the mine's principal today.",
    ),
    "KEY_NOT_CHECKED": (
        "执法人员尚未当面核验该密钥归本人所有（电子签名法13）。",
        "No officer has seen in person that the key is his (Electronic Signature Law 13).",
    ),
    "KEY_ALREADY_CHECKED": ("该密钥已经核验。", "An officer has checked this key before."),
    "KEY_CHECK_TAKES_TWO": (
        "不能核验自己的密钥，也不能与自己约定。",
        "Nobody checks his own key or agrees with himself.",
    ),
    "NO_AGREEMENT": (
        "尚未约定使用电子签名（电子签名法13）。",
        "There is no agreement on electronic signatures (Electronic Signature Law 13).",
    ),
    "AGREED_ALREADY": ("电子签名约定已经记录。", "The agreement on signatures stands already."),
    "CERTIFICATE_UNFIT": ("数字证书不可用：{reason}。", "The certificate cannot be used: {reason}."),
    "CHALLENGE_OVER": (
        "已超过{minutes}分钟，请重新打开。",
        "It was laid more than {minutes} minutes ago: have it laid anew.",
    ),
    "CHALLENGE_USED": ("该次签署请求已经使用过。", "This was answered before; each challenge is answered once."),
    "ORIGIN_WRONG": ("通行密钥不是在本系统页面使用的：{origin}。", "The passkey was asked on another page: {origin}."),
    "USER_NOT_VERIFIED": (
        "通行密钥未验证本人（PIN、指纹或人脸）。",
        "The passkey did not verify that it is you: by PIN, finger or face.",
    ),
    "COUNTER_WENT_BACK": (
        "通行密钥的使用次数倒退（原为{was}，现为{is}），可能有复制品，本次未签署。",
        "The passkey's count went back (from {was} to {is}): there may be a copy of it; nothing was signed.",
    ),
    "COMMITMENT_SIGNATURE_WRONG": ("签名无效：{reason}。", "The signature does not hold: {reason}."),
}
