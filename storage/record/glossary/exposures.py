"""The sentences of the Problems of exposing typical cases, and what their public pages say."""

SENTENCES: dict[str, tuple[str, str]] = {
    "CASE_NOT_OVER": (
        "案件没有已经送达且仍然有效的行政处罚决定，不得曝光（行政处罚法第四十八条、第六十一条）。",
        "No penalty of this case is served and in force: it is not exposed yet (行政处罚法48, 61).",
    ),
    "PHOTO_NOT_USABLE": (
        "照片 {evidence} 不能公开：{reason}（行政处罚法第四十六条，政府信息公开条例第十五条）。",
        "The photo {evidence} cannot be made public: {reason} (行政处罚法46, Regulation on Open Government"
        " Information art. 15).",
    ),
    "REGIONS_UNFIT": (
        "第 {picture} 张照片的遮挡区域有误：{reason}。",
        "The regions of picture {picture} cannot be covered: {reason}.",
    ),
    "PEOPLE_NOT_COVERED": (
        "须先确认照片和文字中没有可以识别的人，未成年人和第三人尤其如此（个人信息保护法第二十八条，政府信息公开条例第十五条）。",
        "An officer says first that nobody can be recognised in pictures or words, a minor or third person least of all"
        " (Personal Information Protection Law art. 28, Regulation on Open Government Information art. 15).",
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

WORDS: dict[str, tuple[str, str]] = {
    "nav_exposures": ("典型案例", "Exposed cases"),
    "exposures_title": ("典型案例曝光", "Exposed cases"),
    "exposures_lead": (
        "已经作出处罚决定并送达的典型案例，由一名执法人员为公众编写、另一名负责人审批。照片中依法遮挡的部分是灰色，其余部分可以自己核验没有改动。",
        "Typical cases of which a penalty was decided and served, worded for the public by one officer and approved by"
        " another. What had to be covered in a photo is grey; that the rest is unchanged you can check yourself.",
    ),
    "exposures_none": ("目前还没有曝光的案例。", "No case is exposed yet."),
    "photos_count": ("张照片", "photos"),
    "handling": ("处理情况", "What followed"),
    "lesson": ("警示", "What others learn of it"),
    "photos": ("现场照片", "Photos"),
    "photos_lead": (
        "灰色部分依法遮挡，原来的画面在公开的文件中已不存在，不能恢复。原件的摘要见照片的数据。",
        "What is grey is covered by law: of what stood there nothing is left in the public file, so nothing can be"
        " brought back. The digest of the original stands in the photo's numbers.",
    ),
    "covered": ("遮挡部分占画面", "Covered of the picture:"),
    "covered_nothing": ("没有遮挡", "Nothing is covered"),
    "check_photo": ("核验这张照片", "Check this photo"),
    "photo_verified": (
        "核验通过：遮挡以外的每一个像素都与公布时载入日志的画面一致。",
        "Verified: every pixel that is not covered is that of the picture which the log committed to.",
    ),
    "photo_numbers": ("照片的数据", "The photo in numbers"),
    "original_digest": ("原件的摘要（SHA-256）", "Digest of the original (SHA-256)"),
    "rendition_root": ("画面的根（各小块的默克尔树）", "Root of the picture (Merkle tree of its tiles)"),
    "file_digest": ("公开文件的摘要（SHA-256）", "Digest of the public file (SHA-256)"),
    "step_photo_bundle": ("证明文件完整", "The file is whole"),
    "step_photo_disclosure": ("案例载于日志，签名有效", "The case stands in the log, and the signatures are good"),
    "step_photo_member": ("案例中载有这张照片", "The case names this photo"),
    "step_photo_picture": ("照片就是案例所载的文件", "The photo is the file that the case names"),
    "step_photo_covered": ("遮挡部分没有任何画面", "What is covered shows nothing"),
    "step_photo_tiles": ("其余部分没有改动", "The rest is unchanged"),
}
