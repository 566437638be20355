"""What is unlawful in a case and known only where two acts meet: told by a constraint of the database."""

from storage.record.problems import Problem, constraint_means


class StepConflict(Problem):
    """The id of a case, party or step is taken by other content, one's own or foreign: which of both is not said."""


class FinedElsewhere(Problem):
    """The same subject was fined for the same finding in another case, and the fine stands (处罚法29)."""


constraint_means("pk_cases", StepConflict)
constraint_means("pk_case_parties", StepConflict)
constraint_means("pk_case_steps", StepConflict)
constraint_means("uq_case_fines_standing", FinedElsewhere)
