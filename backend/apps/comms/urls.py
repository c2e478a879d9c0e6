from typing import Any

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from apps.comms.api import MessageViewSet, TemplateViewSet
from apps.comms.api.reminders import ReminderViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("templates", TemplateViewSet, basename="templates")
router.register("reminders", ReminderViewSet, basename="reminders")


def messages(method: str, action: str) -> Any:
    return MessageViewSet.as_view({method: action}, basename="messages")


_comms = [
    path(
        "placeholders",
        TemplateViewSet.as_view({"get": "placeholders"}, basename="templates"),
    ),
    *router.urls,
    path("messages", messages("get", "list")),
    path("send", messages("post", "send")),
    path("preview", messages("get", "preview")),
]
urlpatterns = [path("comms/", include(_comms))]
