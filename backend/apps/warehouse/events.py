from apps.core.events import Event


class ItemAdded(Event):
    resource = "items"


class ItemChanged(Event):
    resource = "items"
