"""What is unlawful in reviewing, deliberating and deciding."""

from storage.casework.cases.problems.articles import by
from storage.record.problems import Problem


@by("行政处罚法第五十八条")
class ReviewNotSubmitted(Problem):
    """The draft of this party is not under review (parameter: article)."""


@by("行政处罚法第五十八条")
class ReviewBeforeHearing(Problem):
    """The review is asked for before hearing and defence are over (parameter: article)."""


@by("行政处罚法第五十八条")
class ReviewerInvestigated(Problem):
    """The reviewer investigated the case (parameter: article)."""


@by("行政处罚法第五十八条")
class ReviewerNotQualified(Problem):
    """A first-time reviewer without the qualification (parameter: article)."""


@by("行政处罚法第五十八条")
class ReviewNotWhole(Problem):
    """Not every point was looked at (parameter: article)."""


@by("行政处罚法第五十八条")
class NoteNotBound(Problem):
    """A note says something, at a page of a paper or at a second of a film or sound (parameter: article)."""


@by("行政处罚法第五十八条")
class NoteElsewhere(Problem):
    """The paper or piece that a note names is none of this case (parameters: named, article)."""


@by("行政处罚法第五十八条")
class NoteBehindTheEnd(Problem):
    """The film or sound is over at that second (parameters: second, last, article)."""


@by("行政处罚法第五十八条、国办发〔2018〕118号")
class SoundWithoutTranscript(Problem):
    """Sound that records a step goes to legal review with what is said in it (parameters: piece, article)."""


@by("行政处罚法第五十八条")
class ReviewMissing(Problem):
    """Legal review is missing (parameter: article)."""


@by("行政处罚法第五十八条")
class ReviewNotPassed(Problem):
    """Legal review sent the draft back (parameter: article)."""


@by("行政处罚法第五十八条")
class ReviewOutdated(Problem):
    """Something changed since it was reviewed (parameter: article)."""


@by("行政处罚法第五十八条")
class HeavierThanReviewed(Problem):
    """Heavier than what was reviewed (parameter: article)."""


@by("行政处罚法第五十七条")
class DeliberationMissing(Problem):
    """The heads must decide together (parameter: article)."""


@by("行政处罚法第五十七条")
class DeliberationAlone(Problem):
    """One head alone does not deliberate (parameter: article)."""


@by("行政处罚法第四十七条，国办发〔2018〕118号")
class RecordingMissing(Problem):
    """A step that the law wants recorded is not (parameters: step, medium, article)."""


@by("行政处罚法第四十条")
class FindingUnknown(Problem):
    """A conduct names a finding that was not made at this mine (parameters: finding, article)."""


@by("行政处罚法第四十条")
class RestsOnFinding(Problem):
    """A finding on which it rests still lacks something (parameters: finding, lacks, due, article)."""


@by("行政处罚法第四十条、第四十六条")
class RestsOnMeasure(Problem):
    """The order by which its things are held still lacks something (parameters: measure, lacks, article)."""


@by("行政处罚法第四十条、第四十六条")
class RestsOnDefect(Problem):
    """A fact has an open defect (parameters: step, defect, article)."""


@by("行政处罚法第六十条")
class TimeLimitOver(Problem):
    """The time limit of the case is over (parameters: last, article)."""


@by("行政处罚法第五十七条")
class AlreadyDecided(Problem):
    """The conduct was decided on for this party before (parameter: article)."""


@by("行政处罚法第二十九条")
class SecondFine(Problem):
    """A second fine on one party for one act (parameter: article)."""


@by("行政处罚法第三十八条")
class NoBasis(Problem):
    """A penalty without a basis, or of a basis that was not in force (parameter: article)."""


@by("行政处罚法第三十七条")
class OutsideTheLaw(Problem):
    """A fine outside the range of the law that applies (parameters: least, most, article)."""


@by("行政处罚法第三十四条")
class DepartureWithoutReason(Problem):
    """A fine outside the suggested range without a reason (parameter: article)."""


@by("煤矿安全生产条例第六十三条、第六十四条")
class StopLacking(Problem):
    """A fine that the law gives only beside 停产整顿, whose content and time are stated (parameters: part, article)."""


@by("煤矿安全生产条例第六十四条")
class PrincipalUndecided(Problem):
    """The unit was fined for producing with a major hazard, and nothing was decided on its principal
    (parameter: article).
    """


@by("安全生产法第一百一十二条")
class DailyPenaltyWithoutGround(Problem):
    """A daily penalty without fine, order and refusal (parameter: article)."""


@by("安全生产法第一百一十二条")
class DailyPenaltyTooLarge(Problem):
    """A daily penalty over more days than passed (parameters: days, most, article)."""


@by("行政执法机关移送涉嫌犯罪案件的规定第十一条")
class TransferRuns(Problem):
    """A fine in place of a transfer that runs (parameter: article)."""


@by("行政处罚法第三十三条")
class NoPenaltyWithSanction(Problem):
    """No penalty, and yet a sanction; or a penalty without one (parameter: article)."""


@by("行政处罚法第五十一条")
class OnTheSpotTooMuch(Problem):
    """More than may be decided on the spot (parameters: most, article)."""


@by("行政处罚法第四十四条、第五十二条")
class OnTheSpotNotHeard(Problem):
    """Decided on the spot without hearing the party or handing over the form (parameter: article)."""
