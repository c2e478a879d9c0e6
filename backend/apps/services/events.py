from apps.core.events import Event


class CategoryCreated(Event):
    resource = "categories"


class CategoryChanged(Event):
    resource = "categories"


class ServiceCreated(Event):
    resource = "services"


class ServiceChanged(Event):
    resource = "services"
