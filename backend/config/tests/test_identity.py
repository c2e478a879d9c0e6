"""Invariant 22: who asks is read from the credential. Nothing else that a client sends makes him somebody else."""

from typing import Any

import pytest

from testing.clinics import CANARY, Clinic

ASKED = ("/api/v1/auth/me", "/api/v1/patients?q=Осп", "/api/v1/org/branches", "/api/v1/users")


def forged(clinic: Clinic, rival: Clinic) -> list[dict[str, str]]:
    owner, stranger = str(clinic.user("owner").pk), str(rival.pk)
    values = [stranger, str(rival.branch.pk), owner, "owner", "0", "-1", "x", "1 OR 1=1", "ы" * 300]
    names = ["X-User", "X-User-Id", "X-Role", "X-Organization-Id", "X-Tenant", "X-Branch-Id",
             "X-Forwarded-User", "Remote-User", "X-Original-Url", "X-Http-Method-Override"]  # fmt: skip
    return [dict.fromkeys(names, value) for value in values]


@pytest.mark.parametrize("path", ASKED)
def test_no_header_makes_one_somebody_else(path: str, clinic: Clinic, rival: Clinic) -> None:
    person = clinic.client("registrar", clinic.branch)
    known = person.get(path)

    for headers in forged(clinic, rival):
        answer = person.get(path, headers=headers)
        assert (answer.status_code, answer.content) == (known.status_code, known.content)
        assert CANARY not in answer.content.decode()


def test_no_parameter_makes_one_somebody_else(clinic: Clinic, rival: Clinic) -> None:
    person = clinic.client("registrar", clinic.branch)
    for query in ({"organization": str(rival.pk)}, {"user": str(clinic.user("owner").pk)}):
        answer = person.get("/api/v1/patients", {"q": "Осп"} | query)
        assert answer.status_code == 400
        assert set(answer.json()["fields"]) == set(query)


def test_no_credential_but_ours_is_one(clinic: Clinic, anonymous: Any) -> None:
    token = clinic.client("owner").token
    for value in ("", "Bearer", f"Basic {token}", f"Token {token}", f"Bearer {token}x", "Bearer null",
                  f"Bearer {token.rpartition('.')[0]}.", f"Bearer {token} {token}"):  # fmt: skip
        assert anonymous.get(ASKED[0], headers={"Authorization": value}).status_code == 401
    assert anonymous.get(ASKED[0], headers={"Authorization": f"bearer {token}"}).status_code == 200
