"""Tests of opening the file of a case as a pack: what is in which volume, who may have it, and that it verifies."""

from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.cases import case_files, contents, packing, problems
from storage.casework.cases.bodies.facts import Noted
from storage.casework.cases.packing import OpenedCase
from storage.casework.cases.volumes import Volume, Withheld
from storage.casework.papers import operations as papers
from storage.casework.papers import signing
from storage.casework.papers.operations import Draft
from storage.casework.papers.signing import Refusing
from storage.casework.papers.tables import PaperSubject
from storage.field.evidence import packing as evidence
from storage.field.evidence.packing import ClosingProof
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb
from storage.record.database import Database
from storage.record.ledger import sequencer
from storage.record.ledger.proofs import casefiles, checkpoints
from storage.record.ledger.proofs.canonical import parse_canonical
from storage.record.ledger.proofs.inventories import Beside
from storage.record.ledger.proofs.verdicts import Checks
from storage.record.problems import BadInput, NotAllowed, NotFound
from storage.record.work import perform
from tests.counting import statements_of
from tests.factories.case_papers import serve
from tests.factories.desk import Desk, make_desk
from tests.factories.papers import INTERNAL_FORM, RECORD_FORM
from tests.sites import NOW, Site
from tests.vectors import sample

SERVER = sample.server()
NOTHING_BESIDE = Beside({}, frozenset(), frozenset(), None, lambda name, limit: None)


@pytest.fixture
async def desk(site: Site) -> Desk:
    return await make_desk(site)


async def shown(desk: Desk, workers: Database) -> None:
    """All entries so far stand in the log, and a signed checkpoint covers them."""
    await sequencer.open_log(workers, origin=SERVER.keys.origin)
    while await sequencer.sequence(workers):
        pass
    head = await desk.site.rows.fetchrow("SELECT log, size, root FROM tree_head")
    assert head is not None
    note = checkpoints.sign_checkpoint(SERVER.keys.origin, head["size"], head["root"], SERVER.signers["ledger"])
    await desk.site.rows.execute(
        "INSERT INTO checkpoints (log, size, root, note, shown_at) VALUES ($1, $2, $3, $4, now())"
        " ON CONFLICT DO NOTHING",
        head["log"], head["size"], head["root"], note,
    )  # fmt: skip


async def opens(
    desk: Desk, by: Actor | None = None, volume: Volume = Volume.MAIN, *, database: Database | None = None, **given: Any
) -> OpenedCase:
    asked: dict[str, Any] = {"case_id": desk.id, "volume": volume, "first": 100, "behind": None}
    return await perform(
        database or desk.site.database, by or desk.head, NOW, packing.open_case_pack, **(asked | given)
    )  # fmt: skip


def members_of(opened: OpenedCase) -> dict[str, Any]:
    assert opened.file is not None
    return parse_canonical(case_files.case_file(opened.file, keys=SERVER.keys.document()), casefiles.LIMIT)


def checked(opened: OpenedCase, beside: Beside | None = None) -> dict[str, bool | None]:
    """Every check of the case file by its name, made as anyone makes it who trusts the log's key."""
    assert opened.file is not None
    checks, id = Checks(), str(opened.file.case.id)
    data = case_files.case_file(opened.file, keys=SERVER.keys.document())
    trust = SERVER.keys.document()
    casefiles.check_case(f"{id}.case.json", data, beside=beside or NOTHING_BESIDE, trust=trust, checks=checks)
    return {check.name.removeprefix(f"{id}: "): check.ok for check in checks.made}


async def decided(desk: Desk, *, served: bool = True) -> None:
    """A case on a finding, decided; on paper and served, or not yet."""
    await desk.rest_on_a_sound_finding()
    draft = await desk.up_to_the_decision()
    decision = desk.taking(draft, officers=())
    await desk.again(decision, by=desk.head)
    if served:
        await serve(desk, decision.id)


async def paper(desk: Desk, form: str = RECORD_FORM) -> UUID:
    """An issued paper: the record of the inspection, which its finding fills, or an internal one of the case."""
    internal = form == INTERNAL_FORM
    draft = Draft(
        id=uuid4(), form=form, fields={}, subject_id=desk.id if internal else desk.check.id,
        subject_kind=PaperSubject.CASE if internal else PaperSubject.INSPECTION,
    )  # fmt: skip
    await desk.check.acts(desk.check.lead, papers.draft_paper, draft=draft)
    await desk.check.acts(desk.check.lead, papers.issue_paper, paper_id=draft.id)
    return draft.id


async def principal(desk: Desk, mine: UUID | None = None, role: Role = Role.MINE_PRINCIPAL) -> Actor:
    return await desk.site.person(role, county=None, mine_id=mine or desk.site.mine, certificate=None)


async def test_the_whole_file_of_a_case_verifies_by_the_logs_key_alone(desk: Desk, workers: Database) -> None:
    await decided(desk)
    record, internal = await paper(desk), await paper(desk, INTERNAL_FORM)
    refusing = Refusing(place="被检查单位现场负责人", name="王某", reason="不认可")
    await desk.check.acts(desk.check.lead, signing.record_refusal, paper_id=record, refusing=refusing)
    await shown(desk, workers)
    opened = await opens(desk, volume=Volume.WHOLE)
    found = checked(opened)
    assert [name for name, ok in found.items() if ok is False] == []
    assert {f"step {at}" for at in range(9)} | {f"paper {record}", f"paper {internal}", "findings"} <= found.keys()
    assert (found["steps"], found.get("withheld", True), opened.more) == (None, True, False)
    assert opened.file is not None
    (told,) = [one for one in opened.file.papers if one.paper.id == record]
    assert [one.entry.kind for one in told.entries] == ["paper.issued", "paper.refused"]
    assert (await desk.site.entries())[-1] == "pack.opened"


async def test_the_main_volume_has_neither_the_steps_nor_the_papers_that_stay_within_the_agency(
    desk: Desk, workers: Database
) -> None:
    await decided(desk)
    record, _ = await paper(desk), await paper(desk, INTERNAL_FORM)
    await desk.take(Noted(words="内部所见"), party=None)
    await shown(desk, workers)
    told = members_of(await opens(desk))
    assert len(told["papers"]) == 2, "and the decision"
    assert str(record) in {one["paper"] for one in told["papers"]}
    assert [one["ordinal"] for one in told["withheld"]] == [4, 6, 13], "the end of the inquiry, the range, the note"
    assert all("副卷" in one["reason"] for one in told["withheld"])
    said = "".join(one["payload"] for one in told["steps"])
    assert "基准第3项" not in said
    assert "内部所见" not in said
    assert all(ok is not False for ok in checked(await opens(desk)).values())


async def test_61_the_mines_principal_has_the_main_volume_once_the_decision_is_served(
    desk: Desk, workers: Database
) -> None:
    await decided(desk, served=False)
    await shown(desk, workers)
    own = await principal(desk)
    await desk.refused(problems.DecisionNotServed, opens(desk, own))
    (decision,) = await desk.site.rows.fetch("SELECT id FROM case_steps WHERE kind = 'DECIDED'")
    await serve(desk, decision["id"])
    await shown(desk, workers)
    opened = await opens(desk, own)
    court = await opens(desk)
    assert opened.file is not None
    assert court.file is not None
    assert (opened.file.steps, opened.file.papers) == (court.file.steps, court.file.papers), "the same as a court's"
    assert opened.file.withheld.keys() == court.file.withheld.keys()
    assert opened.recordings
    assert opened.pieces is not None
    assert all(ok is not False for ok in checked(opened).values())


async def test_the_second_volume_the_clerk_and_another_mine_are_given_nothing(desk: Desk, workers: Database) -> None:
    await decided(desk)
    await shown(desk, workers)
    await desk.refused(NotAllowed, opens(desk, await principal(desk), Volume.WHOLE))
    await desk.refused(NotAllowed, opens(desk, await principal(desk, role=Role.MINE_CLERK)))
    await desk.refused(NotFound, opens(desk, await principal(desk, desk.site.far_mine)))
    await desk.refused(BadInput, opens(desk, first=0))
    await desk.refused(NotFound, opens(desk, case_id=uuid4()))


@pytest.mark.parametrize(
    "role", [role for role in Role if not {Verb.EVIDENCE_OPEN, Verb.CASE_READ} <= ROLE_VERBS[role]]
)
async def test_a_role_that_opens_no_evidence_of_cases_is_given_no_pack(
    desk: Desk, workers: Database, role: Role
) -> None:
    await desk.file()
    await shown(desk, workers)
    await desk.refused(NotAllowed, opens(desk, await desk.site.person(role)))


async def test_a_step_that_no_checkpoint_covers_yet_is_left_out_and_counted(desk: Desk, workers: Database) -> None:
    await decided(desk)
    await shown(desk, workers)
    await desk.take(Noted(words="后来"), party=None)
    opened = await opens(desk, volume=Volume.WHOLE)
    assert opened.file is not None
    assert (len(opened.file.steps), opened.file.behind) == (13, 1)
    assert all(ok is not False for ok in checked(opened).values())


async def test_a_step_whose_words_were_erased_by_law_is_told_as_withheld(desk: Desk, workers: Database) -> None:
    await decided(desk)
    await shown(desk, workers)
    await desk.site.rows.execute("SET session_replication_role = replica")
    await desk.site.rows.execute(
        "DELETE FROM payloads WHERE entry_id = (SELECT entry_id FROM case_steps WHERE kind = 'EVIDENCE_ADDED')"
    )
    opened = await opens(desk, volume=Volume.WHOLE)
    assert opened.file is not None
    assert opened.file.withheld == {2: Withheld.ERASED}
    assert all(ok is not False for ok in checked(opened).values())


async def test_what_people_wrote_is_text_in_the_list_of_contents_and_nothing_else(
    desk: Desk, workers: Database
) -> None:
    await decided(desk)
    for words in ("<script>alert(1)</script>", "2026-99-99T99:99:99+00:00", "2026-11-24T08:00:00+00:00"):
        await desk.take(Noted(words=words), party=None)
    await shown(desk, workers)
    opened = await opens(desk, volume=Volume.WHOLE)
    assert opened.file is not None
    page = contents.contents(opened.file).decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "2026-99-99T99" in page
    assert "2026-11-24 16:00" in page


@pytest.mark.parametrize(("bound", "most"), [("MOST_ENTRIES", 9), ("MOST_PAPERS", 0), ("MOST_BYTES", 1_000)])
async def test_a_file_that_is_too_large_is_refused(
    desk: Desk, workers: Database, monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    await decided(desk)
    await paper(desk)
    await shown(desk, workers)
    monkeypatch.setattr(packing, bound, most)
    await desk.refused(problems.CasePackTooLarge, opens(desk))


async def test_a_pack_takes_as_many_statements_for_a_large_case_as_for_a_small_one(
    desk: Desk, workers: Database, site: Site
) -> None:
    await decided(desk)
    await paper(desk)
    await shown(desk, workers)
    narrow = Database(str(site.database.engine.url.render_as_string(hide_password=False)), pool_size=1)
    texts = statements_of(narrow)
    await opens(desk, volume=Volume.WHOLE, database=narrow)
    costs = []
    for more in (0, 12):
        for number in range(more):
            await desk.take(Noted(words=f"{number}"), party=None)
            await paper(desk)
        await shown(desk, workers)
        texts.clear()
        await opens(desk, volume=Volume.WHOLE, database=narrow)
        costs.append(len(texts))
    await narrow.close()
    assert costs[0] == costs[1] <= 20, texts


async def test_what_somebody_wrote_like_a_time_or_like_markup_breaks_no_list_of_contents(
    desk: Desk, workers: Database
) -> None:
    await desk.file()
    for words in ("0001-01-01T00:00:00+14:00", "<script>x</script>"):
        await desk.take(Noted(words=words), party=None)
    await shown(desk, workers)
    opened = await opens(desk, volume=Volume.WHOLE)
    assert opened.file is not None
    page = contents.contents(opened.file).decode()
    assert "0001-01-01T00:00:00+14:00" in page
    assert "<script>" not in page


def beside_of(opened: OpenedCase, proof: ClosingProof | None) -> Beside:
    """What lies beside the case file in the pack that this opening gave out."""
    assert opened.laid is not None
    files = {f"{opened.file.case.id}.inventory.json": opened.laid.inventory} if opened.file else {}
    if proof is not None and opened.file is not None:
        files[f"{opened.file.case.id}.opening.json"] = evidence.proof_file(proof, keys=SERVER.keys.document())
    statements = frozenset(row["statement_hash"].hex() for row in opened.pieces)
    page = sha256(opened.laid.page).hexdigest()
    closings = {f"{one.id}.closing.json": sha256(one.file).hexdigest() for one in opened.recordings if one.file}
    return Beside(closings, frozenset(), statements, page, lambda name, limit: files.get(name))


async def proof_of(desk: Desk, by: Actor, opening: UUID) -> ClosingProof | None:
    async with desk.site.database.reading(by) as sql:
        return await packing.proof_of_opening(sql, by, opening=opening)


async def test_what_was_given_out_is_proven_by_the_entry_of_its_opening_and_by_no_other(
    desk: Desk, workers: Database
) -> None:
    await decided(desk)
    await paper(desk)
    await shown(desk, workers)
    opened = await opens(desk)
    assert await proof_of(desk, desk.head, opened.opening) is None, "no checkpoint covers it yet"
    await shown(desk, workers)
    proof = await proof_of(desk, desk.head, opened.opening)
    found = checked(opened, beside_of(opened, proof))
    told = {name: found[name] for name in ("opening", "inventory", "pieces", "contents.html", "steps", "withheld")}
    assert told == dict.fromkeys(told, True)
    whole = await opens(desk, volume=Volume.WHOLE)
    assert checked(whole, beside_of(opened, proof))["opening"] is False
    with pytest.raises(NotFound):
        await proof_of(desk, desk.check.lead, opened.opening)
    with pytest.raises(NotFound):
        await proof_of(desk, desk.head, uuid4())


async def test_the_list_of_contents_says_what_each_step_says_in_words(desk: Desk, workers: Database) -> None:
    await decided(desk)
    await paper(desk)
    await shown(desk, workers)
    opened = await opens(desk, volume=Volume.WHOLE)
    assert opened.laid is not None
    page = opened.laid.page.decode()
    rows = [row for row in page.split("<tr>") if "data-is" in row]
    assert [row for row in rows if 'data-is="内容 Says"></td>' in row] == []
    assert 'data-is="序号 No.">1</td>' in page
    assert "送达 Service：" in page
    assert "罚款依据 Basis of the fine：安全生产法第九十七条、第一百零一条" in page
    assert "fine_major_hazard_unit" not in page
    assert "已签名 signed" in page or "未签名 not signed" in page
    assert all(word in page for word in ("文号 Number", "责任者 By", "题名 Title", "页号", "备注 Remarks", "证据目录"))
