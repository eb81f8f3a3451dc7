"""Filling the store."""

import subprocess
import sys
from pathlib import Path

from loaders.background import NICER

FILL = """
import os, sys
from pathlib import Path
from loaders import release, store

part = Path(sys.argv[1]) / "part.nt"
part.write_text("<http://here.example/s> <http://here.example/p> 'o' .\\n".replace("'", '"'), encoding="utf-8")
with release.draft(Path(sys.argv[1]) / "releases", "http://here.example/") as draft:
    print(*store.fill(draft, [(part, None)], {}, ()))
    for task in Path("/proc/self/task").iterdir():
        if (task / "comm").read_text(encoding="utf-8").startswith("rocksdb:low"):
            print(os.getpriority(os.PRIO_PROCESS, int(task.name)))
print(os.getpriority(os.PRIO_PROCESS, 0))
"""


def test_what_the_store_sorts_in_the_background_gives_way_to_loading(tmp_path: Path) -> None:
    """In a process of its own: the store's threads are those of the first store that a process opens."""
    ran = subprocess.run([sys.executable, "-c", FILL, str(tmp_path)], capture_output=True, text=True, check=True)
    loaded, *sorting, own = map(int, ran.stdout.split())
    assert loaded == 1
    assert own < 19
    assert {min(own + NICER, 19)} == set(sorting)
