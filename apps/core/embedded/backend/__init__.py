"""Django's PostgreSQL backend, which starts the embedded servers when the first connection is wanted."""
