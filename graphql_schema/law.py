"""What may live here: the closed lists of the law in GraphQL, which several areas speak of."""

from enum import StrEnum

from graphql_schema.enums import enum
from storage.record.glossary.labels import LABELS
from storage.record.law.discretion import Circumstance, DiscretionGround
from storage.record.law.forms import Capacity, FieldKind, Layout
from storage.record.law.library import Severity
from storage.record.law.powers import Holder

_ENUMS: tuple[tuple[type[StrEnum], str, str | None], ...] = (
    (Severity, "How grave a finding is.", None),
    (DiscretionGround, "从重, 一般, 从轻, 减轻, 不罚.", None),
    (Circumstance, "What is weighed when a fine is set.", None),
    (FieldKind, "What a field of a form takes.", "PaperFieldKind"),
    (Capacity, "In which capacity somebody signs.", "PaperCapacity"),
    (Layout, "How a paper is set.", "PaperLayout"),
    (Holder, "Who holds a power (监管主体).", "PowerHolder"),
)
for _kind, _said, _name in _ENUMS:
    _labels = LABELS[_kind.__name__]
    enum(_kind, description=_said, values={one: "、".join(_labels[one.value]) for one in _kind}, name=_name)
