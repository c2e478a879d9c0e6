from typing import ClassVar

from django.db import connection
from django.urls import path
from rest_framework.response import Response

from apps.core.api import ApiView, StaffRequest
from benchmarks import statements
from config.urls import urlpatterns as product


class Empty(ApiView):
    """Authenticated, in its transaction and tenant, and nothing else."""

    permission = "appointments:read"

    def get(self, request: StaffRequest) -> Response:
        return Response({})


class Statement(ApiView):
    """The hand-written statement of a hot read, through the same server."""

    permission = "appointments:read"
    known: ClassVar = {name: statements.placed(name) for name in statements.TEXTS}

    def get(self, request: StaffRequest, name: str) -> Response:
        with connection.cursor() as cursor:
            cursor.execute(self.known[name], request.query_params.dict())
            return Response(cursor.fetchone()[0].encode())


urlpatterns = [
    path("bench/empty", Empty.as_view()),
    path("bench/<name>", Statement.as_view()),
    *product,
]
