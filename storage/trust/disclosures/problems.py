"""What stands in the way of publishing, correcting and taking down: facts; what the law says names its article."""

from enum import StrEnum

from storage.record.problems import Problem, constraint_means


class Unpublishable(StrEnum):
    """Why something cannot be made public."""

    KIND = "KIND"
    NOT_ON_THE_LIST = "NOT_ON_THE_LIST"
    NOT_WRITABLE = "NOT_WRITABLE"
    TOO_LONG = "TOO_LONG"
    FELL = "FELL"
    NO_PENALTY = "NO_PENALTY"
    MISSING = "MISSING"
    AGE_UNKNOWN = "AGE_UNKNOWN"
    NOT_A_UNIT = "NOT_A_UNIT"
    LACKING = "LACKING"
    HARMED = "HARMED"
    DRAFTED_ANEW = "DRAFTED_ANEW"


class NotPublishable(Problem):
    """The closed list knows no way to make this public (parameters: member, reason)."""


class PersonalDataFound(Problem):
    """A text that a person wrote holds what must not be public (parameter: where); it is worded anew."""


class CopyStale(Problem):
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


class RepairStands(Problem):
    """It stopped being shown by a decision on credit: only such a decision shows it again."""


class WithdrawalUnreasoned(Problem):
    """A withdrawal says why, in words that the public reads; and who says that the decision fell must be right."""


class DutyAnswered(Problem):
    """It was published, or withheld by an article, before."""


constraint_means("uq_disclosures_source_kind_source_id", AlreadyPublished)
constraint_means("uq_disclosure_withheld_source_kind_source_id", DutyAnswered)
