"""What the entries say of duty plans, hand-overs and absences, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, moment, time_of
from storage.record.ledger.proofs.entries import Entry


def _plan(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        "begins_at": moment(told["from"]),
        "ends_at": moment(told["to"]),
        "accounts": told["accounts"],
        "planned_by": said[0].actor,
        "planned_at": moment(said[0].at),
    }


def _handover(said: Sequence[Entry]) -> Expected:
    given = said[0]
    return {
        "from_id": given.actor,
        "to_id": given.data["to"],
        "words": given.data["words"],
        "given_at": moment(given.at),
        "taken_at": time_of(said, "duty.taken_over"),
    }


def _absence(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        "account_id": told["account"],
        "away": told["away"],
        "since": moment(told["from"]),
        "until": moment(told["to"]) if "to" in told else None,
        "reason": told.get("reason", ""),
        "said_by": said[0].actor,
        "ended_at": time_of(said, "duty.back"),
    }


DUTY_PLANS = Comparison(table="duty_plans", made_by="duty.planned", expected=_plan)
DUTY_HANDOVERS = Comparison(
    table="duty_handovers", made_by="duty.handed_over", changed_by=("duty.taken_over",), expected=_handover
)
DUTY_ABSENCES = Comparison(table="duty_absences", made_by="duty.absent", changed_by=("duty.back",), expected=_absence)
