"""What may live here: `pithead demo disclosure`: a penalty and a result made public, corrected, taken down."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from api.demo import answering, rewarding, words
from api.demo.days import Today
from api.demo.docket import Docket
from api.demo.hands import Cast, Hand
from api.demo.playing import FAILED, is_taken, played
from api.demo.telling import Story
from api.demo.visiting import Visitor
from api.demo.written import ORGAN
from api.phone import disk
from api.phone.outset import first_contact, line_of, server_of
from api.phone.phone import new_id
from api.phone.talk import Talk
from api.phone.trust import Trust
from storage.record.clock import day_of
from storage.record.glossary.labels import LABELS
from storage.record.law import BUILT_IN

OFFICER = "gazette.panzhou"
TELEPHONE = "0858-0000001"
FACTS = f"{answering.FACT}（当班联系电话{TELEPHONE}）"
"""What was written on site: a telephone is in it, which the public does not read."""
PLAIN = [{"member": "facts", "text": answering.FACT}]
_PREVIEW = """query ($kind: DisclosureSourceKind!, $id: UUID!, $worded: [WordedInput!]) {
  disclosurePreview(sourceKind: $kind, sourceId: $id, worded: $worded) {
    content digest dueOn takenOut { member article why } } }"""
_MADE = "disclosure { uuid state edition }"


def main_disclosure(
    *,
    url: str,
    folder: Path,
    into: Path,
    password: str,
    say: Callable[[str], None],
    http: httpx.Client | None = None,
    heard: Callable[[Story], None] = lambda story: None,
) -> int:
    """Plays it with the sample people; 0 if every act was done and the bundle is proven without the server.

    `folder` holds the phones, `into` receives what a visitor takes home. `heard` is called once the story is told.
    """
    if is_taken(into, say):
        return FAILED

    def play() -> int:
        with ExitStack() as open_now:
            open_now.enter_context(disk.held(folder))
            line = open_now.enter_context(line_of(http))
            today = Today()
            cast = Cast(lambda: server_of(url, line, "zh", 20.0), folder, password, today)
            story = Story(cast, say, today, today.begin(BUILT_IN))
            code = _tell(story, Visitor(story, url, line), into)
            heard(story)
            return code

    return played(play, url=url, say=say)


def _tell(story: Story, visitor: Visitor, into: Path) -> int:
    """Act by act; whatever the law forbids on the way is tried, too."""
    story.say(words.line("disclosure_means"))
    keys = Trust(story.cast.folder / "server-keys.json")
    first_contact(story.lead.phone, keys, Talk(lambda _: None))
    docket, measure = _on_site(story)
    penalty, result, before = _publish(story, docket)
    story.say(words.line("chapter_shown"))
    visitor.sees(penalty)
    visitor.sees(result)
    _correct_result(story, visitor, result, measure, before)
    _dispute(story, visitor, docket, penalty)
    gone = _take_down(story, visitor, penalty)
    _end_dispute(story, visitor, docket, penalty)
    story.say(words.line("chapter_home"))
    visitor.takes(penalty, gone, into)
    story.say(words.line("open_pages", url=visitor.url, penalty=penalty, result=result, gone=gone, mine=story.mine,
                         code=story.credit_code, login=OFFICER))  # fmt: skip
    story.seen |= {"penalty": penalty, "result": result, "gone": gone}
    return visitor.checks(penalty, into, keys.path)


def _on_site(story: Story) -> tuple[Docket, str]:
    """处罚法51: found by two, ordered, fined on the spot; another officer is there to publish it."""
    story.finds_its_mine()
    story.say(words.line("chapter_site"))
    today = day_of(story.clock())
    story.cast.employs(
        OFFICER, name="华示（示例）", county="520281", number=f"SAMPLE-G{today.year}",
        certified=(f"{today.year}-01-01", f"{today.year + 4}-12-31"),
    )  # fmt: skip
    answering.go_there(story, "核查甲烷传感器")
    answering.find(story)
    measure = answering.order_on_site(story)
    return rewarding.fine(story, facts=FACTS), measure


def _publish(story: Story, docket: Docket) -> tuple[str, str, str]:
    """处罚法48, 50; 安法78: previewed, worded anew, published by somebody who had no hand in it; both ids."""
    officer, decided = story.cast[OFFICER], ("DECISION", docket.decision)
    story.say(words.line("chapter_preview"))
    with story.refused("PERSONAL_DATA_FOUND"):
        _previewed(officer, *decided)
    seen = _previewed(officer, *decided, worded=PLAIN)
    _tell_what_is_taken_out(story, seen)
    with story.refused("PUBLISHED_BY_ITS_AUTHOR"):
        _published(story.lead, *decided, digest=seen["digest"], worded=PLAIN)
    with story.refused("COPY_STALE"):
        _published(officer, *decided, digest="0" * 64, worded=PLAIN)
    penalty = _published(officer, *decided, digest=seen["digest"], worded=PLAIN)
    story.told("penalty_published", penalty, kind="disclosure.published", by=officer, due=seen["dueOn"])
    with story.refused("ALREADY_PUBLISHED"):
        _published(officer, *decided, digest=seen["digest"], worded=PLAIN)
    inspected = ("INSPECTION", story.inspection)
    before = str(_previewed(officer, *inspected)["digest"])
    result = _published(officer, *inspected, digest=before)
    story.told("result_published", result, kind="disclosure.published", by=officer)
    story.seen["preview"] = seen
    return penalty, result, before


def _previewed(by: Hand, kind: str, id: str, *, worded: list[dict[str, str]] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = by.asks(_PREVIEW, kind=kind, id=id, worded=worded or [])["disclosurePreview"]
    return found


def _published(by: Hand, kind: str, id: str, **given: Any) -> str:
    made = by.acts("publishDisclosure", _MADE, operationId=new_id(), sourceKind=kind, sourceId=id, **given)
    return str(made["disclosure"]["uuid"])


def _tell_what_is_taken_out(story: Story, seen: dict[str, Any]) -> None:
    story.say(words.line("public_copy", digest=seen["digest"][:16], size=len(seen["content"].encode())))
    for one in seen["takenOut"]:
        chinese, english = LABELS["TakenOutFor"][one["why"]]
        story.say(words.line("taken_out", member=one["member"], zh=chinese, en=english, article=one["article"]))


def _correct_result(story: Story, visitor: Visitor, result: str, measure: str, before: str) -> None:
    """公开条例6: what the record has it now; not what it had, and not without any change."""
    officer, given = story.cast[OFFICER], {"disclosureId": result, "reason": "整改合格，现场处理措施已办结"}
    story.say(words.line("chapter_mended"))
    with story.refused("NOTHING_TO_CORRECT"):
        officer.acts("correctDisclosure", _MADE, operationId=new_id(), digest=before, **given)
    answering.close_order(story, measure)
    story.closes(story.recording)
    with story.refused("COPY_STALE"):
        officer.acts("correctDisclosure", _MADE, operationId=new_id(), digest=before, **given)
    now = _previewed(officer, "INSPECTION", story.inspection)["digest"]
    officer.acts("correctDisclosure", _MADE, operationId=new_id(), digest=now, **given)
    story.told("result_corrected", result, kind="disclosure.corrected", by=officer)
    visitor.sees(result, edition=2)


def _dispute(story: Story, visitor: Visitor, docket: Docket, penalty: str) -> None:
    """复议法20: that the party goes against it is shown beside the penalty, which stays."""
    officer = story.cast[OFFICER]
    story.say(words.line("chapter_disputed"))
    with story.refused("NOTHING_DISPUTED"):
        officer.acts("disputeDisclosure", _MADE, operationId=new_id(), disclosureId=penalty)
    story.seen["filing"] = docket.step(
        story.lead, "recordReconsideration", "filed", partyId=docket.party, decision=docket.decision, organ=ORGAN,
        filedOn=f"{day_of(story.clock())}",
    )  # fmt: skip
    officer.acts("disputeDisclosure", _MADE, operationId=new_id(), disclosureId=penalty)
    story.told("penalty_disputed", penalty, kind="disclosure.disputed", by=officer)
    visitor.sees(penalty, disputed=True)


def _take_down(story: Story, visitor: Visitor, penalty: str) -> str:
    """处罚法48: not by a claim that the decision fell; 410 says why. What stays taken down, by its id."""
    officer = story.cast[OFFICER]
    given = {"disclosureId": penalty, "reason": "当事人名称待核对，暂予撤下"}
    story.say(words.line("chapter_down"))
    with story.refused("WITHDRAWAL_UNREASONED"):
        officer.acts("withdrawDisclosure", _MADE, operationId=new_id(), ground="DECISION_FELL", **given)
    officer.acts("withdrawDisclosure", _MADE, operationId=new_id(), ground="PUBLISHED_IN_ERROR", **given)
    story.told("penalty_withdrawn", penalty, kind="disclosure.withdrawn", by=officer)
    story.seen["410"] = visitor.sees_it_gone(penalty)
    back = {"disclosureId": penalty, "reason": "已核对，当事人名称无误"}
    officer.acts("restoreDisclosure", _MADE, operationId=new_id(), **back)
    story.told("penalty_restored", penalty, kind="disclosure.restored", by=officer)
    with story.refused("STILL_SHOWN"):
        officer.acts("restoreDisclosure", _MADE, operationId=new_id(), **back)
    visitor.sees(penalty, disputed=True)
    return _publish_too_early(story, visitor)


def _publish_too_early(story: Story, visitor: Visitor) -> str:
    """公开条例6: a result that was made public before the inspection was over stays taken down."""
    officer, inspection = story.cast[OFFICER], new_id()
    story.lead.acts(
        "openInspection", "inspection { uuid }", id=inspection, mineId=story.mine, basis="REASONED",
        reason="复查通风系统", leadId=story.lead.account, officerIds=story.officers,
        places=[{"id": new_id(), "name": "主通风机房", "underground": False}],
    )  # fmt: skip
    digest = _previewed(officer, "INSPECTION", inspection)["digest"]
    early = _published(officer, "INSPECTION", inspection, digest=digest)
    story.told("result_published", early, kind="disclosure.published", by=officer)
    officer.acts("withdrawDisclosure", _MADE, operationId=new_id(), ground="PUBLISHED_IN_ERROR", disclosureId=early,
                 reason="检查尚未结束，公示有误")  # fmt: skip
    story.told("early_withdrawn", early, kind="disclosure.withdrawn", by=officer)
    visitor.sees_it_gone(early)
    return early


def _end_dispute(story: Story, visitor: Visitor, docket: Docket, penalty: str) -> None:
    """复议法68; 公开条例6: what came of it is part of the copy from then on; the old edition stays readable."""
    officer, lead, filing = story.cast[OFFICER], story.lead, story.seen["filing"]
    today = f"{day_of(story.clock())}"
    story.say(words.line("chapter_upheld"))
    docket.step(lead, "answerRemedy", "answered", partyId=docket.party, filed=filing, papers="答复书、证据目录")
    docket.step(lead, "recordRemedyOutcome", "upheld", partyId=docket.party, filed=filing, result="UPHELD",
                decidedOn=today)  # fmt: skip
    now = _previewed(officer, "DECISION", docket.decision, worded=PLAIN)["digest"]
    officer.acts("correctDisclosure", _MADE, operationId=new_id(), disclosureId=penalty, digest=now, worded=PLAIN,
                 reason="行政复议已作出决定：维持")  # fmt: skip
    story.told("penalty_corrected", penalty, kind="disclosure.corrected", by=officer)
    story.seen["shown"] = visitor.sees(penalty, edition=2)
