"""The sentences of the Problems of papers (执法文书), each with its article, and the words that stand on papers."""

PRINTED: dict[str, str | tuple[str, ...]] = {
    "digest": "文书摘要 SHA-256：",
    "page": ("第 ", " 页　共 ", " 页"),
    "sign": "（签名）：",
    "seal": "（机关印章）",
    "stamp": "电子签章附于本文件",
    "ordinal": "序号",
}
"""What the template says by itself; papers are Chinese whoever reads them."""

WAYS: dict[str, str] = {
    "KEY": "本人设备密钥签名",
    "HAND": "屏幕手写签名",
    "INK": "纸质文书签名（照片存证）",
    "REFUSED": "拒绝签名",
}
"""How a signature was given, as it is shown beside it."""

REFUSED = "REFUSED"
REFUSED_BY = "（{name}拒绝签名）"

REFUSED_WHY = "理由：{reason}。"
WITNESSED = "见证人：{witness}。"
NO_WITNESS = "无见证人。"

SENTENCES: dict[str, tuple[str, str]] = {
    "FORM_UNKNOWN": ("没有现行有效的文书式样“{form}”。", "No form “{form}” is in force."),
    "PAPER_CONFLICT": (
        "该编号已对应另一份文书，或者文书已经制发。",
        "This id stands for another paper, or the paper was issued already.",
    ),
    "PAPER_FIELD_UNKNOWN": ("“{form}”没有栏目“{field}”。", "“{form}” has no field “{field}”."),
    "PAPER_FIELD_UNFIT": ("栏目“{field}”填写不合要求：{reason}。", "Field “{field}” takes: {reason}."),
    "PAPER_FIELD_MISSING": (
        "“{form}”的栏目“{field}”未填写，不能制发（行政处罚法第五十二条、第五十九条，安全生产法第六十八条）。",
        "“{form}” is not issued without “{field}” (行政处罚法 Art. 52, 59; 安全生产法 Art. 68).",
    ),
    "PAPER_CONTRADICTS_RECORD": (
        "栏目“{field}”与记录不一致，文书只能按记录制作（安全生产法第六十八条）。",
        "Field “{field}” says otherwise than the record from which papers are made (安全生产法 Art. 68).",
    ),
    "PAPER_STEP_UNKNOWN": (
        "“{form}”不是该步骤的文书，或者该步骤不属于文书所涉事项（行政处罚法第五十二条、第五十九条）。",
        "“{form}” is no paper of that step, or the step is not of what the paper is about (行政处罚法 Art. 52, 59).",
    ),
    "PAPER_NOT_ISSUED": (
        "文书尚未制发，没有可供签名的摘要。",
        "The paper is a draft: there is no digest to sign yet.",
    ),
    "SIGNATURE_PLACE_UNKNOWN": ("“{form}”没有签名处“{place}”。", "“{form}” has no place “{place}” for a signature."),
    "PAPER_ALREADY_SIGNED": (
        "“{place}”已经签名或者已经记录拒绝签名。",
        "“{place}” was signed, or a refusal to sign is on record.",
    ),
    "SIGNER_WITHOUT_CAPACITY": (
        "您没有在“{place}”签名的身份（行政处罚法第四十二条、第五十五条、第五十七条、第五十八条）。",
        "None of your roles lets you sign at “{place}” (行政处罚法 Art. 42, 55, 57, 58).",
    ),
    "SIGNER_SIGNED_BEFORE": (
        "同一人不能在一份文书上两处签名：“{place}”须由另一人签名（行政处罚法第四十二条）。",
        "Nobody signs one paper at two places: another person signs at “{place}” (行政处罚法 Art. 42).",
    ),
    "SIGNATURE_OF_PAPER_WRONG": (
        "签名与本人设备密钥或者文书摘要不符（电子签名法第十三条）。",
        "Your device did not sign this place and this digest (电子签名法 Art. 13).",
    ),
    "SIGNATURE_INCOMPLETE": (
        "签名方式 {way} 缺少应有的内容，或者带有不属于它的内容。",
        "A signature by {way} lacks what belongs to it, or brings what does not.",
    ),
    "PHOTO_OF_PAPER_UNFIT": (
        "该照片或者录像不能作为本文书的附证：不存在、不属于该煤矿、已报遗失、已隔离或者已销毁"
        "（行政诉讼证据规定第十条、第十二条）。",
        "That photo or film cannot stand for this paper: unseen, of another mine, lost, set apart or erased.",
    ),
    "REFUSAL_REASON_NOT_STATED": (
        "应当注明拒绝签名或者不能签名的原因（行政诉讼证据规定第十五条，安全生产法第六十八条）。",
        "Note why somebody does not sign (行诉证据规定 Art. 15; 安全生产法 Art. 68).",
    ),
    "PAPER_NOT_OF_CASE": (
        "文书 {paper} 不是本案已制作的文书（{article}）。",
        "Paper {paper} was not issued about this case ({article}).",
    ),
    "DECISION_NOT_ON_PAPER": (
        "尚未制作行政处罚决定书，无从送达（{article}）。",
        "The decision has not been issued on paper: there is nothing to serve ({article}).",
    ),
    "HEARING_NOT_ON_PAPER": (
        "听证已举行而无听证笔录，不得据以作出决定（{article}）。",
        "The hearing has no record on paper to decide by ({article}).",
    ),
    "DELIBERATION_NOT_ON_PAPER": (
        "已集体讨论而无集体讨论记录，不得据以作出决定（{article}）。",
        "The heads deliberated, and there is no record on paper to decide by ({article}).",
    ),
    "DELIBERATION_NOT_SIGNED": (
        "出席集体讨论的负责人 {account} 未在讨论记录上签名，记录也未注明其未签名的原因（{article}）。",
        "{account} took part in the deliberation and neither signed its record nor is noted there as not signing"
        " ({article}).",
    ),
    "CLOSING_NOT_ON_PAPER": (
        "没有经负责人签批的结案审批表，或者签批在处理、执行完毕之前（{article}）。",
        "No form is named on which a head approved the closing after all was decided and done ({article}).",
    ),
    "FILE_NOT_WHOLE": (
        "案卷缺少文书：{form}（步骤 {step}；{article}）。",
        "The file lacks a paper: {form} (of step {step}; {article}).",
    ),
    "CONTENTS_NOT_WHOLE": (
        "没有列明全部文书的卷内目录（{article}）。",
        "No list of contents is named that knows every paper of the file ({article}).",
    ),
}
