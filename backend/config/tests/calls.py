"""One request to an operation, made and forgotten, and what must be true of every answer."""

import json
from io import BytesIO
from typing import Any

from django.db import transaction
from pypdf import PdfReader

from config.tests.role_matrix import NEEDED, ROLES, may
from testing.operations import Operation, Request

SHAPE = {"code", "message", "fields", "details"}


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


def said(answer: Any) -> str:
    """What a person reads in it; of paper without the places where a long word may be broken."""
    if answer.get("Content-Type") != "application/pdf":
        return str(answer.content.decode())
    pages = (page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    return "\n".join(pages).replace("\u200b", "")


def who(name: str) -> str:
    """Somebody who may."""
    return next(role for role in ROLES if NEEDED[name] == "public" or may(name, role))


def fault(answer: Any) -> str:
    """What is wrong with an answer, whatever was asked; empty: nothing."""
    text = answer.content[:300].decode(errors="replace")
    if answer.status_code >= 500:
        return f"{answer.status_code} {text}"
    if answer.status_code >= 400:
        try:
            told = json.loads(answer.content)
        except ValueError:
            told = {}
        return "" if set(told) == SHAPE else f"{answer.status_code}, not our shape: {text}"
    return ""
