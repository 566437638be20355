"""The traces of a whole shift: each act and each call of the store has its place, and nothing secret is in any."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from api.embedded.postgres import DatabaseAddresses
from api.sample_people import PASSWORD, SAMPLE_SIGN_INS
from api.telemetry import telemetry_to
from tests.journeys.running import running_service
from tests.journeys.test_logs import Overheard, ask, fail_in_every_way, take_a_shift
from tests.receiver import receiving, told_of
from tests.servers import Servers


async def test_a_shift_is_traced_from_request_to_act_and_nothing_that_was_said_in_it_is(
    servers: Servers, template: DatabaseAddresses
) -> None:
    overheard = Overheard()
    with receiving() as receiver, tempfile.TemporaryDirectory(prefix="pithead-traces-") as scratch:
        folder = Path(scratch)
        telemetry = telemetry_to(receiver.url, process="api", headers={}, share=1.0)
        async with running_service(servers, template, folder, telemetry=telemetry) as service:
            await asyncio.to_thread(take_a_shift, folder, service.url, overheard)
            await asyncio.to_thread(fail_in_every_way, service.url, overheard)
            await asyncio.to_thread(ask, service.url, "query Of13800000001 { health { status } }")
            overheard.secrets |= {service.store.secret_key, service.store.access_key}
    spans = {span.span_id: span for span in receiver.spans}
    ways = {tuple(reversed(way_of(span, spans))) for span in spans.values()}
    for expected in (
        ("POST /graphql", "mutation openInspection", "act open_inspection"),
        ("POST /graphql", "mutation declareEvidence", "act declare_evidence"),
        ("POST /graphql", "query evidence", "sql read"),
        ("POST /graphql", "query health"),
    ):
        assert expected in ways, sorted(ways)
    assert any(way[-1].startswith("store ") for way in ways), sorted(ways)
    alone = {way for way in ways if way[0].split()[0] not in ("GET", "POST")}
    assert alone == {("store require_fit",)}, "whatever is done is done for a request, but the look at the start"
    sent = b"".join(receiver.bodies)
    names = {one.name for one in SAMPLE_SIGN_INS} | {one.login for one in SAMPLE_SIGN_INS}
    secrets = overheard.secrets | names | {PASSWORD, "wrong-password-4711", "13800000001", "掌子面照片", "X-Amz"}
    assert len(secrets) > 30
    assert [secret for secret in secrets if secret.encode() in sent] == []
    known = {"http.request.method", "http.route", "http.response.status_code", "pithead.request_id", "pithead.codes"}
    known |= {"pithead.kind", "pithead.name", "error.type"}
    assert {name for span in spans.values() for name in told_of(span)} <= known


def way_of(span: Any, spans: dict[bytes, Any]) -> list[str]:
    """The names from a span up to its request."""
    above = spans.get(span.parent_span_id)
    return [span.name, *(way_of(above, spans) if above is not None else [])]
