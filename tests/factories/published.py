"""Plausible copies of each kind, put together by the closed lists, as rows that the public's role reads."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from storage.promises.templates.proposal import proposal_for
from storage.record.law.library import FINDING_KINDS
from storage.trust.disclosures.copies.allowed import composed
from storage.trust.disclosures.copies.flat import flat_of
from storage.trust.disclosures.grams import grams_of, searched_of, tagged
from storage.trust.disclosures.tables import DisclosureKind
from tests.sites import PANZHOU

AGENCY = "国家矿山安全监察局贵州局"
KINDS = tuple(FINDING_KINDS.values())


def mine_of(id: UUID, name: str = "甲煤矿", code: str = "91520281MA6DKTEST1", **more: Any) -> dict[str, Any]:
    """A mine as copies name it; `more` is what the register holds of it."""
    return {"id": str(id), "name": name, "credit_code": code, **more}


def row_of(kind: DisclosureKind, members: Mapping[str, Any], seq: int, **changes: Any) -> dict[str, Any]:
    """The row that a publication of these members would leave, by default twelve days after its day."""
    content = composed(kind, members)
    flat = flat_of(content)
    searched = searched_of(flat.searched)
    at = datetime.combine(flat.day + timedelta(days=12), time(2, 30), UTC)
    usual: dict[str, Any] = {
        "id": uuid4(), "seq": seq, "kind": kind.value, "disputed": False, "edition": 1, "city": flat.county[:4],
        "county": flat.county, "agency": flat.agency, "mine_id": flat.mine_id, "mine": flat.mine,
        "party": flat.party, "credit_code": flat.credit_code, "number": flat.number, "title": flat.title,
        "day": flat.day, "year": flat.day.year, "amount": flat.amount, "published_at": at, "changed_at": at,
        "late": False, "due_on": flat.day + timedelta(days=14), "shown_until": flat.day + timedelta(days=1_095),
        "content": content, "digest": hashlib.sha256(content).digest(), "searched": searched,
        "grams": tagged(grams_of(searched), seq),
    }  # fmt: skip
    return usual | changes


def penalty(mine: Mapping[str, Any], day: date, *, fine: int, at: int = 0, county: str = PANZHOU) -> dict[str, Any]:
    """A fine for one conduct; `at` chooses which."""
    kind = KINDS[at % len(KINDS)]
    began = (day - timedelta(days=20)).isoformat()
    return {
        "number": f"黔煤安监罚〔{day.year}〕{100 + at}号", "agency": AGENCY, "county": county,
        "mine": {name: mine[name] for name in ("id", "name", "credit_code")},
        "party": {"kind": "UNIT", "name": mine["name"], "credit_code": mine["credit_code"]},
        "conducts": [{"name": kind.title, "clause": "煤矿安全生产条例第六十四条", "began_on": began}],
        "facts": f"经查，该矿{kind.title}，现场未采取措施，有现场检查笔录、影像资料为证。",
        "grounds": "违反《煤矿安全生产条例》第三十六条，依照第六十四条的规定处罚。",
        "penalty": [{"kind": "FINE", "sum": fine}], "decided_on": day.isoformat(),
        "served_on": (day + timedelta(days=2)).isoformat(),
    }  # fmt: skip


def result(
    mine: Mapping[str, Any], day: date, counts: Sequence[tuple[int, int]], *, major: int = 0, county: str = PANZHOU
) -> dict[str, Any]:
    """An inspection that found (which kind, how many)."""
    named = [{"kind": KINDS[at].key, "name": KINDS[at].title, "count": many} for at, many in counts]
    ordered = sum(many for _, many in counts)
    return {
        "agency": AGENCY, "county": county, "mine": dict(mine), "inspected_on": day.isoformat(),
        "findings": {"total": ordered, "major": major, "by_kind": named},
        "measures": [{"kind": "CORRECT", "name": "责令限期改正", "count": ordered, "closed": ordered // 2}],
    }  # fmt: skip


def commitment(
    mine: Mapping[str, Any], year: int, *, county: str = PANZHOU, ended: Mapping[str, str] | None = None,
    broken: Sequence[str] = (), by: Mapping[str, date] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The first proposal of a year, met but for the clauses that are broken or promised by a day."""
    clauses = []
    for one in proposal_for(year):
        told: dict[str, Any] = {
            "key": one.key, "field": one.field.value, "title": {"zh": one.title.zh, "en": one.title.en},
            "own": False, "outcome": "MET",
        }  # fmt: skip
        if by and one.key in by:
            told |= {"outcome": "NOT_YET", "by_day": by[one.key].isoformat(), "measure": "增设传感器并校准"}
        if one.key in broken:
            told["broken"] = [{"day": f"{year}-06-12", "decided_on": f"{year}-07-03"}]
        clauses.append(told)
    return {
        "agency": AGENCY, "county": county, "mine": dict(mine), "year": year, "signed_on": f"{year}-01-18",
        "way": "PASSKEY", "sealed": True, "principal": "陈某", "commitment": str(uuid4()), "digest": "ab" * 32,
        "clauses": clauses, **({"ended": dict(ended)} if ended else {}),
    }  # fmt: skip


def breach(mine: Mapping[str, Any], day: date, *, at: int = 0, county: str = PANZHOU, **more: Any) -> dict[str, Any]:
    """A breach of one clause of the first proposal, accepted by the manager."""
    clause = proposal_for(day.year)[at]
    return {
        "agency": AGENCY, "county": county, "mine": {name: mine[name] for name in ("id", "name", "credit_code")},
        "year": day.year, "commitment": str(uuid4()), "clause": {"key": clause.key, "title": clause.title.zh},
        "day": day.isoformat(), "decided_on": (day + timedelta(days=21)).isoformat(), "decision": "认定属实。",
        "answer": {"accepts": True, "words": "已更换传感器，并加强每班巡检。",
                   "correct_by": (day + timedelta(days=30)).isoformat(), "on": (day + timedelta(days=9)).isoformat()},
        **more,
    }  # fmt: skip
