"""Tests of signing in GraphQL: a passkey registered, checked, agreed upon; a commitment laid, signed, sealed, read."""

import base64
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from graphql_schema.context import Context, Means
from graphql_schema.executor import Request
from storage.promises.keys.tables import KeyPurpose
from storage.record.actor import Actor
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.commitments.documents import message_of
from storage.record.ledger.proofs.signatures import signing_input
from storage.record.objects import Objects
from tests.counting import statements_of
from tests.factories.authenticators import PARTY
from tests.factories.people import new_key
from tests.factories.signing import TYPESETTER, Signing, signing_of
from tests.factories.templates import YEAR, promises_of
from tests.factories.tokens import token_of
from tests.graphql_schema.asking import EXECUTOR
from tests.sites import Site

KEY = "key { id uuid purpose way algorithm publicKey accountId deviceId credentialId checkedBy checkedAt endedAt }"
SIGNED = """commitment { id uuid year digest way algorithm stands cause supersedes signedAt
  seal { way algorithm } stamp { level } }"""


@pytest.fixture
async def desk(site: Site, objects: Objects) -> Signing:
    return await signing_of(await promises_of(site), objects)


async def ask(desk: Signing, actor: Actor | None, text: str, **variables: Any) -> dict[str, Any]:
    """The answer at the desk's own time, with a store, a typesetter and a relying party."""

    def clock() -> datetime:
        return desk.promises.now

    means = Means(objects=desk.objects, typesetter=TYPESETTER, relying_party=PARTY)
    context = Context(actor, desk.promises.site.database, clock, means=means)
    answer = await EXECUTOR.answer(Request(text, variables), context)
    assert answer.errors == [], answer.errors
    data: dict[str, Any] = answer.data
    return data


async def acts(desk: Signing, actor: Actor, name: str, fields: str, **input: Any) -> dict[str, Any]:
    """An act and its replay, which answers the same."""
    kind = name[0].upper() + name[1:]
    text = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code }} }} }}"
    given = {"operationId": str(uuid4()), **input}
    payload: dict[str, Any] = (await ask(desk, actor, text, input=given))[name]
    if payload["problem"] is None:
        assert (await ask(desk, actor, text, input=given))[name].keys() == payload.keys()
    return payload


async def laid_for(desk: Signing) -> dict[str, Any]:
    fields = "preview { uuid digest nonce challenge supersedes pdfSha256 }"
    found = await acts(
        desk, desk.principal, "previewCommitment", fields, mineId=str(desk.promises.site.mine), year=YEAR
    )
    laid: dict[str, Any] = found["preview"]
    return laid


def asserted(desk: Signing, laid: dict[str, Any], key: str) -> dict[str, Any]:
    padded = laid["challenge"] + "=" * (-len(laid["challenge"]) % 4)
    given = desk.passkey.get(base64.urlsafe_b64decode(padded))
    assertion = {
        "clientData": to_base64url(given.client), "authenticatorData": to_base64url(given.authenticator),
        "signature": to_base64url(given.signature),
    }  # fmt: skip
    return {"way": "PASSKEY", "keyId": key, "assertion": assertion}


async def with_passkey(desk: Signing) -> str:
    """A passkey through every act that makes it count; the key's UUID."""
    mine = str(desk.promises.site.mine)
    asked = await acts(
        desk, desk.principal, "askForPasskey", "challenge { uuid challenge relyingParty exclude algorithms }",
        mineId=mine,
    )  # fmt: skip
    challenge = asked["challenge"]
    assert (challenge["relyingParty"], challenge["exclude"], challenge["algorithms"]) == (PARTY.id, [], [-7, -8])
    padded = challenge["challenge"] + "=" * (-len(challenge["challenge"]) % 4)
    made = desk.passkey.create(base64.urlsafe_b64decode(padded))
    key = (await acts(
        desk, desk.principal, "registerPasskey", KEY, challengeId=challenge["uuid"],
        credentialId=to_base64url(made.credential_id), clientData=to_base64url(made.client),
        attestation=to_base64url(made.attestation),
    ))["key"]  # fmt: skip
    assert (key["way"], key["algorithm"], key["checkedAt"]) == ("PASSKEY", "ES256", None)
    checked = await acts(desk, desk.officer, "checkSigningKey", KEY, keyId=key["uuid"], seen="IDENTITY_CARD")
    assert checked["key"]["checkedBy"] is not None
    await acts(
        desk, desk.officer, "recordSigningAgreement", "agreement { uuid paper }", mineId=mine,
        principal=str(desk.principal.account_id), paper="ab" * 32,
    )  # fmt: skip
    uuid: str = key["uuid"]
    return uuid


async def test_a_commitment_is_signed_and_sealed_and_anybody_reads_whether_it_stands(desk: Signing) -> None:
    mine = str(desk.promises.site.mine)
    key = await with_passkey(desk)
    laid = await laid_for(desk)
    sign = {"previewId": laid["uuid"], "signature": asserted(desk, laid, key)}
    signed = (await acts(desk, desk.principal, "signCommitment", SIGNED, **sign))["commitment"]
    assert (signed["digest"], signed["way"], signed["stands"]) == (laid["digest"], "PASSKEY", True)
    again = await acts(desk, desk.principal, "signCommitment", SIGNED, **sign)
    assert again == {"commitment": None, "problem": {"code": "CHALLENGE_USED"}}
    signer = new_key()
    seal = await desk.checked(await desk.registers_device(by=desk.company, purpose=KeyPurpose.SEAL, signer=signer))
    message = message_of(bytes.fromhex(laid["nonce"]), bytes.fromhex(laid["digest"]))
    by_seal = {"way": "KEY", "keyId": str(seal.key.id),
               "signature": to_base64url(signer.sign(signing_input("seal", message)))}  # fmt: skip
    sealed = await acts(desk, desk.company, "sealCommitment", SIGNED, commitmentId=signed["uuid"], signature=by_seal)
    assert sealed["commitment"]["seal"] == {"way": "KEY", "algorithm": "ES256"}
    read = """query ($mine: UUID!, $year: Int!) { mineCommitment(mineId: $mine, year: $year) {
      id cause standing { uuid seal { way } } signed { id uuid content } } }"""
    found = (await ask(desk, None, read, mine=mine, year=YEAR))["mineCommitment"]
    assert found["standing"] == {"uuid": signed["uuid"], "seal": {"way": "KEY"}}
    node = "query ($id: ID!) { node(id: $id) { ... on SignedCommitment { uuid stands } } }"
    assert (await ask(desk, desk.officer, node, id=signed["id"]))["node"] == {"uuid": signed["uuid"], "stands": True}
    bundle = "query ($id: UUID!) { commitmentBundle(id: $id) { name content } }"
    assert (await ask(desk, None, bundle, id=signed["uuid"]))["commitmentBundle"] is None  # Under no checkpoint yet.
    nothing = (await ask(desk, None, read, mine=mine, year=YEAR + 1))["mineCommitment"]
    assert (nothing["standing"], nothing["cause"], nothing["signed"]) == (None, None, [])


async def test_the_keys_of_a_mine_are_read_with_who_checked_them(desk: Signing) -> None:
    key = await with_passkey(desk)
    ended = await acts(desk, desk.principal, "endSigningKey", KEY, keyId=key, reason="换手机")
    assert ended["key"]["endedAt"] is not None
    read = f"""query ($mine: UUID!) {{ mineSigning(mineId: $mine) {{
      id principal keys {{ {KEY.removeprefix("key { ")} agreements {{ id principal paper recordedBy agreedAt }} }} }}"""
    found = (await ask(desk, desk.officer, read, mine=str(desk.promises.site.mine)))["mineSigning"]
    assert [one["uuid"] for one in found["keys"]] == [key]
    assert found["agreements"][0]["principal"] == found["principal"] == found["keys"][0]["accountId"]


async def test_what_a_mine_signed_and_by_which_keys_costs_the_same_whatever_their_number(desk: Signing) -> None:
    heard = statements_of(desk.promises.site.database)
    keys = f"mineSigning(mineId: $mine) {{ principal keys {{ {KEY.removeprefix('key { ')} agreements {{ paper }} }}"
    signed = """mineCommitment(mineId: $mine, year: $year) { cause standing { uuid stamp { level } }
      signed { uuid stands cause content seal { way } } }"""

    async def counted() -> list[int]:
        found = []
        given = {"mine": str(desk.promises.site.mine), "year": YEAR}
        for actor, head, field in ((desk.officer, "$mine: UUID!", keys), (None, "$mine: UUID!, $year: Int!", signed)):
            heard.clear()
            await ask(desk, actor, f"query ({head}) {{ {field} }}", **given)
            found.append(len(heard))
        return found

    async def signs(times: int) -> None:
        for _ in range(times):
            await desk.checked(await desk.registers_device(signer=new_key()))
            laid = await laid_for(desk)
            by_ink = {"way": "INK", "scan": "ab" * 32}
            await acts(desk, desk.principal, "signCommitment", SIGNED, previewId=laid["uuid"], signature=by_ink)

    await with_passkey(desk)
    await signs(2)
    before = await counted()
    await signs(3)
    assert await counted() == before
    assert max(before) <= 4, before


@pytest.mark.parametrize("algorithm", ["ES256", "SM2"])
async def test_a_token_is_registered_by_its_certificate_and_signs(desk: Signing, algorithm: str) -> None:
    token, id = token_of(algorithm), uuid4()
    mine = str(desk.promises.site.mine)
    given = {
        "id": str(id), "mineId": mine, "certificate": to_base64url(token.certificate),
        "signature": to_base64url(token.enrols(id, desk.principal.account_id)),
    }  # fmt: skip
    unproven = await acts(desk, desk.principal, "registerToken", KEY, **given | {"id": str(UUID(int=7))})
    assert unproven["problem"] == {"code": "KEY_UNPROVEN"}
    key = (await acts(desk, desk.principal, "registerToken", KEY, **given))["key"]
    assert (key["uuid"], key["way"], key["algorithm"]) == (str(id), "TOKEN", algorithm)
    await acts(desk, desk.officer, "checkSigningKey", KEY, keyId=key["uuid"], seen="KNOWN_IN_PERSON")
    laid = await laid_for(desk)
    message = message_of(bytes.fromhex(laid["nonce"]), bytes.fromhex(laid["digest"]))
    signature = {"way": "TOKEN", "keyId": key["uuid"],
                 "signature": to_base64url(token.sign(signing_input("commitment", message)))}  # fmt: skip
    signed = await acts(desk, desk.principal, "signCommitment", SIGNED, previewId=laid["uuid"], signature=signature)
    assert (signed["commitment"]["way"], signed["commitment"]["algorithm"]) == ("TOKEN", algorithm)
