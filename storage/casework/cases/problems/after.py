"""What is unlawful in serving, paying and enforcing."""

from storage.casework.cases.problems.articles import by
from storage.record.problems import Problem


@by("行政处罚法第六十一条")
class ElectronicServiceWithoutConsent(Problem):
    """Served electronically without signed consent (parameter: article)."""


@by("民事诉讼法第八十七条至第九十五条")
class ServiceUnproven(Problem):
    """Service without the proof that its way needs (parameters: part, article)."""


@by("民事诉讼法第九十五条")
class ServedBeforeNoticeEnds(Problem):
    """A public notice counts as served only after its time (parameters: last, article)."""


@by("行政处罚法第六十一条")
class NotServed(Problem):
    """The decision has not been served (parameter: article)."""


@by("行政处罚法第六十一条")
class AlreadyServed(Problem):
    """The decision was served before (parameter: article)."""


@by("行政处罚法第六十八条、第六十九条")
class CashNotAllowed(Problem):
    """Officers may not take this in cash (parameter: article)."""


@by("行政处罚法第七十三条")
class DecisionNotInForce(Problem):
    """The decision was revoked (parameter: article)."""


@by("行政处罚法第七十二条")
class NoFineOwed(Problem):
    """No fine of this decision is owed (parameter: article)."""


@by("行政处罚法第六十六条")
class InstalmentsUneven(Problem):
    """The parts do not add up to what is owed, or lie before the day of the grant (parameter: article)."""


@by("行政处罚法第七十二条")
class SurchargeTooMuch(Problem):
    """More surcharge than has grown (parameters: most, article)."""


@by("行政处罚法第六十七条")
class PaymentTimeRuns(Problem):
    """The time for paying runs (parameters: last, article)."""


@by("行政强制法第五十四条")
class NotUrged(Problem):
    """No demand was served (parameter: article)."""


@by("行政强制法第五十四条")
class DemandRuns(Problem):
    """The days after the demand are not over (parameters: last, article)."""


@by("行政强制法第五十三条")
class RemediesRun(Problem):
    """The party may still ask for reconsideration or sue, or has (parameter: article)."""


@by("行政强制法第五十三条")
class CourtAskedTooLate(Problem):
    """The court is asked after its three months (parameters: last, article)."""


@by("行政强制法第五十三条")
class CourtAskedTwice(Problem):
    """The court was asked before (parameter: article)."""
