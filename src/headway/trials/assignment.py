"""Which arm a new deal goes to: at random, in blocks per owner, and the same whenever it is asked again.

Permuted blocks of two or four deals per owner: after every block each of an owner's arms has as many deals as the
other, so that a good seller cannot tilt the comparison. The size of a block follows from the seed too: who counts along
and guesses is right in 72 of 100 deals (always two: 75; a coin: 50), and has nothing to choose even then.
Source: Schulz and Grimes, The Lancet 359 (2002), 515 and 966.
"""

from __future__ import annotations

import hashlib

AS_USUAL, LEFT_OUT, OTHER_WORDS = "asked", "left out", "other words"
BLOCKS = {2: ("01", "10"), 4: ("0011", "0101", "0110", "1001", "1010", "1100")}


def arm_of(seed: int, owner: str, earlier: int) -> int:
    """The arm, 0 or 1, of the deal that comes to `owner` after `earlier` other deals of theirs in the same trial.

    Nothing is remembered between calls: seed, owner and the number of deals before settle it. `owner` may be empty:
    deals that nobody owns are a group of their own. ValueError for a negative number.
    """
    if earlier < 0:
        raise ValueError("no fewer than 0 deals came before")
    block = passed = 0
    while True:
        arms = _block(seed, owner, block)
        if earlier < passed + len(arms):
            return int(arms[earlier - passed])
        passed, block = passed + len(arms), block + 1


def _block(seed: int, owner: str, number: int) -> str:
    """The arms of one block. SHA-256 rather than a generator: its stream is the same on every version and machine."""
    digest = hashlib.sha256(f"{seed}\n{owner}\n{number}".encode()).digest()
    orders = BLOCKS[4 if digest[0] % 2 else 2]
    return orders[int.from_bytes(digest[1:9], "big") % len(orders)]


def event_name(trial: str, arm: str) -> str:
    """How an event `trial_assigned` names a trial and one of its arms."""
    return f"{trial}: {arm}"


def read_event_name(name: str) -> tuple[str, str] | None:
    """(trial, arm) of such a name; None for a name that was written otherwise."""
    trial, colon, arm = name.rpartition(": ")
    return (trial.strip(), arm.strip()) if colon and trial.strip() and arm.strip() else None
