"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import service

MODULES = sorted(
    each.name for each in pkgutil.walk_packages(service.__path__, "service.") if "__main__" not in each.name
)


def test_there_are_modules_with_examples() -> None:
    found = [doctest.DocTestFinder().find(importlib.import_module(name)) for name in MODULES]
    assert sum(1 for tests in found for each in tests if each.examples) > 5


@pytest.mark.parametrize("name", MODULES)
def test_every_example_in_a_docstring_is_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
