"""Tests of exposures in GraphQL: drafted over a sealed photo, looked at, approved, dropped, and refused in words."""

import json
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.rendering import DecodedApart
from graphql_schema.context import Context, Means
from graphql_schema.executor import Request
from storage.record.actor import Actor, Role
from storage.record.objects import Objects
from storage.record.problems import NotAllowed
from tests.factories.exposures import WORDS, Exposing, exposing
from tests.graphql_schema.asking import EXECUTOR, codes
from tests.sites import NOW, Site

EXPOSURE = """id uuid caseId mineId state content digest draftedBy draftedAt decidedBy decidedAt disclosureId
  pictures { id ordinal evidenceId original root sha256 size }"""
LIST = f"query ($mine: UUID, $state: ExposureState) {{ exposures(mineId: $mine, state: $state) {{ edges {{ node {{ {EXPOSURE} }} }} }} }}"  # noqa: E501 # One query.
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on Exposure {{ {EXPOSURE} }} }} }}"
REGION = {"left": 1_000, "top": 1_000, "width": 2_000, "height": 1_500}


@pytest.fixture
async def made(site: Site, objects: Objects) -> Exposing:
    return await exposing(site, objects)


async def answered(made: Exposing, actor: Actor, text: str, **variables: Any) -> Any:
    means = Means(objects=made.objects, renderer=DecodedApart())
    context = Context(actor, made.site.database, lambda: NOW, means=means)
    return await EXECUTOR.answer(Request(text, variables), context)


async def asked(made: Exposing, actor: Actor, text: str, **variables: Any) -> dict[str, Any]:
    answer = await answered(made, actor, text, **variables)
    assert answer.errors == [], answer.errors
    data: dict[str, Any] = answer.data
    return data


async def acts(made: Exposing, actor: Actor, name: str, fields: str, **input: Any) -> dict[str, Any]:
    kind = name[0].upper() + name[1:]
    text = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code message }} }} }}"
    payload: dict[str, Any] = (await asked(made, actor, text, input=input))[name]
    return payload


async def drafted(made: Exposing, **changes: Any) -> dict[str, Any]:
    """What came of drafting over one photo."""
    usual: dict[str, Any] = {
        "operationId": str(uuid4()), "caseId": str(made.case.desk.id), "title": WORDS.title, "facts": WORDS.facts,
        "handling": WORDS.handling, "lesson": WORDS.lesson, "nobodyRecognisable": True,
        "photos": [{"evidenceId": str(await made.photo()), "regions": [REGION], "alt": "传感器"}],
    }  # fmt: skip
    return await acts(made, made.drafter, "draftExposure", f"exposure {{ {EXPOSURE} }}", **(usual | changes))


async def test_a_case_is_drafted_looked_at_and_approved_and_a_replay_answers_the_same(made: Exposing) -> None:
    operation = str(uuid4())
    photos = [{"evidenceId": str(await made.photo()), "regions": [REGION], "alt": "传感器"}]
    first = await drafted(made, operationId=operation, photos=photos)
    assert first["problem"] is None
    draft = first["exposure"]
    assert (await drafted(made, operationId=operation, photos=photos)) == first
    assert await made.site.counted("exposures") == 1
    assert (draft["state"], json.loads(draft["content"])["title"]) == ("DRAFTED", WORDS.title)
    assert draft["digest"] == sha256(draft["content"].encode()).hexdigest()
    (picture,) = draft["pictures"]
    of = {"exposureId": draft["uuid"], "ordinal": 0}
    opened = await acts(made, made.head, "openExposurePicture", "url", **of)
    async with httpx.AsyncClient(trust_env=False) as client:
        assert sha256((await client.get(opened["url"])).content).hexdigest() == picture["sha256"]
    told = await acts(
        made, made.head, "approveExposure", f"exposure {{ {EXPOSURE} }}", operationId=str(uuid4()),
        exposureId=draft["uuid"], digest=draft["digest"],
    )  # fmt: skip
    assert (told["problem"], told["exposure"]["state"]) == (None, "PUBLISHED")
    found = await asked(made, made.head, LIST, mine=str(made.site.mine), state="PUBLISHED")
    assert [edge["node"] for edge in found["exposures"]["edges"]] == [told["exposure"]]
    assert (await asked(made, made.head, NODE, id=draft["id"]))["node"] == told["exposure"]
    assert (await asked(made, made.head, LIST, state="DRAFTED"))["exposures"]["edges"] == []
    secret = await acts(made, made.drafter, "openExposureSecret", "secret", **of)
    assert len(bytes.fromhex(secret["secret"])) == 32


async def test_what_is_wrong_is_said_in_words_and_a_draft_is_dropped(made: Exposing) -> None:
    outside = [{"evidenceId": str(await made.photo()), "regions": [REGION | {"width": 9_500}], "alt": "传感器"}]
    for changes, code in (
        ({"photos": outside}, "REGIONS_UNFIT"), ({"nobodyRecognisable": False}, "PEOPLE_NOT_COVERED"),
        ({"facts": "电话13812345678"}, "PERSONAL_DATA_FOUND"), ({"caseId": str(uuid4())}, "NOT_FOUND"),
        ({"photos": [{"evidenceId": str(uuid4()), "regions": [], "alt": "x"}]}, "PHOTO_NOT_USABLE"),
    ):  # fmt: skip
        told = await drafted(made, **changes)
        assert (told["exposure"], told["problem"]["code"]) == (None, code)
        assert told["problem"]["message"] != code
    draft = (await drafted(made, photos=[]))["exposure"]
    dropped = await acts(
        made, made.head, "dropExposure", "exposure { state }", operationId=str(uuid4()), exposureId=draft["uuid"]
    )
    assert dropped == {"exposure": {"state": "DROPPED"}, "problem": None}
    wrong = await acts(
        made, made.head, "approveExposure", "exposure { state }", operationId=str(uuid4()), exposureId=draft["uuid"],
        digest="x",
    )  # fmt: skip
    assert wrong["problem"]["code"] == "BAD_INPUT"


async def test_a_mine_reads_no_draft_and_an_inspector_approves_none(made: Exposing) -> None:
    draft = (await drafted(made, photos=[]))["exposure"]
    clerk = await made.site.person(Role.MINE_CLERK, mine_id=made.site.mine)
    assert await codes(made.site.database, clerk, LIST) == {NotAllowed.code}
    told = await acts(
        made, made.drafter, "approveExposure", "exposure { state }", operationId=str(uuid4()),
        exposureId=draft["uuid"], digest=draft["digest"],
    )  # fmt: skip
    assert told["problem"]["code"] == "NOT_ALLOWED"
    assert await made.site.counted("disclosures") == 0
