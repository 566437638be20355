"""What a mine answers to what it was told, item by item, and how the agency examined its objections."""
