"""What keeps the pack of a case from being given out."""

from storage.casework.cases.problems.articles import by
from storage.record.problems import Problem


@by("行政处罚法第五十九条、第六十一条")
class DecisionNotServed(Problem):
    """The party asks for the pack before the decision was served on it (parameter: article)."""


class CasePackTooLarge(Problem):
    """The case has more entries, papers or bytes of them than one pack holds (parameters: there, most)."""
