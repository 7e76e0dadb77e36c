"""Forms about people: accounts, workspaces, members, invitations, one's own settings."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from headway.basics.language import LANGUAGES
from headway.store.actions.workspaces import LARGEST_MARGIN
from headway.store.queries.people import PersonRow, Role

ROLE_WORDS = {
    Role.LEADER: "Leads the team: sees and changes everything.",
    Role.SELLER: "Works deals and records what buyers do.",
    Role.OPERATIONS: "Keeps process, imports and people in order.",
    Role.VIEWER: "Sees everything, changes nothing.",
}
ROLES = [(role.value, role.label) for role in Role]
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "NZD", "JPY", "INR", "BRL")
SPOKEN = [("", "As your browser asks"), *LANGUAGES.items()]
THEMES = [("", "As the system"), ("light", "Light"), ("dark", "Dark")]


def zones() -> list[tuple[str, str]]:
    """Time zones to choose from: UTC, then Region/City."""
    named = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in named)]


class NameField(forms.CharField):
    """A name, with its spaces in order."""

    def __init__(self, what: str, **rest: Any) -> None:
        missing = {"required": f"Write {what}."}
        super().__init__(max_length=120, error_messages=missing, **rest)

    def clean(self, value: Any) -> str:
        """Without line breaks and doubled spaces."""
        return " ".join(super().clean(value).split())


class AddressField(forms.EmailField):
    """A mail address, in lower case."""

    def __init__(self, **rest: Any) -> None:
        messages = {
            "required": "Write the mail address.",
            "invalid": "This is no mail address: write it as in name@example.com.",
        }
        widget = forms.EmailInput(attrs={"autocomplete": "username"})
        super().__init__(label="Mail address", error_messages=messages, widget=widget, **rest)

    def clean(self, value: Any) -> str:
        """In lower case: two spellings of one address are one account."""
        return str(super().clean(value)).lower()


class NewAccount(forms.Form):
    """Name and password of a new account; `email` is known to subclasses' caller."""

    name = NameField("your name", label="Your name", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="Password",
        help_text="At least 12 characters. Four words that only you would put together are good.",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        error_messages={"required": "Choose a password of at least 12 characters."},
    )
    email = ""

    def clean(self) -> dict[str, Any]:
        """The password is not one of the common ones, and not the name or address."""
        given = super().clean() or {}
        if given.get("password"):
            person = PersonRow(email=given.get("email", self.email), name=given.get("name", ""))
            try:
                validate_password(given["password"], person)
            except ValidationError as problem:
                self.add_error("password", problem)
        return given


class TokenForm(forms.Form):
    """The part of a link after `#`, read by the page itself, or pasted."""

    token = forms.CharField(
        label="Code of the link",
        help_text="The part of the link after #. Paste it here where the page did not fill it in.",
        max_length=400,
        widget=forms.TextInput(attrs={"data-fragment": "", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Paste the part of the link after #."},
    )

    def clean_token(self) -> str:
        """Only what stands after `#`, should somebody paste the whole link."""
        return str(self.cleaned_data["token"]).rsplit("#", 1)[-1].strip()


class SetUp(TokenForm, NewAccount):
    """The first account and its workspace."""

    email = AddressField()  # type: ignore[assignment]
    workspace = NameField("the name of your company or team", label="Company or team")
    field_order = ("token", "name", "email", "password", "workspace")


class NewWorkspace(forms.Form):
    """A workspace with nothing in it."""

    name = NameField("the name of the company or team", label="Company or team")
    currency = forms.ChoiceField(label="Currency", choices=[(code, code) for code in CURRENCIES])
    zone = forms.ChoiceField(label="Time zone", choices=zones)


class Invite(forms.Form):
    """Whom to let in, as what."""

    email = AddressField()
    role = forms.ChoiceField(label="Role", choices=ROLES, initial=Role.SELLER, widget=forms.RadioSelect)


class MemberRole(forms.Form):
    """What a member is."""

    role = forms.ChoiceField(
        label="Role", choices=ROLES, widget=forms.RadioSelect, error_messages={"required": "Choose a role."}
    )


class MemberOwner(forms.Form):
    """Who a member is in the CRM."""

    owner = forms.CharField(
        label="Name in the CRM",
        help_text="Deals of this owner are theirs, and stand on their page “My deals”. Empty: none.",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "owners", "autocomplete": "off"}),
    )


class Margin(forms.Form):
    """From how many points on a cost matters."""

    points = forms.IntegerField(
        label="Margin in points",
        help_text="A step that surely costs less counts as harmless to leave out. Settle it before looking at results.",
        min_value=1,
        max_value=LARGEST_MARGIN,
        error_messages={
            "required": "Write a number of points.",
            "invalid": "Write a whole number of points.",
            "min_value": f"Write 1 to {LARGEST_MARGIN} points.",
            "max_value": f"Write 1 to {LARGEST_MARGIN} points.",
        },
    )


class PersonSettings(forms.Form):
    """What somebody sets for themselves."""

    name = NameField("your name", label="Name", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    zone = forms.ChoiceField(label="Time zone", choices=zones)
    language = forms.ChoiceField(label="Language", choices=SPOKEN, required=False)
    theme = forms.ChoiceField(label="Appearance", choices=THEMES, required=False, widget=forms.RadioSelect)
    keys_on = forms.BooleanField(label="Single-key shortcuts", required=False, help_text="Press ? for the list.")
