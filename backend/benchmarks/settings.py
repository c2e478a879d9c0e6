"""The product's settings, plus two views to compare with (see ``urls``), and without the limits of single users."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
RATE_PER_USER = RATE_PER_ORGANIZATION = RATE_PER_ADDRESS = 0
