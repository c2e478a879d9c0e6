from apps.core.events import Event


class UserCreated(Event):
    resource = "users"


class UserChanged(Event):
    resource = "users"


class UserLinkMade(Event):
    resource = "users"
