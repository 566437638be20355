"""Credit: its repair, the list of the gravely dishonest with entries, removals and restorations, joint sanctions."""
