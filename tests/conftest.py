"""What all tests share: an empty store of answers, one renderer, and a browser or a reason."""

import os

import pytest
from hypothesis import HealthCheck, settings

from uvmlab.commands.serving import find_chromium
from uvmlab.draw.render import pure_dot

# A busy machine is slow, and no fault of what is tested.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

NO_CHROMIUM = (
    "browser tests need Chromium: install it (Debian, Ubuntu: `apt install chromium`), "
    "or name one with UVMLAB_CHROMIUM"
)


def pytest_runtest_setup(item):
    if item.get_closest_marker("browser") and not find_chromium():
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse(NO_CHROMIUM)


@pytest.fixture(autouse=True, scope="session")
def reference(tmp_path_factory):
    """No answer of a learner's reaches a test, and pictures come from the pinned renderer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UVMLAB_WORK", str(tmp_path_factory.mktemp("work")))
        patch.setenv("UVMLAB_DOT", pure_dot())
        yield
