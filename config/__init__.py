"""Floor 7: settings, URLs, servers and Celery. Mounts every room; no room imports it."""
