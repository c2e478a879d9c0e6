from apps.comms.api.messages import MessageViewSet
from apps.comms.api.templates import TemplateViewSet

__all__ = ["MessageViewSet", "TemplateViewSet"]
