"""Fills a form from the record: what the record knows stands in the paper, whatever anybody wrote. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.casework.papers.bodies import Value
from storage.casework.papers.rules import PaperContradictsRecord
from storage.record.clock import SHANGHAI
from storage.record.law import Law
from storage.record.law.forms import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the record knows of a paper's subject. `officers` are (name, certificate), the lead first."""

    mine: str
    agency: str
    day: date
    opened_at: datetime | None = None
    places: Sequence[str] = ()
    officers: Sequence[tuple[str, str]] = ()


def values_of(form: Form, known: Known) -> dict[str, str]:
    """The fields of this form that the record fills."""
    found = {
        "被检查单位": known.mine,
        "被复查单位": known.mine,
        "执法机关": known.agency,
        "日期": known.day.isoformat(),
    }
    if known.officers:
        found["行政执法人员"] = "、".join(name for name, _ in known.officers)
    for at, (name, certificate) in enumerate(known.officers[:2], 1):
        found |= dict.fromkeys((f"执法人员{at}姓名", f"执法人员姓名{at}", f"行政执法人员{at}姓名"), name)
        found |= dict.fromkeys(
            (f"执法人员{at}证号", f"执法人员证件号{at}", f"执法人员{at}证件号", f"行政执法人员{at}证件号码"),
            certificate,
        )
    if known.places:
        found["检查场所"] = "、".join(known.places)
    if known.opened_at is not None and not form.internal:  # A scheme says when one will inspect, not when one did.
        begun = known.opened_at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
        found |= {"检查时间": begun, "检查时间开始": begun}
    return {name: value for name, value in found.items() if value and form.field(name) is not None}


def filled(form: Form, written: Mapping[str, Value], known: Known) -> dict[str, Value]:
    """All fields of the paper, empty ones left out; PaperContradictsRecord where both speak and differ."""
    told = values_of(form, known)
    for name, value in told.items():
        if written.get(name, "") not in ("", value):
            raise PaperContradictsRecord(field=name)
    return {name: value for name, value in {**written, **told}.items() if value}


def remedies(form: Form, sentence: str, fields: Mapping[str, Value], *, law: Law, on: date) -> str:
    """行政复议法20, 行政诉讼法46: to whom and within how long one may turn; empty where the form says nothing of it."""
    if not any(one.remedy for one in form.fields):
        return ""
    government, department, court = (str(fields.get(one.name, "")) for one in form.fields if one.remedy)
    return sentence.format(
        government=government, department=f"或者{department}" if department else "", court=court,
        days=law.number("review_application", on), months=law.number("suit_direct", on),
    )  # fmt: skip
