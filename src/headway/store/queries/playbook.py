"""What a workspace's playbook is made of: the published processes, the rhythm, and who has which role."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from headway.reviews.playbook import Meeting, Playbook, roles_of
from headway.store.models import Membership
from headway.store.queries.access import Access
from headway.store.queries.rhythms import list_rhythms
from headway.store.queries.versions import list_published, process_of

MOST = 500


def playbook_of(access: Access, at: datetime) -> Playbook:
    """As it is now: the newest version of each process that is in use."""
    newest = {version.process_id: version for version in list_published(access.workspace)}
    people: dict[str, tuple[str, ...]] = {}
    members = Membership.objects.filter(workspace=access.workspace, ended_at=None, person__is_active=True)
    for role, name in members.order_by("person__name").values_list("role", "person__name")[:MOST]:
        people[role] = (*people.get(role, ()), name)
    meetings = tuple(
        Meeting(
            one.name, one.rule, f"{one.starts:%H:%M} ({one.zone})", one.minutes, one.leader.name,
            tuple(sorted(row.person.name for row in one.people.all() if row.person_id != one.leader_id)), one.place,
        )
        for one in list_rhythms(access)
    )  # fmt: skip
    today = at.astimezone(ZoneInfo(access.workspace.zone)).date()
    processes = tuple(process_of(version) for version in newest.values())
    return Playbook(access.workspace.name, today, processes, meetings, roles_of(people))
