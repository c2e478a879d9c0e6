from apps.core.events import Event


class TemplateAdded(Event):
    resource = "templates"


class TemplateChanged(Event):
    resource = "templates"


class MessageQueued(Event):
    """data: ``purpose``, ``segments``, ``due_at``."""

    resource = "messages"


class MessageCanceled(Event):
    resource = "messages"


class MessageStateChanged(Event):
    """data: ``state``; ``reason`` of a failure, in the words of the program."""

    resource = "messages"
