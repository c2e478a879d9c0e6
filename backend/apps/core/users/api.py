from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from apps.core.api import In, ListIn, Out, PatchIn, StaffRequest, TenantKey, TenantViewSet, page_of
from apps.core.auth.shapes import RoleGrant
from apps.core.models import Membership, User
from apps.core.permissions import STAFF, Grant
from apps.core.schema import page_schema
from apps.core.users import actions, ranks

Rows = list[dict[str, Any]]


class RoleIn(In):
    role = serializers.ChoiceField([(role.value, role.label) for role in STAFF])

    def get_fields(self) -> dict[str, Any]:
        branches = apps.get_model("org", "Branch").objects
        text = "Null: all branches. Owners and administrators are never of one branch."
        branch = TenantKey(branches, allow_null=True, required=False, default=None, help_text=text)
        return super().get_fields() | {"branch": branch}

    def validate(self, data: dict[str, Any]) -> Any:
        if data["branch"] is not None and data["role"] in ranks.WHOLE:
            raise serializers.ValidationError(
                {"branch": [_("This role is always of all branches.")]}
            )
        return Grant(data["role"], data["branch"].pk if data["branch"] else None)


class PersonIn(In):
    email = serializers.EmailField(
        required=False, allow_blank=True, max_length=254, help_text="May be used to log in."
    )
    last_name = serializers.CharField(max_length=80)
    first_name = serializers.CharField(max_length=80)
    middle_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    roles = RoleIn(many=True, allow_empty=False, max_length=60)  # type: ignore[call-arg]

    def validate_email(self, value: str) -> str:
        return value.lower()


class UserIn(PersonIn):
    login = serializers.RegexField(
        r"^[a-z0-9][a-z0-9._-]{1,57}\Z",
        max_length=58,
        help_text="2-58 small Latin letters, digits, `.`, `_`, `-`. Answered with a number added when it is not free.",
    )


class UserPatch(PatchIn, PersonIn):
    is_active = serializers.BooleanField(
        required=False, help_text="False: suspended here; sessions end at once."
    )


class UserListIn(ListIn):
    q = serializers.CharField(
        max_length=80, required=False, allow_blank=True, help_text="A fragment of a name or login."
    )
    role = serializers.ChoiceField(
        [(role.value, role.label) for role in STAFF],
        required=False,
        help_text="Only with this role.",
    )
    is_active = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Only active or only suspended."
    )


class UserOut(Out):
    id = serializers.UUIDField()
    login = serializers.CharField()
    email = serializers.CharField(help_text="Empty when none is known.")
    last_name = serializers.CharField()
    first_name = serializers.CharField()
    middle_name = serializers.CharField()
    roles = RoleGrant(many=True)
    is_active = serializers.BooleanField(help_text="False: suspended in this organisation.")
    may_change = serializers.BooleanField(help_text="May the caller change this person?")
    last_login = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text="Send it back with a change.")


class UserMadeOut(UserOut):
    link = serializers.CharField(
        allow_null=True,
        help_text="One-time, 72 hours, shown now and never again (null in a repeated answer): "
        "put the address of the interface before it.",
    )
    link_expires_at = serializers.DateTimeField()


class UserViewSet(TenantViewSet):
    queryset = Membership.objects.none()
    serializer_class = UserOut
    permission = "users:read"
    write_permission = "users:write"

    @extend_schema(parameters=[UserListIn], responses=page_schema(UserOut, "UserPage"))
    def list(self, request: StaffRequest) -> Response:
        """People who may log in, by name."""
        query = self.read(UserListIn)
        rows = self._visible().order_by("last_name", "first_name", "id")
        memberships = Membership.objects.all()
        if query.get("q"):
            text = query["q"]
            rows = rows.filter(
                Q(last_name__icontains=text)
                | Q(first_name__icontains=text)
                | Q(login__icontains=text)
            )
        if query.get("role"):
            memberships = memberships.filter(role=query["role"])
        if query["is_active"] is not None:
            memberships = memberships.filter(is_active=query["is_active"])
        rows = rows.filter(pk__in=memberships.values("user_id"))
        return self.answer(page_of(rows, query, self._rows))

    @extend_schema(request=UserIn, responses={201: UserMadeOut})
    def create(self, request: StaffRequest) -> Response:
        """Add a person with roles, none of them above one's own. Answers the one-time link, once."""
        made = actions.create_user(**self.read(UserIn), by=self.caller, now=timezone.now())
        return self._made(made, status=201)

    @extend_schema(responses=UserOut)
    def retrieve(self, request: StaffRequest, pk: UUID) -> Response:
        """One person."""
        return self.answer(self._rows([self.one(self._visible(), pk)])[0])

    @extend_schema(request=UserPatch, responses=UserOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Change names, roles, or suspend. Refused for people above, for oneself upwards, for the last owner."""
        user = self.one(self._visible(), pk)
        changed = actions.change_user(
            user, **self.read(UserPatch), by=self.caller, now=timezone.now()
        )
        return self.answer(self._rows([changed])[0])

    @extend_schema(request=None, responses={201: UserMadeOut})
    @action(detail=True, methods=["post"])
    def link(self, request: StaffRequest, pk: UUID) -> Response:
        """A new one-time link to set the password; earlier links stop working."""
        made = actions.make_link(self.one(self._visible(), pk), by=self.caller, now=timezone.now())
        return self._made(made, status=201)

    def _visible(self) -> Any:
        return actions.visible_to(None if self.reach.all else self.reach.branches)

    def _made(self, made: actions.Made, status: int) -> Response:
        row = self._rows([made.user])[0] | {"link_expires_at": made.expires_at}
        response = self.answer(row | {"link": made.link}, status=status)
        response.kept = row | {"link": None}  # type: ignore[attr-defined]
        return response

    def _rows(self, users: Iterable[User]) -> Rows:
        users = [*users]
        grants: dict[UUID, list[Grant]] = defaultdict(list)
        active: set[UUID] = set()
        rows = Membership.objects.filter(user__in=users).order_by("pk")
        for user_id, role, branch, is_active in rows.values_list(
            "user_id", "role", "branch_id", "is_active"
        ):
            grants[user_id].append(Grant(role, branch))
            if is_active:
                active.add(user_id)
        return [
            {
                "id": user.pk,
                "login": user.login,
                "email": user.email or "",
                "last_name": user.last_name,
                "first_name": user.first_name,
                "middle_name": user.middle_name,
                "roles": [{"role": g.role, "branch": g.branch_id} for g in grants[user.pk]],
                "is_active": user.pk in active and user.is_active,
                "may_change": self.caller.may("users:write")
                and ranks.may_touch(self.caller.grants, grants[user.pk]),
                "last_login": user.last_login,
                "version": user.version,
            }
            for user in users
        ]
