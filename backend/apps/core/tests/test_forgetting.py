from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.core.auth import refresh
from apps.core.models import IdempotencyKey, RefreshToken, Session, Throttle
from apps.core.tasks import forget_old_keys


def test_forgets_what_is_old_and_only_that(clinic: Any, rival: Any, in_tenant: Any) -> None:
    now = timezone.now()
    for one in (clinic, rival):
        user = one.user("registrar")
        with in_tenant(one):
            for key, hours in (("old", 73), ("young", 71)):
                IdempotencyKey.objects.create(
                    key=key, operation="x", actor=user, body_digest=b"", status=201, answer=b""
                )
                IdempotencyKey.objects.filter(key=key).update(
                    created_at=now - timedelta(hours=hours)
                )
    for days in (0, 2, 61):
        session = Session.objects.create(
            user=clinic.user("owner"),
            last_used_at=now,
            expires_at=now - timedelta(days=days, hours=-1),
        )
        RefreshToken.objects.create(
            session=session, digest=refresh.digest(str(days)), created_at=now, spent_at=now
        )
    Throttle.objects.create(digest=b"1", last_failure_at=now - timedelta(days=2))
    Throttle.objects.create(digest=b"2", last_failure_at=now)

    counts = forget_old_keys()

    assert counts["keys"] == 2
    for one in (clinic, rival):
        with in_tenant(one):
            assert [row.key for row in IdempotencyKey.objects.all()] == ["young"]
    assert Session.objects.filter(user=clinic.user("owner")).count() == 2
    assert RefreshToken.objects.count() == 1
    assert Throttle.objects.count() == 1
