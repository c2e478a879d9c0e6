from apps.core.events import Event


class ProfileChanged(Event):
    resource = "me"


class PasswordChanged(Event):
    resource = "sessions"


class SessionEnded(Event):
    resource = "sessions"
