"""Events and notes: what the seven functions did, in order.

An *event* is a call that they make out of `uvm_pager.c`, a *note* says what no event says.  Both are
plain tuples `(kind, code, lasti, *arguments)`; names and C lines are worked out only when asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from sys import _getframe
from types import CodeType
from typing import Any, Final, NamedTuple

from uvmlab.kernel.flags import PAGE_SIZE, PG, PGO, Prot, words

Listener = Callable[[], None]

BEGINS: Final = (  # recorded when the call begins
    "lock",
    "unlock",
    "lock_init",
    "pmap_page_protect",
    "pmap_clear_reference",
    "pmap_clear_modify",
    "page_own",
    "swap_free",
    "uao_set_swslot",
    "wakeup",
    "anfree",
    "releasepg",
    "free",
    "unmap_remove",
    "unmap_detach",
    "pmap_enter",
    "km_suballoc",
    "tailq_init",
    "pgo_init",
    "printf",
)
ANSWERS: Final = ("pgo_cluster", "pagelookup", "pmap_is_modified", "malloc", "uvm_map")  # with it
SLEEPS: Final = ("pgo_put", "swap_put")  # generators that answer
MADE: Final = ("pmap_kenter_pgs", "sleep", "resume", "deadlock", "panic")  # made by hand below
EVENTS: Final = frozenset((*BEGINS, *ANSWERS, *SLEEPS, *MADE))
DAEMON: Final = (  # the page daemon's acts, and the end of an I/O
    "scan",
    "look",
    "leave",
    "spare",
    "keep",
    "reclaim",
    "reserve",
    "take",
    "close",
    "pick",
    "unbusy",
    "crowded",
    "wait",
    "io_done",
    "drain",
    "drained",
)
NOTES: Final = ("set", "clear", "store", "plug", "note", *DAEMON)


class Step(NamedTuple):
    """One event or note, in words: its kind, its C line (None if its code names none), its arguments."""

    kind: str
    line: int | None
    args: tuple[Any, ...]

    @property
    def is_event(self) -> bool:
        """Whether it is a call out of `uvm_pager.c`; else it is a note."""
        return self.kind in EVENTS

    def __str__(self) -> str:
        args = [_said(arg) for arg in self.args]
        said = _WORDED[self.kind].format(*args) if self.kind in _WORDED else " ".join(args)
        return f"{self.line or '':>4} {self.kind}{' ' * bool(said)}{said}"

    def __repr__(self) -> str:
        return str(self)


_WORDED: Final = {  # where bare arguments would leave the reader guessing
    "swap_free": "slot {0}, n {1}",
    "swap_put": "slot {0} {1} {2}: {3}",
    "pgo_put": "{0} {1} {2}: {3}",
    "pgo_cluster": "{0} offset {1}: {2} to {3}",
    "pagelookup": "{0} offset {1}: {2}",
    "pmap_is_modified": "{0}: {1}",
    "uao_set_swslot": "{0}[{1}] slot {2}",
    "uvm_map": "n {0}: at {1}",
    "unmap_remove": "at {0}, n {1}",
    "pmap_enter": "at {0}: {1}",
    "pmap_kenter_pgs": "at {0}: {1}",
    "store": "{0}.{1} = {2}",
    "take": "{0} slot {1}",
    "close": "{0} slot {1}",
    "scan": "free {0}, wanted {1}",
}


def _said(arg: Any) -> str:
    if isinstance(arg, list | tuple):
        return "[" + " ".join(_said(item) for item in arg) + "]"
    return "-" if arg is None else str(arg)


class Trace:
    """What happened, as raw tuples in `raw`; `steps` and `events` say it in words.

    Each of `listeners` is called after every event and note, when the call it tells of has returned; each of
    `before` when such a call is about to begin.
    """

    def __init__(self) -> None:
        self.raw: list[tuple[Any, ...]] = []
        self.listeners: list[Listener] = []
        self.before: list[Listener] = []

    @property
    def steps(self) -> list[Step]:
        """All events and notes."""
        return [step(raw) for raw in self.raw]

    @property
    def events(self) -> list[Step]:
        """The events: all calls out of `uvm_pager.c`."""
        return [step(raw) for raw in self.raw if raw[0] in EVENTS]

    def add(self, kind: str, code: CodeType, lasti: int, *args: Any) -> None:
        """Record one event or note and tell the listeners."""
        self.raw.append((kind, code, lasti, *args))
        self.tell()

    def tell(self) -> None:
        """Call the listeners."""
        for listener in self.listeners:
            listener()

    def begin(self) -> None:
        """Call those who want to look before a call begins."""
        for listener in self.before:
            listener()

    def wrap(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap the entry `name` of the kernel's table, so that it records itself."""
        if name in BEGINS or name in NOTES:
            return self.begins(name, call)
        if name in ANSWERS:
            return self.answers(name, call)
        if name in SLEEPS:
            return self.sleeps(name, call)
        return self.each_page(name, call) if name == "pmap_kenter_pgs" else call

    def begins(self, kind: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a call that is recorded as it begins."""
        record, before, listeners = self.raw.append, self.before, self.listeners

        def traced(*args: Any) -> Any:
            if before:
                self.begin()
            frame = _getframe(1)
            record((kind, frame.f_code, frame.f_lasti, *args))
            answer = call(*args)
            if listeners:
                self.tell()
            return answer

        return traced

    def answers(self, kind: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a call that is recorded with its answer, as it returns."""

        def traced(*args: Any) -> Any:
            self.begin()
            answer = call(*args)
            frame = _getframe(1)
            self.add(kind, frame.f_code, frame.f_lasti, *args, answer)
            return answer

        return traced

    def sleeps(self, kind: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a generator that is recorded with its answer, as it returns."""

        def traced(*args: Any) -> Generator[Any, Any, Any]:
            self.begin()
            answer = yield from call(*args)
            self.begin()
            frame = _getframe(1)
            self.add(kind, frame.f_code, frame.f_lasti, *args, answer)
            return answer

        return traced

    def waits(self, unlock: Callable[..., Any], lie_down: Callable[..., Any]) -> Callable[..., Any]:
        """Make the wait of line 167: `unlock`, `sleep`, and `resume` if it comes to that."""

        def traced(channel: Any, lock: Any) -> Generator[Any, Any, None]:
            self.begin()
            frame = _getframe(1)
            self.raw.append(("unlock", frame.f_code, frame.f_lasti, lock))
            unlock(lock)
            self.tell()
            self.raw.append(("sleep", frame.f_code, frame.f_lasti, channel))
            event = lie_down(channel)
            self.tell()
            yield event
            self.begin()
            self.add("resume", frame.f_code, frame.f_lasti)

        return traced

    def each_page(self, kind: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a call on many pages that is recorded page by page."""

        def traced(kva: int, pages: Any) -> None:
            frame = _getframe(1)
            for index, page in enumerate(pages):
                self.begin()
                call(kva + index * PAGE_SIZE, (page,))
                self.add(kind, frame.f_code, frame.f_lasti, kva + index * PAGE_SIZE, page)

        return traced


def _name(thing: Any) -> Any:
    return None if thing is None else thing.name


def _names(things: Any) -> list[Any]:
    return [_name(thing) for thing in things]


def _index(kva: int | None) -> int | None:
    return None if kva is None else kva // PAGE_SIZE


def _pgo(flags: int) -> list[str]:
    return words(PGO, flags)


def _pg(flags: int) -> list[str]:
    return words(PG, flags)


_PAGE = (_name,)
_FORM: Final[dict[str, tuple[Callable[[Any], Any] | None, ...]]] = {  # how each argument is shown
    "lock": _PAGE,
    "unlock": _PAGE,
    "lock_init": _PAGE,
    "pgo_cluster": (_name, int, list),
    "pagelookup": (_name, int, _name),
    "pmap_is_modified": (_name, bool),
    "pmap_page_protect": (_name, lambda prot: Prot(prot).name),
    "pmap_clear_reference": _PAGE,
    "pmap_clear_modify": _PAGE,
    "page_own": (_name, lambda tag: tag),
    "pgo_put": (_name, _names, _pgo, lambda result: result.name),
    "swap_put": (int, _names, _pgo, lambda result: result.name),
    "uao_set_swslot": (_name, int, int),
    "wakeup": _PAGE,
    "anfree": _PAGE,
    "releasepg": (None, lambda page: "-" if page is None else page.name),
    "malloc": (str, None, _name),
    "free": _PAGE,
    "uvm_map": (int, _index),
    "unmap_remove": (_index, int),
    "pmap_enter": (_index, _name),
    "pmap_kenter_pgs": (_index, _name),
    "sleep": _PAGE,
    "pgo_init": _PAGE,
    "set": (_name, _pg),
    "clear": (_name, _pg),
    "reserve": (None,),
    "pick": (_name, None),
    "take": (None, _name, int),
    "close": (None, _names, int),
    "io_done": (_name, lambda result: result.name),
    "drain": (_name, lambda result: result.name),
}


def step(raw: tuple[Any, ...]) -> Step:
    """Put a raw tuple into words.

    Returns: the step; an event's arguments are those of the golden vectors: names for things, page
        indexes for addresses of the arena, lists of words for flags.
    """
    from uvmlab.kernel.lines import c_line  # noqa: PLC0415  `ast` and `tokenize` take their time to load

    kind, code, lasti, *args = raw
    form = _FORM.get(kind)
    if form is None:
        shown = [_plain(arg) for arg in args]
    else:
        shown = [show(arg) for show, arg in zip(form, args, strict=True) if show is not None]
    if kind == "pgo_cluster":
        shown[2:] = shown[2]
    return Step(kind, c_line(code, lasti), tuple(shown))


def _plain(arg: Any) -> Any:
    return _names(arg) if type(arg) is tuple else getattr(arg, "name", arg)
