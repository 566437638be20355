"""The page of the blacklist: who is on it, by unit, why and until when, and how one leaves it; nobody signs in."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import orjson
from starlette.requests import Request

from api.public import asking, telling
from api.public.asking import PAGE, tongue
from storage.record.clock import day_of
from storage.record.glossary import sentence
from storage.record.law import BUILT_IN
from storage.record.problems import Problem, TryAgain
from storage.trust.credit import public as credit
from storage.trust.credit.listing_rules import ARTICLE_OF, LEFT_AFTER, STANDS
from storage.trust.disclosures import public
from storage.trust.disclosures.public import Shown
from storage.trust.disclosures.tables import DisclosureKind

NAMES: Final = ("q", "region")
"""What narrows the list."""


async def told(sql: "asyncpg.Connection[Any]", request: Request) -> tuple[dict[str, Any], int]:
    """What the page and its twin say, and the status: the entries that fit, newest first, and what goes for all."""
    query, rows, fault = request.query_params, list[Shown](), None
    asked = {name: query[name][:200] for name in NAMES if query.get(name, "").strip()}
    try:
        sought = replace(asking.sought_of(asked), kind=DisclosureKind.BLACKLISTING)
        rows = await public.search(sql, sought, limit=PAGE + 1, before=asking.place_of(query, "before"))
    except TryAgain:
        raise
    except Problem as problem:
        fault = sentence(problem.code, tongue(query), **problem.parameters)
    copies = await credit.copies_of(sql, [row.id for row in rows[:PAGE]])
    data = {
        "asked": asked, "fault": fault, "next": rows[PAGE - 1].seq if len(rows) > PAGE else None,
        "rows": [telling.shown(row) | _why(orjson.loads(copies[row.id])) for row in rows[:PAGE] if row.id in copies],
        "grounds": [{"kind": one.value, "article": article} for one, article in ARTICLE_OF.items()], **_periods(),
    }  # fmt: skip
    return data, 400 if fault else 200


def _why(copy: Mapping[str, Any]) -> dict[str, Any]:
    """What a list of entries says beside what lists say of anything."""
    return {
        "subject": copy["party"]["kind"], "ground": copy["ground"], "penalty": copy["penalty"],
        "listed_on": copy["listed_on"], "until": copy["until"],
    }  # fmt: skip


def _periods() -> dict[str, int]:
    """The numbers of the law as the code knows them: years that an entry stands, months before it is left."""
    today = day_of(datetime.now(UTC))
    return {"years": BUILT_IN.number(STANDS, today) // 12, "months": BUILT_IN.number(LEFT_AFTER, today)}
