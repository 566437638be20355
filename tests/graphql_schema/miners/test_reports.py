"""Tests of the desks of protected reports in GraphQL: each field, who may ask, and a constant number of statements."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.miners.reports import keeping
from storage.miners.reports.operations import key_id
from storage.miners.reports.tables import ReportMode, ReportStepKind
from storage.record.actor import Actor, Role
from storage.record.database import Database
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.reports import kept
from tests.counting import statements_of
from tests.factories.reports import SMALLEST, Desk, box_key, desk_of, wrap
from tests.graphql_schema.asking import ask, codes
from tests.sites import PANZHOU, Site

WRAPS = "wraps { id messageId keyId half wrapped }"
REPORT = f"""id uuid kind mode when channel mineId mineName county countyName office urgent pressing
  hour state boxKey ended {WRAPS}"""
LIST = f"query ($first: Int = 20) {{ reportsToHandle(first: $first) {{ {REPORT} }} }}"
THREAD = f"""query ($id: UUID!) {{ reportThread(reportId: $id) {{ id report {{ {REPORT} }}
  messages {{ id uuid authorId identityBox hour ciphertext fileIds }}
  steps {{ id uuid kind byId hour article passedTo inspectionId }} }} }}"""
REQUEST = "id uuid reportId askedBy keyId reason hour releasedBy releasedHour wrapped"


@pytest.fixture
async def desk(site: Site, workers: Database) -> Desk:
    return await desk_of(site, workers)


async def acts(desk: Desk, actor: Actor, name: str, fields: str, **input: Any) -> dict[str, Any]:
    kind = name[0].upper() + name[1:]
    text = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code }} }} }}"
    payload: dict[str, Any] = (await ask(desk.site.database, actor, text, input=input))[name]
    return payload


def wrapped(message: UUID | str, key: UUID, half: str = "WHOLE") -> dict[str, str]:
    return {"messageId": str(message), "keyId": key.hex, "wrapped": to_base64url(wrap()), "half": half}


async def test_a_report_goes_over_the_desks(desk: Desk) -> None:
    tip, report_id = await desk.filed(mode=ReportMode.NAMED)
    (row,) = (await ask(desk.site.database, desk.intake, LIST))["reportsToHandle"]
    assert (row["uuid"], row["state"]) == (str(report_id), "FILED")
    assert [one["keyId"] for one in row["wraps"]] == [desk.keys[desk.intake.account_id].hex]
    step = {"reportId": str(report_id), "kind": "ACCEPTED"}
    assert (await acts(desk, desk.intake, "takeReportStep", "report { state }", **step))["report"][
        "state"
    ] == "ACCEPTED"
    keys = "query ($id: UUID!) { reportDeskKeys(reportId: $id) { id keyId accountId publicKey role } }"
    (key,) = (await ask(desk.site.database, desk.intake, keys, id=str(report_id)))["reportDeskKeys"]
    over = wrapped(tip.message.id, UUID(hex=key["keyId"]))
    given = {"reportId": str(report_id), "wraps": [over]}
    assert (await acts(desk, desk.intake, "handOverReport", "added", **given))["added"] == 1
    box = key_id(tip.opening.box_key)
    ciphertext = to_base64url(secrets.token_bytes(SMALLEST))
    reply = {"reportId": str(report_id), "messageId": str(uuid4()), "ciphertext": ciphertext}
    readers = "query ($id: UUID!) { reportReplyKeys(reportId: $id) { id keyId accountId publicKey role } }"
    others = (await ask(desk.site.database, desk.intake, readers, id=str(report_id)))["reportReplyKeys"]
    assert sorted(one["role"] for one in others) == ["REPORT_INTAKE", "REPORT_INTAKE", "REPORT_VERIFICATION"]
    reply_wraps = [wrapped(reply["messageId"], one) for one in (box, *(UUID(hex=one["keyId"]) for one in others))]
    replied = await acts(desk, desk.intake, "replyToReport", "messageId", **reply, wraps=reply_wraps)
    assert replied["messageId"] == reply["messageId"]
    await acts(desk, desk.verification, "takeReportStep", "report { state }", **(step | {"kind": "VERIFYING"}))
    extended = await acts(desk, desk.intake, "extendReport", "report { state }", reportId=str(report_id))
    assert extended["report"]["state"] == "VERIFYING"
    thread = (await ask(desk.site.database, desk.verification, THREAD, id=str(report_id)))["reportThread"]
    assert sorted(one["identityBox"] for one in thread["messages"]) == [False, False, True]
    assert [one["kind"] for one in thread["steps"]] == ["ACCEPTED", "VERIFYING"]
    assert sorted(one["half"] for one in thread["report"]["wraps"]) == ["B", "WHOLE", "WHOLE"]
    (own,) = (await ask(desk.site.database, desk.verification, readers, id=str(report_id)))["reportReplyKeys"]
    assert own["accountId"] == str(desk.verification.account_id)


async def test_an_identity_is_asked_for_and_released(desk: Desk) -> None:
    _, report_id = await desk.filed(mode=ReportMode.NAMED)
    asked = await acts(
        desk, desk.verification, "askIdentity", f"request {{ {REQUEST} }}", reportId=str(report_id), reason="核实身份"
    )
    custodian = desk.custodians[0]
    waiting = f"{{ identitiesToRelease {{ {REQUEST} halves {{ half keyId messageId }} }} }}"
    (request,) = (await ask(desk.site.database, custodian, waiting))["identitiesToRelease"]
    assert (request["uuid"], [one["half"] for one in request["halves"]]) == (asked["request"]["uuid"], ["A"])
    half = to_base64url(wrap())
    given = {"requestId": request["uuid"], "wrapped": half}
    assert (await acts(desk, custodian, "releaseIdentity", "request { wrapped }", **given))["request"][
        "wrapped"
    ] == half
    (told,) = (await ask(desk.site.database, desk.verification, f"{{ identitiesAsked {{ {REQUEST} }} }}"))[
        "identitiesAsked"
    ]
    assert told["wrapped"] == half


async def test_a_key_is_kept_replaced_and_recovered(desk: Desk) -> None:
    tip, _ = await desk.filed()
    own = "{ ownReportKey { id keyId publicKey sealed replaces } }"
    custodians = "query ($county: String) { custodianKeys(county: $county) { keyId } }"
    found = (await ask(desk.site.database, desk.intake, custodians, county=PANZHOU))["custodianKeys"]
    assert len(found) == 3
    shares = [
        {"number": number, "custodianKeyId": one["keyId"],
         "wrapped": to_base64url(secrets.token_bytes(keeping.SHARE_SIZE))}
        for number, one in enumerate(found, 1)
    ]  # fmt: skip
    sealed = to_base64url(secrets.token_bytes(kept.SIZE))
    lost = desk.keys[desk.intake.account_id]
    new = await acts(
        desk, desk.intake, "keepReportKey", "keyId", publicKey=to_base64url(box_key()), sealed=sealed, shares=shares
    )
    told = (await ask(desk.site.database, desk.intake, own))["ownReportKey"]
    assert (told["keyId"], told["sealed"], told["replaces"]) == (new["keyId"], sealed, lost.hex)
    share = {"keyId": lost.hex, "number": 1, "newKeyId": new["keyId"],
             "wrapped": to_base64url(secrets.token_bytes(keeping.SHARE_SIZE))}  # fmt: skip
    assert (await acts(desk, desk.custodians[0], "rewrapKeyShare", "keyId", **share))["keyId"] == lost.hex
    again = [wrapped(tip.message.id, UUID(hex=new["keyId"]))]
    assert (await acts(desk, desk.intake, "rewrapReportMessages", "added", wraps=again))["added"] == 1
    wrong = await acts(desk, desk.intake, "rewrapReportMessages", "added", wraps=[wrapped(tip.message.id, lost)])
    assert wrong["problem"]["code"] == "KEY_NOT_YOURS"


async def test_a_file_is_opened_only_from_the_store(desk: Desk) -> None:
    tip = await desk.tip()
    await desk.files(tip)
    await desk.batch()
    opened = await acts(desk, desk.intake, "openReportFile", "url", fileId=str(uuid4()))
    assert opened["problem"]["code"] == "NOT_FOUND"


async def test_everybody_reads_the_clocks_and_never_fewer_than_five(desk: Desk) -> None:
    for _ in range(5):
        await desk.files(await desk.tip())
    await desk.batch()
    text = "{ reportClocks(year: 2026, quarter: 4) { id county name filed toldLate decidedLate fedBackLate } }"
    (row,) = (await ask(desk.site.database, None, text))["reportClocks"]
    assert (row["county"], row["filed"], row["toldLate"]) == (PANZHOU, 5, None)


@pytest.mark.parametrize("role", [Role.MINE_PRINCIPAL, Role.MINE_CLERK, Role.MINER, Role.INSPECTOR, Role.AGENCY_HEAD])
async def test_whoever_has_no_desk_is_shown_nothing(desk: Desk, role: Role) -> None:
    _, report_id = await desk.filed()
    await desk.steps(report_id, ReportStepKind.ACCEPTED, by=desk.intake)
    mine = desk.site.mine if role in (Role.MINE_PRINCIPAL, Role.MINE_CLERK, Role.MINER) else None
    who = await desk.site.person(role, county=None if mine else PANZHOU, mine_id=mine)
    assert await codes(desk.site.database, who, LIST) == {"NOT_ALLOWED"}
    assert await codes(desk.site.database, who, THREAD, id=str(report_id)) == {"NOT_ALLOWED"}


async def test_a_longer_list_takes_no_more_statements(desk: Desk) -> None:
    counts = []
    for number in (1, 6):
        for _ in range(number):
            await desk.files(await desk.tip())
        desk.now += timedelta(hours=1)
        await desk.batch()
        database = Database(str(desk.site.database.engine.url.render_as_string(hide_password=False)), pool_size=1)
        heard = statements_of(database)
        assert len((await ask(database, desk.intake, LIST))["reportsToHandle"]) >= number
        counts.append(len(heard))
        await database.close()
    assert counts[0] == counts[1]
