"""An inspection under way with what casework builds on: two officers, a recording, pieces of evidence."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from storage.casework.findings import operations as findings
from storage.casework.findings.queries import FindingRow
from storage.casework.findings.rules import Fact
from storage.field.inspections import operations as inspections
from storage.record.actor import Actor, Role
from storage.record.work import perform
from tests.sites import NOW, Site, opening


@dataclass(slots=True)
class Check:
    """One inspection of the site's mine, led by `lead`."""

    site: Site
    lead: Actor
    inspector: Actor
    id: UUID
    surface: UUID
    underground: UUID
    recording: UUID

    async def acts(self, actor: Actor, operation: Any, **given: Any) -> Any:
        """One act of one person at the time of the tests."""
        return await perform(self.site.database, actor, NOW, operation, **given)

    async def piece(self, media_type: str = "image/jpeg") -> UUID:
        """A declared piece of the recording, put straight into the table."""
        id = uuid4()
        await self.site.put(
            "evidence", id=id, recording_id=self.recording, device_id=self.lead.device_id,
            maker_id=self.lead.account_id, mine_id=self.site.mine, county="520281", office="GZ-1",
            seq=await self.site.counted("evidence"), statement_hash=id.bytes * 2, sha256=id.bytes * 2, size=1,
            media_type=media_type, grade="SIGNED_AT_CAPTURE", flags=[], object_name=id.hex, state="DECLARED",
            declared_at=NOW, declared_entry_id=uuid4(), receipted=False, attempts=0,
        )  # fmt: skip
        return id

    def fact(self, **changes: Any) -> Fact:
        """A hazard seen underground."""
        usual: dict[str, Any] = {
            "id": uuid4(), "inspection_id": self.id, "kind": "SYSTEMS_BELOW_STANDARD", "seen_at": NOW,
            "fact": "1201综采工作面回风隅角甲烷传感器断线", "place_id": self.underground,
        }  # fmt: skip
        return Fact(**(usual | changes))

    async def finds(self, *, by: Actor | None = None, **changes: Any) -> FindingRow:
        """A finding of one officer, the lead unless told otherwise."""
        row: FindingRow = await self.acts(by or self.lead, findings.record_finding, fact=self.fact(**changes))
        return row


async def make_check(site: Site, *, certificate: tuple[date, date] | None = None) -> Check:
    """An inspection by a lead and an inspector; `certificate` is that of the inspector, if it is another than usual."""
    lead, inspector = await site.person(Role.LEAD, Role.INSPECTOR), await site.person(Role.INSPECTOR)
    asked = opening(site, [lead, inspector])
    await perform(site.database, lead, NOW, inspections.open_inspection, opening=asked)
    recording = uuid4()
    await site.put(
        "recordings", id=recording, inspection_id=asked.id, mine_id=site.mine, county="520281", office="GZ-1",
        opened_by=lead.account_id, device_id=lead.device_id, beacon="b", not_before=NOW, opened_at=NOW,
    )  # fmt: skip
    await site.put(
        "chains", recording_id=recording, device_id=lead.device_id, count=0, last_seq=-1, last_hash=bytes(32)
    )
    if certificate is not None:
        await site.rows.execute(
            "UPDATE certificates SET valid_from = $2, valid_to = $3 WHERE account_id = $1",
            inspector.account_id, *certificate,
        )  # fmt: skip
    surface, underground = (place.id for place in asked.places)
    return Check(site, lead, inspector, asked.id, surface, underground, recording)
