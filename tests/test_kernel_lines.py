"""From Python code to C lines: what pager.py's comments may be, and what survives reformatting."""

import ast
import functools
import importlib.util
import io
import json
import re
import subprocess
import sys
import tokenize
from collections import defaultdict
from pathlib import Path

import pytest

from tests.kernel_scenes import boot, places
from uvmlab.kernel import SEVEN, Cluster, Machine, lines, pager
from uvmlab.replay import Replay, check_vector
from uvmlab.worlds import load, world

PAGER = Path(pager.__file__).read_text()
GOLDEN = (Path(__file__).parent / "golden" / "vectors.jsonl").read_text().splitlines()


# What pager.py's comments may be


def given(source):
    """Return {source line: [C lines that comments on it give]}, of trailing comments and of all others."""
    found = defaultdict(list)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            found[token.start[0]] += [
                int(n) for n in re.findall(r"#\s*(\d+)\s*(?=#|$)", token.string)
            ]
    return found


def spans(source):
    """List the source lines of each statement; of a compound one those before its body."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt):
            end = node.body[0].lineno if hasattr(node, "body") else node.end_lineno + 1
            found.append(range(node.lineno, max(end, node.lineno + 1)))
    return found


def refused(source):
    """List what is wrong with the numbers that a source's comments give."""
    comments, found = given(source), []
    for line, numbers in comments.items():
        here = sum(line in span for span in spans(source))
        if numbers and here != 1:
            found.append(f"line {line}: {here} statements share a number")
        found += [
            f"line {line}: {n} is no line of the seven" for n in numbers if not 86 <= n <= 730
        ]
    for span in spans(source):
        numbers = [n for line in span for n in comments.get(line, ())]
        if len(numbers) > 1:
            found.append(f"line {span.start}: a statement has the numbers {numbers}")
    return found


def test_pager_py_gives_each_statement_at_most_one_line_of_the_c():
    assert refused(PAGER) == []
    assert sum(map(len, given(PAGER).values())) > 150


def inside(body):
    return f"def f(k):\n    {body}\n"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (inside("k.a(); k.b()  # 347"), "2 statements share a number"),
        (inside("if k: return  # 347"), "2 statements share a number"),
        (inside("k.a()  # 347  # 348"), "a statement has the numbers [347, 348]"),
        (inside("k.a(  # 347\n        1)  # 348"), "a statement has the numbers [347, 348]"),
        (inside("k.a()  # 85"), "85 is no line of the seven"),
        (inside("k.a()  # 731"), "731 is no line of the seven"),
        (inside("k.a()  # 1999"), "1999 is no line of the seven"),
        (inside("k.a()\n\n# 347\n"), "0 statements share a number"),
    ],
)
def test_any_other_comment_with_a_number_is_refused(source, said):
    assert any(said in each for each in refused(source))


@pytest.mark.parametrize(
    "body", ["k.a()  # 347  # why", "k.a(\n        1,\n    )  # 347", "k.a()  # page 347 of it"]
)
def test_a_statement_may_be_long_and_have_words_beside_its_number(body):
    assert refused(inside(body)) == []


def test_every_number_of_pager_py_resolves_to_the_statement_that_gives_it():
    resolved = lines.c_lines(PAGER)
    for line, numbers in given(PAGER).items():
        assert numbers in ([], [resolved.get(line)])


def golden_pairs():
    return {
        (event[0], line)
        for vector in map(json.loads, GOLDEN)
        for event, line in zip(vector["events"], vector["lines"], strict=True)
    }


def test_each_event_and_line_of_the_vectors_is_a_statement_of_pager_py():
    numbers = {n for each in given(PAGER).values() for n in each}
    assert {line for _, line in golden_pairs()} <= numbers


# Formatting


def formatted(tmp_path, width):
    """Import a copy of pager.py that ruff laid out to another width."""
    copy = tmp_path / f"pager_{width}.py"
    copy.write_text(PAGER)
    ruff = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--isolated",
        f"--line-length={width}",
        str(copy),
    ]
    subprocess.run(ruff, check=True, capture_output=True)
    assert copy.read_text() != PAGER
    spec = importlib.util.spec_from_file_location(copy.stem, copy)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("width", [60, 200])
def test_events_and_lines_survive_any_width(tmp_path, monkeypatch, width):
    module = formatted(tmp_path, width)
    seven = {name: getattr(module, name) for name in SEVEN}
    ours = load.boot
    monkeypatch.setattr(load, "boot", lambda state, **options: ours(state, **options, **seven))
    seen = set()
    for vector in map(json.loads, GOLDEN[::4]):
        run = Replay(check_vector(vector))
        got = run.run()
        assert (got["events"], got["lines"]) == (vector["events"], vector["lines"])
        assert run.m.seven["dropcluster"] is module.dropcluster
        seen |= {(event[0], line) for event, line in zip(got["events"], got["lines"], strict=True)}
    assert len(seen) > 50


@pytest.mark.parametrize("width", [60, 200])
def test_notes_survive_any_width(tmp_path, width):
    module = formatted(tmp_path, width)
    seven = {name: getattr(module, name) for name in SEVEN}
    w = world(swap=8).vnode("f", 6, modified=True).page("p2", flags="BUSY").disk("ERROR", "ERROR")
    found = []
    for options in ({}, seven):
        m = boot(w, **options)
        m.locks.lock(m.objects[0].vmobjlock)
        m.locks.lock(m.queues.lock)
        m.call("pager_put", m.objects[0], m.pages[2], Cluster(room=16), 0x10, 0, 0)
        found.append(places(m))
    assert found[0] == found[1]
    assert None not in [line for _, line in found[0]]


# A learner's functions


def one_page_only(k, uobj, cluster, center, flags, mlo, mhi):
    k.pgo_cluster(uobj, center.offset)  # 285
    k.note("mine", center)
    k.plug(cluster, 0, center)  # 296  # the only one
    if flags:  # 292
        k.lock(
            k.pager_map.wanted_lock,
        )  # 123
    k.store(cluster, "npages", 1)
    return cluster


def clustered(mine):
    m = boot(world().vnode("f", 2), mk_pcluster=mine)
    m.call("mk_pcluster", m.objects[0], Cluster(room=16), m.pages[0], 1, 0, 8192)
    return places(m)


OWN = [("pgo_cluster", 285), ("note", None), ("plug", 296), ("lock", 123), ("store", None)]


def test_a_learner_s_comments_give_its_lines_and_no_comment_gives_none():
    assert clustered(one_page_only) == OWN


def test_a_decorated_function_has_the_lines_of_the_one_inside():
    @functools.wraps(one_page_only)
    def decorated(*args):
        return one_page_only(*args)

    assert clustered(decorated) == OWN


def test_a_panic_in_a_decorated_function_has_its_line():
    def mine(k, entry, prot):
        k.panic("mine")  # 401

    @functools.wraps(mine)
    def decorated(*args):
        return mine(*args)

    m = boot(world(), shareprot=decorated)
    with pytest.raises(Exception, match="^mine$"):
        m.call("shareprot", None, 0)
    assert places(m) == [("panic", 401)]


def test_a_function_made_by_exec_has_no_lines():
    space = {}
    exec("def mine(k, entry, prot):\n    k.printf('hello')  # 401\n", space)  # noqa: S102
    m = boot(world(), shareprot=space["mine"])
    m.call("shareprot", None, 0)
    assert places(m) == [("printf", None)]
    assert str(m.trace.steps[0]) == "     printf hello"


def test_a_lambda_has_the_line_of_its_statement():
    mine = lambda k, entry, prot: k.printf("hello")  # noqa: E731  # 401
    m = boot(world(), shareprot=mine)
    m.call("shareprot", None, 0)
    assert places(m) == [("printf", 401)]


def test_a_match_gives_each_case_its_own_line():
    def mine(k, entry, prot):
        match prot:  # 389
            case 0:
                k.printf("none")
            case 1:
                k.printf("read")  # 400
            case _:
                k.printf("all")  # 401

    found = []
    for prot in (0, 1, 7):
        m = boot(world(), shareprot=mine)
        m.call("shareprot", None, prot)
        found += places(m, "printf")
    assert found == [None, 400, 401]


def test_one_lines_of_a_compound_statement_has_its_number():
    source = "if a: b()  # 401\n"
    assert lines.c_lines(source) == {1: 401}


@pytest.mark.parametrize("source", ["%%time\nk.a()  # 5\n", "(", "'''"])
def test_what_is_no_python_has_no_lines(source):
    assert lines.c_lines(source) == {}


def test_code_that_has_not_begun_has_no_line():
    assert lines.c_line(one_page_only.__code__, -1) is None


def test_code_without_a_line_has_none():
    code = compile("x = 1", "nowhere", "exec").replace(co_linetable=b"\xf8\xf8")
    assert lines.c_line(code, 0) is None


# Installing


def plain(*_):
    """Take anything."""


def sleeping(*_):
    """Take anything, and sleep."""
    yield


@pytest.mark.parametrize("name", SEVEN)
def test_each_of_the_seven_can_be_replaced_by_its_own_kind_only(name):
    may_sleep = name in ("pagermapin", "pager_put")
    right, bad = (sleeping, plain) if may_sleep else (plain, sleeping)
    if name != "pager_init":  # it runs at boot
        assert Machine(**{name: right}).seven[name] is right
    said = (
        f"^{name} may sleep: write it with"
        if may_sleep
        else f"^{name} may not sleep: write it without"
    )
    with pytest.raises(TypeError, match=said):
        Machine(**{name: bad})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"mk_cluster": plain},
            "'mk_cluster' is none of the seven functions: pager_init, pagermapin",
        ),
        ({"shareprot": 5}, "shareprot must be a function, not 5"),
        (
            {"shareprot": lambda k, entry: 0},
            r"shareprot is called as shareprot\(k, entry, prot\): too many",
        ),
        (
            {"shareprot": lambda k, entry, prot, more: 0},
            r"\(k, entry, prot\): missing a required argument: 'more'",
        ),
        (
            {"shareprot": max},
            r"shareprot is called as shareprot\(k, entry, prot\): no signature found",
        ),
    ],
)
def test_what_cannot_be_installed_is_refused_with_what_is_legal(options, said):
    with pytest.raises(TypeError, match=said):
        Machine(**options)


def test_a_learner_s_pager_put_sleeps_as_the_file_s_does():
    def mine(k, uobj, pg, cluster, flags, start, stop):
        result = yield from k.swap_put(start, cluster.pages, flags & 2)  # 512
        return result

    m = boot(world(swap=8).anons(2, slot=1, flags="BUSY"), pager_put=mine)
    assert m.call("pager_put", None, None, Cluster(m.pages), 2, 1, 0).name == "OK"
    assert ("swap_put", 512) in places(m)
    assert m.env.now == 8000 + 2 * 400


def test_a_comment_on_a_line_of_its_own_gives_no_number():
    assert lines.c_lines("if a:\n    # 347\n    b()\n") == {}
