"""What is unlawful in remedies, transfers and closing."""

from storage.casework.cases.problems.articles import by
from storage.record.problems import Problem


@by("行政复议法第六十一条")
class OutcomeAlreadyKnown(Problem):
    """The outcome came before (parameter: article)."""


@by("行政处罚法第七十五条")
class CorrectionOfSubstance(Problem):
    """A correction that changes nothing or the sum (parameter: article)."""


@by("行政处罚法第七十五条")
class AlreadyRevoked(Problem):
    """The decision was revoked before (parameter: article)."""


@by("行政执法机关移送涉嫌犯罪案件的规定第五条")
class TransferOutOfOrder(Problem):
    """A step of the transfer before the one that comes first (parameters: first, article)."""


@by("行政执法机关移送涉嫌犯罪案件的规定第五条")
class TransferTwice(Problem):
    """The transfer stands already (parameter: article)."""


@by("安全生产法第四十一条")
class OpenHazard(Problem):
    """A hazard is still open (parameters: open, article)."""


@by("行政处罚法第六十六条")
class NotPerformed(Problem):
    """A decision is not performed (parameter: article)."""


@by("行政处罚法第五十七条")
class PartyUndecided(Problem):
    """A party is not decided on (parameter: article)."""


@by("行政强制法第二十七条、第二十八条")
class ThingsStillHeld(Problem):
    """Things are still kept or seized (parameter: article)."""


@by("行政复议法第四十八条")
class RemedyRunning(Problem):
    """A reconsideration or suit runs (parameter: article)."""


@by("行政处罚法第五十七条")
class StillDecidable(Problem):
    """The case can still be decided (parameter: article)."""


@by("行政处罚法第五十二条")
class SpotNotReported(Problem):
    """A decision on the spot was not reported for filing (parameter: article)."""


@by("中华人民共和国档案法第十三条")
class NotClosed(Problem):
    """Only a closed case is archived (parameter: article)."""


@by("中华人民共和国档案法第十三条")
class AlreadyArchived(Problem):
    """The case was archived before (parameter: article)."""


@by("行政处罚法第四十七条")
class PaperNotOfCase(Problem):
    """A step names a paper that was not issued about this case (parameters: paper, article)."""


@by("行政处罚法第五十九条")
class DecisionNotOnPaper(Problem):
    """What is to be served was not issued as a paper (parameter: article)."""


@by("行政处罚法第六十五条")
class HearingNotOnPaper(Problem):
    """A hearing was held of which there is no record to decide by (parameters: step, article)."""


@by("行政处罚法第五十七条")
class DeliberationNotOnPaper(Problem):
    """The heads deliberated, and there is no record of it to decide by (parameters: step, article)."""


@by("行政处罚法第五十七条")
class DeliberationNotSigned(Problem):
    """Who deliberated neither signed the record nor is noted on it (parameters: step, account, article)."""


@by("行政处罚法第四十七条")
class ClosingNotOnPaper(Problem):
    """No paper is named on which a head approved the closing, after all was decided and done (parameter: article)."""


@by("行政处罚法第四十七条")
class FileNotWhole(Problem):
    """A step of the file lacks its paper (parameters: step, form, article)."""


@by("中华人民共和国档案法第十三条")
class ContentsNotWhole(Problem):
    """No list of contents is named that knows every paper of the file (parameter: article)."""
