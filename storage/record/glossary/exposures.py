"""The sentences of the Problems of exposing typical cases."""

SENTENCES: dict[str, tuple[str, str]] = {
    "CASE_NOT_OVER": (
        "案件没有已经送达且仍然有效的行政处罚决定，不得曝光（行政处罚法第四十八条、第六十一条）。",
        "No penalty of this case is served and in force: it is not exposed yet (行政处罚法48, 61).",
    ),
    "PHOTO_NOT_USABLE": (
        "照片 {evidence} 不能公开：{reason}（行政处罚法第四十六条，政府信息公开条例第十五条）。",
        "The photo {evidence} cannot be made public: {reason} (行政处罚法46, 政府信息公开条例15).",
    ),
    "REGIONS_UNFIT": (
        "第 {picture} 张照片的遮挡区域有误：{reason}。",
        "The regions of picture {picture} cannot be covered: {reason}.",
    ),
    "PEOPLE_NOT_COVERED": (
        "须先确认照片和文字中没有可以识别的人，未成年人和第三人尤其如此（个人信息保护法第二十八条，政府信息公开条例第十五条）。",
        "An officer says first that nobody can be recognised in pictures or words, a minor or third person least of all"
        " (Personal Information Protection Law art. 28, 政府信息公开条例15).",
    ),
    "PICTURE_WITHOUT_WORDS": (
        "第 {picture} 张照片须有供看不见画面的人阅读的文字说明。",
        "Picture {picture} needs words for who cannot see it.",
    ),
    "EXPOSURE_DECIDED": (
        "该案例已经公布或者放弃。",
        "This was published or dropped before.",
    ),
    "EXPOSED_BY_ITS_DRAFTER": (
        "起草人不能审批自己起草的案例。",
        "Nobody approves what he drafted himself.",
    ),
}
