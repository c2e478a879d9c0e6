"""Looks of the calendar that somebody keeps for himself. One of them may be the one he begins with."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar.events import ViewChanged, ViewRemoved, ViewSaved
from apps.calendar.models import SavedView
from apps.core import versions
from apps.core.errors import InvalidInput
from apps.core.events import record
from apps.core.models.user import User

MOST = 30


@transaction.atomic(savepoint=False)
def save_view(*, name: str, look: dict[str, Any], is_default: bool, by: User) -> SavedView:
    _alone(by)
    own = SavedView.objects.filter(user=by)
    if own.count() >= MOST:
        raise InvalidInput(fields={"name": [_("That is enough views; remove one first.")]})
    _check_name(by, name)
    if is_default:
        own.filter(is_default=True).update(is_default=False)
    view = SavedView.objects.create(user=by, name=name, look=look, is_default=is_default)
    record(ViewSaved(id=view.pk, by=by, data={"version": view.version}))
    return view


@transaction.atomic(savepoint=False)
def change_view(*, view: SavedView, changes: dict[str, Any], by: User) -> SavedView:
    _alone(by)
    if changes.get("name", view.name) != view.name:
        _check_name(by, changes["name"])
    if changes.get("is_default"):
        others = SavedView.objects.filter(user=by, is_default=True).exclude(pk=view.pk)
        others.update(is_default=False)
    return versions.change(view, changes, ViewChanged, by=by)


@transaction.atomic(savepoint=False)
def remove_view(*, view: SavedView, by: User) -> None:
    record(ViewRemoved(id=view.pk, by=by, data={"version": view.version}))
    view.delete()


def _alone(user: User) -> None:
    """Two windows of one person save one after the other, so that names and the default stay single."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)


def _check_name(user: User, name: str) -> None:
    if SavedView.objects.filter(user=user, name__iexact=name).exists():
        raise InvalidInput(fields={"name": [_("There is a view with this name already.")]})
