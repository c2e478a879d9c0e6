from django.urls import include, path
from rest_framework.routers import SimpleRouter

from apps.core.auth import api as auth
from apps.core.users.api import UserViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("users", UserViewSet, basename="users")

_auth = [
    path("login", auth.Login.as_view(), name="login"),
    path("refresh", auth.Refresh.as_view(), name="refresh"),
    path("logout", auth.Logout.as_view(), name="logout"),
    path("activate", auth.Activate.as_view(), name="activate"),
    path("me", auth.Me.as_view(), name="me"),
    path("sessions", auth.Sessions.as_view(), name="sessions"),
    path("sessions/<uuid:pk>", auth.OneSession.as_view(), name="session"),
    path("password", auth.Password.as_view(), name="password"),
    path("socket-ticket", auth.SocketTicket.as_view(), name="socket-ticket"),
]
urlpatterns = [path("auth/", include(_auth)), *router.urls]
