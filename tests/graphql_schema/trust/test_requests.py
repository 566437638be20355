"""Tests of requests in GraphQL: officers answer them step by step; anybody reads the clock and nothing else."""

from typing import Any
from uuid import uuid4

import pytest

from graphql_schema.context import Context, Means
from graphql_schema.executor import Request
from storage.record.actor import Actor, Role
from storage.record.database import Database
from storage.record.problems import NotAllowed, NotSignedIn
from tests.counting import statements_of
from tests.factories.requests import WORDS, Asking, asking, receipt
from tests.graphql_schema.asking import EXECUTOR, ask, codes
from tests.sites import NOW, Site

REQUEST = """id uuid number kind division office disclosureUuid words filedAt state dueOn extended outcome closedAt
  steps { id uuid ordinal kind at by words parts { id kind words ground } }"""
LIST = f"query ($state: RequestState) {{ requests(state: $state, first: 5) {{ edges {{ node {{ {REQUEST} }} }} }} }}"
CLOCK = """query ($number: String!) { publicRequest(number: $number) { id number kind division agency filedOn dueOn
  article state extended extensionReason outcome grounds closedOn late disclosureUuid question answer } }"""


@pytest.fixture
async def made(site: Site) -> Asking:
    return await asking(site)


async def acts(made: Asking, actor: Actor, name: str, fields: str = f"request {{ {REQUEST} }}", **input: Any) -> Any:
    kind = name[0].upper() + name[1:]
    text = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code }} }} }}"
    given = {"operationId": str(uuid4()), **input}
    payload: dict[str, Any] = (await ask(made.database, actor, text, input=given))[name]
    if payload["problem"] is None:
        again: dict[str, Any] = (await ask(made.database, actor, text, input=given))[name]
        assert payload == again  # A replay answers as before.
    return payload


async def clock(database: Database, number: str) -> Any:
    """Nobody is signed in, and the API's own database is out of reach."""
    nowhere = Database("postgresql://pithead_api:a@127.0.0.1:9/none", pool_size=1)
    context = Context(None, nowhere, lambda: NOW, means=Means(published=database))
    answer = await EXECUTOR.answer(Request(CLOCK, {"number": number}), context)
    assert answer.errors == [], answer.errors
    return answer.data["publicRequest"]


async def test_a_request_is_answered_step_by_step_and_its_clock_read_by_anybody(
    made: Asking, public_database: Database
) -> None:
    id = str(await made.file(contact="张三"))
    told = await acts(made, made.officer, "askRequest", requestId=id, words="请说明哪一类检查")
    assert (told["request"]["state"], told["request"]["dueOn"]) == ("UNCLEAR", None)
    await made.clarify()
    told = await acts(made, made.officer, "consultRequest", requestId=id, words="征求甲煤矿意见")
    assert told["request"]["state"] == "THIRD_PARTY"
    told = await acts(made, made.officer, "hearRequest", requestId=id, words="同意")
    assert told["request"]["dueOn"] == "2026-12-22"
    told = await acts(made, made.head, "extendRequest", requestId=id, reason="需要汇总")
    assert (told["request"]["extended"], told["request"]["dueOn"]) == (True, None)  # 2027 is not published yet.
    parts = [{"kind": "GIVEN", "words": "四次"}, {"kind": "REFUSED", "words": "案卷", "ground": "CASE_FILE"}]
    public = {"question": "检查次数", "answer": "四次"}
    told = await acts(made, made.officer, "answerRequest", requestId=id, parts=parts, public=public)
    assert (told["request"]["outcome"], told["request"]["words"]) == ("SPLIT", WORDS)
    assert [one["kind"] for one in told["request"]["steps"]] == [
        "ASKED", "CLARIFIED", "CONSULTED", "HEARD", "EXTENDED", "ANSWERED",
    ]  # fmt: skip
    assert told["request"]["steps"][1]["by"] is None
    (found,) = (await ask(made.database, made.officer, LIST, state="ANSWERED"))["requests"]["edges"]
    assert found["node"] == told["request"]
    shown = await clock(public_database, "2026-0001")
    assert (shown["state"], shown["outcome"], shown["question"], shown["extensionReason"]) == (
        "ANSWERED",
        "SPLIT",
        "检查次数",
        "需要汇总",
    )
    assert WORDS not in repr(shown)
    for number in ("2026-0002", "", "x" * 500, "' OR 1=1"):
        assert await clock(public_database, number) is None
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await ask(made.database, made.officer, node, id=found["node"]["id"]))["node"] == {"id": found["node"]["id"]}


async def test_a_refusal_is_a_problem_in_the_payload(made: Asking) -> None:
    id = str(await made.file())
    given: list[tuple[str, Actor, dict[str, Any], str]] = [
        ("hearRequest", made.officer, {"words": "x"}, "NOBODY_CONSULTED"),
        ("askRequest", made.officer, {"words": " "}, "BAD_INPUT"),
        ("extendRequest", made.head, {"reason": "致电13800138000"}, "PERSONAL_DATA_FOUND"),
        ("answerRequest", made.officer, {"parts": [{"kind": "REFUSED", "words": "x"}]}, "ANSWER_UNFIT"),
        ("answerRequest", made.officer, {"parts": [{"kind": "ABANDONED", "words": "x"}]}, "ASKER_STILL_HAS_TIME"),
    ]
    for name, by, input, code in given:
        told = await acts(made, by, name, "request { uuid }", requestId=id, **input)
        assert told == {"request": None, "problem": {"code": code}}, name


async def test_a_contact_is_opened_by_an_act(made: Asking) -> None:
    id = await made.file(contact="张三 13800138000")
    other = await made.file(receipt=receipt())
    told = await acts(made, made.officer, "openContact", "contact", requestId=str(id))
    assert told["contact"] == "张三 13800138000"
    told = await acts(made, made.officer, "openContact", "contact", requestId=str(other))
    assert told == {"contact": None, "problem": {"code": "NO_CONTACT_KEPT"}}
    assert (await made.site.entries()).count("request.contact_opened") == 2


async def test_a_page_takes_one_statement_and_one_for_the_steps_of_all(made: Asking) -> None:
    for _ in range(3):
        await made.answer(await made.file(receipt=receipt()))
    fresh = Database(made.database.engine.url.render_as_string(hide_password=False).replace("+asyncpg", ""))
    heard = statements_of(fresh)
    found = (await ask(fresh, made.officer, LIST))["requests"]["edges"]
    assert len(found) == 3
    assert len([text for text in heard if "request" in text]) == 2
    await fresh.close()


async def test_who_may_not_is_told_so(made: Asking, site: Site) -> None:
    await made.file()
    miner = await site.person(Role.MINER, county=None, mine_id=site.mine)
    far = await site.person(Role.LEAD, county="520201")
    assert await codes(made.database, None, LIST) == {NotSignedIn.code}
    assert await codes(made.database, miner, LIST) == {NotAllowed.code}
    assert (await ask(made.database, far, LIST))["requests"]["edges"] == []
