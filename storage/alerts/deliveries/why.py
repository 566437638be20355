"""Why nobody was told, or who was: the rows and entries of one incident, read at once and said in sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.alerts.alerts.kinds import AlertKind, Channel
from storage.alerts.deliveries.tables import DeliveryOutcome, SendState
from storage.alerts.rosters.rules import Chain
from storage.alerts.rosters.tables import Away
from storage.record.clock import SHANGHAI, from_ms
from storage.record.glossary import sentence
from storage.record.glossary.labels import label
from storage.record.ledger.proofs.entries import Entry
from storage.record.problems import NotFound

MOST = 500
_STEPS = """
SELECT y.payload FROM payloads y JOIN entries e ON e.id = y.entry_id
WHERE y.subject = $1 AND e.kind = 'alert.escalated' ORDER BY e.at, e.id LIMIT $2
"""
_SENDS = """
SELECT a.account_id, s.channel, s.state, s.made_at, s.settled_at, d.attempts, d.outcome, d.detail
FROM alerts a JOIN sends s ON s.alert_id = a.id LEFT JOIN LATERAL (
  SELECT count(*) OVER () AS attempts, outcome, detail FROM deliveries WHERE send_id = s.id
  ORDER BY attempt DESC, id DESC LIMIT 1
) d ON true
WHERE a.incident_id = $1 ORDER BY s.made_at, a.account_id, s.channel, s.id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Telling:
    """All that is known of how one incident was told; `names` are the people who come into it."""

    incident: "asyncpg.Record"
    climbs: Sequence["asyncpg.Record"]
    steps: Sequence[Entry]
    sends: Sequence["asyncpg.Record"]
    names: dict[UUID, str]


async def telling_of(sql: "asyncpg.Connection[Any]", incident_id: UUID) -> Telling:
    """The whole story as the session's actor sees it, in five statements; NotFound where he sees no such incident."""
    incident = await sql.fetchrow("SELECT * FROM incidents WHERE id = $1", incident_id)
    if incident is None:
        raise NotFound()
    climbs = await sql.fetch("SELECT * FROM climbs WHERE incident_id = $1 ORDER BY chain", incident_id)
    steps = [Entry.decode(row["payload"]) for row in await sql.fetch(_STEPS, incident_id, MOST)]
    sends = await sql.fetch(_SENDS, incident_id, MOST)
    people = {row["account_id"] for row in sends} | {row["taken_by"] for row in climbs if row["taken_by"]}
    people |= {UUID(one) for step in steps for one in _people(step)}
    names = await sql.fetch("SELECT id, name FROM accounts WHERE id = ANY ($1)", list(people))
    return Telling(incident, climbs, steps, sends, {row["id"]: row["name"] for row in names})


def in_words(telling: Telling, language: str) -> list[str]:
    """The story in its order, one sentence each: each rung, each send, who has it or that nobody has."""
    said = _Saying(telling.names, language)
    told = [said.raised(telling.incident)]
    if not telling.climbs:
        told.append(sentence("TOLD_WITHOUT_CLIMB", language))
    told += [one for step in telling.steps for one in said.step(step)]
    told += [said.send(row) for row in telling.sends] or [sentence("TOLD_NOBODY", language)]
    told += [said.climb(row) for row in telling.climbs]
    if telling.incident["ended_at"] is not None:
        told.append(sentence("TOLD_ENDED", language, at=_time(telling.incident["ended_at"])))
    return told


@dataclass(frozen=True, slots=True)
class _Saying:
    """Says rows in one language, with the names that may be told."""

    names: dict[UUID, str]
    language: str

    def raised(self, incident: "asyncpg.Record") -> str:
        """What began it; a drill says so first."""
        drill = sentence("MESSAGE_DRILL", self.language) if incident["drill"] else ""
        kind = label(AlertKind(incident["kind"]), self.language)
        code = "TOLD_RAISED" if incident["urgent"] else "TOLD_RAISED_CALMLY"
        return drill + sentence(code, self.language, at=_time(incident["raised_at"]), kind=kind)

    def step(self, step: Entry) -> Iterable[str]:
        """One rung: whom it told, and each who was passed over or did not stir, with the reason."""
        data, at = step.data, _time(from_ms(step.at))
        chain, rung = label(Chain(str(data["chain"])), self.language), int(data["rung"]) + 1
        who = self._names(data["accounts"])
        code = "TOLD_RUNG" if who else "TOLD_RUNG_OF_NOBODY"
        yield sentence(code, self.language, at=at, chain=chain, rung=rung, who=who)
        for passed in data.get("passed_over", ()):
            account, why = str(passed).split(" ", 1)
            yield sentence(
                "TOLD_PASSED_OVER", self.language, who=self._names([account]), why=label(Away(why), self.language)
            )
        if data.get("silent"):
            yield sentence("TOLD_SILENT", self.language, who=self._names(data["silent"]))

    def send(self, row: "asyncpg.Record") -> str:
        """One way to one person, where it stands, and what came of the last attempt."""
        given = {
            "at": _time(row["made_at"]), "who": self._names([str(row["account_id"])]),
            "channel": label(Channel(row["channel"]), self.language),
            "state": label(SendState(row["state"]), self.language),
        }  # fmt: skip
        if row["outcome"] is None:
            return sentence("TOLD_SEND", self.language, **given)
        outcome = label(DeliveryOutcome(row["outcome"]), self.language)
        return sentence("TOLD_ATTEMPT", self.language, **given, attempts=row["attempts"], outcome=outcome)

    def climb(self, row: "asyncpg.Record") -> str:
        """Who has it in a chain, or that nobody has and when the next is told."""
        chain = label(Chain(row["chain"]), self.language)
        if row["taken_by"] is not None:
            who = self._names([str(row["taken_by"])])
            return sentence("TOLD_TAKEN", self.language, chain=chain, who=who, at=_time(row["taken_at"]))
        if row["next_at"] is None:
            return sentence("TOLD_NOT_TAKEN", self.language, chain=chain)
        return sentence("TOLD_STILL_CLIMBING", self.language, chain=chain, at=_time(row["next_at"]))

    def _names(self, accounts: Sequence[str]) -> str:
        unknown = sentence("TOLD_SOMEBODY", self.language)
        return ("、" if self.language == "zh" else ", ").join(self.names.get(UUID(one), unknown) for one in accounts)


def _people(step: Entry) -> Iterable[str]:
    yield from step.data["accounts"]
    yield from step.data.get("silent", ())
    yield from (str(one).split(" ", 1)[0] for one in step.data.get("passed_over", ()))


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%m-%d %H:%M:%S}"
