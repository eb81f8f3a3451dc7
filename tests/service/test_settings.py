"""Settings are found in one place, and the document for operators lists them all."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from service.settings import Settings, read_settings

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


def _documented() -> dict[str, tuple[str, str]]:
    """Option → variable and default, as the table in docs/operations.md has them."""
    rows = re.findall(
        r"^\| `--([a-z-]+)` \| `(LOD_[A-Z_]+)` \| (.*?) \|", OPERATIONS.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {option: (variable, default) for option, variable, default in rows}


def test_every_setting_is_documented_with_its_default_and_nothing_else_is() -> None:
    expected = {
        each.name.replace("_", "-"): (Settings.variable(each.name), f"`{each.default}`" if each.default != "" else "")
        for each in fields(Settings)
    }
    assert _documented() == expected


def test_every_setting_has_a_line_of_help() -> None:
    assert all(each.metadata["help"] for each in fields(Settings))


def test_the_command_line_beats_the_environment_which_beats_the_default() -> None:
    assert read_settings([], {}).port == 8000
    assert read_settings([], {"LOD_PORT": "9000"}).port == 9000
    assert read_settings(["--port", "9001"], {"LOD_PORT": "9000"}).port == 9001
    assert read_settings([], {"LOD_RELEASES": "elsewhere"}).releases == Path("elsewhere")


@pytest.mark.parametrize(
    ("arguments", "environment"), [(["--port", "x"], {}), ([], {"LOD_PORT": "x"}), (["--nothing"], {})]
)
def test_what_does_not_fit_is_a_usage_error(
    arguments: list[str], environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        read_settings(arguments, environment)
    assert exit_.value.code == 2
    assert "usage:" in capsys.readouterr().err
