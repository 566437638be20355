"""What the entries say of inspections, their officers and places, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.entries import Entry


def _expected(said: Sequence[Entry]) -> Expected:
    opened = said[0]
    data = opened.data
    joined = {opened.actor: opened.device} | {
        one.data["account"]: one.data["device"] for one in said if one.kind == "inspection.joined"
    }
    return {
        "mine_id": data["mine"],
        "basis": data["basis"],
        "reason": data["reason"],
        "lead_id": data["lead"],
        "flags": data["flags"],
        "opened_by": opened.actor,
        "opened_at": moment(opened.at),
        "told_officers": [
            f"{one['account']} {one['certificate']} {joined.get(one['account']) or ''}" for one in data["officers"]
        ],
        "told_places": [f"{one['id']} {str(one['underground']).lower()} {one['name']}" for one in data["places"]],
    }


INSPECTIONS = Comparison(
    table="inspections",
    made_by="inspection.opened",
    changed_by=("inspection.joined",),
    expected=_expected,
    columns=(
        "ARRAY(SELECT concat_ws(' ', o.account_id, o.certificate_id, coalesce(o.device_id::text, ''))"
        " FROM inspection_officers o WHERE o.inspection_id = t.id) AS told_officers",
        "ARRAY(SELECT concat_ws(' ', p.id, p.underground::text, p.name) FROM inspection_places p"
        " WHERE p.inspection_id = t.id) AS told_places",
    ),
)
