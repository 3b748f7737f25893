"""The run whose drawing the bench measures."""

from uvmlab.commands.bench.pictures import put_of, run_rows


def test_the_run_that_is_drawn_is_of_a_put_that_fails_and_is_tried_again_with_one_page():
    puts = [str(step).split() for step in put_of(8).steps if "swap_put" in str(step)]
    assert [(len(words), words[-1]) for words in puts] == [(14, "ERROR"), (7, "OK")]


def test_a_run_s_rows_are_its_layout_and_one_of_its_steps():
    run = put_of(4)
    layout, milliseconds, step, microseconds = run_rows(3, run, 4)
    assert len(layout.figures) == len(step.figures) == 3
    assert min(layout.figures) > 0 < min(step.figures)
    assert (milliseconds.unit, microseconds.unit) == ("ms", "µs")
    assert str(len(run)) in step.name
