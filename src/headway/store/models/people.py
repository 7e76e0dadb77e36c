"""People, the workspaces they belong to, and the links that let them in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from headway.store.models.keys import new_key, new_secret


class Role(models.TextChoices):
    """What somebody is in a workspace."""

    LEADER = "leader"
    SELLER = "seller"
    OPERATIONS = "operations"
    VIEWER = "viewer"


class People(BaseUserManager["Person"]):
    """Looks people up by their address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person with this address."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who can log in. `is_active` false ends all access at once."""

    key = models.CharField(max_length=12, unique=True, default=new_key)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField()
    theme = models.CharField(max_length=6, default="", blank=True)  # empty: as the system does
    zone = models.CharField(max_length=64, default="UTC")
    keys_on = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="", blank=True)  # empty: as the browser asks
    operator = models.BooleanField(default=False)  # set the installation up; may make workspaces

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def never_let_in(self) -> bool:
        """Whether they are known from an export only: nobody could ever log in as them."""
        return not self.is_active and self.last_login is None and not self.has_usable_password()

    @property
    def first_name(self) -> str:
        """How one is addressed and signs."""
        return self.name.split()[0] if self.name.split() else self.email

    def get_full_name(self) -> str:
        """For templates of allauth."""
        return self.name


class Workspace(models.Model):
    """One company's data: the tenant.

    `shows_at`: set where the newest data is of a past day; pages then show that day instead of today.
    `margin_points`: a cost below so many points does not matter. `truths`: what is really so in a simulated firm, by
    step id: {word, cost, naive}, as in `headway.verdict.value.PlantedTruth`. `second_factor_from`: from then on nobody
    gets in without one. `keep_months`: people's words on decided deals are erased so long after (None: never).
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, default="EUR")
    zone = models.CharField(max_length=64, default="UTC")
    created_at = models.DateTimeField()
    shows_at = models.DateTimeField(null=True)
    secret = models.BinaryField(default=new_secret)
    removed_at = models.DateTimeField(null=True)
    margin_points = models.IntegerField(default=10)
    truths = models.JSONField(default=dict)
    second_factor_from = models.DateTimeField(null=True)
    keep_months = models.IntegerField(null=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in a workspace. `owner`: who they are in the CRM, so that `My deals` knows which are theirs."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    owner = models.ForeignKey("store.Owner", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_visit_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "person"], condition=models.Q(ended_at=None), name="one_membership"
            )
        ]


class Invitation(models.Model):
    """A link to join a workspace, of which only the hash is kept."""

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class SetupLink(models.Model):
    """The one-time link that makes the first account of an installation; only its hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
