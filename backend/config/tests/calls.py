"""One request of the matrix, made and forgotten."""

from typing import Any

from django.db import transaction

from testing.operations import Operation, Request


def send(client: Any, operation: Operation, request: Request) -> Any:
    address = operation.path.format(**request.path)
    if operation.method == "get":
        return client.get(address, request.query)
    headers = {"Idempotency-Key": "matrix"} if operation.method == "post" else {}
    return getattr(client, operation.method)(address, request.body, headers=headers)


def call(client: Any, operation: Operation, request: Request) -> Any:
    """Sent, and its effects taken back."""
    with transaction.atomic():
        answer = send(client, operation, request)
        transaction.set_rollback(True)
    return answer
