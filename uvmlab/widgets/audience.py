"""Whether anybody is there to answer."""

from typing import Any

from IPython import get_ipython


def request() -> dict[str, Any]:
    """Return the message that the kernel works on now; an empty one outside of a notebook."""
    kernel = getattr(get_ipython(), "kernel", None)
    return {} if kernel is None else kernel.get_parent("shell")


def anybody_there() -> bool:
    """Whether somebody can answer a widget that is shown now.

    Nobody can when the running request does not allow stdin: under nbclient and nbval; and outside of a
    notebook.  A widget's own message comes from somebody.
    """
    asked = request()
    if asked.get("header", {}).get("msg_type") == "comm_msg":
        return True
    return bool(asked.get("content", {}).get("allow_stdin"))
