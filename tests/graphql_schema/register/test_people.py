"""Tests of people of mines in GraphQL."""

import asyncio
from typing import Any
from uuid import uuid4

from graphql_schema.context import Context, Means
from graphql_schema.executor import Request
from storage.record.actor import Actor, Role
from tests.counting import statements_of
from tests.graphql_schema.asking import EXECUTOR, ask, codes
from tests.sites import NOW, Site, credit_code
from tests.storage.register.people.test_importing import HEADERS, OPERATOR
from tests.storage.register.people.test_rules import number_of

LIST = """query ($first: Int, $after: String, $mine: UUID, $post: PostKind, $category: ExamCategory, $expiring: Date) {
  people(first: $first, after: $after, mineId: $mine, post: $post, category: $category, expiringBefore: $expiring) {
    edges { node { id uuid name numberTail accountId sample examCategories elsewhere { name }
      posts { kind craft fromDay toDay flags } qualifications { kind number validTo validity withdrawnReason } } }
    pageInfo { hasNextPage endCursor }
  }
}"""
NODE = "query ($id: ID!) { node(id: $id) { ... on Person { name } } }"
HOLDERS = """query ($mine: UUID!, $on: Date!) {
  postHolders(mineId: $mine, post: MINE_MANAGER, on: $on) { person { name } }
}"""
NUMBER = number_of("52020219850314123")


async def clerk_of(site: Site) -> Actor:
    return await site.person(Role.MINE_CLERK, county=None, mine_id=site.mine, certificate=None)


async def act(site: Site, actor: Actor, name: str, fields: str, /, **input: Any) -> dict[str, Any]:
    """The payload of a mutation, by a caller whose host has a key for numbers."""
    kind = name[0].upper() + name[1:]
    text = (
        f"mutation ($input: {kind}Input!) {{ {name}(input: $input)"
        f" {{ {fields} problem {{ code message parameters {{ name value }} }} }} }}"
    )
    context = Context(actor, site.database, lambda: NOW, means=Means(numbers=b"k" * 32))
    answer = await EXECUTOR.answer(Request(text, {"input": input}), context)
    assert answer.errors == [], answer.errors
    payload: dict[str, Any] = answer.data[name]
    return payload


def once(**input: Any) -> dict[str, Any]:
    return {"operationId": str(uuid4())} | input


async def hired(site: Site, clerk: Actor, name: str = "张三", **given: Any) -> str:
    told = await act(
        site, clerk, "registerPerson", "person { uuid }", **once(mineId=str(site.mine), name=name, **given)
    )
    return str(told["person"]["uuid"])


async def test_a_person_is_told_with_posts_and_qualifications_and_never_with_his_number(site: Site) -> None:
    clerk = await clerk_of(site)
    person = await hired(site, clerk, number=NUMBER)
    await act(site, clerk, "takePost", "post { uuid }",
              **once(personId=person, post="SPECIAL_OPERATOR", craft="BLASTER", fromDay="2024-01-01"))  # fmt: skip
    await act(
        site, clerk, "addQualification", "qualification { uuid }",
        **once(personId=person, kind="SPECIAL_OPERATION", craft="BLASTER", number=f"T{NUMBER}", issuer="贵州局",
               validFrom="2020-12-31", validTo="2026-12-31"),
    )  # fmt: skip
    data = await ask(site.database, await site.person(Role.INSPECTOR), LIST)
    (node,) = [edge["node"] for edge in data["people"]["edges"]]
    assert NUMBER not in str(data)
    assert (node["name"], node["numberTail"], node["examCategories"]) == ("张三", NUMBER[-4:], ["SPECIAL_OPERATOR"])
    assert node["posts"] == [
        {"kind": "SPECIAL_OPERATOR", "craft": "BLASTER", "fromDay": "2024-01-01", "toDay": None, "flags": []}
    ]
    (held,) = node["qualifications"]
    assert (held["number"], held["validity"]) == ("T" + "*" * 14 + NUMBER[-4:], "EXPIRES_SOON")
    again = await ask(site.database, clerk, NODE, id=node["id"])
    assert again == {"node": {"name": "张三"}}
    stranger = await site.person(Role.INSPECTOR, county="520201")
    assert await ask(site.database, stranger, NODE, id=node["id"]) == {"node": None}


async def test_the_number_of_statements_is_the_same_for_one_person_and_forty(site: Site) -> None:
    clerk = await clerk_of(site)
    heard = statements_of(site.database)
    sheet = [
        f"人{number},,班组长,,2024-01-01,,安全培训合格证,P{number},矿,2024-01-01,2027-01-01" for number in range(50)
    ]
    await act(site, clerk, "importPeople", "sheet { created }",
              mine=credit_code(1), csv="\n".join([HEADERS, *sheet]), dryRun=False)  # fmt: skip
    await asyncio.gather(*(ask(site.database, clerk, LIST) for _ in range(3)))  # Opens as many connections as it takes.
    counts = []
    for first in (1, 40):
        heard.clear()
        data = await ask(site.database, clerk, LIST, first=first)
        assert len(data["people"]["edges"]) == first
        counts.append(len(heard))
    assert counts == [5, 5], heard  # The law is one of them: it says when a certificate expires soon.


async def test_the_pages_of_people_follow_each_other_by_name(site: Site) -> None:
    clerk = await clerk_of(site)
    for name in ("甲", "乙", "丙"):
        await hired(site, clerk, name)
    found: list[str] = []
    after = None
    for _ in range(3):
        page = (await ask(site.database, clerk, LIST, first=1, after=after, mine=str(site.mine)))["people"]
        found += [edge["node"]["name"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert sorted(found) == sorted(["甲", "乙", "丙"])
    assert not page["pageInfo"]["hasNextPage"]


async def test_a_miner_reads_himself_and_not_the_list(site: Site) -> None:
    clerk = await clerk_of(site)
    miner = await site.person(Role.MINER, county=None, mine_id=site.mine, certificate=None)
    person = await hired(site, clerk)
    own = "{ ownPersons { name posts { kind } } }"
    assert await codes(site.database, miner, LIST) == {"NOT_ALLOWED"}
    assert await ask(site.database, miner, own) == {"ownPersons": []}
    told = await act(site, clerk, "linkAccount", "person { name }",
                     **once(personId=person, accountId=str(miner.account_id)))  # fmt: skip
    assert told["problem"] is None
    assert await ask(site.database, miner, own) == {"ownPersons": [{"name": "张三", "posts": []}]}


async def test_an_act_is_done_once_however_often_it_is_sent(site: Site) -> None:
    clerk = await clerk_of(site)
    asked = once(mineId=str(site.mine), name="张三", number=NUMBER)
    first = await act(site, clerk, "registerPerson", "person { uuid }", **asked)
    assert await act(site, clerk, "registerPerson", "person { uuid }", **asked) == first
    post = once(personId=first["person"]["uuid"], post="MINE_MANAGER", fromDay="2024-01-01")
    taken = await act(site, clerk, "takePost", "post { uuid toDay person { name } }", **post)
    left = await act(site, clerk, "leavePost", "post { toDay }",
                     **once(postId=taken["post"]["uuid"], lastDay="2026-06-30"))  # fmt: skip
    assert left["post"] == {"toDay": "2026-06-30"}
    for day, seen in (("2026-06-30", [{"person": {"name": "张三"}}]), ("2026-07-01", [])):
        assert (await ask(site.database, clerk, HOLDERS, mine=str(site.mine), on=day))["postHolders"] == seen
    assert await site.entries() == ["person.registered", "post.taken", "post.left"]


async def test_who_works_at_a_moment_is_told_with_place_and_shift(site: Site) -> None:
    clerk, mine = await clerk_of(site), str(site.mine)
    person = await hired(site, clerk)
    place = await act(
        site,
        clerk,
        "openWorkplace",
        "workplace { uuid }",
        **once(mineId=mine, name="调度室", kind="CONTROL_ROOM", underground=False, fromDay="2026-01-01"),
    )
    shift = await act(site, clerk, "defineShift", "shift { uuid }",
                      **once(mineId=mine, kind="NIGHT", starts=1_320, ends=360, fromDay="2026-01-01"))  # fmt: skip
    works = await act(
        site, clerk, "assignShift", "assignment { uuid }",
        **once(personId=person, workplaceId=place["workplace"]["uuid"], shiftId=shift["shift"]["uuid"],
               fromDay="2026-01-01"),
    )  # fmt: skip
    asked = """query ($mine: UUID!, $at: DateTime!) { onShift(mineId: $mine, at: $at) {
      person { name } workplace { name underground } shift { kind starts ends } }
      workplaces(mineId: $mine) { name kind } shifts(mineId: $mine) { kind } }"""
    data = await ask(site.database, clerk, asked, mine=mine, at="2026-11-24T18:00:00Z")
    assert data["onShift"] == [
        {"person": {"name": "张三"}, "workplace": {"name": "调度室", "underground": False},
         "shift": {"kind": "NIGHT", "starts": 1_320, "ends": 360}}
    ]  # fmt: skip
    assert (data["workplaces"], data["shifts"]) == ([{"name": "调度室", "kind": "CONTROL_ROOM"}], [{"kind": "NIGHT"}])
    for name, input in (
        ("endShift", {"assignmentId": works["assignment"]["uuid"]}),
        ("closeWorkplace", {"workplaceId": place["workplace"]["uuid"]}),
        ("retireShift", {"shiftId": shift["shift"]["uuid"]}),
    ):
        told = await act(site, clerk, name, "", **once(lastDay="2026-06-30", **input))
        assert told == {"problem": None}
    assert (await ask(site.database, clerk, asked, mine=mine, at="2026-11-24T18:00:00Z"))["onShift"] == []


async def test_a_withdrawn_certificate_stays_and_says_why(site: Site) -> None:
    clerk = await clerk_of(site)
    person = await hired(site, clerk)
    added = await act(
        site, clerk, "addQualification", "qualification { uuid validity }",
        **once(personId=person, kind="TRAINING", number="P1", issuer="矿", validFrom="2026-01-01",
               validTo="2027-12-31"),
    )  # fmt: skip
    assert added["qualification"]["validity"] == "VALID"
    await act(site, clerk, "withdrawQualification", "qualification { uuid }",
              **once(qualificationId=added["qualification"]["uuid"], reason="伪造"))  # fmt: skip
    data = await ask(site.database, clerk, LIST)
    (held,) = data["people"]["edges"][0]["node"]["qualifications"]
    assert (held["validity"], held["withdrawnReason"]) == ("WITHDRAWN", "伪造")


async def test_a_sheet_is_tried_then_entered_then_unchanged(site: Site) -> None:
    clerk = await clerk_of(site)
    fields = "sheet { stored created unchanged refused rows { row outcome problem { code message } } }"
    sheet = {"mine": credit_code(1), "csv": "\n".join([HEADERS, OPERATOR, "甲,,门卫,,2024-01-01,,,,,,"])}
    tried = (await act(site, clerk, "importPeople", fields, **sheet, dryRun=True))["sheet"]
    assert (tried["stored"], tried["created"], tried["refused"]) == (False, 1, 1)
    assert [(one["row"], one["outcome"]) for one in tried["rows"]] == [(2, "CREATED"), (3, "REFUSED")]
    assert tried["rows"][1]["problem"]["code"] == "BAD_INPUT"
    assert await site.counted("persons") == 0
    kept_out = (await act(site, clerk, "importPeople", fields, **sheet, dryRun=False))["sheet"]
    assert (kept_out["stored"], await site.entries()) == (False, [])
    entered = (await act(site, clerk, "importPeople", fields, **sheet, dryRun=False, skipRefused=True))["sheet"]
    assert (entered["stored"], entered["created"]) == (True, 1)
    again = (await act(site, clerk, "importPeople", fields, **sheet, dryRun=False, skipRefused=True))["sheet"]
    assert (again["unchanged"], again["created"]) == (1, 0)


async def test_a_sheet_of_mines_is_the_administrators(site: Site) -> None:
    sheet = {"csv": "煤矿名称\n甲", "dryRun": True}
    administrator = await site.person(Role.SYSTEM_ADMINISTRATOR, division="52")
    told = await act(site, administrator, "importMines", "sheet { created }", **sheet)
    assert told["problem"]["code"] == "SHEET_COLUMN_MISSING"
    refused = await act(site, await clerk_of(site), "importMines", "sheet { created }", **sheet)
    assert refused["problem"]["code"] == "NOT_ALLOWED"
