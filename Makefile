# For those who have make. Each line delegates; the commands themselves are in README.md.
.PHONY: lab test notebooks bench doctor locks
lab:       ; python3 kit.py lab
test:      ; python3 kit.py test
notebooks: ; .venv/bin/python -m uvmlab notebooks
bench:     ; .venv/bin/python -m uvmlab bench
doctor:    ; .venv/bin/python -m uvmlab doctor
locks: requirements.lock requirements-test.lock

LOCK = uv pip compile pyproject.toml --extra check --group build --universal --generate-hashes \
       --python-version 3.11 --custom-compile-command 'make locks'
requirements.lock: pyproject.toml ; $(LOCK) -o $@
requirements-test.lock: pyproject.toml requirements.lock ; $(LOCK) --group dev -c requirements.lock -o $@
