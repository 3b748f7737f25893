"""The commands of `python -m uvmlab`: one module a word, each with `main(argv) -> exit code`."""
