"""What the entries say of requests, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, last_of, moment
from storage.record.ledger.proofs.entries import Entry

_STEPS = tuple(f"request.{kind}" for kind in ("asked", "clarified", "consulted", "heard", "extended", "answered"))
_ASIDE = ("request.contact_opened", "request.contact_erased")


def _request(said: Sequence[Entry]) -> Expected:
    told, answered = said[0].data, last_of(said, "request.answered")
    steps = [one for one in said if one.kind in _STEPS]
    return {
        **{name: told[name] for name in ("number", "kind")},
        "disclosure_id": told.get("disclosure"), "filed_at": moment(said[0].at), "told_words": told["digest"],
        "told_steps": [one.data["digest"] for one in steps],
        "extended": any(one.kind == "request.extended" for one in steps),
        "outcome": answered and answered.data["outcome"], "closed_at": answered and moment(answered.at),
        "public_state": answered and "ANSWERED",
    }  # fmt: skip


REQUESTS = Comparison(
    "requests", "request.filed", _request, changed_by=(*_STEPS, *_ASIDE),
    columns=(
        "encode(sha256(convert_to(t.words, 'UTF8')), 'hex') AS told_words",
        "ARRAY(SELECT encode(sha256(convert_to(s.words || s.parts, 'UTF8')), 'hex') FROM request_steps s"
        " WHERE s.request_id = t.id ORDER BY s.ordinal) AS told_steps",
        "(SELECT p.state FROM public_requests p WHERE p.number = t.number AND p.state = 'ANSWERED') AS public_state",
    ),
)  # fmt: skip
