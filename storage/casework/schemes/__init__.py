"""Schemes (检查方案): what is checked, by whom, on which power; drafted by one, approved by the lead."""
