"""The one Django app that holds the tables."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StoreConfig(AppConfig):
    """Guards of the history are made anew after every migration: altering a SQLite table drops them silently."""

    name = "headway.store"
    label = "store"

    def ready(self) -> None:
        """Hang the guards behind every migration."""
        from headway.store.guards import guard_after_migration

        post_migrate.connect(guard_after_migration, sender=self)
