"""Schemes (检查方案): what is checked, by whom, on what power; drafted by one, approved by the lead, never too often."""
