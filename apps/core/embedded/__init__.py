"""Real PostgreSQL and Redis servers for one machine without services: development and tests only.

Nobody starts them by hand: the first process that connects does (`servers.hold`), the last one that leaves stops them.
Everything they own lives under one directory; they listen on unix sockets alone. Production never imports this package.
"""
