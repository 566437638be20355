"""What stands in the way of repair, of an entry in the blacklist, of leaving it, of a sanction: facts with articles."""

from storage.record.problems import Problem, constraint_means


class NotRepairable(Problem):
    """This is no penalty whose showing ends by repair (parameters: reason, article)."""


class RepairTooEarly(Problem):
    """The shortest period of showing is not over (parameters: day, article)."""


class RepairUnproven(Problem):
    """A proof of correction or the pledge is missing (parameters: part, article)."""


class ObligationsOpen(Problem):
    """The record knows of something that the party still owes (parameters: obstacle, article)."""


class RepairAskedBefore(Problem):
    """A request about this disclosure waits for its decision."""


class RepairExamined(Problem):
    """It was examined before."""


class RepairNotExamined(Problem):
    """One officer examines it before another decides (parameter: article)."""


class RepairDecided(Problem):
    """It was decided before; a decision stands."""


class NothingGranted(Problem):
    """Nothing was granted that could be taken back, or it was taken back before."""


class CreditTakesTwo(Problem):
    """Whoever asked, examined, proposed or granted does not decide on that, too (parameter: article)."""


class ListingNotGrounded(Problem):
    """What the record holds does not carry this ground for this subject (parameters: reason, article)."""


class ListedBefore(Problem):
    """The same subject is listed, or proposed, on the same decision."""


class ListingDecided(Problem):
    """The entry was decided before."""


class PartyNotTold(Problem):
    """The party was not told beforehand, or its time to answer runs (parameters: day, article)."""


class PartyTold(Problem):
    """The party was told before."""


class PartyAnswered(Problem):
    """The party answered before; what it said stands."""


class NotTheParty(Problem):
    """Only the mine's principal, or the person himself, answers and asks for himself (parameter: article)."""


class NotListed(Problem):
    """There is no entry that stands (parameter: state)."""


class RemovalTooEarly(Problem):
    """Nobody leaves the list before so many months (parameters: day, article)."""


class RemovalAskedBefore(Problem):
    """A request to leave the list waits for its decision."""


class RemovalDecided(Problem):
    """The request was decided before."""


class SanctionAnswered(Problem):
    """The agency answered before."""


class AnswerDayOutside(Problem):
    """The answer's day lies before it was asked, or after today (parameters: least, most)."""


constraint_means("uq_credit_repairs_open", RepairAskedBefore)
constraint_means("uq_blacklistings_open", ListedBefore)
constraint_means("uq_blacklist_removals_open", RemovalAskedBefore)
