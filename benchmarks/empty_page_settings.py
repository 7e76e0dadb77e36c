"""The application's settings with one address more: a page that shows nothing, behind the same door."""

from headway.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.empty_page_urls"
