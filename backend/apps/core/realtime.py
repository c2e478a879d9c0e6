"""After a commit the browsers hear *what* changed, never *how*: they read again through the API, where rights live.

The publisher is a plain synchronous connection with short limits: a dead cache server costs at most 0.3 s, is then
left alone for some seconds, and is never an error of a request that has already been committed.
"""

import logging
import time
from threading import Lock
from typing import Any
from uuid import UUID

import redis
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 5.0


def branch_group(organization_id: UUID, branch_id: UUID) -> str:
    return f"branch.{organization_id.hex}.{branch_id.hex}"


def organization_group(organization_id: UUID) -> str:
    return f"organization.{organization_id.hex}"


def session_group(session_id: UUID) -> str:
    return f"session.{session_id.hex}"


def notify(organization_id: UUID, branch_id: UUID | None, message: dict[str, Any]) -> None:
    group = (
        branch_group(organization_id, branch_id)
        if branch_id
        else organization_group(organization_id)
    )
    publisher.send(group, {"type": "changed", "message": message})


def end_session(session_id: UUID) -> None:
    """Close the sockets of a session that has ended."""
    publisher.send(session_group(session_id), {"type": "revoked"})


class Publisher:
    def __init__(self) -> None:
        self._lock = Lock()
        self._client: redis.Redis | None = None
        self._silent_until = 0.0

    def send(self, group: str, message: dict[str, Any]) -> bool:
        layer: Any = get_channel_layer()
        if not hasattr(layer, "serialize"):  # the in-memory layer of some tests
            async_to_sync(layer.group_send)(group, message)
            return True
        if time.monotonic() < self._silent_until:
            return False
        try:
            # The layer itself would say the name only inside an event loop, which a plain worker does not have.
            self._connection().publish(f"asgi__group__{group}", layer.serialize(message))
            return True
        except (redis.RedisError, OSError) as error:
            self._silent_until = time.monotonic() + _PAUSE_SECONDS
            log.warning("live update not sent", extra={"reason": type(error).__name__})
            return False

    def _connection(self) -> redis.Redis:
        with self._lock:
            if self._client is None:
                self._client = redis.Redis.from_url(
                    settings.REDIS_URL, socket_timeout=0.3, socket_connect_timeout=0.3
                )
            return self._client


publisher = Publisher()
