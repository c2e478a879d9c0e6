from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from apps.comms.api import MessageViewSet, TemplateViewSet
from apps.comms.api.reminders import ReminderViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("comms/templates", TemplateViewSet, basename="templates")
router.register("comms/reminders", ReminderViewSet, basename="reminders")


def messages(method: str, action: str) -> Any:
    return MessageViewSet.as_view({method: action}, basename="messages")


urlpatterns = [
    path(
        "comms/placeholders",
        TemplateViewSet.as_view({"get": "placeholders"}, basename="templates"),
    ),
    *router.urls,
    path("comms/messages", messages("get", "list")),
    path("comms/send", messages("post", "send")),
    path("comms/preview", messages("get", "preview")),
]
