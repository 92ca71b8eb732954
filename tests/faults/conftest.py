import pytest

from tests.faults.harness import Template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Make a store and originals, once; copied for every kill."""
    return Template.make(tmp_path_factory.mktemp("template"))
