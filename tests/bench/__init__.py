"""The bench: what the issues ask to be measured, each number beside what it is held against."""
