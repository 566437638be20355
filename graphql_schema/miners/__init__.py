"""Miners in GraphQL: the desks of protected reports, and the closed lists that reporters know, too."""

from graphql_schema.enums import enum
from storage.miners.reports.tables import (
    Half,
    ReceiptForm,
    ReportChannel,
    ReportKind,
    ReportMode,
    ReportStepKind,
    ReportWhen,
)

enum(ReceiptForm, description="How a receipt is written.")
enum(ReportKind, description="What somebody entrusts to us.")
enum(ReportMode, description="How far the reporter can be known.")
enum(ReportWhen, description="When what he says may be acted upon.")
enum(ReportChannel, description="By which way a report came.")
enum(ReportStepKind, description="The steps of a report.")
enum(Half, name="KeyHalf", description="What a wrap holds of a key.")
