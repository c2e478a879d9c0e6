from typing import Any

from django.apps import apps
from rest_framework import serializers

from apps.core.api import In, Out, TenantKey
from apps.core.models import User
from apps.core.permissions import Role


class Password(serializers.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=128, trim_whitespace=False, write_only=True, **kwargs)


class LoginIn(In):
    login = serializers.CharField(max_length=254, help_text="User name or e-mail.")
    password = Password(help_text="At most 128 characters.")
    with_refresh = serializers.BooleanField(
        default=False,
        help_text="API clients: answer the refresh token in the body instead of a cookie.",
    )
    organization = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="For people of several organisations; else the first.",
    )


class RefreshIn(In):
    refresh = serializers.CharField(
        max_length=100, required=False, help_text="API clients; browsers send the cookie."
    )


class ProfileIn(In):
    language = serializers.ChoiceField(
        User.Language.choices, required=False, help_text="Language of the interface."
    )
    theme = serializers.ChoiceField(
        User.Theme.choices, required=False, help_text="Look of the interface."
    )


class PasswordIn(In):
    old_password = Password(help_text="The present password.")
    new_password = Password(help_text="At least 10 characters, not common, without own names.")


class ActivateIn(In):
    token = serializers.CharField(max_length=100, help_text="What follows `#token=` in the link.")
    password = Password(help_text="At least 10 characters, not common, without own names.")


class TicketIn(In):
    def get_fields(self) -> dict[str, Any]:
        branches = apps.get_model("org", "Branch").objects
        return {"branch": TenantKey(branches, help_text="The branch whose changes to hear.")}


class OrganizationRef(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()


class BranchRef(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()
    timezone = serializers.CharField(help_text="e.g. `Asia/Almaty`.")


class RoleGrant(Out):
    role = serializers.ChoiceField(Role.choices)
    branch = serializers.UUIDField(allow_null=True, help_text="Null: all branches.")


class MeOut(Out):
    id = serializers.UUIDField()
    login = serializers.CharField()
    email = serializers.CharField(help_text="Empty when none is known.")
    last_name = serializers.CharField()
    first_name = serializers.CharField()
    middle_name = serializers.CharField()
    language = serializers.ChoiceField(User.Language.choices)
    theme = serializers.ChoiceField(User.Theme.choices)
    is_staff = serializers.BooleanField(help_text="Platform staff.")
    organization = OrganizationRef(allow_null=True, help_text="Null for platform staff.")
    branches = BranchRef(many=True, help_text="Those he works in, by their order.")
    roles = RoleGrant(many=True)
    permissions = serializers.DictField(
        child=serializers.ChoiceField(["all", "branch", "own"]),
        help_text="What he may, and how far: permission → `all`, `branch` or `own`.",
    )
    employee_id = serializers.UUIDField(allow_null=True, help_text="His row in the staff list.")


class SignedInOut(Out):
    access = serializers.CharField(help_text="Bearer token for 10 minutes.")
    refresh = serializers.CharField(
        required=False, help_text="Only for API clients; browsers get an HttpOnly cookie."
    )
    user = MeOut()


class SessionOut(Out):
    id = serializers.UUIDField()
    current = serializers.BooleanField(help_text="The session of this very request.")
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    address = serializers.CharField(allow_null=True)
    user_agent = serializers.CharField()


class ActivatedOut(Out):
    login = serializers.CharField(help_text="What to log in with.")


class TicketOut(Out):
    ticket = serializers.CharField(help_text="Goes into the subprotocol `ticket.<value>`.")
    expires_in = serializers.IntegerField(help_text="Seconds.")
    url = serializers.CharField(help_text="Where to connect.")
