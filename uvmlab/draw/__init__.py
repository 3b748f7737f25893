"""A state or a run as a picture, and the same in words."""

from uvmlab.draw.drawing import Drawing, drawing
from uvmlab.draw.kinds import KINDS
from uvmlab.draw.picture import Picture, graph, show, svg
from uvmlab.draw.render import RenderError
from uvmlab.draw.words import text

__all__ = ["KINDS", "Drawing", "Picture", "RenderError", "drawing", "graph", "show", "svg", "text"]
