"""Forms about notices: when and how somebody is told, and where Slack takes messages."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from headway.basics.errors import UserError
from headway.jobs.slack import check_hook
from headway.store.actions.notice_choices import Choice

CHANNELS = [("mail", "By mail"), ("slack", "In Slack"), ("none", "Nothing at all")]
WEEKDAYS = [(str(day), name) for day, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))]
MEMBER = re.compile(r"[UW][A-Z0-9]{2,38}")


class HookField(forms.CharField):
    """An incoming webhook of Slack. It is a secret: what is typed is never shown again."""

    def __init__(self, **rest: Any) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "https://hooks.slack.com/services/…"}
        )
        super().__init__(max_length=300, widget=widget, **rest)

    def clean(self, value: Any) -> str:
        """As given, where a message may be posted there."""
        given = str(super().clean(value)).strip()
        try:
            return check_hook(given) if given else ""
        except UserError as problem:
            raise forms.ValidationError(str(problem)) from None


def clock_field(label: str) -> forms.TimeField:
    """A time of the day, to the minute."""
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Write a time, as in 08:00.", "invalid": "Write a time, as in 08:00."},
    )


class Choices(forms.Form):
    """When and how somebody is told. `has_hook`: one was set before, and an empty field keeps it."""

    channel = forms.ChoiceField(label="How", choices=CHANNELS, widget=forms.RadioSelect)
    digest_at = clock_field("The digest comes at")
    weekdays = forms.MultipleChoiceField(
        label="On", choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose a day."}
    )
    quiet_from = clock_field("Quiet from")
    quiet_until = clock_field("until")
    slack_hook = HookField(label="Your Slack hook", required=False)
    slack_member = forms.CharField(
        label="Your Slack member ID",
        required=False,
        max_length=40,
        help_text="In Slack: your profile, More, Copy member ID. Only this member’s presses are yours.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "U012AB3CD"}),
    )

    def __init__(self, *given: Any, has_hook: bool, mail_works: bool, **rest: Any) -> None:
        super().__init__(*given, **rest)
        self.has_hook, self.mail_works = has_hook, mail_works
        if has_hook:
            self.fields["slack_hook"].help_text = "One is set. Leave this empty to keep it; it is never shown again."

    def clean_slack_member(self) -> str:
        """In capitals, as Slack writes it."""
        given = str(self.cleaned_data["slack_member"]).strip().upper()
        if given and not MEMBER.fullmatch(given):
            raise forms.ValidationError("This is no member ID: it begins with U or W, as in U012AB3CD.")
        return given

    def clean(self) -> dict[str, Any]:
        """Slack needs a hook."""
        given = super().clean() or {}
        no_hook = not (self.has_hook or given.get("slack_hook") or "slack_hook" in self.errors)
        if given.get("channel") == "slack" and no_hook:
            self.add_error("slack_hook", "To be told in Slack, set a hook here.")
        return given

    @property
    def choice(self) -> Choice:
        """What was chosen."""
        given = self.cleaned_data
        return Choice(
            channel=given["channel"], digest_at=given["digest_at"], weekdays="".join(sorted(given["weekdays"])),
            quiet_from=given["quiet_from"], quiet_until=given["quiet_until"], slack_member=given["slack_member"],
            hook=given["slack_hook"],
        )  # fmt: skip


class WorkspaceHook(forms.Form):
    """Where a workspace's minutes go."""

    hook = HookField(
        label="Incoming webhook",
        help_text="In Slack: your app, Incoming Webhooks, Add New Webhook, choose the channel, copy its address.",
        error_messages={"required": "Paste the address of the hook."},
    )
