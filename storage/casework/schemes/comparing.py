"""What the entries say of schemes, law talks and the classes of mines, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, last_of, moment, time_of
from storage.record.ledger.proofs.entries import Entry

_ITEM = ("id", "power", "text", "side", "manner", "officer", "why")


def _scheme(said: Sequence[Entry]) -> Expected:
    told, approved, returned = said[0].data, last_of(said, "scheme.approved"), last_of(said, "scheme.returned")
    linked = last_of(said, "scheme.carried_out")
    answers = {one.data["item"]: one.data for one in said if one.kind == "scheme.item_answered"}
    return {
        "mine_id": told["mine"],
        "cause": told["cause"],
        "reference": told["reference"],
        "scheduled_for": told["day"],
        "lead_id": told["lead"],
        "officers": told["officers"],
        "counted": told["count"],
        "drafted_by": said[0].actor,
        "approved_by": approved.actor if approved else None,
        "approved_at": time_of(said, "scheme.approved"),
        "returned_at": time_of(said, "scheme.returned"),
        "returned_reason": returned.data["reason"] if returned else None,
        "inspection_id": linked.data["inspection"] if linked else None,
        "told_items": [
            "\x1f".join(
                (*(one[name] for name in _ITEM), str(one["underground"]).lower(),
                 *(answers.get(one["id"], {}).get(name, "") for name in ("outcome", "answer")))
            )
            for one in told["items"]
        ],
    }  # fmt: skip


def _talk(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        "inspection_id": told["inspection"],
        "starts_at": moment(told["from"]),
        "ends_at": moment(told["to"]),
        "recorded_by": said[0].actor,
        **{name: told[name] for name in ("speaker", "listeners", "topics")},
    }


def _class(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {"mine_class": told["class"], "from_day": told["from"], "reason": told["reason"], "set_by": said[0].actor}


SCHEMES = Comparison(
    table="schemes",
    made_by="scheme.drafted",
    changed_by=("scheme.approved", "scheme.returned", "scheme.carried_out", "scheme.item_answered"),
    expected=_scheme,
    columns=(
        "ARRAY(SELECT concat_ws(E'\\x1f', i.id, i.power, i.text, i.side, i.manner, i.officer_id, i.why,"
        " i.underground::text, coalesce(i.outcome, ''), coalesce(i.answer, '')) FROM scheme_items i"
        " WHERE i.scheme_id = t.id) AS told_items",
    ),
)
LAW_TALKS = Comparison(table="law_talks", made_by="scheme.law_talk_held", expected=_talk)
MINE_CLASSES = Comparison(table="mine_classes", made_by="scheme.mine_classed", expected=_class)
