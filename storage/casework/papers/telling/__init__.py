"""What the record tells a paper: pure functions from rows and steps to the sources of `sources.json`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from storage.casework.papers.bodies import Value
from storage.record.glossary.paper_words import PRINCIPAL
from storage.record.law import BUILT_IN, Law

Told = dict[str, Value]
"""What the record tells, by source; what it does not know is not there, or empty."""
Officer = tuple[str, str]
"""Name and number of the certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A paper that was issued about the same subject. `step` is what it stands for."""

    form: str
    number: str
    day: date
    step: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around the subject of a paper: names behind ids, and the papers that were issued before.

    `names` are of accounts, `certificates` their numbers by id, `posts` what persons of the mine are called by id.
    """

    mine: str
    agency: str
    day: date
    credit_code: str = ""
    law: Law = BUILT_IN
    principal: str = ""
    names: Mapping[UUID, str] = field(default_factory=dict)
    certificates: Mapping[UUID, str] = field(default_factory=dict)
    posts: Mapping[str, str] = field(default_factory=dict)
    issued: Sequence[Issued] = ()
    file: Sequence[Issued] = ()
    """Of a case: also those about its inspection and scheme, its findings and measures."""

    def number_of(self, step: UUID | None, *forms: str) -> str:
        """The number of the last paper that was issued for a step, of one of these forms if any is named."""
        found = [one.number for one in self.issued if one.step == step and (not forms or one.form in forms)]
        return found[-1] if found else ""


def of_the_mine(around: Around, officers: Sequence[Officer]) -> Told:
    """What every paper may say: the mine, the agency, the day, the officers."""
    told: Told = {
        "mine.name": around.mine, "agency.name": around.agency, "day": around.day.isoformat(),
        "officers.names": "、".join(name for name, _ in officers), "unit.principal": around.principal,
        "unit.principal_post": PRINCIPAL if around.principal else "",
    }  # fmt: skip
    for at, (name, certificate) in enumerate(officers[:2], 1):
        told |= {f"officer.{at}.name": name, f"officer.{at}.certificate": certificate}
    return told
