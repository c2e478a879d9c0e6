from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.admin import show_link
from apps.core.auth import sessions
from apps.core.models import Session, User
from apps.org.creation import Founded, create_organization
from apps.org.models import Organization


class FoundingForm(forms.ModelForm):
    branch_name = forms.CharField(label=_("First branch"), max_length=120)
    owner_login = forms.CharField(
        label=_("Owner's login"),
        max_length=58,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9._-]{1,57}\Z")],
        help_text=_("Small Latin letters, digits, dot, hyphen, underscore."),
    )
    owner_email = forms.EmailField(label=_("Owner's e-mail"), required=False)
    owner_last_name = forms.CharField(label=_("Owner's last name"), max_length=80)
    owner_first_name = forms.CharField(label=_("Owner's first name"), max_length=80)

    class Meta:
        model = Organization
        fields = ("name", "legal_name", "bin", "phone")

    def clean_owner_login(self) -> str:
        login = str(self.cleaned_data["owner_login"])
        if User.objects.filter(login=login).exists():
            raise forms.ValidationError(_("There is already one like this."))
        return login

    def found(self, by: User) -> Founded:
        given = self.cleaned_data
        return create_organization(
            organization=self.instance,
            branch_name=given["branch_name"],
            owner_login=given["owner_login"],
            owner={
                "email": given["owner_email"].lower(),
                "last_name": given["owner_last_name"],
                "first_name": given["owner_first_name"],
            },
            now=timezone.now(),
            by=by,
        )


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    """Platform staff found organisations and lock them; what is inside of one is none of their business."""

    list_display = ("name", "legal_name", "is_active", "created_at")
    list_filter = ("is_active",)
    search_fields = ("name", "legal_name", "bin")
    fields = ("name", "legal_name", "bin", "phone", "is_active", "created_at")
    readonly_fields = ("created_at",)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        return FoundingForm if obj is None else super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return list(FoundingForm.base_fields) if obj is None else self.fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            request.founded = form.found(request.user)  # type: ignore[attr-defined]
            return
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            mine = Session.objects.filter(organization=obj)
            sessions.end(mine, "organization_locked", timezone.now())

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        founded: Founded = request.founded  # type: ignore[attr-defined]
        return show_link(request, self.admin_site, founded.owner)
