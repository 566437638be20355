"""The sentences of accounts, roles, certificates, passwords and sessions."""

SENTENCES: dict[str, tuple[str, str]] = {
    "SIGN_IN_FAILED": ("登录名或密码不正确。", "This name and this password do not belong together."),
    "TOO_MANY_ATTEMPTS": (
        "尝试次数过多，请在 {seconds} 秒后再试。",
        "There were too many attempts. Try again in {seconds} seconds.",
    ),
    "SESSION_ENDED": ("登录已失效，请重新登录。", "This session is over. Sign in again."),
    "NONCE_ALREADY_USED": (
        "该请求已经答复过，请用新的随机数重新签名。",
        "This request was answered before. Sign the token again with a fresh nonce.",
    ),
    "DEVICE_UNPROVEN": (
        "密码正确，但未能证明这是您名下有效的设备。",
        "The password is right, but the device did not prove to be a valid one of yours.",
    ),
    "LOGIN_TAKEN": ("该登录名已被使用。", "Another account signs in under this name."),
    "PASSWORD_TOO_WEAK": (
        "密码强度不足：至少 {least} 个字符，不同字符不少于 5 个，且不得包含登录名。",
        "The password is too weak: at least {least} characters, 5 of them different, without the login in it.",
    ),
    "PASSWORD_WRONG": ("当前密码不正确。", "The current password is another one."),
    "ACCOUNT_ALREADY_CLOSED": ("该账号已注销。", "This account was closed."),
    "HANDS_MUST_STAY_APART": (
        "两种职责不得由同一人担任：系统、安全、审计管理员须分设，举报的受理、核查、奖励须分离，核查人员不得保管身份信息。",
        "One person never holds both: the three administrators are apart, and so are intake, verification and reward,"
        " and verification and the custody of identities.",
    ),
    "NOBODY_SERVES_HIMSELF": (
        "不得为自己授权、撤权或核发证件。",
        "Nobody grants or withdraws his own role, or issues his own certificate.",
    ),
    "GRANT_BEYOND_REACH": (
        "授权范围超出您本人的管辖范围。",
        "Nobody grants or withdraws further than he reaches himself.",
    ),
    "ROLE_ALREADY_GRANTED": ("该账号在此范围内已有此角色。", "The account holds this role there already."),
    "ROLE_ALREADY_WITHDRAWN": ("该角色已被撤销。", "The role was withdrawn before."),
    "CERTIFICATE_NUMBER_TAKEN": ("该执法证件号已登记。", "A certificate with this number was issued before."),
    "REGISTER_ALREADY_FOUNDED": ("登记簿已经建立。", "The register was founded before."),
}
