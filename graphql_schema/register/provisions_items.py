"""What may live here: the items of the law that a provision brings, as inputs; JSON shows them as they are kept."""

from typing import Any

import strawberry

from graphql_schema import law  # noqa: F401 # Its enums are named here.
from graphql_schema.scalars import Money
from storage.record.law.discretion import Circumstance, DiscretionGround
from storage.record.law.forms import Capacity, FieldKind, Layout
from storage.record.law.library import Severity
from storage.record.law.powers import Holder
from storage.record.plain import told


@strawberry.input(description="A kind of finding or hazard, with its three bases and its ranges of fines.")
class FindingKindInput:
    """A kind of finding or hazard."""

    title: str = strawberry.field(description="The wording of the law.")
    severity: Severity = strawberry.field(description="How grave it is.")
    clause: str = strawberry.field(description="The clause that is broken.")
    measure: str = strawberry.field(description="The basis of what is ordered.")
    penalty: str = strawberry.field(description="The basis of a penalty.")
    fine: str = strawberry.field(default="", description="The range of the unit's fine, e.g. fine_listed.")
    fine_uncorrected: str = strawberry.field(default="", description="That after a term to correct ran out.")
    fine_person: str = strawberry.field(default="", description="That of the persons who answer for it.")
    fine_person_uncorrected: str = strawberry.field(default="", description="That after a term ran out.")


@strawberry.input(description="An item of the powers-and-duties list (权责清单).")
class PowerInput:
    """An item of the powers-and-duties list."""

    name: str = strawberry.field(description="What may be checked.")
    article: str = strawberry.field(description="The duty that is checked.")
    holders: list[Holder] = strawberry.field(description="Who may check it.")
    ground: str = strawberry.field(description="Why officers may enter, read papers and ask (设定依据).")
    handling: str = strawberry.field(description="How what is found is dealt with (处理方式).")


@strawberry.input(description="A tier of the standard.")
class TierInput:
    """A tier of the standard."""

    ground: DiscretionGround = strawberry.field(description="Which tier.")
    article: str = strawberry.field(description="The article that gives it.")
    when: list[list[Circumstance]] = strawberry.field(
        default_factory=list, description="What opens it: any of these groups; 减轻 and 不予处罚 need one."
    )
    words: str = strawberry.field(default="", description="What the standard says of it, up to 500 characters.")
    least: Money | None = strawberry.field(default=None, description="Its least in fen, if the standard names one.")
    most: Money | None = strawberry.field(default=None, description="Its most in fen, if the standard names one.")
    share_from: int = strawberry.field(default=0, description="Else: thousandths of the way from least to most.")
    share_to: int = strawberry.field(default=1000, description="Likewise.")


@strawberry.input(description="An item of the discretion standard (行政处罚裁量基准).")
class StandardInput:
    """An item of the discretion standard."""

    title: str = strawberry.field(description="What it is called.")
    article: str = strawberry.field(description="The text that gives it.")
    tiers: list[TierInput] = strawberry.field(description="Its tiers, PLAIN among them, no one twice.")


@strawberry.input(description="A field of a form.")
class FormFieldInput:
    """A field of a form."""

    name: str = strawberry.field(description="Its name.")
    kind: FieldKind = strawberry.field(description="What it takes.")
    must: bool = strawberry.field(default=False, description="Whether a paper without it is not issued.")
    remedy: bool = strawberry.field(default=False, description="Whether it stands in the sentence of remedies.")
    options: list[str] = strawberry.field(default_factory=list, description="Of a CHOICE: what may be chosen.")
    columns: list[str] = strawberry.field(default_factory=list, description="Of a TABLE: its columns.")


@strawberry.input(description="A place for a signature.")
class FormPlaceInput:
    """A place for a signature."""

    name: str = strawberry.field(description="Its name.")
    capacity: Capacity = strawberry.field(description="In which capacity one signs there.")
    opinion: str = strawberry.field(default="", description="What heads the signer's opinion, if the form asks it.")


@strawberry.input(description="A form of papers (文书式样), whole: its fields and places for signatures.")
class FormInput:
    """A form of papers."""

    word: str = strawberry.field(default="", description="Its word in numbers (文书代字); empty if it bears none.")
    layout: Layout = strawberry.field(description="How a paper is set.")
    internal: bool = strawberry.field(description="Whether papers of it stay within the agency.")
    stamped: bool = strawberry.field(description="Whether they bear the mark of its seal.")
    fields: list[FormFieldInput] = strawberry.field(description="Its fields, in order.")
    places: list[FormPlaceInput] = strawberry.field(description="Its places for signatures, in order.")
    rights: list[str] | None = strawberry.field(
        default=None, description="If it tells its reader's rights: the sentence, and the key of the period in it."
    )


def content_of(one: Any) -> dict[str, Any] | None:
    """What an input says, as storage keeps it; what is not there is left out."""
    if one is None:
        return None
    said: dict[str, Any] = told(one)
    return said
