"""How a sheet of people becomes what is to be entered: reads its rows and compares them with a mine's roster."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from storage.record import ids
from storage.record.actor import Actor, Verb
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.problems import Problem
from storage.record.sheets import Column, Imported, Outcome, SheetRow, day, read_sheet, value_of
from storage.register.people import queries, rules
from storage.register.people.queries import MineScope, Roster
from storage.register.people.rules import NumberMark, PostFacts, QualificationFacts
from storage.register.people.tables import Craft, Person, Post, PostKind, Qualification, QualificationKind

COLUMNS = (
    Column("name", ("姓名",)),
    Column("number", ("身份证号", "身份证号码", "identity number"), needed=False),
    Column("post", ("职务", "岗位")),
    Column("craft", ("工种", "特种作业类别"), needed=False),
    Column("from", ("任职日期", "上岗日期")),
    Column("to", ("离任日期", "离岗日期"), needed=False),
    Column("qualification", ("证书类别",), needed=False),
    Column("qualificationNumber", ("证书编号", "证号"), needed=False),
    Column("issuer", ("发证机关",), needed=False),
    Column("validFrom", ("有效期起", "有效期始"), needed=False),
    Column("validTo", ("有效期止", "有效期至"), needed=False),
)
_Read = TypeVar("_Read")
_OF_QUALIFICATION = ("qualificationNumber", "issuer", "validFrom", "validTo")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row as it was read: what it says, or why it cannot be read. The identity number is no longer in it."""

    number: int
    name: str = ""
    mark: NumberMark | None = None
    post: PostFacts | None = None
    qualification: QualificationFacts | None = None
    problem: Problem | None = None


@dataclass(slots=True)
class Change:
    """What is to be entered: new rows, and rows in which something is filled."""

    persons: list[Person] = field(default_factory=list)
    numbered: list[Person] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    left: list[Post] = field(default_factory=list)
    qualifications: list[Qualification] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """The answer to each row, and what is to be entered if it is."""

    answers: list[Imported]
    change: Change

    @property
    def refused(self) -> int:
        """How many rows are refused."""
        return sum(one.outcome is Outcome.REFUSED for one in self.answers)


def read_people(text: str, *, key: bytes | None) -> list[PersonRow]:
    """The rows of a sheet of people; one that cannot be read carries its Problem. Raises what `read_sheet` raises."""
    return [_read(row, key) for row in read_sheet(text, COLUMNS)]


async def tried(
    database: Database, actor: Actor, now: datetime, *, credit_code: str, rows: Sequence[PersonRow]
) -> list[Imported]:
    """What would come of the rows, asked in a transaction that cannot write."""
    async with database.reading(actor) as sql:
        mine = await queries.mine_of_code(sql, credit_code)
        actor.require(Verb.PERSON_REGISTER, **mine.told)
        return plan(rows, await queries.roster_of(sql, mine.id), mine=mine, now=now).answers


def plan(rows: Sequence[PersonRow], roster: Roster, *, mine: MineScope, now: datetime, sample: bool = False) -> Plan:
    """Compares each row with the roster as the rows before it left it; a refused row leaves it as it was."""
    known = _Known(roster, mine, now, sample)
    answers = []
    for row in rows:
        try:
            if row.problem is not None:
                raise row.problem
            answers.append(Imported(row.number, known.enter(row)))
        except Problem as problem:
            answers.append(Imported(row.number, Outcome.REFUSED, problem))
    return Plan(answers, known.change)


def new_post(facts: PostFacts, mine: MineScope, *, id: UUID, person_id: UUID, now: datetime, flagged: bool) -> Post:
    """A post as a row; one that is over already carries its end."""
    return Post(
        id=id, person_id=person_id, kind=facts.kind, craft=facts.craft, from_day=facts.from_day, to_day=facts.to_day,
        flags=["OVERLAPS"] if flagged else [], recorded_at=now, ended_at=now if facts.to_day else None, **mine.told,
    )  # fmt: skip


def new_qualification(
    facts: QualificationFacts, mine: MineScope, *, id: UUID, person_id: UUID, now: datetime
) -> Qualification:
    """A qualification as a row."""
    return Qualification(
        id=id, person_id=person_id, kind=facts.kind, craft=facts.craft, number=facts.number, issuer=facts.issuer,
        valid_from=facts.valid_from, valid_to=facts.valid_to, recorded_at=now, **mine.told,
    )  # fmt: skip


def _read(row: SheetRow, key: bytes | None) -> PersonRow:
    try:
        craft = _optional(row, "craft", lambda text: value_of(Craft, text, field="craft"))
        kind = value_of(PostKind, row.needed("post"), field="post")
        post = PostFacts(
            kind=kind, craft=craft if kind is PostKind.SPECIAL_OPERATOR else None,
            from_day=day(row.needed("from"), field="from"),
            to_day=_optional(row, "to", lambda text: day(text, field="to")),
        )  # fmt: skip
        rules.must_be_takable(post)
        name = rules.text_of(row.needed("name"), field="name", most=80)
        mark = rules.number_mark(row.optional("number"), key=key)
        return PersonRow(row.number, name, mark, post, _qualification(row, craft))
    except Problem as problem:
        return PersonRow(row.number, problem=problem)


def _qualification(row: SheetRow, craft: Craft | None) -> QualificationFacts | None:
    if not any(row.optional(column) for column in ("qualification", *_OF_QUALIFICATION)):
        return None
    kind = value_of(QualificationKind, row.needed("qualification"), field="qualification")
    number, issuer, first, last = (row.needed(column) for column in _OF_QUALIFICATION)
    facts = QualificationFacts(
        kind=kind, craft=craft if kind is QualificationKind.SPECIAL_OPERATION else None, number=number,
        issuer=issuer, valid_from=day(first, field="validFrom"), valid_to=day(last, field="validTo"),
    )  # fmt: skip
    return rules.must_be_valid(facts)


def _optional(row: SheetRow, column: str, read: Callable[[str], _Read]) -> _Read | None:
    text = row.optional(column)
    return None if text is None else read(text)


class _Known:
    """A mine's people as far as the rows read so far leave them, found by number and by name and post."""

    def __init__(self, roster: Roster, mine: MineScope, now: datetime, sample: bool) -> None:
        self.mine, self.now, self.sample = mine, now, sample
        self.change = Change()
        self.by_hash = {one.number_hash: one for one in roster.persons if one.number_hash is not None}
        self.persons = {one.id: one for one in roster.persons}
        self.posts: dict[UUID, list[Post]] = defaultdict(list)
        self.qualifications: dict[UUID, list[Qualification]] = defaultdict(list)
        self.by_name: dict[tuple[str, str, str | None], set[UUID]] = defaultdict(set)
        self.principals: list[Post] = []
        self.new: set[UUID] = set()
        for post in roster.posts:
            self._keep(post)
        for qualification in roster.qualifications:
            self.qualifications[qualification.person_id].append(qualification)

    def enter(self, row: PersonRow) -> Outcome:
        """Plans one row; every rule is asked before anything is changed."""
        assert row.post is not None  # noqa: S101 # A row without one carries its problem.
        person, numbered = self._person_of(row)
        held = self.posts[person.id] if person is not None else []
        same = next((one for one in held if _is_same(one, row.post)), None)
        if same is None:
            rules.must_be_the_only_principal(row.post, self.principals)
        leaving = same is not None and same.ended_at is None and row.post.to_day is not None
        kept = self.qualifications[person.id] if person is not None else []
        adds = row.qualification is not None and not any(_says(one, row.qualification) for one in kept)
        if person is not None and not (numbered or same is None or leaving or adds):
            return Outcome.UNCHANGED
        created = person is None
        person = person if person is not None else self._new_person(row)
        if numbered:
            self._number(person, row.mark)
        if same is None:
            self._take(person, row.post, held)
        elif leaving:
            self._leave(same, row.post.to_day)
        if adds and row.qualification is not None:
            self._qualify(person, row.qualification)
        return Outcome.CREATED if created else Outcome.CHANGED

    def _person_of(self, row: PersonRow) -> tuple[Person | None, bool]:
        """Whom a row speaks of: by number, else by name and post; and whether his number is still to be filled in."""
        assert row.post is not None  # noqa: S101 # As above.
        if row.mark is not None and row.mark.hash in self.by_hash:
            person = self.by_hash[row.mark.hash]
            if person.name != row.name:
                raise rules.NumberOfAnother()
            return person, False
        named = [self.persons[id] for id in self.by_name[row.name, row.post.kind, row.post.craft]]
        mark = row.mark
        if mark is not None:
            # Whoever has another number is another person of that name.
            named = [one for one in named if one.number_tail in (None, mark.tail)]
            named = [one for one in named if mark.hash is None or one.number_hash is None]
        if len(named) > 1:
            raise rules.PersonAmbiguous(count=len(named))
        if not named:
            return None, False
        fills = mark is not None and bool(named[0].number_tail is None or (mark.hash and named[0].number_hash is None))
        return named[0], fills

    def _new_person(self, row: PersonRow) -> Person:
        person = Person(
            id=self._id(), name=row.name, number_hash=row.mark.hash if row.mark else None,
            number_tail=row.mark.tail if row.mark else None, registered_at=self.now, sample=self.sample,
            **self.mine.told,
        )  # fmt: skip
        self.persons[person.id] = person
        if person.number_hash is not None:
            self.by_hash[person.number_hash] = person
        self.new.add(person.id)
        self.change.persons.append(person)
        return person

    def _number(self, person: Person, mark: NumberMark | None) -> None:
        if mark is None:
            return
        person.number_hash, person.number_tail = mark.hash, mark.tail
        if mark.hash is not None:
            self.by_hash[mark.hash] = person
        if person.id not in self.new:
            self.change.numbered.append(person)

    def _take(self, person: Person, facts: PostFacts, held: Sequence[Post]) -> None:
        flagged = rules.overlapping(facts, held)
        post = new_post(facts, self.mine, id=self._id(), person_id=person.id, now=self.now, flagged=flagged)
        self._keep(post)
        self.change.posts.append(post)

    def _leave(self, post: Post, last: date | None) -> None:
        rules.must_be_in_order(post.from_day, last)
        post.to_day, post.ended_at = last, self.now
        if all(post is not one for one in self.change.posts):  # One that this sheet opened is entered with its end.
            self.change.left.append(post)

    def _qualify(self, person: Person, facts: QualificationFacts) -> None:
        row = new_qualification(facts, self.mine, id=self._id(), person_id=person.id, now=self.now)
        self.qualifications[person.id].append(row)
        self.change.qualifications.append(row)

    def _keep(self, post: Post) -> None:
        self.posts[post.person_id].append(post)
        self.by_name[self.persons[post.person_id].name, post.kind, post.craft].add(post.person_id)
        if post.kind == PostKind.PRINCIPAL:
            self.principals.append(post)

    def _id(self) -> UUID:
        return ids.new_id(to_ms(self.now))


def _is_same(post: Post, facts: PostFacts) -> bool:
    """Whether a post is the one that a row speaks of: the same kind from the same day, not ended on another."""
    if (post.kind, post.craft, post.from_day) != (facts.kind, facts.craft, facts.from_day):
        return False
    return post.to_day is None or facts.to_day in (None, post.to_day)


def _says(row: Qualification, facts: QualificationFacts) -> bool:
    """Whether a certificate is entered already, withdrawn or not."""
    return (row.kind, row.craft, row.number, row.valid_from, row.valid_to) == (
        facts.kind, facts.craft, facts.number, facts.valid_from, facts.valid_to,
    )  # fmt: skip
