"""What is unlawful between the end of the investigation and the review: notice, defence, hearing."""

from storage.casework.cases.problems.articles import by
from storage.record.problems import Problem


@by("行政处罚法第五十七条")
class InvestigationNotEnded(Problem):
    """The investigation is not ended (parameter: article)."""


@by("行政处罚法第四十条、第四十六条")
class NothingProven(Problem):
    """No fact of the case is in evidence (parameter: article)."""


@by("行政处罚法第三十四条")
class DiscretionNotSuggested(Problem):
    """The range of the discretion standard is not stated (parameter: article)."""


@by("行政处罚法第三十四条")
class DiscretionUpsideDown(Problem):
    """The range's least is more than its most (parameter: article)."""


@by("行政处罚法第三十四条")
class StandardDeparted(Problem):
    """Another tier or range than the standard gives, without a reason (parameters: tier, least, most, article)."""


@by("行政处罚法第三十二条、第三十三条")
class TierWithoutGround(Problem):
    """减轻 or 不予处罚 without one of the grounds that the law lists (parameters: tier, article)."""


@by("行政处罚法第四十条")
class CircumstanceContradicted(Problem):
    """A circumstance is stated that the record shows to be otherwise (parameters: circumstance, article)."""


@by("实施意见三（六）2")
class BreachNotStanding(Problem):
    """A broken promise is stated that no breach on record shows of this conduct (parameter: article)."""


@by("行政处罚法第四十四条")
class RightsNotTold(Problem):
    """A notice without the right to state and defend (parameter: article)."""


@by("行政处罚法第四十五条")
class HeavierAfterDefence(Problem):
    """Heavier after a defence (parameter: article)."""


@by("行政处罚法第四十四条")
class HeavierThanNotified(Problem):
    """Heavier than what the party was told (parameter: article)."""


@by("行政处罚法第四十四条、第六十二条")
class NoticeMissing(Problem):
    """No notice of facts, grounds and rights (parameter: article)."""


@by("行政处罚法第四十四条、第四十五条")
class DefenceTimeRuns(Problem):
    """The time for stating and defending runs (parameters: last, article)."""


@by("行政处罚法第四十五条")
class DefenceNotExamined(Problem):
    """A defence without a written answer (parameter: article)."""


@by("行政处罚法第四十五条")
class ObjectionNotExamined(Problem):
    """What the mine objected to has no written answer (parameters: answer, article)."""


@by("行政处罚法第四十五条")
class DefenceAlreadyExamined(Problem):
    """The defence was examined before (parameter: article)."""


@by("行政处罚法第六十二条")
class WaiverNotSigned(Problem):
    """Given up, but not in writing (parameter: article)."""


@by("行政处罚法第六十三条")
class HearingNotOffered(Problem):
    """A hearing must be offered (parameter: article)."""


@by("行政处罚法第六十四条")
class HearingTimeRuns(Problem):
    """The time for asking for a hearing runs (parameters: last, article)."""


@by("行政处罚法第六十四条")
class HearingAskedTooLate(Problem):
    """A hearing is asked for after its time (parameters: last, article)."""


@by("行政处罚法第六十四条")
class HearingNotAsked(Problem):
    """No hearing is due (parameter: article)."""


@by("行政处罚法第六十三条、第六十四条")
class HearingNotHeld(Problem):
    """A hearing was asked for and not held (parameter: article)."""


@by("行政处罚法第六十四条")
class HearingToldTooLate(Problem):
    """The hearing is told later than the law allows (parameters: last, article)."""


@by("行政处罚法第六十四条")
class ChairInvestigated(Problem):
    """The chair investigated the case (parameter: article)."""


@by("行政处罚法第六十四条")
class ChairNotNamed(Problem):
    """Another than the chair who was named held the hearing (parameter: article)."""


@by("行政处罚法第六十四条")
class HearingBeforeItsTime(Problem):
    """The hearing is said to be held before the time that was told (parameter: article)."""


@by("行政处罚法第六十四条")
class AgentsTooMany(Problem):
    """More agents than the law allows (parameters: agents, most, article)."""


@by("行政处罚法第六十四条")
class HearingRecordOpen(Problem):
    """The record of the hearing is neither signed nor the refusal noted (parameter: article)."""


@by("行政处罚法第四十五条、第六十三条")
class RightsIgnored(Problem):
    """It was decided though a defence or hearing had been asked for in time (parameter: article)."""
