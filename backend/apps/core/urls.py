from django.urls import path
from rest_framework.routers import SimpleRouter

from apps.core.auth import api as auth
from apps.core.users.api import UserViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("users", UserViewSet, basename="users")

urlpatterns = [
    path("auth/login", auth.Login.as_view(), name="login"),
    path("auth/refresh", auth.Refresh.as_view(), name="refresh"),
    path("auth/logout", auth.Logout.as_view(), name="logout"),
    path("auth/activate", auth.Activate.as_view(), name="activate"),
    path("auth/me", auth.Me.as_view(), name="me"),
    path("auth/sessions", auth.Sessions.as_view(), name="sessions"),
    path("auth/sessions/<uuid:pk>", auth.OneSession.as_view(), name="session"),
    path("auth/password", auth.Password.as_view(), name="password"),
    path("auth/socket-ticket", auth.SocketTicket.as_view(), name="socket-ticket"),
    *router.urls,
]
