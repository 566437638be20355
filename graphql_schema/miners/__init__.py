"""Miners in GraphQL: the desks of protected reports, and the closed lists that reporters know, too."""

from enum import StrEnum

from graphql_schema.enums import enum
from storage.miners.reports.tables import (
    KeyHalf,
    ReceiptForm,
    ReportChannel,
    ReportKind,
    ReportMode,
    ReportStepKind,
    ReportWhen,
)
from storage.record.glossary.labels import LABELS


def _list(kind: type[StrEnum], description: str) -> None:
    """Here, since the desks and the reporters speak of it, and whoever does imports this one first."""
    enum(kind, description=description, values={one: "、".join(LABELS[kind.__name__][one.value]) for one in kind})


_list(ReceiptForm, "How a receipt is written.")
_list(ReportKind, "What somebody entrusts to us.")
_list(ReportMode, "How far the reporter can be known.")
_list(ReportWhen, "When what he says may be acted upon.")
_list(ReportChannel, "By which way a report came.")
_list(ReportStepKind, "The steps of a report.")
_list(KeyHalf, "What a wrap holds of a key.")
