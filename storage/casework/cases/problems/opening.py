"""What is unlawful in any step of a case, and in opening one."""

from storage.casework.cases.problems.articles import by
from storage.record.problems import Problem


@by("行政处罚法第四十七条")
class StepInFuture(Problem):
    """A step is said to be done later than now (parameter: article)."""


@by("行政处罚法第四十七条")
class StepBackdated(Problem):
    """An act of law is said to be done before the act that stands before it, or not now where it is done here.

    Parameter: article.
    """


@by("行政处罚法第四十七条")
class StepUnknown(Problem):
    """The step names a step that the case does not have, or one of another kind (parameter: article)."""


@by("行政处罚法第四十四条")
class PartyNotOfCase(Problem):
    """The step names no party of the case, where it is about one (parameter: article)."""


@by("行政处罚法第四十条")
class ConductNotOfCase(Problem):
    """The step names no conduct of the case, where it is about one (parameter: article)."""


@by("行政处罚法第五十九条")
class NotStated(Problem):
    """A part that the law asks for is not stated (parameters: part, article)."""


@by("行政处罚法第五十四条")
class CaseNotProposed(Problem):
    """The case has not been proposed (parameter: article)."""


@by("行政处罚法第五十四条")
class CaseAlreadyOpen(Problem):
    """The case has been proposed, registered or refused before (parameter: article)."""


@by("行政处罚法第五十四条")
class CaseNotRegistered(Problem):
    """The case is not registered (parameter: article)."""


@by("行政处罚法第五十七条")
class CaseEnded(Problem):
    """The case is closed; only facts are still kept (parameter: article)."""


@by("行政处罚法第三十六条")
class LimitationOver(Problem):
    """The conduct was discovered after the limitation (parameters: ended, last, article)."""


@by("行政处罚法第四十二条、第五十五条")
class OfficersTooFew(Problem):
    """Fewer officers than must act together (parameters: officers, needed, article)."""


@by("行政处罚法第四十二条、第五十五条")
class OfficerNotCertified(Problem):
    """An officer without a certificate valid on the day (parameters: account, article)."""


@by("行政处罚法第四十六条")
class PieceUnknown(Problem):
    """A piece of evidence that is not of this mine, or not visible (parameters: piece, article)."""


@by("行政处罚法第四十七条")
class PieceOfAnotherKind(Problem):
    """A piece is not of the medium that it is said to be (parameters: piece, medium, article)."""


@by("行政处罚法第五十七条")
class HeadUnknown(Problem):
    """Somebody who deliberated is no head of the agency (parameters: account, article)."""


@by("行政处罚法第四十三条")
class RecusalOfOneself(Problem):
    """Whoever is to be recused decides on it himself (parameter: article)."""


@by("行政处罚法第四十三条")
class RecusalAlreadyDecided(Problem):
    """The recusal was decided before (parameter: article)."""
