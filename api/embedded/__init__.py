"""Starts PostgreSQL and S3 from wheels when no address is given."""
