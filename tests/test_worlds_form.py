"""Worlds as JSON: the form of the golden vectors and more, read strictly, written whole or not at all."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uvmlab.kernel import PG, PagerResult, Prot
from uvmlab.worlds import World, form, world

GOLDEN = (Path(__file__).parent / "golden" / "vectors.jsonl").read_text().splitlines()
FULL = (
    world(swap=16)
    .anons(2, slot=1, flags="BUSY")
    .aobj("o", 2, slot=4)
    .vnode("f", 1, kill=True)
    .free(1)
    .bad(9)
    .arena(8, used=(2,))
    .disk("ERROR", ranges=[(1, 2, "BAD")], rate=0.5, seed=3, seek_us=1, transfer_us=2)
)


def test_all_golden_worlds_load_and_are_written_as_they_were():
    for vector in map(json.loads, GOLDEN):
        assert World.from_json(vector["world"]).to_json() == vector["world"]


def ran(m):
    """Return the state of a machine as JSON, but for the order in which flags stand there."""
    data = World.of(m).to_json()
    data.pop("swap_allocated", None)
    return _sorted(data)


def _sorted(data):
    if isinstance(data, dict):
        return {key: _sorted(item) for key, item in data.items()}
    return sorted(map(_sorted, data), key=json.dumps) if isinstance(data, list) else data


def test_all_golden_worlds_boot_into_the_state_that_they_say():
    for vector in map(json.loads, GOLDEN[::3]):
        assert ran(World.from_json(vector["world"]).machine()) == _sorted(vector["world"])


@st.composite
def worlds(draw):
    """Any world that the builder can make."""
    flags = st.lists(st.sampled_from(list(PG.__members__)), unique=True)
    queue = st.sampled_from(["INACTIVE", "ACTIVE", ""])
    bits = {
        "modified": st.booleans(),
        "referenced": st.booleans(),
        "prot": st.sampled_from(list(Prot.__members__)),
    }

    def of_pages():
        return {"flags": draw(flags), "queue": draw(queue)} | {
            key: draw(bit) for key, bit in bits.items()
        }

    w = world(swap=40).anons(
        draw(st.integers(0, 3)),
        slot=draw(st.integers(0, 3)),
        refs=draw(st.integers(0, 3)),
        **of_pages(),
    )
    for i, kind in enumerate(
        draw(st.lists(st.sampled_from(["vnode", "device", "aobj"]), max_size=3))
    ):
        slot = {"slot": draw(st.sampled_from([0, 10 + 8 * i]))} if kind == "aobj" else {}
        w = getattr(w, kind)(
            f"o{i}",
            draw(st.sets(st.integers(0, 30), max_size=4)),
            kill=draw(st.booleans()),
            window=draw(st.integers(1, 64)),
            cluster=draw(st.sampled_from(["aligned", "forward"])),
            **slot,
            **of_pages(),
        )
    w = w.free(draw(st.integers(0, 2))).bad(*draw(st.sets(st.integers(36, 40))))
    w = w.arena(draw(st.integers(4, 64)), used=draw(st.lists(st.integers(0, 3), unique=True)))
    answers = st.sampled_from(list(PagerResult.__members__))
    return w.disk(
        *draw(st.lists(answers, max_size=3)),
        ranges=draw(st.lists(st.tuples(st.integers(0, 5), st.integers(5, 9), answers), max_size=2)),
        rate=draw(st.floats(0, 1)),
        seed=draw(st.integers()),
        seek_us=draw(st.integers(0, 10**6)),
        transfer_us=draw(st.integers(0, 10**6)),
    )


@given(worlds())
def test_json_out_and_in_gives_the_same_world(w):
    data = w.to_json()
    assert World.from_json(data) == w
    assert World.from_json(json.loads(json.dumps(data))) == w
    assert World.from_json(data).to_json() == data


@given(worlds())
def test_a_machine_is_in_the_state_of_its_world(w):
    assert ran(w.machine()) == _sorted(w.to_json())


def test_what_is_as_it_would_be_anyhow_is_left_out_beyond_the_golden_form():
    assert set(world().anons(1).to_json()) == set(form.WORLD)
    assert set(FULL.to_json()) == {*form.WORLD, "bad_slots", "plan", "seek_us", "transfer_us"}


def test_the_state_of_a_machine_that_ran_can_be_kept():
    m = FULL.machine()
    m.locks.lock(m.queues.lock)
    aio = m.aio.malloc("aiodesc", 0)
    m.aio.done.append(aio)
    m.pages[0].owner_tag = "me"
    m.pager_map.wanted = True
    m.anons[0].an_ref = 0
    data = World.of(m).to_json()
    assert (data["locks_held"], data["aio_live"], data["aio_done"]) == (
        ["pageq"],
        ["aio0"],
        ["aio0"],
    )
    assert (data["pager_map_wanted"], data["swap_allocated"]) == (True, [1, 2, 4, 5])
    assert (data["pages"][0]["owner_tag"], data["anons"][0]["refs"]) == ("me", 0)
    assert World.from_json(data) == World.of(m)
    assert World.from_json(data).machine().pager_map.wanted


# Reading strictly


def changed(path, new):
    """Return FULL's JSON with the field at `path` changed, or gone for `...`."""
    data = FULL.to_json()
    place = data
    for step in path[:-1]:
        place = place[step]
    if new is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = new
    return data


WRONG = [
    ((), [], r"world: \[\] is not an object with pages, anons"),
    (("sky",), 1, "world: no field 'sky'; legal: pages, anons, objects"),
    (("swap_slots",), ..., "world: there is no 'swap_slots'; needed: pages"),
    (("swap_slots",), -1, "world.swap_slots: -1 is not 0 or more"),
    (("swap_slots",), True, "world.swap_slots: true is not a whole number"),
    (("swap_slots",), 1.0, "world.swap_slots: 1.0 is not a whole number"),
    (("pages",), {}, r"world.pages: \{\} is not a list"),
    (("pages", 0), 3, r"world.pages\[0\]: 3 is not an object with name"),
    (("pages", 0, "name"), None, r"pages\[0\].name: null is not a text"),
    (("pages", 1, "name"), "p0", "world.pages: two have the same name"),
    (("pages", 0, "flags"), "BUSY", r'pages\[0\].flags: "BUSY" is not a list'),
    (("pages", 0, "flags"), [1], r"pages\[0\].flags\[0\]: 1 is not a text"),
    (("pages", 0, "pqflags"), ["ACTIVE", "INACTIVE"], "p0 is on two queues at once: ACTIVE INACTIVE"),
    (("pages", 0, "modified"), None, r"pages\[0\].modified: null is not true or false"),
    (("pages", 0, "colour"), 1, r"pages\[0\]: no field 'colour'; legal: name, owner"),
    (("pages", 0, "owner_tag"), 1, r"pages\[0\].owner_tag: 1 is not a text"),
    (("anons", 1, "name"), "a0", "world.anons: two have the same name"),
    (("anons", 0, "refs"), -1, r"anons\[0\].refs: -1 is not 0 or more"),
    (("anons", 0, "dead"), 0, r"anons\[0\].dead: 0 is not true or false"),
    (("objects", 1, "name"), "o", "world.objects: two have the same name"),
    (("objects", 0, "window"), "4", r'objects\[0\].window: "4" is not a whole number'),
    (("objects", 0, "swslots"), [4], r"objects\[0\].swslots: \[4\] is not an object from page index to slot"),
    (("objects", 0, "swslots"), {"01": 4}, r'swslots: \{"01": 4\} is not an object from page index'),
    (("objects", 0, "swslots"), {"x": 4}, r"swslots: .* is not an object from page index to slot"),
    (("objects", 0, "swslots"), {"-1": 4}, r"swslots: .* is not an object from page index to slot"),
    (("objects", 0, "swslots"), {"0": "4"}, r'objects\[0\].swslots.0: "4" is not a whole number'),
    (("objects", 0, "swslots"), {"0": 0}, r"slot 0 of o\[0\] is beyond the device"),
    (("plan",), 1, "world.plan: 1 is not an object"),
    (("plan", "rate"), True, "world.plan.rate: true is not a number"),
    (("plan", "rate"), 3, "a rate is 0.0 to 1.0, not 3"),
    (("plan", "ranges"), [[1, 2]], r"plan.ranges\[0\]: \[1, 2\] is not \[first block, last block, answer\]"),
    (("plan", "ranges"), [[1, 2, 3]], r"plan.ranges\[0\]: 3 is not a text"),
    (("plan", "answers"), ["FINE"], "'FINE' is no PagerResult word"),
    (("pager_map_used",), [8], "arena page 8 is not within 0 to 7"),
    (("bad_slots",), [1], "slot 1 is bad, so it cannot be a0's"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "new", "said"), WRONG, ids=[f"{p[-1:]} {n}" for p, n, _ in WRONG])
def test_what_is_no_world_is_refused_with_the_place_and_what_is_legal(path, new, said):
    data = changed(path, new) if path else new
    with pytest.raises(ValueError, match=said):
        World.from_json(data)


def fields(data, path=()):
    """List the path of every value in some data."""
    items = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    found = [path] if path else []
    for key, item in items:
        found += fields(item, (*path, key))
    return found


@pytest.mark.parametrize("new", [object(), -0.5], ids=["a thing", "a fraction"])
def test_no_field_takes_what_is_of_no_type(new):
    for path in fields(FULL.to_json()):
        with pytest.raises(ValueError, match=r"^world|^a rate is"):
            World.from_json(changed(path, new))


# Files


def test_a_world_is_saved_and_loaded(tmp_path):
    FULL.save(tmp_path / "w.json")
    assert World.load(tmp_path / "w.json") == World.load(str(tmp_path / "w.json")) == FULL
    assert [path.name for path in tmp_path.iterdir()] == ["w.json"]


def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    FULL.save(tmp_path / "w.json")
    before = (tmp_path / "w.json").read_bytes()

    def half_written(data, file, **_):
        file.write('{"pages": [')
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(form.json, "dump", half_written)
    with pytest.raises(OSError, match="No space left on device"):
        world().save(tmp_path / "w.json")
    assert (tmp_path / "w.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["w.json"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "this is no JSON: Expecting value"),
        (b'{"pages": [', "this is no JSON: Expecting"),
        (b"\xff\xfe", "this is no JSON: 'utf-8' codec"),
        (b"[" * 100_000, "this is no JSON: maximum recursion depth"),
        (b"[]", r"world: \[\] is not an object with pages"),
        (b"{}", "world: there is no 'pages'; needed: pages, anons"),
    ],
    ids=["empty", "cut off", "no text", "deep", "a list", "nothing in it"],
)
def test_a_file_that_holds_no_world_is_refused_with_its_name(tmp_path, content, said):
    (tmp_path / "w.json").write_bytes(content)
    with pytest.raises(ValueError, match=f"^{re.escape(str(tmp_path))}/w.json: {said}"):
        World.load(tmp_path / "w.json")


def test_a_file_that_is_not_there_is_an_oserror(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.json"):
        World.load(tmp_path / "nowhere.json")
