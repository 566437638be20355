"""The page of numbers at /metrics: of the API's processes from their memory, of queue and workers from the database."""

import hmac
import ipaddress
from datetime import UTC, datetime

import asyncpg
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response

from api.counts import Counts, Labels, gauge
from api.numbers import Numbers
from storage.field.keeping import queries as keeping
from storage.record import heartbeats
from storage.record.actor import stranger
from storage.record.database import Database
from storage.record.heartbeats import Heartbeat
from storage.record.objects import Objects
from storage.record.problems import Problem

Values = list[tuple[Labels, float]]

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Answers whoever may look: with the token where one is set, else who asks from this machine and through no proxy.

    To all others the page does not exist.
    """

    def __init__(
        self,
        database: Database,
        objects: Objects,
        counts: Counts,
        *,
        token: SecretStr | None,
        numbers: Numbers | None = None,
    ) -> None:
        self._database, self._objects, self._counts, self._token = database, objects, counts, token
        self._numbers = numbers

    async def page(self, request: Request) -> Response:
        """The numbers; those of the database are left out while it does not answer."""
        if not self._may_look(request):
            return Response("Not Found", 404, media_type="text/plain")
        lines = self.own() if self._numbers is None else await self._numbers.of_all(self.own())
        try:
            async with self._database.reading(stranger()) as sql:
                lines += _shared(await heartbeats.beats(sql), await heartbeats.queued(sql), await keeping.upkeep(sql))
            lines += gauge("pithead_database_up", "Whether the database answers.", [((), 1)])
        except Problem:
            lines += gauge("pithead_database_up", "Whether the database answers.", [((), 0)])
        return Response("\n".join((*lines, "")), headers={"cache-control": "no-store"}, media_type=MEDIA_TYPE)

    def _may_look(self, request: Request) -> bool:
        if self._token is not None:
            told = request.headers.get("authorization", "")
            return hmac.compare_digest(told.encode(), f"Bearer {self._token.get_secret_value()}".encode())
        through_proxy = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "via"))
        return not through_proxy and request.client is not None and _is_loopback(request.client.host)

    def own(self) -> list[str]:
        """The numbers of this process."""
        pool = self._database.pool_use()
        use: Values = [(("busy",), pool.busy), (("size",), pool.size)]
        failures: Values = [((), self._objects.failures)]
        return [
            *self._counts.lines(),
            *gauge("pithead_pool_connections", "Connections to the database: in use, and at the most.", use, "of"),
            *gauge("pithead_store_errors", "Calls to the store that failed, since the start.", failures),
        ]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shared(beats: list[Heartbeat], queued: int, upkeep: "asyncpg.Record | None") -> list[str]:
    now = datetime.now(UTC)
    alarms = [one for one in beats if one.worker == "alarms"]
    untaken: Values = [((), one.waiting) for one in alarms]
    since: Values = [((), (now - one.oldest_at).total_seconds() if one.oldest_at else 0) for one in alarms]
    silent: Values = [((one.worker,), (now - one.beat_at).total_seconds()) for one in beats]
    waiting: Values = [((one.worker,), one.waiting) for one in beats]
    lag: Values = [((one.worker,), (now - one.oldest_at).total_seconds() if one.oldest_at else 0) for one in beats]
    faults: Values = [((one.worker,), one.faults) for one in beats]
    kept: Values = [] if upkeep is None else [((name,), upkeep[name]) for name in keeping.COUNTED]
    return [
        *gauge("pithead_alarms_untaken", "Alarms that climbed their whole ladder and nobody takes.", untaken),
        *gauge("pithead_alarm_untaken_seconds", "How long the oldest of them has been open.", since),
        *gauge("pithead_unsequenced_entries", "Entries that wait for their position.", [((), queued)]),
        *gauge("pithead_worker_silent_seconds", "Since a worker told that it lives.", silent, "worker"),
        *gauge(
            "pithead_worker_waiting",
            "What waits for a worker; of the sweeper overdue clocks.",
            waiting,
            "worker",
        ),
        *gauge("pithead_worker_lag_seconds", "How long the oldest of them has been waiting.", lag, "worker"),
        *gauge("pithead_worker_faults", "Turns of a worker that failed, since its start.", faults, "worker"),
        *gauge("pithead_kept_pieces", "Pieces by what is wrong with them: keeping, sealing, facts.", kept, "state"),
    ]
