"""What casework looks like in GraphQL, one file per area."""
