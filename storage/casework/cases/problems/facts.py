"""What is unlawful in keeping facts and things."""

from storage.casework.cases.problems.articles import by
from storage.record.problems import Problem


@by("行政处罚法第四十六条")
class DefectUnknown(Problem):
    """The step has no such open defect (parameter: article)."""


@by("行政处罚法第四十六条")
class NoSuchFact(Problem):
    """What is to be set aside is no fact of the case (parameter: article)."""


@by("行政处罚法第四十二条、第五十五条")
class ConfirmedByAnother(Problem):
    """Only an officer of the step or of the team, who does not stand for it yet, confirms it (parameter: article)."""


@by("行政处罚法第四十二条、第四十五条")
class SetAsideByEnterer(Problem):
    """Whoever entered that something was received does not say that it was not (parameter: article)."""


@by("行政处罚法第五十六条")
class KeepingNotApproved(Problem):
    """Evidence is registered and kept without the head's approval (parameter: article)."""


@by("行政处罚法第五十六条")
class KeepingNotListed(Problem):
    """No list of what is kept was handed over (parameter: article)."""


@by("行政处罚法第五十六条")
class KeepingAlreadyDecided(Problem):
    """What becomes of it was decided before (parameter: article)."""


@by("行政强制法第十八条")
class SeizureNotApproved(Problem):
    """Seized without approval and without urgency (parameter: article)."""


@by("行政强制法第十八条、第二十四条")
class SeizureFlawed(Problem):
    """A planned seizure without what must be done on the spot (parameters: part, article)."""


@by("行政强制法第十九条")
class ApprovalTooLate(Problem):
    """An urgent seizure is approved after its 24 hours: it must be released (parameters: last, article)."""


@by("行政强制法第十八条")
class SeizureUnknown(Problem):
    """No such order to seal or seize was given at this mine (parameters: measure, article)."""


@by("行政强制法第十八条")
class MeasureNamedTwice(Problem):
    """A seizure of this case names the order already (parameter: article)."""


@by("行政强制法第二十五条、第二十八条")
class HeldByMeasure(Problem):
    """An order on site holds the things: approval, term and lifting are its own (parameters: measure, article)."""


@by("行政强制法第二十五条")
class SeizureOver(Problem):
    """The seizure ran out or was released (parameter: article)."""


@by("行政强制法第二十五条")
class SeizureExtendedTwice(Problem):
    """A seizure is extended once (parameter: article)."""


@by("行政强制法第二十五条")
class ExtensionNotTold(Problem):
    """The party was not told in writing why the seizure is extended (parameter: article)."""


@by("行政强制法第二十五条")
class TestNotBelievable(Problem):
    """The days of a test do not follow each other, or lie before the seizure (parameter: article)."""
