"""Tests of cases in GraphQL: acts, why a case cannot be decided yet, its clocks, recordings and timeline."""

from typing import Any
from uuid import UUID, uuid4

from graphql_schema.casework.cases_acts import NAMES
from storage.casework.cases.steps import StepKind
from storage.casework.cases.taking import VERB_OF
from storage.casework.papers import operations
from storage.casework.papers.operations import Draft
from storage.casework.papers.tables import PaperSubject
from storage.record.actor import ROLE_VERBS, Actor, Role
from storage.record.problems import NotAllowed, NotSignedIn
from storage.record.work import perform
from tests.counting import statements_of
from tests.factories.casework import Check, make_check
from tests.factories.papers import FILLED, INTERNAL_FORM
from tests.graphql_schema.asking import ask, codes
from tests.sites import NOW, Site

FIELDS = """id uuid cause simple state steps inspectionId openedAt mine { name } parties { uuid kind name }"""
DERIVED = """missing(partyId: $party) { code article sentence since stepId findingId dueAt } nextSteps(partyId: $party)
  deadlines { key stepId partyId start article unit count counted ends overAt alarm provisional settled note
    yearNotPublished metAt late }
  defects { stepId kind article who dueAt madeGoodAt }
  recordings { stepId medium whole there gap evidenceIds article }"""
ONE = f"query ($id: UUID!, $party: UUID!) {{ case(id: $id) {{ {FIELDS} {DERIVED} }} }}"
LIST = f"""query ($mine: UUID, $state: CaseState) {{ cases(mineId: $mine, state: $state) {{
  edges {{ node {{ {FIELDS} }} }} }} }}"""
TIMELINE = "query ($id: UUID!) { caseTimeline(id: $id) { edges { node { uuid } } } }"


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


class Front:
    """A case as a client works on it."""

    def __init__(self, check: Check, head: Actor) -> None:
        self.check, self.head = check, head
        self.id, self.party, self.conduct = str(uuid4()), str(uuid4()), str(uuid4())
        self.officers = [str(check.lead.account_id), str(check.inspector.account_id)]

    async def act(self, kind: StepKind, *, by: Actor | None = None, **said: Any) -> dict[str, Any]:
        name = camel(NAMES[kind])
        text = f"""mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{
          case {{ state steps }} problem {{ code message }} }} }}"""
        given = {"id": str(uuid4()), "caseId": self.id, **said}
        answer: dict[str, Any] = (await ask(self.check.site.database, by or self.check.lead, text, input=given))[name]
        return answer

    async def propose(self, **said: Any) -> dict[str, Any]:
        usual: dict[str, Any] = {
            "mineId": str(self.check.site.mine), "cause": "瓦斯超限作业", "discoveredOn": "2026-11-20",
            "parties": [{"id": self.party, "kind": "UNIT", "name": "甲煤矿", "subject": "9152"}],
            "conducts": [{"id": self.conduct, "name": "超限", "clause": "条例第三十六条", "beganOn": "2026-11-01"}],
            "inspection": str(self.check.id), "officerIds": self.officers,
        }  # fmt: skip
        return await self.act(StepKind.PROPOSED, **(usual | said))

    async def to_the_notice(self) -> None:
        await self.propose()
        await self.act(StepKind.REGISTERED, by=self.head)
        added, ended, noticed = str(uuid4()), str(uuid4()), str(uuid4())
        await self.act(StepKind.EVIDENCE_ADDED, name="照片", proves="超限", evidence=[str(await self.check.piece())],
                       officerIds=self.officers, id=added)  # fmt: skip
        await self.act(StepKind.INVESTIGATION_ENDED, facts="事实清楚", officerIds=self.officers, id=ended)
        await self.act(StepKind.NOTICE_SERVED, partyId=self.party, conducts=[self.conduct], facts="事实",
                       grounds="条例", sanctions=[{"kind": "FINE", "sum": "1000000"}], rightsTold=True,
                       delivery={"way": "DIRECT", "proof": "送达回证", "receiver": "矿长"}, id=noticed,
                       officerIds=self.officers)  # fmt: skip
        for step in (added, ended, noticed):
            await self.act(StepKind.MADE_GOOD, by=self.check.inspector, step=step, defect="NOT_CONFIRMED",
                           how="本人参与并确认", officerIds=self.officers[1:])  # fmt: skip


async def front(site: Site) -> Front:
    return Front(await make_check(site), await site.person(Role.AGENCY_HEAD))


async def test_a_case_says_why_it_cannot_be_decided_yet_with_articles_and_words(site: Site) -> None:
    case = await front(site)
    assert await case.propose() == {"case": {"state": "PROPOSED", "steps": 1}, "problem": None}
    told = (await ask(site.database, case.check.lead, ONE, id=case.id, party=case.party))["case"]
    assert (told["cause"], told["mine"], told["inspectionId"]) == (
        "瓦斯超限作业",
        {"name": "甲煤矿"},
        str(case.check.id),
    )
    assert told["parties"] == [{"uuid": case.party, "kind": "UNIT", "name": "甲煤矿"}]
    assert told["missing"][0] == {
        "code": "CASE_NOT_REGISTERED", "article": "行政处罚法第五十四条", "since": None,
        "sentence": "尚未立案（行政处罚法第五十四条）。", "stepId": None, "findingId": None, "dueAt": None,
    }  # fmt: skip
    assert told["nextSteps"][0] == "REGISTERED"


async def test_a_refused_act_answers_the_problem_of_the_first_that_is_missing(site: Site) -> None:
    case = await front(site)
    await case.to_the_notice()
    decided = await case.act(
        StepKind.DECIDED, by=case.head, partyId=case.party, outcome="PENALTY", conducts=[case.conduct], facts="事实",
        grounds="条例", sanctions=[{"kind": "FINE", "sum": "1000000"}], remedies="复议", payTo="银行",
    )  # fmt: skip
    assert decided["case"] is None
    assert decided["problem"]["code"] == "DEFENCE_TIME_RUNS"
    assert "2026-12-01" in decided["problem"]["message"]
    told = (await ask(site.database, case.head, ONE, id=case.id, party=case.party))["case"]
    assert [one["code"] for one in told["missing"]] == ["DEFENCE_TIME_RUNS", "DISCRETION_NOT_SUGGESTED"]
    notice = next(one for one in told["deadlines"] if one["key"] == "defence")
    assert (told["missing"][0]["stepId"], told["missing"][0]["dueAt"]) == (notice["stepId"], notice["overAt"])


async def test_a_clock_explains_itself(site: Site) -> None:
    case = await front(site)
    await case.to_the_notice()
    told = (await ask(site.database, case.check.lead, ONE, id=case.id, party=case.party))["case"]
    clocks = {one["key"]: one for one in told["deadlines"]}
    assert clocks["defence"]["article"] == "行政处罚法第四十四条"
    assert clocks["defence"]["counted"] == ["2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01"]
    assert (clocks["defence"]["ends"], clocks["defence"]["settled"]) == ("2026-12-01", False)
    assert clocks["decision"]["provisional"] is True


async def test_facts_are_kept_with_their_defects_and_recordings_are_wanted(site: Site) -> None:
    case = await front(site)
    await case.propose()
    seized = str(uuid4())
    answer = await case.act(
        StepKind.SEIZED, id=seized, items=["风筒"], urgent=True, reasonsTold=True, papersHandedOver=True,
        recordSigned=True, officerIds=case.officers[:1],
    )  # fmt: skip
    assert answer["problem"] is None
    told = (await ask(site.database, case.check.lead, ONE, id=case.id, party=case.party))["case"]
    assert [(one["stepId"], one["kind"]) for one in told["defects"]] == [
        (seized, "TOO_FEW_OFFICERS"), (seized, "NOT_APPROVED")
    ]  # fmt: skip
    assert [(one["medium"], one["whole"], one["there"]) for one in told["recordings"]] == [("FILM", True, "MISSING")]
    assert "RECORDING_MISSING" in {one["code"] for one in told["missing"]}


async def test_the_papers_of_a_case_are_told_with_it(site: Site) -> None:
    case = await front(site)
    await case.propose()
    draft = Draft(id=uuid4(), form=INTERNAL_FORM, subject_kind=PaperSubject.CASE, subject_id=UUID(case.id),
                  fields=FILLED[INTERNAL_FORM])  # fmt: skip
    await perform(site.database, case.check.lead, NOW, operations.draft_paper, draft=draft)
    text = "query ($id: UUID!) { case(id: $id) { papers { form subjectKind } } }"
    told = (await ask(site.database, case.head, text, id=case.id))["case"]["papers"]
    assert told == [{"form": INTERNAL_FORM, "subjectKind": "CASE"}]


async def test_the_list_is_of_the_mine_and_state_that_is_asked_for(site: Site) -> None:
    case = await front(site)
    await case.propose()
    for asked, many in (
        ({}, 1), ({"mine": str(site.mine), "state": "PROPOSED"}, 1), ({"state": "CLOSED"}, 0),
        ({"mine": str(site.far_mine)}, 0),
    ):  # fmt: skip
        assert len((await ask(site.database, case.head, LIST, **asked))["cases"]["edges"]) == many, asked
    (edge,) = (await ask(site.database, case.head, LIST))["cases"]["edges"]
    text = "query ($id: ID!) { node(id: $id) { ... on Case { uuid } } }"
    assert (await ask(site.database, case.head, text, id=edge["node"]["id"])) == {"node": {"uuid": case.id}}


async def test_who_may_read_and_who_may_not(site: Site) -> None:
    case = await front(site)
    await case.propose()
    for role in (Role.MINE_PRINCIPAL, Role.MINER, Role.DUTY_OFFICER, Role.EXPERT):
        assert await codes(site.database, await site.person(role), LIST) == {NotAllowed.code}
    assert await codes(site.database, None, LIST) == {NotSignedIn.code}
    reader = await site.person(Role.AUDITOR)
    assert len((await ask(site.database, reader, LIST))["cases"]["edges"]) == 1
    far = await site.person(Role.AUDITOR, county="520201")
    assert (await ask(site.database, far, ONE, id=case.id, party=case.party)) == {"case": None}
    assert (await ask(site.database, far, TIMELINE, id=case.id))["caseTimeline"]["edges"] == []


async def test_each_act_asks_for_its_verb(site: Site) -> None:
    case = await front(site)
    await case.propose()
    miner = await site.person(Role.MINER)
    lead_may = {verb for role in (Role.LEAD, Role.INSPECTOR) for verb in ROLE_VERBS[role]}
    assert (await case.act(StepKind.REGISTERED))["problem"]["code"] == NotAllowed.code
    assert VERB_OF[StepKind.REGISTERED] not in lead_may
    assert (await case.act(StepKind.NOTED, by=miner, words="所见"))["problem"]["code"] == NotAllowed.code
    assert set(NAMES) == set(StepKind)
    assert len(set(NAMES.values())) == len(NAMES)


async def test_a_list_of_cases_with_all_that_is_derived_costs_a_constant_number_of_statements(site: Site) -> None:
    heard = statements_of(site.database)
    case = await front(site)
    fields = f"{FIELDS} {DERIVED} papers {{ form }}"
    text = f"query ($party: UUID!) {{ cases(first: 20) {{ edges {{ node {{ {fields} }} }} }} }}"
    counts = []
    for many in (1, 6):
        for _ in range(many):
            case.id, case.party, case.conduct = str(uuid4()), str(uuid4()), str(uuid4())
            await case.propose()
        await ask(site.database, case.head, text, party=case.party)  # The connections learn the types.
        heard.clear()
        found = await ask(site.database, case.head, text, party=case.party)
        counts.append((len(found["cases"]["edges"]), len(heard)))
    assert counts[0][1] == counts[1][1], counts
    assert [many for many, _ in counts] == [1, 7]


async def test_the_cases_that_a_change_of_the_law_touches_are_listed(site: Site) -> None:
    check = await make_check(site)
    head = await site.person(Role.AGENCY_HEAD)
    noticed, proposed = Front(check, head), Front(check, head)
    await noticed.to_the_notice()
    await proposed.propose()
    touched = "query ($by: UUID!) { cases(touchedBy: $by) { edges { node { uuid } } } }"

    async def touches(kind: str, key: str) -> set[str]:
        id = uuid4()
        await site.put(
            "provisions", id=id, kind=kind, key=key, number=1, article="新法", in_force_from=NOW.date(), note="",
            drafted_by=head.account_id, drafted_at=NOW,
        )  # fmt: skip
        edges = (await ask(site.database, head, touched, by=str(id)))["cases"]["edges"]
        return {edge["node"]["uuid"] for edge in edges}

    assert await touches("PARAMETER", "larger_fine_unit") == {noticed.id, proposed.id}  # Neither is decided.
    assert await touches("DAY", "2026-11-27") == {noticed.id}  # Its clocks run over that day.
    assert await touches("DAY", "2026-11-01") == set()
    await site.rows.execute("UPDATE cases SET state = 'PERFORMED'")
    assert await touches("PARAMETER", "larger_fine_unit") == set()
    assert await touches("PARAMETER", "defence") == {noticed.id}
    assert (await ask(site.database, head, touched, by=str(uuid4())))["cases"]["edges"] == []
