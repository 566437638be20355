"""What the entries say of refusals, tasks and retaliation, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.miners.refusals.tables import RefusalStepKind, RetaliationStepKind
from storage.record.ledger.comparing import Comparison, Expected, moment, time_of
from storage.record.ledger.proofs.entries import Entry

_KINDS = {f"refusal.{kind.value.lower()}": kind for kind in RefusalStepKind}
_REVENGE = {f"retaliation.{kind.value.lower()}": kind for kind in RetaliationStepKind}
_PLAIN = ("place", "place_key", "day", "shift", "clause", "clause_key", "since")


def _refusal(said: Sequence[Entry]) -> Expected:
    made, steps = said[0].data, sorted(said, key=lambda one: int(one.data["ordinal"]))
    last = next((one.data["state"] for one in reversed(steps) if "state" in one.data), "MADE")
    return {
        **{name: made[name] for name in _PLAIN},
        "mine_id": made["mine"],
        "workplace_id": made["workplace"] or None,
        "danger": made["danger"] or None,
        "lifted_at": time_of(said, "refusal.lifted"),
        "told_state": last,
        "told_reports": [one.data["report"] for one in said if "report" in one.data],
        "told_steps": [_line(one) for one in said],
    }


def _line(said: Entry) -> str:
    data = said.data
    told = (
        data["step"], _KINDS[said.kind].value, str(said.actor) if "report" not in data else "",
        data.get("certificate", ""), data.get("inspection", ""), data.get("scheme", ""), data.get("measure", ""),
        ",".join(data.get("officers", [])), ",".join(data.get("findings", [])), data["words"],
    )  # fmt: skip
    return "|".join(told)


def _task(said: Sequence[Entry]) -> Expected:
    return {"words": said[0].data["words"], "ordered_by": said[0].actor, "ordered_at": moment(said[0].at)}


def _retaliation(said: Sequence[Entry]) -> Expected:
    reported, steps = said[0].data, sorted(said, key=lambda one: int(one.data["ordinal"]))
    return {
        "mine_id": reported["mine"],
        "county": reported["county"],
        "office": reported["office"],
        "state": _REVENGE[steps[-1].kind].value,
        "told_reports": [reported["report"]],
        "told_steps": [
            "|".join((one.data["step"], _REVENGE[one.kind].value, "" if one is steps[0] else str(one.actor),
                      one.data.get("case", ""), one.data["words"]))
            for one in steps
        ],
    }  # fmt: skip


_REPORTS = (
    "ARRAY(SELECT encode(sha256('pithead refusal report v1'::bytea || '\\x0a'::bytea"
    " || decode(replace(f.report_id::text, '-', ''), 'hex')), 'hex') FROM refusal_filings f WHERE f.{} = t.id)"
    " AS told_reports"
)
REFUSALS = Comparison(
    table="refusals",
    made_by="refusal.made",
    changed_by=tuple(kind for kind in _KINDS if kind != "refusal.made"),
    expected=_refusal,
    columns=(
        "(SELECT x.state FROM refusal_standings x WHERE x.id = t.id) AS told_state",
        _REPORTS.format("refusal_id"),
        "ARRAY(SELECT concat_ws('|', s.id, s.kind, coalesce(s.by_id::text, ''), coalesce(s.certificate_id::text, ''),"
        " coalesce(s.inspection_id::text, ''), coalesce(s.scheme_id::text, ''), coalesce(s.measure_id::text, ''),"
        " array_to_string(s.officers, ','), array_to_string(s.findings, ','), s.words)"
        " FROM refusal_steps s WHERE s.refusal_id = t.id) AS told_steps",
    ),
)
TASKS = Comparison(table="check_tasks", made_by="refusal.task_given", expected=_task)
RETALIATIONS = Comparison(
    table="retaliations",
    made_by="retaliation.reported",
    changed_by=tuple(kind for kind in _REVENGE if kind != "retaliation.reported"),
    expected=_retaliation,
    columns=(
        _REPORTS.format("retaliation_id"),
        "ARRAY(SELECT concat_ws('|', s.id, s.kind, coalesce(s.by_id::text, ''), coalesce(s.case_id::text, ''), s.words)"
        " FROM retaliation_steps s WHERE s.retaliation_id = t.id) AS told_steps",
    ),
)
