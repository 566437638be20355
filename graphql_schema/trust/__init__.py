"""What may live here: the wing of trust in GraphQL, one file per area, and what anybody reads without a sign-in."""
