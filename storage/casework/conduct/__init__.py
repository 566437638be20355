"""Conduct of officers: their record, exemption after due diligence, proposals of accountability, complaints, recusal."""
