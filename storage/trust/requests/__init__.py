"""What anybody asks of an agency: errors in what it published, and information; each with a public clock."""
