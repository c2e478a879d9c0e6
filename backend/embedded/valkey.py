"""Valkey (Redis protocol) in a folder. It may lose its last second: nothing that matters lives only there."""

import signal
from dataclasses import dataclass
from pathlib import Path

import redis

from embedded import binaries, child


@dataclass
class Valkey:
    folder: Path
    port: int
    password: str

    def argv(self) -> list[str]:
        (self.folder / "valkey").mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = self.folder / "valkey" / "valkey.conf"
        settings.touch(mode=0o600)
        settings.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\n"
            f'dir "{self.folder / "valkey"}"\nappendonly yes\nappendfsync everysec\nsave ""\n'
            "maxmemory 256mb\nmaxmemory-policy noeviction\n"
        )
        return child.argv([binaries.valkey(), str(settings)], signal.SIGTERM)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url, socket_timeout=1).ping())
        except redis.RedisError:
            return False
