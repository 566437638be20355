"""The field client, as far as it can be tested without a server."""
