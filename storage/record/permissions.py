"""Tells who may do what, as the table that the README shows: made from ROLE_VERBS and from nothing else."""

import sys

from storage.record.actor import ROLE_VERBS, Role, Verb


def matrix() -> str:
    """The table in Markdown: one line a verb, one column a role, a dot where the role has the verb."""
    roles = list(Role)
    head = ["verb", *(role.value.replace("_", " ").lower() for role in roles)]
    lines = [head, ["---", *(":-:" for _ in roles)]]
    lines += [[f"`{verb}`", *("●" if verb in ROLE_VERBS[role] else "" for role in roles)] for verb in Verb]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(matrix())
