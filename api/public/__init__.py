"""What anybody may open without a sign-in: the log, the public site, its feeds and its open data."""
