"""What may live here: whole stories played on a running development server by its sample people, over HTTP alone."""
