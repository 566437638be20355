"""The flat row of a copy, for lists, search and bulk: read out of the copy, so that it can hold no more; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from storage.casework.cases.steps import SanctionKind
from storage.record.glossary.labels import LABELS
from storage.trust.disclosures.tables import DisclosureKind

_FINES = (SanctionKind.FINE.value, SanctionKind.DAILY_FINE.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """What lists, search and bulk show of a copy. `credit_code` of a person's is that of the mine."""

    agency: str
    county: str
    mine_id: UUID | None
    mine: str
    party: str
    credit_code: str | None
    number: str
    title: str
    day: date
    amount: int | None
    searched: tuple[str, ...]


def flat_of(content: bytes) -> Flat:
    """The flat row of these bytes, which are a copy of ours."""
    members = orjson.loads(content)
    return FLAT[DisclosureKind(members["kind"])](members)


def _penalty(members: Mapping[str, Any]) -> Flat:
    party, mine = members["party"], members["mine"]
    conducts = [one["name"] for one in members["conducts"]]
    code = party.get("credit_code") or mine["credit_code"]
    fines = sum(one.get("sum", 0) for one in members["penalty"] if one["kind"] in _FINES)
    return Flat(
        agency=members["agency"], county=members["county"], mine_id=UUID(mine["id"]), mine=mine["name"],
        party=party["name"], credit_code=code, number=members["number"],
        title=f"{party['name']}：{'、'.join(conducts)}", day=date.fromisoformat(members["decided_on"]),
        amount=members.get("current", {}).get("fine", fines),
        searched=(party["name"], mine["name"], code, members["number"], members["agency"], *conducts,
                  members["facts"], members["grounds"]),
    )  # fmt: skip


def _result(members: Mapping[str, Any]) -> Flat:
    mine = members["mine"]
    names = [one["name"] for one in (*members["findings"].get("by_kind", ()), *members.get("measures", ()))]
    total, major = members["findings"]["total"], members["findings"]["major"]
    found = (f"发现问题{total}项" + (f"，其中重大事故隐患{major}项" if major else "")) if total else "未发现问题"
    return Flat(
        agency=members["agency"], county=members["county"], mine_id=UUID(mine["id"]), mine=mine["name"],
        party=mine["name"], credit_code=mine["credit_code"], number="", title=f"{mine['name']}：监督检查{found}",
        day=date.fromisoformat(members["inspected_on"]), amount=None,
        searched=(mine["name"], mine["credit_code"], members["agency"], *names),
    )  # fmt: skip


def _of_an_agency(members: Mapping[str, Any], what: str, names: Sequence[str]) -> Flat:
    """What an agency publishes of itself: of no mine and of no party but itself."""
    return Flat(
        agency=members["agency"], county=members["county"], mine_id=None, mine="", party=members["agency"],
        credit_code=None, number="", title=f"{members['agency']}：{what}", day=date.fromisoformat(members["as_of"]),
        amount=None, searched=(members["agency"], what, *names),
    )  # fmt: skip


def _list(members: Mapping[str, Any]) -> Flat:
    return _of_an_agency(members, LABELS["ListKind"][members["list"]][0], [one["name"] for one in members["items"]])


def _figures(members: Mapping[str, Any]) -> Flat:
    return _of_an_agency(members, period_of(members), ())


def period_of(members: Mapping[str, Any]) -> str:
    """The title of figures: a quarter's or a year's."""
    quarter = members.get("quarter")
    if quarter is None:
        return f"{members['year']}年度行政执法统计数据"
    return f"{members['year']}年第{'一二三四'[quarter - 1]}季度公示情况"


def _commitment(members: Mapping[str, Any]) -> Flat:
    mine, year = members["mine"], members["year"]
    titles = [words for one in members["clauses"] for words in one["title"].values()]
    return Flat(
        agency=members["agency"], county=members["county"], mine_id=UUID(mine["id"]), mine=mine["name"],
        party=mine["name"], credit_code=mine["credit_code"], number="", title=f"{mine['name']}：{year}年安全生产承诺书",
        day=date.fromisoformat(members["signed_on"]), amount=None,
        searched=(mine["name"], mine["credit_code"], members["agency"], "安全生产承诺书", *titles),
    )  # fmt: skip


def _breach(members: Mapping[str, Any]) -> Flat:
    mine, title = members["mine"], members["clause"]["title"]
    said = (members.get("decision", ""), members.get("answer", {}).get("words", ""))
    return Flat(
        agency=members["agency"], county=members["county"], mine_id=UUID(mine["id"]), mine=mine["name"],
        party=mine["name"], credit_code=mine["credit_code"], number="", title=f"{mine['name']}：未履行承诺“{title}”",
        day=date.fromisoformat(members["day"]), amount=None,
        searched=(mine["name"], mine["credit_code"], members["agency"], "未履行承诺", title, *said),
    )  # fmt: skip


def _blacklisting(members: Mapping[str, Any]) -> Flat:
    party, mine = members["party"], members["mine"]
    code = party.get("credit_code") or mine["credit_code"]
    return Flat(
        agency=members["agency"], county=members["county"], mine_id=UUID(mine["id"]), mine=mine["name"],
        party=party["name"], credit_code=code, number=members["penalty"]["number"],
        title=f"{party['name']}：列入严重失信主体名单", day=date.fromisoformat(members["listed_on"]), amount=None,
        searched=(party["name"], mine["name"], code, members["penalty"]["number"], members["agency"],
                  members["ground"]["article"], members["facts"]),
    )  # fmt: skip


def _exposure(members: Mapping[str, Any]) -> Flat:
    mine = members["mine"]
    return Flat(
        agency=members["agency"], county=members["county"], mine_id=UUID(mine["id"]), mine=mine["name"],
        party=mine["name"], credit_code=mine["credit_code"], number="", title=members["title"],
        day=date.fromisoformat(members["decided_on"]), amount=None,
        searched=(mine["name"], mine["credit_code"], members["agency"], members["title"], members["facts"],
                  members["handling"], members["lesson"]),
    )  # fmt: skip


FLAT: Mapping[DisclosureKind, Callable[[Mapping[str, Any]], Flat]] = {
    DisclosureKind.PENALTY: _penalty,
    DisclosureKind.RESULT: _result,
    DisclosureKind.COMMITMENT: _commitment,
    DisclosureKind.BREACH: _breach,
    DisclosureKind.EXPOSURE: _exposure,
    DisclosureKind.BLACKLISTING: _blacklisting,
    DisclosureKind.LIST: _list,
    DisclosureKind.FIGURES: _figures,
}
"""How the copy of each kind is read; a kind without a row is shown in no list."""
