"""Starting states: a builder, seeded families, JSON in and out."""

from uvmlab.worlds.state import AnonState, ObjectState, PageState, State
from uvmlab.worlds.world import World, world

__all__ = ["AnonState", "ObjectState", "PageState", "State", "World", "world"]
