"""Django's settings. Everything that differs between installations comes from the environment (see env.example)."""

import hashlib
from pathlib import Path

from config import env, guard

BACKEND = Path(__file__).resolve().parent.parent
MODE = env.text("CLINIC_MODE", "local")  # local | lan | production
DEBUG = env.flag("DEBUG")

SECRET_KEY = env.text("SECRET_KEY")
FIELD_KEYS = {1: env.key("FIELD_KEY")}  # the first is current; older ones stay readable
LOOKUP_KEY = env.key("LOOKUP_KEY")

HOST_IP = env.text("HOST_IP", "")
WS_PORT = env.number("WS_PORT", 8001)
PUBLIC_WS_URL = env.text("PUBLIC_WS_URL", "")  # behind a proxy: wss://clinic.example/ws/calendar
_PORTS = [5173, env.number("PORT", 8000), WS_PORT]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *([HOST_IP] if HOST_IP else [])]
ALLOWED_HOSTS += [host for host in env.text("ALLOWED_HOSTS", "").split(",") if host]
ALLOWED_ORIGINS = {
    f"{scheme}://{host}:{port}"
    for scheme in ("http", "https")
    for host in ("localhost", "127.0.0.1", *([HOST_IP] if HOST_IP else []))
    for port in _PORTS
} | {origin for origin in env.text("ALLOWED_ORIGINS", "").split(",") if origin}
CSRF_TRUSTED_ORIGINS = sorted(ALLOWED_ORIGINS)

# Short patience: a request may ask twice (who are you; then its work) and has to end within five seconds. Once an attempt
# is given up the next request makes one at once, while a patient one doubles its pauses and may sleep for minutes after
# the database has come back.
POOL = {
    "min_size": 1,
    "max_size": env.number("DB_POOL", 8),
    "timeout": 2,
    "reconnect_timeout": 2,
}
MIGRATES = env.flag("CLINIC_MIGRATES")  # set by manage.py alone, for `migrate`
# A request is given up, an upgrade is not: a large clinic's table takes minutes to rewrite.
_LASTS = "0" if MIGRATES else "30s"
DATABASES = {
    "default": {
        "ENGINE": "apps.core.postgres",
        **env.database("DATABASE_URL"),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "pool": POOL if env.flag("DB_POOLED") else False,
            "options": f"-c lock_timeout=5s -c statement_timeout={_LASTS} "
            f"-c idle_in_transaction_session_timeout={_LASTS} -c plan_cache_mode=force_generic_plan",
            "prepare_threshold": 1,  # only cursors of `apps.core.prepared` prepare
            "connect_timeout": 2,
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPLICATION_ROLE = env.text("DATABASE_APP_ROLE", "clinic_app")
OWNER_ROLE = env.text("DATABASE_OWNER_ROLE", "clinic_owner")

REDIS_URL = env.text("REDIS_URL")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
}
CELERY_BROKER_URL = REDIS_URL

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "apps.core",
    "apps.org",
    "apps.staff",
    "apps.patients",
    "apps.services",
    "apps.calendar",
    "apps.visits",
    "apps.billing",
    "apps.warehouse",
    "apps.comms",
    "apps.reports",
    "apps.demo",
]
MIDDLEWARE = [
    "apps.core.middleware.ContractPaths",
    "apps.core.middleware.RequestLog",
    "apps.core.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "apps.core.limits.AddressLimit",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["apps.core.auth.backend.BrakedBackend"]  # of /admin/ alone
PASSWORD_HASHERS = ["apps.core.passwords.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "email", "last_name", "first_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.core.passwords.NotOurWords"},
]
LOGIN_IDLE_MINUTES = env.number("LOGIN_IDLE_MINUTES", 30)  # without a request the session ends
LOGIN_HOURS = env.number("LOGIN_HOURS", 12)  # whatever happens
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MODE == "production"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = LOGIN_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
if env.flag("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = [proxy for proxy in env.text("TRUSTED_PROXIES", "").split(",") if proxy]
# Requests a second that one person, one organisation, one address may make (0: any number); see apps.core.limits.
# Outside of production the machine is one's own, and benchmarks run on it.
_RATE = 100 if MODE == "production" else 3000
RATE_PER_USER = env.number("RATE_PER_USER", _RATE)
RATE_PER_ORGANIZATION = env.number("RATE_PER_ORGANIZATION", 10 * _RATE)
RATE_PER_ADDRESS = env.number("RATE_PER_ADDRESS", 10 * _RATE)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("kk", "Қазақша"), ("en", "English")]
LOCALE_PATHS = [BACKEND / "locale", BACKEND / "locale" / "frameworks"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
DATA_DIR = Path(env.text("DATA_DIR", str(BACKEND.parent / ".data")))
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
FRONTEND_DIST = Path(env.text("FRONTEND_DIST", str(BACKEND.parent / "frontend" / "dist")))
# `dist/` is built with the base /static/, so its index.html and its hashed assets are served side by side with Django's.
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:  # noqa: N802
    return "/static/assets/" in url


RELEASE = env.text("RELEASE", "")
if not RELEASE:
    _index = FRONTEND_DIST / "index.html"
    RELEASE = hashlib.blake2b(
        _index.read_bytes() if _index.exists() else b"", digest_size=4
    ).hexdigest()

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.core.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],  # `Transactional.check_permissions` is closed by default
    "DEFAULT_RENDERER_CLASSES": ["apps.core.render.Renderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.render.Parser"],
    "DEFAULT_SCHEMA_CLASS": "apps.core.schema.ResourceSchema",
    "EXCEPTION_HANDLER": "apps.core.errors.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Medicine ERP",
    "DESCRIPTION": "The API of Medicine ERP. Times are UTC in ISO 8601, money is tenge as text.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": True,
    "ENUM_NAME_OVERRIDES": {
        "AppointmentStatus": "apps.calendar.models.Appointment.Status",
        "BreakKind": "apps.calendar.models.BreakKind",
        "AbsenceKind": "apps.staff.models.Absence.Kind",
        "RotaSource": "apps.calendar.api.rota.SOURCES",
        "SourceEnum": "apps.calendar.models.Appointment.Source",
        "ReserveKind": "apps.calendar.models.Reserve.Kind",
        "SegmentRole": "apps.calendar.models.Segment.Role",
        "WaitingStatus": "apps.calendar.models.WaitingEntry.Status",
        "VisitStatus": "apps.visits.models.Visit.Status",
        "InvoiceState": "apps.billing.models.Invoice.State",
        "PaymentKind": "apps.billing.models.Payment.Kind",
        "PaymentMethod": "apps.billing.models.Payment.Method",
        "MessageState": "apps.comms.models.Message.State",
        "Language": "apps.core.models.User.Language",
        "TextLanguage": "apps.comms.api.messages.LANGUAGES",
    },
}

# What an organisation's own settings may override (see apps.org.preferences)
SMS_PROVIDER = env.text("SMS_PROVIDER", "mock")
SMS_MOCK_URL = env.text("SMS_MOCK_URL", "http://127.0.0.1:8025")
SMS_RATE_LIMIT_PER_MIN = env.number("SMS_RATE_LIMIT_PER_MIN", 30)
SMS_PRICE_PER_SMS = env.text("SMS_PRICE_PER_SMS", "15.0")
QUIET_HOURS_START = env.number("QUIET_HOURS_START", 22)
QUIET_HOURS_END = env.number("QUIET_HOURS_END", 8)
ONLINE_BOOKING_URL = env.text("ONLINE_BOOKING_URL", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "apps.core.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    # Django's own lines carry addresses and values; ours say the same without them.
    "loggers": {"django.request": {"level": "CRITICAL"}, "django.security": {"level": "CRITICAL"}},
}

SILENCED_SYSTEM_CHECKS = ["models.W045"]  # raw checks of Occupancy: the database is who validates

guard.check(MODE, globals())
