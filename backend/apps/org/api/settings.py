"""Requisites and preferences: of the organisation, of a branch, of oneself."""

import re
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.core.api import ApiView, In, Out, PatchIn, Phone, StaffRequest, TenantKey
from apps.core.errors import Forbidden, InvalidInput, NotFound
from apps.core.kz.iin import IinError, clean, parse
from apps.org import actions, preferences
from apps.org.models import Branch, Organization

_REQUISITES = ("name", "legal_name", "bin", "iik", "bik", "kbe", "bank", "director",
               "chief_accountant", "licence", "legal_address", "phone", "version")  # fmt: skip


def _upper(text: str) -> str:
    return clean(text).upper()


def is_iban_of_kazakhstan(value: str) -> bool:
    """``KZ``, two check digits, three digits of the bank, thirteen signs of the account; 97 divides with a rest of 1."""
    if not re.fullmatch(r"KZ[0-9]{5}[0-9A-Z]{13}", value):
        return False
    return int("".join(str(int(sign, 36)) for sign in value[4:] + value[:4])) % 97 == 1


class RequisitesIn(In):
    name = serializers.CharField(max_length=120, required=False)
    legal_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    bin = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        help_text="BIN, or the IIN of a sole trader.",
    )
    iik = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text="IBAN: `KZ` and 18 signs."
    )
    bik = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text="8 signs."
    )
    kbe = serializers.CharField(
        max_length=10, required=False, allow_blank=True, help_text="2 digits."
    )
    bank = serializers.CharField(max_length=120, required=False, allow_blank=True)
    director = serializers.CharField(max_length=120, required=False, allow_blank=True)
    chief_accountant = serializers.CharField(max_length=120, required=False, allow_blank=True)
    licence = serializers.CharField(max_length=120, required=False, allow_blank=True)
    legal_address = serializers.CharField(max_length=250, required=False, allow_blank=True)
    phone = Phone(required=False, allow_blank=True)

    def validate_bin(self, value: str) -> str:
        value = clean(value)
        try:
            return parse(value).value if value else ""
        except IinError:
            raise serializers.ValidationError([_("This is not a valid BIN.")]) from None

    def validate_iik(self, value: str) -> str:
        value = _upper(value)
        if value and not is_iban_of_kazakhstan(value):
            raise serializers.ValidationError([_("This is not a valid account: KZ and 18 signs.")])
        return value

    def validate_bik(self, value: str) -> str:
        value = _upper(value)
        if value and not re.fullmatch(r"[A-Z]{4}KZ[A-Z0-9]{2}", value):
            raise serializers.ValidationError([_("A BIK has 8 signs, e.g. HSBKKZKX.")])
        return value

    def validate_kbe(self, value: str) -> str:
        value = clean(value)
        if value and not re.fullmatch(r"[0-9]{2}", value):
            raise serializers.ValidationError([_("A KBe has 2 digits, e.g. 17.")])
        return value


class RequisitesOut(Out):
    name = serializers.CharField()
    legal_name = serializers.CharField()
    bin = serializers.CharField()
    iik = serializers.CharField()
    bik = serializers.CharField()
    kbe = serializers.CharField()
    bank = serializers.CharField()
    director = serializers.CharField()
    chief_accountant = serializers.CharField()
    licence = serializers.CharField()
    legal_address = serializers.CharField()
    phone = serializers.CharField()
    version = serializers.IntegerField(help_text="Send it back with a change.")


class PreferenceOut(Out):
    value = serializers.JSONField(help_text="What counts.")
    level = serializers.ChoiceField(
        choices=["default", "organization", "branch", "user"],
        help_text="Where the value comes from.",
    )
    label = serializers.CharField(help_text="The name in the caller's language.")  # type: ignore[assignment]
    type = serializers.ChoiceField(choices=["integer", "money", "choice"])
    choices = serializers.ListField(child=serializers.JSONField(), help_text="Of a `choice`.")
    levels = serializers.ListField(
        child=serializers.CharField(), help_text="The levels at which it may be set."
    )


class SettingsOut(Out):
    organization = RequisitesOut()
    preferences = serializers.DictField(
        child=PreferenceOut(), help_text="Key → value and its level."
    )


class BranchSettingsOut(Out):
    version = serializers.IntegerField(
        help_text="The branch's version; send it back with a change."
    )
    preferences = serializers.DictField(
        child=PreferenceOut(), help_text="Key → value and its level."
    )


class OwnSettingsIn(In):
    branch = TenantKey(Branch.objects, required=False, help_text="Where its own values count too.")


class OwnSettingsOut(Out):
    preferences = serializers.DictField(
        child=PreferenceOut(), help_text="Key → value and its level."
    )


class OwnSettingsPatch(In):
    preferences = serializers.DictField(
        help_text="Key → value; `null` takes the value of this level away."
    )


class BranchSettingsPatch(PatchIn, OwnSettingsPatch):
    pass


class SettingsPatch(BranchSettingsPatch):
    organization = RequisitesIn()


def _shown(organization: Organization) -> dict[str, Any]:
    return {
        "organization": {name: getattr(organization, name) for name in _REQUISITES},
        "preferences": preferences.shown(),
    }


class Settings(ApiView):
    basename = "settings"
    permission = "settings:read"
    write_permission = "settings:write"

    @extend_schema(responses=SettingsOut, operation_id="settings_retrieve")
    def get(self, request: StaffRequest) -> Response:
        """Requisites of the organisation and its preferences."""
        return self.answer(_shown(actions.own_organization().get()))

    @extend_schema(
        request=SettingsPatch, responses=SettingsOut, operation_id="settings_partial_update"
    )
    def patch(self, request: StaffRequest) -> Response:
        """Change requisites, preferences of the organisation's level, or both. `version` is the organisation's."""
        told = self.read(SettingsPatch)
        organization = actions.change_settings(
            version=told["version"],
            organization=told.get("organization", {}),
            choices=told.get("preferences", {}),
            by=request.user,
        )
        return self.answer(_shown(organization))


class BranchSettings(ApiView):
    basename = "branch-settings"
    permission = "structure:read"
    write_permission = "structure:write"

    def branch(self, pk: UUID) -> Branch:
        found = Branch.objects.filter(pk=pk).first()
        if found is None or not self.reach.covers(pk):
            raise NotFound
        return found

    def shown(self, branch: Branch) -> Response:
        shown = preferences.shown(branch=branch, keys=preferences.keys_of(preferences.BRANCH))
        return self.answer({"version": branch.version, "preferences": shown})

    @extend_schema(responses=BranchSettingsOut, operation_id="branch_settings_retrieve")
    def get(self, request: StaffRequest, pk: UUID) -> Response:
        """The preferences that count in this branch."""
        return self.shown(self.branch(pk))

    @extend_schema(
        request=BranchSettingsPatch,
        responses=BranchSettingsOut,
        operation_id="branch_settings_partial_update",
    )
    def patch(self, request: StaffRequest, pk: UUID) -> Response:
        """Set preferences of the branch's level. `version` is the branch's."""
        branch = self.branch(pk)
        if not self.caller.may("structure:write", branch.pk):
            raise Forbidden
        told = self.read(BranchSettingsPatch)
        branch = actions.change_branch_settings(
            branch, version=told["version"], choices=told.get("preferences", {}), by=request.user
        )
        return self.shown(branch)


class OwnSettings(ApiView):
    basename = "own-settings"
    permission = "self"
    write_permission = "self"

    def shown(self, request: StaffRequest, branch: Branch | None = None) -> Response:
        keys = preferences.keys_of(preferences.USER)
        shown = preferences.shown(branch=branch, user=request.user, keys=keys)
        return self.answer({"preferences": shown})

    @extend_schema(
        parameters=[OwnSettingsIn], responses=OwnSettingsOut, operation_id="own_settings_retrieve"
    )
    def get(self, request: StaffRequest) -> Response:
        """What counts for the caller: his own preferences, else those of the branch that is named, else the network's."""
        branch = self.read(OwnSettingsIn).get("branch")
        if branch and not self.caller.sees_branch(branch.pk):
            raise InvalidInput(fields={"branch": [_("There is no such branch.")]})
        return self.shown(request, branch)

    @extend_schema(
        request=OwnSettingsPatch,
        responses=OwnSettingsOut,
        operation_id="own_settings_partial_update",
    )
    def patch(self, request: StaffRequest) -> Response:
        """Set the caller's own preferences."""
        actions.change_own_settings(
            choices=self.read(OwnSettingsPatch)["preferences"], by=request.user
        )
        return self.shown(request)
