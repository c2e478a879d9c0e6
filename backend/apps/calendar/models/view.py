"""How somebody likes to look at the calendar."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from apps.core.tenancy import VersionedModel


class SavedView(VersionedModel):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    look: Any = models.JSONField(
        help_text="What the page needs to show it again; no patient in it."
    )

    is_default = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user", "name"], name="saved_view_name_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "user"],
                condition=models.Q(is_default=True),
                name="saved_view_one_default",
            ),
        ]
