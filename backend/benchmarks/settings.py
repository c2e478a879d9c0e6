"""The product's settings, plus two views to compare with (see ``urls``), and without the limits of single users."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
RATE_LIMITS = {"user": 0, "tenant": 0, "address": 0}
