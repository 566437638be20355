"""The areas of promises in GraphQL: what mines commit themselves to, and how it is signed, kept and broken."""
