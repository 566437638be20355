"""The words that the field client says to its officer, in Chinese and English; no other module holds any."""

from collections.abc import Callable
from dataclasses import dataclass

SENTENCES: dict[str, tuple[str, str]] = {
    "signed_in": ("{login} 已登录", "{login} is signed in"),
    "enrolled": ("设备 {device} 的密钥已登记（{login}）", "the key of device {device} is enrolled ({login})"),
    "pinned": ("首次联系：已固定服务器公钥（{origin}）", "first contact: the server's keys are pinned ({origin})"),
    "inspection": (
        "检查已开始：{mine}；执法人员 {officers}，主办 {lead}；编号 {id}",
        "inspection opened at {mine}; officers {officers}, led by {lead}; its id is {id}",
    ),
    "joined": ("{login} 已在本人设备上加入检查", "{login} joined the inspection from his own device"),
    "recording": ("执法全过程记录已开始", "the recording of the enforcement process is open"),
    "going_on": ("继续上次未完成的 {count} 件", "going on with {count} unfinished from before"),
    "signed": (
        "{name}：{size} 字节，SHA-256 {sha256}…，第 {seq} 号声明已签名",
        "{name}: {size} bytes, SHA-256 {sha256}…, statement {seq} is signed",
    ),
    "declared": (
        "{name}：已申报，申报凭证有效（60 秒内入账）",
        "{name}: declared; the declared receipt is genuine (in the log within 60 s)",
    ),
    "uploaded": ("{name}：原件已直传存储", "{name}: the bytes are in the store"),
    "received": ("{name}：服务器确认已收到", "{name}: the server confirms that they arrived"),
    "waiting": ("{name}：等待封存：{state}", "{name}: waiting for the seal: {state}"),
    "state_RECEIVED": ("正在重读核对并锁定", "the bytes are re-read, compared and locked"),
    "state_SEALED": ("已封存，正在写入账本并签发凭证", "sealed; the log and the receipt are being signed"),
    "sealed": ("{name}：已封存，凭证核验通过，存于 {into}", "{name}: sealed, the receipt holds; kept in {into}"),
    "refused": ("{name}：被拒绝（{code}）{said}", "{name}: refused ({code}){said}"),
    "quarantined": ("{name}：被隔离，不作为证据：{reason}", "{name}: quarantined, no evidence: {reason}"),
    "reason_ENCODED": ("上传时标注了内容编码", "it was sent as packed bytes"),
    "reason_HASH_DIFFERS": ("内容与声明的摘要不符", "its hash is not the declared one"),
    "reason_STATEMENT_DIFFERS": ("存储中所附声明不一致", "the store has it without its statement"),
    "reason_PARTS_DIFFER": ("分段摘要与声明不符", "its parts are not the declared ones"),
    "reason_SIZE_DIFFERS": ("大小与声明不符", "its size is not the declared one"),
    "reason_TYPE_DIFFERS": ("类型与声明不符", "its type is not the declared one"),
    "reason_TYPE_NOT_TAKEN": ("不是可接收的照片、视频或录音", "it is no photo, film or sound that is taken"),
    "reason_VERSION_GONE": ("存储中的版本已不存在", "its version is gone from the store"),
    "total": (
        "{files} 件：{sealed} 件已封存，{refused} 件被拒绝，{quarantined} 件被隔离",
        "{files} files, {sealed} sealed, {refused} refused, {quarantined} quarantined",
    ),
    "and_lost": ("，{lost} 件丢失", ", {lost} lost"),
    "and_left": ("，{left} 件未完（再次运行即可继续）", ", {left} unfinished (run it again to go on)"),
    "captured": (
        "无网络取证：本次签名 {count} 件，{size} MB",
        "captured without network: {count} pieces signed in this run, {size} MB",
    ),
    "captured_dock": (
        "采集站读取：本次签名 {count} 件，{size} MB；证明读取之后未变，不证明之前",
        "read in at the dock: {count} pieces signed in this run, {size} MB; that proves nothing about before",
    ),
    "captured_taken_over": (
        "从{giver}接收：本次签名 {count} 件，{size} MB；证明接收之后未变，不证明之前",
        "taken over from {giver}: {count} pieces signed in this run, {size} MB; that proves nothing about before",
    ),
    "stage_sending": ("申报并上传：{count} 件，{size} MB", "declaring and sending: {count} pieces, {size} MB"),
    "stage_sent": (
        "已上传 {sent} / {size} MB，约剩 {seconds} 秒",
        "{sent} of {size} MB sent, about {seconds} s left",
    ),
    "stage_sealing": ("等待封存：{count} 件", "waiting for the seal: {count} pieces"),
    "stage_left": (
        "尚待封存 {count} 件，{size} MB，约剩 {seconds} 秒",
        "{count} pieces, {size} MB still to be sealed, about {seconds} s left",
    ),
    "not_taken": ("{name}：不接收：{reason}", "{name}: not taken: {reason}"),
    "set_aside": ("{name}：搁置：{reason}", "{name}: set aside: {reason}"),
    "why_MEDIA_TYPE_NOT_TAKEN": (
        "不是照片、视频或录音，而是 {told}（MEDIA_TYPE_NOT_TAKEN）",
        "it is no photo, film or sound but {told} (MEDIA_TYPE_NOT_TAKEN)",
    ),
    "why_SIZE_NOT_TAKEN": (
        "大小为 {told} 字节（1 字节至 20 GiB 可取证）",
        "it has {told} bytes (1 byte to 20 GiB can be taken)",
    ),
    "why_NO_STATEMENT": ("声明不成立：{told}", "no statement can be made of it: {told}"),
    "why_UNREADABLE": ("无法读取：{told}", "it cannot be read: {told}"),
    "why_COPY_GONE": (
        "签名后本机副本丢失，无法上传",
        "the phone's copy was lost after it was signed, before it was sent",
    ),
    "why_COPY_CHANGED": (
        "签名后本机副本被改动或损坏，无法上传",
        "the phone's copy was changed or damaged after it was signed, before it was sent",
    ),
    "why_COPY_UNREADABLE": (
        "签名后本机副本两次运行均无法读取，无法上传",
        "the phone's copy could not be read at two runs after it was signed",
    ),
    "lost": ("{name}：已报告无法送达：{reason}", "{name}: reported as undelivered: {reason}"),
    "sealed_elsewhere": (
        "{name}：已封存，凭证核验通过；只交付证明，不含原件：{reason}",
        "{name}: sealed, its receipt holds; the proof is handed over without the original: {reason}",
    ),
    "why_NOT_YET_SEALED": ("尚未封存；再次运行即可继续等待", "it is not sealed yet; run it again to go on waiting"),
    "why_NO_STEP_FORWARD": ("没有进展；再次运行即可继续", "nothing moved; run it again to go on"),
    "why_RECEIPT_WRONG": (
        "凭证核验不通过，本机保留原件：{told}",
        "its receipt does not hold, the phone keeps its copy: {told}",
    ),
    "why_UPLOAD_REFUSED": ("存储拒绝接收：{told}", "the store refused the bytes: {told}"),
    "no_files": ("文件夹中没有可取证的文件", "there is no plain file in the folder"),
    "closed": (
        "记录已结束：{lead} 签名，{second} 在本人设备上会签",
        "the recording is closed: signed by {lead}, co-signed by {second} on his own device",
    ),
    "not_closed": ("记录未能结束：{told}；再次运行即可继续", "the recording is not closed: {told}; run it again"),
    "row_declared": ("已申报 {count} 件 {size} MB", "declared  {count} files {size} MB"),
    "row_received": ("已收到 {count} 件 {size} MB", "received  {count} files {size} MB"),
    "row_sealed": ("已封存 {count} 件 {size} MB", "sealed    {count} files {size} MB"),
    "of_NOTED": ("未签名", "not signed"),
    "of_SIGNED": ("已签名，未申报", "signed, not declared"),
    "of_DECLARED": ("已申报，未送达", "declared, not delivered"),
    "of_UPLOADED": ("已上传，未确认", "uploaded, not confirmed"),
    "of_RECEIVED": ("已收到，未封存", "received, not sealed"),
    "of_REFUSED": ("被拒绝", "refused"),
    "of_QUARANTINED": ("被隔离", "quarantined"),
    "of_LOST": ("丢失", "lost"),
    "row_grade": ("　　其中{grade} {count} 件{source}", "          of these {count} {grade}{source}"),
    "grade_SIGNED_AT_CAPTURE": ("拍摄时签名", "signed at capture"),
    "grade_SIGNED_AT_DOCK": ("采集站签名", "signed at the dock"),
    "grade_TAKEN_OVER": ("接收", "taken over"),
    "from_whom": ("（{giver}，{how}）", " (from {giver}; {how})"),
    "pack_grade": ("{grade}：{count} 件：{proves}", "{grade}: {count}: {proves}"),
    "proves_SIGNED_AT_CAPTURE": (
        "证明拍摄后未变，以及由哪台设备、哪个账户签名",
        "unchanged since it was taken, and which device and account signed it",
    ),
    "proves_SIGNED_AT_DOCK": (
        "证明采集站读取后未变，不证明读取之前",
        "unchanged since the dock read it in, and nothing about before",
    ),
    "proves_TAKEN_OVER": (
        "证明接收后未变，以及由谁、以何方式、何时接收，不证明移交之前",
        "unchanged since it was taken over, from whom, how and when; nothing about before",
    ),
    "row_into": (
        "原件、证明和公钥存于 {into}；制作证据包：pithead pack {id} --into 文件夹",
        "originals, proofs and keys are in {into}; a court pack of them: pithead pack {id} --into FOLDER",
    ),
    "rows_aside": ("未封存 {count} 件：{state}：{reason}", "not sealed: {count} files: {state}: {reason}"),
    "row_aside": ("未封存：{name}：{state}：{reason}", "not sealed: {name}: {state}: {reason}"),
    "into": ("，存于 {into}", ", kept in {into}"),
    "act_refused": ("被拒绝（{code}）{said}", "refused ({code}){said}"),
    "unreachable": ("联系不上服务器：{told}；再次运行即可继续", "no answer from {told}; run it again to go on"),
    "slow": ("{name} 尚未封存；再次运行即可继续等待", "{name} is not sealed yet; run it again to go on waiting"),
    "receipt_wrong": (
        "服务器的凭证核验不通过，本机保留原件：{told}",
        "a receipt does not hold, the phone keeps its copy: {told}",
    ),
    "upload_refused": ("存储拒绝接收：{told}", "the store refused the bytes: {told}"),
    "another_server": (
        "服务器公钥与首次固定的不符：{told}；请换 --folder 或核对服务器",
        "this is not the server whose keys were pinned: {told}; check it, or use another --folder",
    ),
    "pack_without": ("{name}：没有封存原件（{reason}）", "{name}: without a sealed original ({reason})"),
    "packed": (
        "证据包已写入 {into}：{files} 个文件，{unsealed} 份声明没有封存原件",
        "the pack is in {into}: {files} files, {unsealed} statements without a sealed original",
    ),
    "pack_case": (
        "案卷：{steps} 个步骤，{papers} 份文书；{withheld} 个步骤未随卷提供",
        "the case: {steps} steps, {papers} papers; {withheld} steps are not given out",
    ),
    "pack_not_proven": (
        "账本还没有公布这次调卷的条目：卷内缺什么，尚无从证明；请稍后重新制作",
        "the log has not shown the entry of this opening yet: nothing proves the pack whole; make it again later",
    ),
    "code_NOT_FOUND": (
        "没有这个编号，或者您看不到", "there is nothing of that id, or it is not for you to see"),
    "code_NOT_ALLOWED": ("您没有权限", "this is not yours to do"),
    "code_UNAUTHENTICATED": ("登录名或者密码不对，或者登录已失效", "the sign-in is wrong, or no longer valid"),
    "code_DECISION_NOT_SERVED": ("处罚决定书尚未送达", "the decision has not been served on the mine yet"),
    "verify_VERIFIED": (
        "核验通过：{held} 项检查全部成立，公钥是您信任的", "verified: {held} checks held, by keys that you trust"),
    "verify_CONSISTENT_BUT_UNTRUSTED": (
        "前后一致，但没有给出可信公钥（--trust）：任何人用自己的密钥都能做出这样的卷；{held} 项检查成立",
        "it fits together, and no trusted keys were given (--trust): {held} checks held"),
    "verify_BROKEN": ("核验不通过，首处不符：{named}", "broken, first at: {named}"),
    "verify_NOT_CHECKED": (
        "没有核验任何内容：路径或者可信公钥文件不对，不说明证据有问题（{named}）",
        "nothing was checked: {named}"),
    "verify_not_checked_why": (
        "请检查路径和公钥文件",
        "Nothing was checked: the path or the file of trusted keys is not what you meant. That speaks against nobody."),
    "verify_left": ("；另有 {left} 项没有核验，首项：{named}", "; {left} were not made, the first: {named}"),
    "verify_commitment": (
        "{mine}{year}年度承诺书，{principal}于{at}以{way}签署。之后有没有被替代或者失效，离线看不出来："
        "有网络时打开服务器的 /commitments/{id}?year={year}",
        "The commitment of {mine} for {year}, signed by {principal} on {at} (UTC+8) with {way}. Whether it still stands"
        " cannot be seen offline: with a network, open /commitments/{id}?year={year} on the server",
    ),
    "way_KEY": ("本人设备密钥", "the key of his own device"),
    "way_PASSKEY": ("本人通行密钥", "his own passkey"),
    "way_TOKEN": ("数字证书（令牌）", "a certificate of a CA on a token"),
    "way_INK": ("纸质签名（较低级别）", "ink (the lower level)"),
    "pack_wrong": ("无法制作证据包：{told}", "no pack can be made of it: {told}"),
    "pack_bytes": (
        "存储给出的不是签名时的内容：{told}；未做成证据包",
        "the store gives out other bytes than were signed: {told}; no pack is made of them",
    ),
    "pack_taken": ("文件夹不是空的：{told}", "the folder is not empty: {told}"),
    "no_file": ("无法读写：{told}", "cannot be read or written: {told}"),
    "empty": (
        "文件大小为 {told} 字节，无法取证（1 字节至 20 GiB）",
        "a file of {told} bytes cannot be taken (1 byte to 20 GiB)",
    ),
    "no_statement": ("声明不成立：{told}", "no statement can be made of it: {told}"),
    "damaged": ("手机文件夹中的文件已损坏：{told}", "a file in the phone's folder is damaged: {told}"),
    "place": ("位置无法识别：{told}", "no coordinate: {told}"),
    "in_use": ("{told} 正被另一进程使用", "{told} is in use by another process"),
    "no_mine": ("看不到样例煤矿：请先载入样例数据", "no sample mine is visible: load the sample data first"),
    "begun_otherwise": (
        "此文件夹尚未完成的一次是以另一来源开始的：请先以原来的参数完成",
        "the unfinished shift of this folder was begun with another origin: finish it with the words it was begun with",
    ),
    "two_officers": ("执法检查不得少于两名执法人员", "an inspection takes at least two officers"),
    "key_unreadable": (
        "设备密钥无法读取：{told}；请登记新设备",
        "the device's key is unreadable: {told}; enrol a new one",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Talk:
    """Says sentences in `zh`, in `en`, or in both (any other language): Chinese first, English below."""

    say: Callable[[str], None]
    language: str = "both"

    def tell(self, sentence: str, /, **parameters: object) -> None:
        """One step."""
        chinese, english = both(sentence, **parameters)
        if self.language != "en":
            self.say(chinese)
        if self.language != "zh":
            self.say(english if self.language == "en" else f"    {english}")

    def said(self, sentence: str, code: str = "") -> tuple[str, str]:
        """What the server said, which was asked in one language: it never stands within a sentence of the other.

        The other half has our own words for the code, where we have any.
        """
        ours = both(f"code_{code}") if f"code_{code}" in SENTENCES else ("", "")
        chinese, english = (f"：{ours[0]}" if ours[0] else "", f": {ours[1]}" if ours[1] else "")
        return (chinese, f": {sentence}") if self.language == "en" else (f"：{sentence}", english)

    def name(self, name: str) -> None:
        """One of the names that belong under a sentence; names are in no language, so it is said once."""
        self.say(f"        {name}")

    def end(self, *sentences: str, **parameters: object) -> None:
        """The one line that sums up."""
        chinese = "".join(both(one, **parameters)[0] for one in sentences)
        english = "".join(both(one, **parameters)[1] for one in sentences)
        self.say({"zh": chinese, "en": english}.get(self.language, f"{chinese} / {english}"))


def why(reason: str) -> tuple[str, str]:
    """A reason as the phone writes it down (a code, and what was found) in the words for it; as it is without any."""
    code, _, told = reason.partition(" ")
    for name in (f"why_{code}", f"reason_{code}"):
        if name in SENTENCES:
            return both(name, told=told)
    return reason, reason


def both(sentence: str, /, **parameters: object) -> tuple[str, str]:
    """The sentence in Chinese and English. A parameter that is a sentence itself is given as such a pair."""
    chinese, english = SENTENCES.get(sentence, (sentence, sentence))
    first = {name: value[0] if isinstance(value, tuple) else value for name, value in parameters.items()}
    second = {name: value[1] if isinstance(value, tuple) else value for name, value in parameters.items()}
    return chinese.format_map(first), english.format_map(second)
