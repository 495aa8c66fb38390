"""Where the embedded servers keep their data, sockets, logs and locks."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

# The kernel's limit for a unix socket path is 107 bytes (103 on macOS), and PostgreSQL appends `/.s.PGSQL.5432`.
LONGEST_SOCKET_DIR = 85


@dataclass(frozen=True, slots=True)
class Places:
    """Every path of one set of servers."""

    root: Path
    sockets: Path

    @classmethod
    def under(cls, root: Path) -> Places:
        """The places under `root`; sockets move to a short temporary directory when `root` is too long for one."""
        root = root.resolve()
        sockets = root / "run"
        if len(os.fsencode(sockets)) > LONGEST_SOCKET_DIR:
            digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
            sockets = Path(tempfile.gettempdir()) / f"comanda-{os.getuid()}-{digest}"
        return cls(root=root, sockets=sockets)

    @property
    def postgres_data(self) -> Path:
        """The cluster."""
        return self.root / "postgres"

    @property
    def postgres_log(self) -> Path:
        """What the server says."""
        return self.root / "postgres.log"

    @property
    def postgres_socket_dir(self) -> Path:
        """What a client gives as host."""
        return self.sockets / "pg"

    @property
    def postgres_socket(self) -> Path:
        """The socket itself."""
        return self.postgres_socket_dir / ".s.PGSQL.5432"

    @property
    def redis_socket(self) -> Path:
        """What a client connects to."""
        return self.sockets / "redis.sock"

    @property
    def redis_pid(self) -> Path:
        """Process id of the Redis server."""
        return self.root / "redis.pid"

    @property
    def redis_log(self) -> Path:
        """What Redis says."""
        return self.root / "redis.log"

    @property
    def start_lock(self) -> Path:
        """Held while somebody starts or stops a server."""
        return self.root / "start.lock"

    @property
    def database_lock(self) -> Path:
        """Held while somebody makes the database."""
        return self.root / "database.lock"

    @property
    def users_lock(self) -> Path:
        """Held, shared, by every process that uses the servers."""
        return self.root / "users.lock"
