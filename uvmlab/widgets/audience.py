"""Whether anybody is there to answer."""

from IPython import get_ipython


def anybody_there() -> bool:
    """Whether somebody can answer a widget that is shown now.

    Nobody can when the running request does not allow stdin: under nbclient and nbval; and outside of a
    notebook.  A widget's own message comes from somebody.
    """
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None:
        return False
    request = kernel.get_parent("shell")
    if request.get("header", {}).get("msg_type") == "comm_msg":
        return True
    return bool(request.get("content", {}).get("allow_stdin"))
