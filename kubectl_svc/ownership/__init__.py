"""Who owns which field of a live Service, and what server-side apply makes of that."""
