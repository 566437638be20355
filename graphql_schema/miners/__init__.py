"""Miners in GraphQL: the files of the wing, and its closed lists, which desks and reporters know alike."""

from graphql_schema.enums import labelled
from storage.miners.refusals.tables import DangerKind, RefusalState, RefusalStepKind, RetaliationStepKind
from storage.miners.reports.tables import (
    KeyHalf,
    ReceiptForm,
    ReportChannel,
    ReportKind,
    ReportMode,
    ReportStepKind,
    ReportWhen,
)
from storage.miners.rewards.tables import Payout, RewardGrade, RewardState

__all__ = [
    "DangerKind",
    "KeyHalf",
    "Payout",
    "ReceiptForm",
    "RefusalState",
    "RefusalStepKind",
    "ReportChannel",
    "ReportKind",
    "ReportMode",
    "ReportStepKind",
    "ReportWhen",
    "RetaliationStepKind",
    "RewardGrade",
    "RewardState",
]

# Here, since a package is run before any file in it: no file has to import another for the sake of a name.
labelled(ReceiptForm, description="How a receipt is written.")
labelled(ReportKind, description="What somebody entrusts to us.")
labelled(ReportMode, description="How far the reporter can be known.")
labelled(ReportWhen, description="When what he says may be acted upon.")
labelled(ReportChannel, description="By which way a report came.")
labelled(ReportStepKind, description="The steps of a report.")
labelled(KeyHalf, description="What a wrap holds of a key.")
labelled(DangerKind, description="What a place is refused for, beside a clause that is not met.")
labelled(RefusalState, description="Where a refusal stands; checked once two officers were there.")
labelled(RefusalStepKind, description="A step of a refusal, from its mark to its lifting.")
labelled(RetaliationStepKind, description="What becomes of an obstruction, or of revenge in any form.")
labelled(RewardGrade, description="The grade of what was reported: it decides the share of the fine.")
labelled(RewardState, description="Where a reward stands.")
labelled(Payout, description="How a reporter is paid.")
