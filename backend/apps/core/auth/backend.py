"""The door of /admin/: the same brakes and the same hash as the door of the API."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from apps.core.addresses import client_address
from apps.core.auth import throttle
from apps.core.auth.actions import Origin, attempt_of, candidates_of, matching
from apps.core.models import User


class BrakedBackend(ModelBackend):
    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if not username or password is None:
            return None
        now = timezone.now()
        candidates = candidates_of(username)
        origin = Origin(client_address(request) if request else None)
        attempt = attempt_of(username, candidates, origin, now)
        try:
            throttle.require_patience(attempt, now)
        except throttle.TooManyAttempts:
            return None
        user = matching(candidates, password)
        if user is None:
            throttle.count_failure(attempt, now)
        else:
            throttle.forget(attempt)
        return user
