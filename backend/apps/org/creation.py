"""A new organisation with its first branch and its owner; what platform staff do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.core import tenancy
from apps.core.errors import refuse_twin
from apps.core.events import Event, record
from apps.core.models import Membership, User
from apps.core.users.actions import Made, add_person, new_link
from apps.org.models import Branch, Organization


class OrganizationCreated(Event):
    resource = "settings"


@dataclass(frozen=True)
class Founded:
    organization: Organization
    owner: Made


@transaction.atomic
def create_organization(
    *, organization: Organization, branch_name: str, owner_login: str, owner: dict[str, Any], now: datetime,
    by: User | None = None,
) -> Founded:  # fmt: skip
    """``owner``: names and e-mail. Answers the one-time link by which the owner sets a password."""
    refuse_twin(User.objects.filter(login=owner_login), "owner_login")
    organization.save(force_insert=True)
    with tenancy.tenant(organization.pk):
        Branch.objects.create(name=branch_name)
        user = add_person(owner_login, owner)
        Membership.objects.create(user=user, role="owner")
        record(OrganizationCreated(id=organization.pk, by=by))
        return Founded(organization, Made(user, *new_link(user, now)))
