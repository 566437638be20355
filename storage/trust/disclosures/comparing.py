"""What the entries say of disclosures, and of duties that were withheld, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.entries import Entry
from storage.trust.disclosures.tables import DisclosureState

_STATES = {
    "disclosure.published": (DisclosureState.SHOWN, DisclosureState.DISPUTED),
    "disclosure.corrected": (DisclosureState.SHOWN, DisclosureState.DISPUTED),
    "disclosure.restored": (DisclosureState.SHOWN, DisclosureState.DISPUTED),
    "disclosure.disputed": (DisclosureState.DISPUTED,),
    "disclosure.withdrawn": (DisclosureState.WITHDRAWN,),
    "disclosure.repaired": (DisclosureState.REPAIRED,),
    "disclosure.expired": (DisclosureState.EXPIRED,),
}
"""The states in which an event may leave it; more than one where the case decides (whether a suit is open)."""


def _disclosure(said: Sequence[Entry]) -> Expected:
    last = max(said, key=lambda one: int(one.data["ordinal"]))
    digest, shown = last.data["digest"], DisclosureState.SHOWN in _STATES[last.kind] or last.kind.endswith("disputed")
    return {
        "kind": said[0].data["kind"],
        "published_by": said[0].actor,
        "published_at": moment(said[0].at),
        "edition": last.data["edition"],
        "told_digest": digest,
        "shown_digest": digest if shown else None,
        "told_events": last.data["ordinal"] + 1,
        "stands_as": "|".join(one.value for one in _STATES[last.kind]),
    }


def _withheld(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        "source_id": told["source"], "source_kind": told["source_kind"], "kind": told["kind"],
        "article": told["article"], "reason": told["reason"], "withheld_by": said[0].actor,
        "withheld_at": moment(said[0].at),
    }  # fmt: skip


# The digests are made anew of the bytes that stand there: what the public reads is what the log committed to.
DISCLOSURES = Comparison(
    "disclosures", "disclosure.published", _disclosure,
    changed_by=tuple(kind for kind in _STATES if kind != "disclosure.published"),
    columns=(
        "(SELECT encode(coalesce(sha256(e.content), e.digest), 'hex') FROM disclosure_editions e"
        " WHERE e.disclosure_id = t.id AND e.edition = t.edition) AS told_digest",
        "(SELECT encode(sha256(p.content), 'hex') FROM public_rows p WHERE p.id = t.id) AS shown_digest",
        "(SELECT count(*) FROM disclosure_events v WHERE v.disclosure_id = t.id) AS told_events",
        "CASE WHEN t.state IN ('SHOWN', 'DISPUTED') AND (SELECT v.kind FROM disclosure_events v"
        " WHERE v.disclosure_id = t.id ORDER BY v.ordinal DESC LIMIT 1) <> 'DISPUTED' THEN 'SHOWN|DISPUTED'"
        " ELSE t.state END AS stands_as",
    ),
)  # fmt: skip
WITHHELD = Comparison("disclosure_withheld", "disclosure.withheld", _withheld)
