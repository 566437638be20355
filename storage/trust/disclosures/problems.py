"""What stands in the way of publishing, correcting and taking down: facts, each with the article in its sentence."""

from storage.record.problems import Problem, constraint_means


class NotPublishable(Problem):
    """The closed list knows no way to make this public (parameters: member, reason)."""


class PersonalDataFound(Problem):
    """A text that a person wrote holds what must not be public (parameter: where); it is worded anew."""


class PreviewStale(Problem):
    """What would be published is no longer what was previewed (parameter: digest, of what it is now)."""


class AlreadyPublished(Problem):
    """It was published before; what follows is a correction."""


class NotServedYet(Problem):
    """The party does not have the decision yet: nobody reads of himself in public first."""


class PublishedByItsAuthor(Problem):
    """Whoever drafted or made the decision does not publish it: another officer does."""


class NothingToCorrect(Problem):
    """The copy made of the record today is the one that is shown."""


class NothingDisputed(Problem):
    """No reconsideration or suit against the decision is open."""


class NotShown(Problem):
    """It is not shown (parameter: state)."""


class StillShown(Problem):
    """It is shown: there is nothing to restore."""


class WithdrawalUnreasoned(Problem):
    """A withdrawal says why, in words that the public reads; and who says that the decision fell must be right."""


class DutyAnswered(Problem):
    """It was published, or withheld by an article, before."""


constraint_means("uq_disclosures_source_kind_source_id", AlreadyPublished)
constraint_means("uq_disclosure_withheld_source_kind_source_id", DutyAnswered)
