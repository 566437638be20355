"""Tests of self-evaluation and preview in GraphQL: said, told whole with what speaks against it, laid to be signed."""

import hashlib
from typing import Any
from uuid import uuid4

import pytest

from graphql_schema.context import Means
from storage.record.actor import Actor, Role
from storage.record.database import Database
from storage.record.ledger.proofs.commitments.documents import Commitment
from storage.record.objects import Objects
from storage.record.problems import NotAllowed, NotFound, NotSignedIn
from tests.factories.refusals import ground_of
from tests.factories.signing import TYPESETTER, appoint
from tests.factories.templates import YEAR, Promises, clause, clauses, promises_of
from tests.graphql_schema.asking import ask, codes
from tests.sites import Site

ANSWER = "id uuid key outcome byDay measure words evidenceIds answeredBy answeredAt"
LINES = f"""query ($mine: UUID!, $year: Int!) {{ selfEvaluation(mineId: $mine, year: $year) {{
  id mineId year version
  lines {{ id clause {{ key }} own standing answer {{ {ANSWER} }}
    contradictions {{ id kind uuid day words }} }} }} }}"""
PREVIEW = "preview { id uuid year content digest nonce principal laidAt }"


@pytest.fixture
async def promises(site: Site) -> Promises:
    made = await promises_of(site)
    await appoint(made, made.principal)
    return made


async def acts(
    promises: Promises, actor: Actor, name: str, fields: str, *, means: Means | None = None, **input: Any
) -> dict[str, Any]:
    kind = name[0].upper() + name[1:]
    text = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code }} }} }}"
    given = {"operationId": str(uuid4()), "mineId": str(promises.site.mine), "year": YEAR, **input}
    payload: dict[str, Any] = (await ask(promises.site.database, actor, text, means, input=given))[name]
    again: dict[str, Any] = (await ask(promises.site.database, actor, text, means, input=given))[name]
    assert payload == again  # A replay answers the same, down to the nonce.
    return payload


async def test_a_mine_says_what_it_has_to_say_and_its_principal_is_laid_the_document(
    promises: Promises, workers: Database, objects: Objects
) -> None:
    means = Means(objects=objects, typesetter=TYPESETTER)
    where = {"mine": str(promises.site.mine), "year": YEAR}
    database = promises.site.database
    assert (await ask(database, promises.clerk, LINES, **where))["selfEvaluation"] is None
    await promises.approved((clause(contradicted_by=("GAS_OVER_LIMIT",)), *clauses()[1:]))
    ground = await ground_of(promises.site, workers)
    finding = await ground.check.finds(kind="GAS_OVER_LIMIT", fact="总回风瓦斯1.2%")
    payload = await acts(promises, promises.principal, "previewCommitment", PREVIEW, means=means)
    assert payload == {"preview": None, "problem": {"code": "ANSWERS_OPEN"}}
    answers = [{"key": one.key, "outcome": "MET"} for one in clauses()[1:]]
    answers.append({"key": "GAS_IN_RETURN", "outcome": "NOT_YET", "byDay": "2027-03-31", "measure": "加装传感器"})
    said = await acts(promises, promises.clerk, "answerClauses", f"answers {{ {ANSWER} }}", answers=answers)
    assert [one["key"] for one in said["answers"]] == sorted(one.key for one in clauses())
    found = (await ask(database, promises.head, LINES, **where))["selfEvaluation"]
    gas = found["lines"][0]
    assert (found["year"], found["version"], gas["clause"]["key"], gas["own"]) == (YEAR, 1, "GAS_IN_RETURN", False)
    assert (gas["standing"], gas["answer"]["byDay"], gas["answer"]["measure"]) == (
        "NOT_YET",
        "2027-03-31",
        "加装传感器",
    )
    (against,) = gas["contradictions"]
    assert (against["kind"], against["uuid"], against["day"], against["words"]) == (
        "FINDING", str(finding.id), "2026-11-24", "总回风瓦斯1.2%",
    )  # fmt: skip
    laid = (await acts(promises, promises.principal, "previewCommitment", PREVIEW, means=means))["preview"]
    assert hashlib.sha256(laid["content"].encode()).hexdigest() == laid["digest"]
    assert Commitment.decode(laid["content"].encode()).nonce.hex() == laid["nonce"]


async def test_a_refusal_is_a_problem_in_the_payload_and_who_may_not_read_is_told_so(promises: Promises) -> None:
    await promises.approved()
    for answer, code in (
        ({"key": "ELSE", "outcome": "MET"}, "CLAUSE_NOT_PROMISED"),
        ({"key": "GAS_IN_RETURN", "outcome": "NOT_YET"}, "BAD_INPUT"),
        ({"key": "GAS_IN_RETURN", "outcome": "MET", "evidenceIds": [str(uuid4())]}, "EVIDENCE_NOT_SEALED"),
    ):  # fmt: skip
        payload = await acts(promises, promises.clerk, "answerClauses", "answers { key }", answers=[answer])
        assert payload == {"answers": None, "problem": {"code": code}}
    where = {"mine": str(promises.site.mine), "year": YEAR}
    miner = await promises.site.person(Role.MINER, county=None, mine_id=promises.site.mine)
    far = await promises.site.person(Role.MINE_CLERK, county=None, mine_id=promises.site.far_mine)
    assert await codes(promises.site.database, None, LINES, **where) == {NotSignedIn.code}
    assert await codes(promises.site.database, miner, LINES, **where) == {NotAllowed.code}
    assert await codes(promises.site.database, far, LINES, **where) == {NotFound.code}
