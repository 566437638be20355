"""Tests of the key that somebody presses in a call: who may tell of it, whose act it is, and that it is one act."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
from starlette.applications import Starlette

from api.calls import LARGEST, Calls
from api.ways import Ways, open_channels
from notifications.sending import Sender
from notifications.signing import FRESH, HEADER, signature
from storage.alerts.alerts.kinds import Channel
from storage.alerts.deliveries import operations
from storage.alerts.deliveries.rules import Target
from storage.record.actor import Actor, Role, keeper
from storage.record.database import Database
from storage.record.work import perform
from tests.factories.alerts import MINUTE, Watch, watch_of
from tests.notifications.channels.services import answer, speaking
from tests.sites import Site

SECRET = "a secret between the gateway and us"


@dataclass
class Gateway:
    """The operator's gateway behind an alarm that called the first officer; its clock and ours may be set."""

    watch: Watch
    client: httpx.AsyncClient
    now: datetime

    async def call_of(self, actor: Actor) -> UUID:
        found: UUID = await self.watch.site.rows.fetchval(
            "SELECT id FROM sends WHERE account_id = $1 AND channel = 'CALL'", actor.account_id
        )
        return found

    async def tells(self, key: UUID, digit: str = "1", **more: Any) -> httpx.Response:
        return await self.posts(orjson.dumps({"key": str(key), "digit": digit}), **more)

    async def posts(self, body: bytes, *, secret: str = SECRET, ago: timedelta = timedelta(0)) -> httpx.Response:
        headers = {HEADER: signature(secret, body, at=self.now - ago)}
        return await self.client.post("/gateway/calls", content=body, headers=headers)

    async def taken(self) -> list[dict[str, Any]]:
        """What the ledger says of who took it."""
        rows = await self.watch.site.rows.fetch(
            "SELECT y.payload FROM entries e JOIN payloads y ON y.entry_id = e.id WHERE e.kind = 'alert.taken'"
        )
        return [orjson.loads(row["payload"]) for row in rows]


@pytest.fixture
async def gateway(site: Site, workers: Database) -> AsyncIterator[Gateway]:
    watch = await watch_of(site, workers)
    await watch.alarms()
    await watch.climbs()  # His page is silent: he is called at once.
    await perform(workers, keeper(), watch.began, operations.take_sends)
    made: list[Gateway] = []
    app = Starlette(routes=Calls(site.database, SECRET, lambda: made[0].now).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
        made.append(Gateway(watch, client, watch.began + timedelta(seconds=20)))
        yield made[0]


async def test_a_pressed_key_takes_the_alert_in_the_name_of_whoever_was_called(gateway: Gateway) -> None:
    first = gateway.watch.first
    call = await gateway.call_of(first)
    said = await gateway.tells(call)
    assert (said.status_code, said.json()) == (200, {"taken": True})
    (entry,) = await gateway.taken()
    assert entry["data"] == {"chains": ["DEPARTMENT"], "call": str(call)}
    assert (entry["actor"], entry.get("device")) == (str(first.account_id), None)
    await gateway.watch.climbs(after=20 * MINUTE)
    assert gateway.watch.head.account_id not in await gateway.watch.told()


async def test_the_key_that_the_gateway_was_told_is_the_one_by_which_it_answers(gateway: Gateway) -> None:
    """The whole way: the teller asks the gateway to call, and the person who answers takes the alert."""
    watch = gateway.watch
    number = Target(channel=Channel.CALL, target="+8613800000000")
    await watch.acts(watch.first, operations.keep_address, id=uuid4(), target=number)
    await watch.site.rows.execute("UPDATE sends SET leased_until = NULL")
    async with speaking(answer(202)) as service:
        async with open_channels(Ways(gateway_url=service.url, gateway_token="a-token")) as channels:
            await Sender(watch.workers, channels, lambda: gateway.now).turn()
        (heard,) = service.heard
    assert (heard.path, heard.json["to"]) == ("/calls", number.target)
    assert (await gateway.tells(UUID(heard.json["key"]), heard.json["digit"])).json() == {"taken": True}
    states = {
        row["channel"]: row["state"]
        for row in await watch.site.rows.fetch(
            "SELECT channel, state FROM sends WHERE account_id = $1", watch.first.account_id
        )
    }
    assert states["CALL"] == "HANDED_ON"
    assert [entry["data"]["chains"] for entry in await gateway.taken()] == [["DEPARTMENT"]]


async def test_the_same_told_again_is_the_same_act(gateway: Gateway) -> None:
    call = await gateway.call_of(gateway.watch.first)
    for _ in range(3):
        assert (await gateway.tells(call)).json() == {"taken": True}
    assert len(await gateway.taken()) == 1


async def test_another_key_takes_nothing(gateway: Gateway) -> None:
    said = await gateway.tells(await gateway.call_of(gateway.watch.first), "2")
    assert (said.status_code, said.json()) == (200, {"taken": False})
    assert await gateway.taken() == []


async def test_what_is_not_signed_or_not_lately_is_not_believed(gateway: Gateway) -> None:
    call = await gateway.call_of(gateway.watch.first)
    body = orjson.dumps({"key": str(call), "digit": "1"})
    late = FRESH + timedelta(seconds=2)
    answers = [
        await gateway.tells(call, secret="another secret of thirty-two characters"),
        await gateway.tells(call, ago=late),
        await gateway.tells(call, ago=-late),
        await gateway.client.post("/gateway/calls", content=body),
        *[
            await gateway.client.post("/gateway/calls", content=body, headers={HEADER: header})
            for header in ("", "t=1,v1=", "v1=x", f"t={'9' * 40},v1={'0' * 64}", f"t=-1,v1={'0' * 64}")
        ],
    ]
    # A signature holds for its own body alone.
    headers = {HEADER: signature(SECRET, orjson.dumps({"key": str(call), "digit": "2"}), at=gateway.now)}
    answers.append(await gateway.client.post("/gateway/calls", content=body, headers=headers))
    assert {(one.status_code, one.text) for one in answers} == {(401, '{"code":"NOT_SIGNED"}')}
    assert await gateway.taken() == []


@pytest.mark.parametrize("body", [
    b"", b"[]", b"null", b"7", b"\xff", b"{}", b'{"key": 7, "digit": "1"}', b'{"key": "x", "digit": "1"}',
    b'{"key": "00000000-0000-0000-0000-000000000007"}',
])  # fmt: skip
async def test_signed_nonsense_is_bad_input(gateway: Gateway, body: bytes) -> None:
    assert (await gateway.posts(body)).status_code == 400


async def test_a_long_body_is_not_read(gateway: Gateway) -> None:
    assert (await gateway.posts(b"x" * (LARGEST + 1))).status_code == 413


async def test_only_a_call_that_was_made_within_the_hour_can_be_answered(gateway: Gateway) -> None:
    first = gateway.watch.first
    call = await gateway.call_of(first)
    text = await gateway.watch.site.rows.fetchval(
        "SELECT id FROM sends WHERE account_id = $1 AND channel = 'SMS'", first.account_id
    )
    assert [(await gateway.tells(key)).status_code for key in (uuid4(), text)] == [404, 404]
    gateway.now += timedelta(hours=2)
    assert (await gateway.tells(call)).status_code == 404
    gateway.now -= timedelta(hours=2)
    await gateway.watch.site.rows.execute("UPDATE sends SET attempts = 0")
    assert (await gateway.tells(call)).status_code == 404
    assert await gateway.taken() == []


async def test_what_the_account_may_is_checked_when_the_key_is_pressed(gateway: Gateway) -> None:
    first = gateway.watch.first
    call, rows = await gateway.call_of(first), gateway.watch.site.rows
    grants = "UPDATE role_grants SET withdrawn_at = {} WHERE account_id = $1"
    await rows.execute("SET session_replication_role = replica")
    await rows.execute(grants.format("granted_at"), first.account_id)
    assert (await gateway.tells(call)).status_code == 403
    await rows.execute(grants.format("NULL"), first.account_id)
    await rows.execute("UPDATE accounts SET closed_at = opened_at WHERE id = $1", first.account_id)
    assert (await gateway.tells(call)).status_code == 403
    assert await gateway.taken() == []


async def test_no_role_but_those_that_take_alerts_acts_by_a_call(gateway: Gateway) -> None:
    """The mine's principal is called too, and may read what he was told: his key takes nothing."""
    watch = gateway.watch
    alert = await watch.site.rows.fetchval("SELECT id FROM alerts WHERE account_id = $1", watch.principal.account_id)
    call = uuid4()
    await watch.site.put("sends", id=call, alert_id=alert, account_id=watch.principal.account_id, channel="CALL",
                         round=0, urgent=True, drill=False, state="WAITING", due_at=watch.began, made_at=watch.began,
                         attempts=1)  # fmt: skip
    assert (await gateway.tells(call)).status_code == 403
    assert Role.MINE_PRINCIPAL in watch.principal.roles
    assert await gateway.taken() == []


async def test_whoever_was_faster_has_it_and_what_is_over_is_over(gateway: Gateway) -> None:
    watch = gateway.watch
    call, office = await gateway.call_of(watch.first), await gateway.call_of(watch.office)
    await watch.takes(watch.second)
    assert (await gateway.tells(call)).json() == {"code": "ALERT_TAKEN"}
    await watch.site.rows.execute("SET session_replication_role = replica")
    await watch.site.rows.execute("UPDATE incidents SET ended_at = raised_at")
    said = await gateway.tells(office)
    assert (said.status_code, said.json()) == (409, {"code": "ALERT_ENDED"})
