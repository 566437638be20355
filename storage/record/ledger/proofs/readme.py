"""The words of a pack's readme, in Chinese and English: how to check it, and what each grade proves."""

from hashlib import sha256

TEXT = """\
井口 Pithead：执法证据包（BagIt，RFC 8493）

data/ 内为原始文件，逐字节未改动；每个原始文件旁的 .pithead.json 是它的证明，
.closing.json 是两名执法人员签名的记录结束单，.closed.json 证明账本收录了它，
.takeover.json 写明从谁、以何方式、何时接收，unsealed.json 列出已声明而没有封存原件的陈述及其原因
（例如设备丢失、从未上传）。
案卷包另有 .case.json：案件的每个步骤、文书、隐患和措施，各以其账本条目为准；.pdf 是文书，
contents.html 是供阅读的案卷目录。正卷不含归入副卷的步骤，缺哪几步、为何，写在其中。
.inventory.json 列出记录系统给出的全部内容，.opening.json 证明账本在给出时就记下了它：
事后少一步、少一份文书、改目录，都能查出。
不需要本软件即可核对文件未变：sha256sum -c manifest-sha256.txt
核对签名和账本：pithead verify 本文件夹 --trust 可信公钥文件。公钥须从可信途径另行取得，不得使用本包内的。

证据等级（写在每个 .pithead.json 的封存条目 grade 中）证明什么：
SIGNED_AT_CAPTURE 拍摄时签名：执法设备在拍摄当时对原始字节签名；
证明此后未变，以及由哪台设备、哪个账户、在全程记录的哪一环节签名。
SIGNED_AT_DOCK 采集站签名：原件由未装本软件的设备拍摄，导入采集站时签名；证明导入之后未变，不证明导入之前。
TAKEN_OVER 接收：原件由他人移交；证明接收之后未变，以及由谁、以何方式、何时接收，不证明移交之前。
各等级均不证明镜头所见属实，也不证明时钟和位置正确：它们原样并列保存。

Pithead: pack of enforcement evidence (BagIt, RFC 8493)

data/ holds the originals, not one byte changed; the .pithead.json beside each is its proof, a
.closing.json is the closing of a recording signed by two officers, .closed.json proves that the
ledger took it, .takeover.json says from whom, how and when a file was taken over, and unsealed.json
lists statements without a sealed original, each with the reason (for instance: the device was lost
and never sent it).
The pack of a case also has .case.json: each step, paper, finding and measure of the case as its
entry in the ledger; a .pdf is a paper, contents.html the list of contents, for reading. The main
volume leaves out the steps of the second one, and says which and why. .inventory.json lists all that
the record gave out, and .opening.json proves that the ledger noted it then: a step or paper left out
afterwards, or another list of contents, shows.
That no file has changed can be checked without this software: sha256sum -c manifest-sha256.txt
To check signatures and ledger: pithead verify THIS_FOLDER --trust KEYS. Take the keys from a source
that you trust, never from this pack.

What each grade proves (it stands as `grade` in the sealed entry of each .pithead.json):
SIGNED_AT_CAPTURE: the officer's device signed the original's bytes when it took them. Proves that
they have not changed since, and which device and account signed them at which stage of the
recording.
SIGNED_AT_DOCK: taken by a device that does not run this software, and signed when it was read in at
the dock. Proves that the bytes have not changed since then, and nothing about before.
TAKEN_OVER: handed over by someone else. Proves that the bytes have not changed since, and from
whom, how and when they came, and nothing about before.
No grade proves that what the lens saw was as it seems, or that a clock or position was right: they
are kept side by side.
"""

HASHES = frozenset({sha256(TEXT.encode()).hexdigest()})
"""The SHA-256 of each readme that this software wrote; add to them when the words change after a release."""
