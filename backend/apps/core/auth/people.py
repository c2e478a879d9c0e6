"""Who has logged in, where he works and what he may do: what the interface needs to draw itself."""

from typing import Any

from django.apps import apps

from apps.core.caller import Caller
from apps.core.permissions import MATRIX


def describe(caller: Caller) -> dict[str, Any]:
    """To be asked inside the caller's organisation."""
    user = caller.user
    return {
        "id": user.pk,
        "login": user.login,
        "email": user.email or "",
        "last_name": user.last_name,
        "first_name": user.first_name,
        "middle_name": user.middle_name,
        "language": user.language,
        "theme": user.theme,
        "is_staff": user.is_staff,
        "organization": _organization(caller),
        "branches": _branches(caller),
        "roles": [{"role": grant.role, "branch": grant.branch_id} for grant in caller.grants],
        "permissions": {code: caller.scope(code).word for code in MATRIX if caller.may(code)},
        "employee_id": _employee_id(caller),
    }


# The kernel imports no domain: these three are asked by name.


def _organization(caller: Caller) -> dict[str, Any] | None:
    if caller.organization_id is None:
        return None
    rows: Any = apps.get_model("org", "Organization").objects.filter(pk=caller.organization_id)
    return rows.values("id", "name").get()  # type: ignore[no-any-return]


def _branches(caller: Caller) -> list[dict[str, Any]]:
    if caller.organization_id is None or not caller.grants:
        return []
    rows: Any = apps.get_model("org", "Branch").objects.filter(is_active=True)
    if caller.branch_ids is not None:
        rows = rows.filter(pk__in=caller.branch_ids)
    return list(rows.order_by("position", "name").values("id", "name", "timezone"))


def _employee_id(caller: Caller) -> Any:
    if caller.organization_id is None:
        return None
    rows = apps.get_model("staff", "Employee").objects.filter(
        user_id=caller.user.pk, is_active=True
    )
    return rows.values_list("pk", flat=True).first()
