"""What platform staff see: people who may log in and whether they are braked, sessions, doorbells of due work.

No tenant model is registered here, and a test says so."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.auth import sessions, throttle
from apps.core.models import Doorbell, Session, User
from apps.core.users.actions import Made, new_link

admin.site.site_header = admin.site.site_title = "Medicine ERP"


def show_link(request: HttpRequest, site: Any, made: Made) -> HttpResponse:
    """The link is shown in this one answer and kept nowhere."""
    address = request.build_absolute_uri(made.link)
    context = {
        **site.each_context(request),
        "made": made,
        "address": address,
        "title": _("One-time link"),
        "note": _(
            "Give this link to the person now. It works once, for 72 hours, and is shown only here."
        ),
    }
    response = TemplateResponse(request, "admin/one_time_link.html", context)
    response["Cache-Control"] = "no-store"
    return response


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("login", "full_name", "is_active", "is_staff", "braked", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("login", "email", "last_name")
    fields = ("login", "email", "last_name", "first_name", "middle_name", "language", "is_active",
              "is_staff", "braked", "last_login", "created_at")  # fmt: skip
    readonly_fields = ("login", "braked", "last_login", "created_at")
    actions = ("unlock", "end_sessions", "give_link")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people come with an organisation; platform staff by createsuperuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("wrong passwords"))
    def braked(self, user: User) -> str:
        state = throttle.state_of(str(user.pk))
        if state is None:
            return "-"
        until = state.blocked_until
        now = timezone.now()
        waits = f", {int((until - now).total_seconds()) + 1} s" if until and until > now else ""
        return f"{state.failures}{waits}"

    @admin.action(description=_("Forget wrong passwords"))
    def unlock(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            throttle.unlock(str(user.pk))

    @admin.action(description=_("End all sessions"))
    def end_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            sessions.end_of_user(user.pk, "ended_by_platform", timezone.now())

    @admin.action(description=_("Give a one-time link (choose one person)"))
    def give_link(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        if users.count() != 1:
            self.message_user(request, _("Choose one person."), level="error")
            return None
        user = users.get()
        if user.is_superuser and not request.user.is_superuser:  # type: ignore[union-attr]
            self.message_user(request, _("You have no right to do this."), level="error")
            return None
        return show_link(request, self.admin_site, Made(user, *new_link(user, timezone.now())))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.email = (obj.email or "").lower() or None
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            sessions.end_of_user(obj.pk, "disabled", timezone.now())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        extra = () if request.user.is_superuser else ("is_staff",)  # type: ignore[union-attr]
        return (*super().get_readonly_fields(request, obj), *extra)


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = (
        "user",
        "organization",
        "created_at",
        "last_used_at",
        "ended_at",
        "end_reason",
        "address",
    )
    list_filter = ("end_reason",)
    search_fields = ("user__login",)
    list_select_related = ("user", "organization")


@admin.register(Doorbell)
class DoorbellAdmin(ReadOnlyAdmin):
    """Work that is due, per organisation and kind, without content."""

    list_display = ("organization", "kind", "due_at")
    list_filter = ("kind",)
    list_select_related = ("organization",)
