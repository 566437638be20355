"""What is wrong with a fact that was kept all the same: by which article, who makes it good, until when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.record.law.deadlines import deadline_of
from storage.record.law.laws import Law


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One defect. `code` never changes its meaning; `about` is what it is about, where that is a part of the whole."""

    code: str
    article: str
    made_good_by: UUID
    since: datetime
    until: datetime
    about: str = ""


def defect_of(law: Law, code: str, *, article: str, made_good_by: UUID, since: datetime, about: str = "") -> Defect:
    """The defect with the hours that the law of its day gives for making it good."""
    until = deadline_of(law, "defect_made_good", since).over_at()
    return Defect(code=code, article=article, made_good_by=made_good_by, since=since, until=until, about=about)
