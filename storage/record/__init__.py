"""The kernel: database, objects, the unit of work, actors, Problems, ledger, law, glossary and printing."""
