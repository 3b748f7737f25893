"""How a real kernel writes memory to disk."""

__version__ = "0.1.0"
