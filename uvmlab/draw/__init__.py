"""A state or a run as a picture, and the same in words."""

from uvmlab.draw.picture import Picture, graph, show, svg
from uvmlab.draw.render import RenderError
from uvmlab.draw.words import text

__all__ = ["Picture", "RenderError", "graph", "show", "svg", "text"]
