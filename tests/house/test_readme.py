"""The commands of the README, typed as they stand there."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
# A comment, then a command that goes on over lines that begin with a space.
COMMANDS = re.findall(r"^(?:curl|\.venv/bin/python) .*(?:\n .+)*", BLOCKS[1], re.MULTILINE)
ADDRESS = "http://localhost:8000"


@pytest.fixture(scope="module")
def address(releases: Path) -> Iterator[str]:
    """A service as `python -m service` starts it, on a free port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "service", "--releases", str(releases), "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            transport = httpx.HTTPTransport(retries=20)
            with httpx.Client(transport=transport) as client:
                assert client.get(f"http://127.0.0.1:{port}/health", timeout=60).status_code == 200
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.startswith("curl")])
def test_every_request_of_the_readme_is_answered(command: str, address: str, tmp_path: Path) -> None:
    request = command.replace(ADDRESS, address).replace("curl ", "curl --silent --show-error --fail ", 1)
    done = subprocess.run(["bash", "-c", request], cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    written = [path.read_bytes() for path in tmp_path.iterdir()]
    assert len(done.stdout or b"".join(written)) > 500


def test_the_file_that_the_readme_checks_is_checked(shared_data: Path) -> None:
    [command] = [each for each in COMMANDS if each.startswith(".venv")]
    name = command.split()[-1]
    [file] = shared_data.rglob(name)
    arguments = [sys.executable, *command.split()[1:-1], str(file)]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert f"{name}, row 487" in done.stdout + done.stderr or f"{name} 487行目" in done.stdout + done.stderr


def test_every_command_of_the_loaders_stands_in_the_readme() -> None:
    said = subprocess.run([sys.executable, "-m", "loaders", "--help"], cwd=ROOT, capture_output=True, check=True)
    commands = re.findall(r"^    ([a-z]+) ", said.stdout.decode(), re.MULTILINE)
    assert "build" in commands
    assert sorted(re.findall(r"^\| `python -m loaders (\w+)", README, re.MULTILINE)) == sorted(commands)
