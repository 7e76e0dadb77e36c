"""Several people at once in one review, on connections of their own: nothing is lost, every change is told."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

from django.db import close_old_connections, connection

from headway.reviews.kinds import What
from headway.store.actions.decisions import decide
from headway.store.actions.reviews import answer
from headway.store.guards import ALL, enter
from headway.store.models import Answer, Decision
from tests.store.test_reviews import LATER, Ground


def test_many_at_once_lose_nothing(own_database: object) -> None:
    ground = Ground().opened()
    people = [ground.cast.alice, ground.cast.bob, ground.cast.olga]
    start = Barrier(len(people))
    failed: list[BaseException] = []
    revision = ground.review.revision

    def work(number: int) -> None:
        try:
            enter(ALL)
            start.wait()
            for turn in range(4):
                at = LATER + timedelta(seconds=turn)
                answer(item=ground.items[0], question="where", text=f"{number}-{turn}", by=people[number], at=at)
                decide(item=ground.items[number % 2], what=What.KEEP, by=people[number], at=at)
        except BaseException as error:
            failed.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [Thread(target=work, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert (Answer.objects.count(), Decision.objects.count()) == (12, 12)
    assert ground.review.revision == revision + 24, "every change was told"
