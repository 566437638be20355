"""What stands in the way of exposing a case: facts; what the law says names its article."""

from enum import StrEnum

from storage.record.problems import Problem, constraint_means


class Unusable(StrEnum):
    """Why a piece cannot be shown to the public."""

    NOT_OF_THE_CASE = "NOT_OF_THE_CASE"
    NOT_SEALED = "NOT_SEALED"
    NO_PHOTO = "NO_PHOTO"
    NOT_PLANNED = "NOT_PLANNED"
    EXCLUDED = "EXCLUDED"
    DIFFERS = "DIFFERS"
    NOT_READ = "NOT_READ"
    TOO_LARGE = "TOO_LARGE"


class UnfitRegion(StrEnum):
    """Why regions cannot be covered."""

    OUTSIDE = "OUTSIDE"
    EMPTY = "EMPTY"
    TOO_MANY = "TOO_MANY"
    NOTHING_LEFT = "NOTHING_LEFT"


class CaseNotOver(Problem):
    """No penalty of the case is served and in force."""


class PhotoNotUsable(Problem):
    """A photo cannot be shown (parameters: evidence, reason)."""


class RegionsUnfit(Problem):
    """The regions of a picture cannot be covered (parameters: picture, reason)."""


class PeopleNotCovered(Problem):
    """The officer does not say that nobody can be recognised in what is left of the pictures, nor in the words."""


class PictureWithoutWords(Problem):
    """A picture needs words for who cannot see it (parameter: picture)."""


class ExposureDecided(Problem):
    """It was published or dropped before."""


class ExposedByItsDrafter(Problem):
    """Whoever drafted it does not approve it."""


constraint_means("ck_exposures_takes_two_people", ExposedByItsDrafter)
