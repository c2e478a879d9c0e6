"""What part of the organisation a figure is about: what the caller may see, cut by what he chose."""

from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import UUID

from django.db import connection

from apps.core import tenancy


@dataclass(frozen=True)
class Slice:
    everything: bool
    branches: tuple[UUID, ...] = ()
    own: UUID | None = None  # the caller as an employee, when he sees what is his
    branch: UUID | None = None  # chosen
    employee: UUID | None = None  # chosen

    def params(self) -> dict[str, Any]:
        return {
            "org": tenancy.current_organization_id(),
            "everything": self.everything,
            "branches": list(self.branches),
            "own": self.own,
            "branch": self.branch,
            "employee": self.employee,
        }

    def of_branch(self, branch: UUID | None) -> Self:
        return replace(self, branch=branch)


def inside(branch: str, employee: str) -> str:
    """The condition, given the columns that hold a row's branch and doctor."""
    return (
        f"(%(everything)s OR {branch} = ANY(%(branches)s::uuid[]) OR {employee} = %(own)s::uuid)"
        f" AND (%(branch)s::uuid IS NULL OR {branch} = %(branch)s::uuid)"
        f" AND (%(employee)s::uuid IS NULL OR {employee} = %(employee)s::uuid)"
    )


def within(moment: str) -> str:
    """The days ``from`` to ``to`` of the branch ``b``, as instants that an index on ``moment`` can find."""
    return (
        f"{moment} >= (%(from)s::date::timestamp AT TIME ZONE b.timezone)"
        f" AND {moment} < ((%(to)s::date + 1)::timestamp AT TIME ZONE b.timezone)"
    )


SHORT_NAME = (
    "(e.last_name || coalesce(' ' || left(nullif(e.first_name, ''), 1) || '.', '')"
    " || coalesce(' ' || left(nullif(e.middle_name, ''), 1) || '.', ''))"
)


def fetch(sql: str, **params: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
