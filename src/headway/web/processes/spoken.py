"""A starter in the language of who begins with it; from then on its texts are theirs, and nobody translates them."""

from __future__ import annotations

from dataclasses import replace

from headway.basics.language import told
from headway.process.definition import Milestone, Process, Stage, Step
from headway.process.starters import get_starter


def starter_spoken(name: str) -> Process:
    """The starter with its names, acts, questions and steps told; ids and activities stay: others refer to them."""
    process = get_starter(name)
    return replace(process, name=told(process.name), stages=tuple(map(_stage, process.stages)))


def _stage(stage: Stage) -> Stage:
    milestones, steps = tuple(map(_milestone, stage.milestones)), tuple(map(_step, stage.steps))
    return replace(stage, name=told(stage.name), milestones=milestones, steps=steps)


def _milestone(milestone: Milestone) -> Milestone:
    return replace(milestone, buyer=told(milestone.buyer), ask=told(milestone.ask))


def _step(step: Step) -> Step:
    return replace(step, seller=told(step.seller))
