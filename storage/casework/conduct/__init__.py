"""Conduct of officers: their record, exemption, proposals of accountability, complaints and recusal."""
