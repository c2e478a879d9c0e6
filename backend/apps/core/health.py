"""Liveness touches nothing; readiness asks the parts that a request needs. Neither tells strangers a version."""

import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from apps.core import errors


def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    parts = {"database": _database(), "disk": _disk(), "keys": bool(settings.FIELD_KEYS)}
    ok = all(parts.values())
    return JsonResponse({"status": "ok" if ok else "not ready", **parts}, status=200 if ok else 503)


def _database() -> bool:
    """The database answers and knows the newest migration of every app."""
    from django.db.migrations.loader import MigrationLoader

    try:
        loader = MigrationLoader(connection)
        return all(leaf in loader.applied_migrations for leaf in loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _disk() -> bool:
    folder = settings.DATA_DIR if settings.DATA_DIR.exists() else settings.BACKEND
    return shutil.disk_usage(folder).free > 200_000_000


@csrf_exempt  # else a POST astray would hear of a cookie that no client of the API has
def no_such_route(request: HttpRequest) -> HttpResponse:
    return JsonResponse(errors.body("not_found", errors.NotFound.message), status=404)
