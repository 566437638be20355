"""What both sides of a protected report compute (docs/reports.md), pure: receipts, keys, boxes, files, signed words."""
