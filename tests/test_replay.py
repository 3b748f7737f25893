"""Golden vectors: all replay, any change in what the C did is seen, and what is no vector is refused."""

import gzip
import io
import json
import re
import sys
from collections import defaultdict
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uvmlab import replay
from uvmlab.__main__ import main

GOLDEN = Path(__file__).parent / "golden" / "vectors.jsonl"
LINES = GOLDEN.read_text().splitlines()
SETS = ("flags", "pqflags", "locks_held")


def vector(i=0):
    return json.loads(LINES[i])


def written(path, *vectors):
    path.write_text(
        "".join(each if isinstance(each, str) else json.dumps(each) + "\n" for each in vectors)
    )
    return str(path)


def altered(i=0):
    """A vector whose result the C never gave."""
    data = vector(i)
    data["result"] = "otherwise"
    return data


def says(capsys, *files):
    code = main(["replay", *files])
    out, err = capsys.readouterr()
    return code, out.splitlines(), err


# All of them


def test_all_golden_vectors_replay_without_a_divergence():
    found = list(replay.replay_file(str(GOLDEN)))
    assert len(found) == 899
    assert [each for each in found if each[1] is not None] == []


def test_the_last_line_counts_and_exit_is_0(capsys, tmp_path):
    file = written(tmp_path / "v.jsonl", *(line + "\n" for line in LINES[:3]))
    assert says(capsys, file) == (0, ["3 vectors, 0 diverge"], "")


def test_whatever_an_identity_holds_it_is_one_line(capsys, tmp_path):
    odd = altered(0) | {"id": "a\ud800\nb"}
    code, out, err = says(capsys, written(tmp_path / "v.jsonl", odd))
    assert (code, err) == (1, "")
    assert out[0].startswith("a\\ud800\\nb: ")
    assert out[1:] == ["1 vectors, 1 diverge"]


def test_several_files_are_counted_together(capsys, tmp_path):
    one = written(tmp_path / "one.jsonl", vector(0), vector(1))
    two = written(tmp_path / "two.jsonl", altered(2))
    code, out, _ = says(capsys, one, two)
    assert code == 1
    assert out[-1] == "3 vectors, 1 diverge"


def test_the_first_difference_of_a_divergent_vector_comes_before_the_count(capsys, tmp_path):
    code, out, err = says(capsys, written(tmp_path / "v.jsonl", altered(0), vector(1)))
    assert (code, err) == (1, "")
    assert out == [
        f'{vector(0)["id"]}: result: the C has "otherwise", the engine "OK"',
        "2 vectors, 1 diverge",
    ]


def test_at_most_ten_divergent_vectors_are_told_one_by_one(capsys, tmp_path):
    code, out, _ = says(capsys, written(tmp_path / "v.jsonl", *map(altered, range(12))))
    assert (code, len(out), out[-1]) == (1, 11, "12 vectors, 12 diverge")


def test_a_compressed_file_is_read(capsys, tmp_path):
    file = tmp_path / "v.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(LINES[:4]).encode()))
    assert says(capsys, str(file)) == (0, ["4 vectors, 0 diverge"], "")


def test_a_dash_is_standard_input(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINES[7].encode())))
    assert says(capsys, "-") == (0, ["1 vectors, 0 diverge"], "")


def test_blank_lines_are_no_vectors_and_no_mistake(capsys, tmp_path):
    file = written(tmp_path / "v.jsonl", "\n", vector(), "\n")
    assert says(capsys, file) == (0, ["1 vectors, 0 diverge"], "")


def test_without_a_file_it_says_what_is_missing_in_one_line(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["replay"])
    assert capsys.readouterr().err == (
        "python -m uvmlab replay: name a FILE, or - for standard input\n"
    )


# Any single detail


def sample():
    """Choose vectors so that each family's kinds of events, results and states are all there."""
    seen = defaultdict(set)
    for line in LINES:
        data = json.loads(line)
        features = {event[0] for event in data["events"]} | {f"={data['result']}", *data["after"]}
        known = seen[data["call"]["function"]]
        if len(data["events"]) < 40 and not features <= known:
            known |= features
            yield data


def mutants(value, key=None):
    """Yield (what was done, the value with one detail altered), going through everything in it."""
    if isinstance(value, dict):
        yield "extra key", {**value, "surplus": None}
        for name in value:
            yield f"no {name}", {other: value[other] for other in value if other != name}
            yield f"{name} renamed", {f"{k}x" if k == name else k: v for k, v in value.items()}
            for what, item in mutants(value[name], name):
                yield f"{name}: {what}", {**value, name: item}
    elif isinstance(value, list):
        yield "one more", [*value, None]
        for i, old in enumerate(value):
            yield f"no [{i}]", value[:i] + value[i + 1 :]
            yield f"[{i}] twice", [*value[:i], old, *value[i:]]
            swapped = value[:i] + value[i : i + 2][::-1] + value[i + 2 :]
            if key not in SETS and json.dumps(swapped) != json.dumps(value):
                yield f"[{i}] and the next swapped", swapped
            for what, item in mutants(old):
                yield f"[{i}]: {what}", [*value[:i], item, *value[i + 1 :]]
    else:
        yield from ((f"{value!r} -> {new!r}", new) for new in others(value))


def others(leaf):
    """Everything that a leaf might be instead, near to it and far."""
    if isinstance(leaf, bool):
        return not leaf, int(leaf), None
    if isinstance(leaf, int):
        return leaf + 1, leaf - 1, float(leaf), str(leaf), None, bool(leaf)
    if isinstance(leaf, str):
        return leaf + "x", leaf[:-1], None, 0
    return 0, False, "null", [], {}


SAMPLE = list(sample())


def test_the_sample_holds_every_family_event_and_field():
    whole = [json.loads(line) for line in LINES]
    for read in (
        lambda data: {data["call"]["function"]},
        lambda data: {event[0] for event in data["events"]},
        lambda data: set(data["after"]),
        lambda data: {type(data["result"])},
    ):
        assert set().union(*map(read, SAMPLE)) == set().union(*map(read, whole))
    assert len(SAMPLE) > 40


@pytest.mark.parametrize("data", SAMPLE, ids=lambda data: data["id"])
def test_a_vector_altered_in_any_one_detail_diverges(data):
    got = replay.Replay(replay.check_vector(data)).run()
    assert replay.difference(data, got) is None
    for part in replay.MEASURED:
        assert replay.difference({k: v for k, v in data.items() if k != part}, got)
        missed = [
            what
            for what, new in mutants(data[part])
            if not replay.difference(data | {part: new}, got)
        ]
        assert missed == []


def test_a_mutant_is_one_divergence_of_its_file(capsys, tmp_path):
    data = SAMPLE[-1]
    every = list(mutants(data["after"]))[:: max(1, len(list(mutants(data["after"]))) // 20)]
    vectors = [data | {"after": new} for _, new in every]
    code, out, err = says(capsys, written(tmp_path / "v.jsonl", data, *vectors))
    assert (code, err) == (1, "")
    assert out[-1] == f"{len(vectors) + 1} vectors, {len(vectors)} diverge"


def reversed_sets(after):
    if isinstance(after, dict):
        return {
            key: item[::-1] if key in SETS and isinstance(item, list) else reversed_sets(item)
            for key, item in after.items()
        }
    return after


def test_the_order_of_flags_and_locks_means_nothing():
    changed = 0
    for data in map(json.loads, LINES[::3]):
        other = deepcopy(data) | {"after": reversed_sets(data["after"])}
        changed += other != data
        assert replay.replay(other) is None
    assert changed > 100


@pytest.mark.parametrize(
    ("part", "new", "said"),
    [
        ("events", [], r"events: the C has 0, the engine \d+"),
        ("events", {}, r"events: the C has \{\}, the engine \["),
        ("lines", [0], r"lines\[0\]: the C has 0, the engine 285"),
        ("after", {"sky": "blue"}, r"after\.sky: only the C has it"),
        ("after", {}, r"after\.\w+: only the engine has it"),
        ("after", None, r"after: the C has null, the engine \{"),
        ("result", 0, r'result: the C has 0, the engine "OK"'),
    ],
)
def test_a_difference_says_where_it_is_and_what_is_there(part, new, said):
    assert re.match(said, replay.replay(vector(0) | {part: new}))


# What is no vector


def put(path, new):
    """Return a change of a vector: the field at `path` becomes `new`, or goes for `...`."""

    def change(data):
        *way, last = path
        for step in way:
            data = data[step]
        if new is ...:
            del data[last]
        else:
            data[last] = new

    change.__name__ = f"{'.'.join(map(str, path))} = {new!r}"
    return change


def first(function, **wanted):
    """Return the number of the first vector that calls this function in this way."""
    for i, line in enumerate(LINES):
        data = json.loads(line)
        call = data["call"]
        if call["function"] == function and all(bool(call[k]) == wanted[k] for k in wanted):
            return i
    raise LookupError(function)


PUT = first("pager_put", object=True)
OTHER = (None, True, -1, 1.5, "x", [], {}, [[]])


def wrong(path, legal):
    """List the changes that put something of the wrong type there, with what is said about each."""
    return [(put(path, new), rf"{path[-1]}.* is not ({legal})") for new in OTHER]


BAD = [
    (put(("id",), 1), "vector.id: 1 is not a text"),
    (put(("id",), ...), "vector: there is no 'id'; needed: id, slips"),
    (put(("colour",), 1), "vector: no field 'colour'; legal: id, slips"),
    (put(("slips",), "stride"), 'vector.slips: "stride" is not a list'),
    (put(("slips",), ["strides"]), r"vector.slips\[0\]: \"strides\" is not one of stride, wrong-page"),
    (put(("slips",), [[]]), r"vector.slips\[0\]: \[\] is not one of stride"),
    (put(("slips",), ["none"]), r"vector.slips\[0\]: \"none\" is not one of"),
    (put(("diagnostic",), 1), "vector.diagnostic: 1 is not true or false"),
    (put(("pmap_new",), "no"), 'vector.pmap_new: "no" is not true or false'),
    (put(("io",), ["FINE"]), r"vector.io\[0\]: \"FINE\" is not one of OK, BAD, FAIL, PEND"),
    (put(("io",), None), "vector.io: null is not a list"),
    (put(("during",), {}), r"vector.during: \{\} is not a list"),
    (put(("during", 0, "io"), True), r"vector.during\[0\].io: true is not a whole number"),
    (put(("during", 0, "page"), "p77"), "'p77' is none of the pages of its world"),
    (put(("during", 0, "set"), ["RED"]), r"\.set\[0\]: \"RED\" is not one of CLEAN, BUSY"),
    (put(("during", 0, "set"), ...), r"vector.during\[0\]: there is no 'set'; needed: io, page, set"),
    (put(("during", 0, "why"), 1), r"vector.during\[0\]: no field 'why'; legal: io, page, set"),
    (put(("call",), []), r"vector.call: null is not one of pager_init, pagermapin"),
    (put(("call", "function"), "panic"), "vector.call: \"panic\" is not one of pager_init"),
    (put(("call", "function"), "shareprot"), "vector.call: there is no 'end'; needed: function"),
    (put(("call", "object"), "o9"), "'o9' is none of the objects of its world"),
    (put(("call", "object"), 1), "vector.call.object: 1 is not a text"),
    (put(("call", "pg"), "p99"), "'p99' is none of the pages of its world"),
    (put(("call", "pages"), ["p99"]), "'p99' is none of the pages of its world"),
    (put(("call", "pages"), "p0"), 'vector.call.pages: "p0" is not a list'),
    (put(("call", "flags"), ["NOW"]), r"vector.call.flags\[0\]: \"NOW\" is not one of SYNCIO"),
    *wrong(("call", "npages"), "a whole number|0 or more"),
    *wrong(("call", "start"), "a whole number|0 or more"),
    *wrong(("call", "stop"), "a whole number|0 or more"),
    (put(("call", "center"), "p0"), "vector.call: no field 'center'; legal: function, object, pg"),
    (put(("call", "stop"), ...), "vector.call: there is no 'stop'; needed: function, object"),
    (put(("world",), []), r"vector.world: \[\] is not an object with pages, anons, objects"),
    (put(("world", "sky"), 1), "vector.world: no field 'sky'; legal: pages, anons"),
    (put(("world", "swap_slots"), True), "vector.world.swap_slots: true is not a whole number"),
    (put(("world", "swap_slots"), 10**30), "the world: swap_slots is a whole number from 0 to 16777216"),
    (put(("world", "pages", 0, "offset"), 1), "page p0: offset 1 is not a multiple of 4096"),
    (put(("world", "pages", 0, "offset"), "0"), r'pages\[0\].offset: "0" is not a whole number'),
    (put(("world", "pages", 0, "flags"), ["RED"]), "page p0: flags: 'RED' is no PG word; legal: CLEAN"),
    (put(("world", "pages", 0, "owner"), "o9"), "page p0: no owner 'o9'; legal: "),
    (put(("world", "pages", 0, "modified"), 0), r"pages\[0\].modified: 0 is not true or false"),
    (put(("world", "pages", 0, "prot"), "SOME"), "page p0: prot: 'SOME' is no Prot word; legal: NONE"),
    (put(("world", "pages", 0), None), r"pages\[0\]: null is not an object with name, owner"),
    (put(("world", "objects", 0, "pager"), "tape"), "object o0: no pager 'tape'; legal: vnode"),
    (put(("world", "objects", 0, "swslots"), []), r"swslots: \[\] is not an object from page index"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), BAD, ids=lambda x: getattr(x, "__name__", ""))
def test_what_is_wrong_in_the_question_is_named_with_its_file_and_line(
    capsys, tmp_path, change, said
):
    data = vector(PUT)
    data["during"] = [{"io": 0, "page": "p0", "set": ["WANTED"]}]
    assert replay.check_vector(data)
    change(data)
    file = written(tmp_path / "v.jsonl", vector(0), data)
    code, out, err = says(capsys, file)
    assert (code, out) == (2, [])
    assert re.match(rf"{file}, line 2: .*{said}.*\n$", err)


CALLS_AND_FIELDS = [
    (function, field)
    for function, fields in replay.CALLS.items()
    for field in fields
]  # fmt: skip


@pytest.mark.parametrize(("function", "field"), CALLS_AND_FIELDS)
def test_every_field_of_every_call_is_checked(function, field):
    data = vector(first(function))
    data["call"][field] = 1.5
    with pytest.raises(ValueError, match=rf"^vector.call.{field}: 1.5 is not "):
        replay.check_vector(data)
    del data["call"][field]
    with pytest.raises(ValueError, match=f"^vector.call: there is no '{field}'"):
        replay.check_vector(data)


def test_a_range_to_unmap_is_two_numbers():
    data = vector(first("pagermapin"))
    data["call"]["unmaps_while_asleep"] = [[0, 1, 2]]
    with pytest.raises(ValueError, match=r"unmaps_while_asleep\[0\]: not \[start, npages\]"):
        replay.check_vector(data)


def test_the_center_of_a_cluster_must_be_there():
    data = vector(first("mk_pcluster"))
    data["call"]["center"] = "p99"
    with pytest.raises(ValueError, match="'p99' is none of the pages of its world"):
        replay.check_vector(data)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: there is no vector in it"),
        (b"\n \n", "line 3: there is no vector in it"),
        (LINES[0][:-10].encode(), "line 1: Unterminated string"),
        (b"[1]\n", "line 1: a vector is an object"),
        (b"3", "line 1: a vector is an object"),
        (b"null", "line 1: a vector is an object"),
        (b"\xff\xfe\x00", "line 1: 'utf-8' codec can't decode"),
        (b"\x00\x01\x02", "line 1: Expecting value"),
        (LINES[0].encode() + b"\n{]", "line 2: Expecting property name"),
        (LINES[0].replace('"io":["OK"]', '"io":NaN').encode(), "line 1: NaN is no JSON"),
        (LINES[0].replace("false", "Infinity", 1).encode(), "line 1: Infinity is no JSON"),
        (LINES[0].replace('"io":', '"io":[],"io":').encode(), "line 1: a field is there twice"),
        (b'{"a":' * 100_000, "line 1: maximum recursion depth exceeded"),
        (LINES[0].encode() + b"\n" + b"[" * 100_000, "line 2: maximum recursion depth exceeded"),
        (b'{"id": ' + b"9" * 5000 + b"}", "line 1: Exceeds the limit"),
    ],
    ids=range(15),
)
def test_a_line_that_is_no_vector_is_one_sentence_and_exit_2(capsys, tmp_path, content, said):
    file = tmp_path / "v.jsonl"
    file.write_bytes(content)
    code, out, err = says(capsys, str(file))
    assert (code, out) == (2, [])
    assert err.startswith(f"{file}, {said}")
    assert err.count("\n") == 1


PACKED = gzip.compress("\n".join(LINES[:400]).encode())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no gzip at all", "line 1: Not a gzipped file"),
        (PACKED[:-20], "line 400: Compressed file ended before"),
        (PACKED[:40], "line 1: Compressed file ended before"),
        (PACKED[:-8] + bytes(8), "CRC check failed"),
        (PACKED[:5000] + bytes(4000) + PACKED[9000:], "line "),
        (b"", "line 1: there is no vector in it"),
    ],
    ids=["junk", "cut off", "cut off early", "wrong sum", "damaged", "empty"],
)
def test_a_broken_gzip_is_one_sentence_and_exit_2(capsys, tmp_path, content, said):
    file = tmp_path / "v.jsonl.gz"
    file.write_bytes(content)
    code, _, err = says(capsys, str(file))
    assert code == 2
    assert err.startswith(f"{file}, line ")
    assert said in err
    assert err.count("\n") == 1


def test_a_file_that_is_not_there_is_one_sentence_and_exit_2(capsys, tmp_path):
    code, out, err = says(capsys, str(tmp_path / "nowhere.jsonl"))
    assert (code, out, err.count("\n")) == (2, [], 1)
    assert "nowhere.jsonl" in err


def test_a_folder_is_no_file_of_vectors(capsys, tmp_path):
    code, out, err = says(capsys, str(tmp_path))
    assert (code, out, err.count("\n")) == (2, [], 1)
    assert str(tmp_path) in err


# Whatever the question asks, as long as it is one


@st.composite
def questions(draw):
    """Make questions that no one has asked: golden ones with other numbers, names and words put in."""
    data = json.loads(draw(st.sampled_from(LINES)))
    call, fields = data["call"], replay.CALLS[data["call"]["function"]]
    pages = st.sampled_from([page["name"] for page in data["world"]["pages"]] or [None])
    values = {
        replay.count: st.sampled_from([0, 1, 2, 16, 4096, 65536, 2**31, 2**32, 2**40]),
        replay.truth: st.booleans(),
        replay.PGO_WORDS: st.lists(st.sampled_from(list(replay.PGO.__members__))),
    }
    for field, check in fields.items():
        if check in values and draw(st.booleans()):
            call[field] = draw(values[check])
    if call.get("pages"):
        call["pages"] = draw(st.lists(pages, max_size=6))
    if "pg" in call and draw(st.booleans()):
        call["pg"] = draw(st.none() | pages)
    data["slips"] = draw(st.lists(st.sampled_from(list(replay.SLIPS)), unique=True))
    data["diagnostic"], data["pmap_new"] = draw(st.booleans()), draw(st.booleans())
    return data


@settings(max_examples=300)
@given(questions())
def test_any_question_gets_an_answer_or_a_sentence(data):
    """Nothing but Panic and Deadlock, which are answers, and ValueError, which is a sentence, comes out."""
    got = said = None
    try:
        got = replay.Replay(replay.check_vector(data)).run()
    except ValueError as sentence:
        said = str(sentence)
    if said is not None:
        assert re.match(r"slots -?\d+ to -?\d+ are not all within 1 to \d+", said)
    else:
        assert len(got["events"]) == len(got["lines"])
        assert None not in got["lines"]
        assert replay.difference(got, got) is None


def test_a_device_that_was_to_write_no_page_has_a_null_page_in_its_cluster():
    data = vector(PUT) | {"io": ["OK"], "during": []}
    uobj = {
        "name": "o0",
        "pager": "device",
        "cluster": "aligned",
        "window": 4,
        "size": 8,
        "kill": False,
    }
    data["call"] |= {"object": "o0", "pg": None}
    data["world"] |= {"pages": [], "anons": [], "objects": [uobj | {"swslots": {}}]}
    outcome = replay.Replay(replay.check_vector(data)).run()
    assert (outcome["result"], outcome["after"]["cluster"]) == ("OK", [None])
