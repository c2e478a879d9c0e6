import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DB_POOLED", "1")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402

from config import guard  # noqa: E402

if settings.MODE == "production":
    guard.check_database()
