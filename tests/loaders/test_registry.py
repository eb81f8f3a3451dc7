"""Keys are minted once and survive corrections."""

from pathlib import Path

from loaders.registry import Registry, read_registry, write_registry

COLUMNS = ("ward", "town")
NISHI = ("141038", "みなとみらい")


def kept(path: Path, *things: tuple[str, str]) -> list[str]:
    """The keys of the things, the registry being read before and written after."""
    registry = read_registry(path, COLUMNS)
    keys = [registry.key(f"{thing[0]}-t", thing) for thing in things]
    write_registry(path, registry)
    return keys


def test_a_thing_keeps_its_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.csv"
    first = kept(path, NISHI, ("141038", "高島"))
    assert first == ["141038-t0001", "141038-t0002"]
    assert kept(path, ("141038", "高島"), NISHI) == first[::-1]


def test_a_name_corrected_in_the_registry_keeps_its_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.csv"
    [key] = kept(path, NISHI)
    path.write_text(path.read_text(encoding="utf-8").replace("みなとみらい", "みなとみらい一丁目"), encoding="utf-8")
    assert kept(path, ("141038", "みなとみらい一丁目")) == [key]


def test_the_key_of_a_thing_that_is_gone_is_never_given_again(tmp_path: Path) -> None:
    path = tmp_path / "keys.csv"
    kept(path, NISHI, ("141038", "高島"))
    registry = read_registry(path, COLUMNS)
    registry.key("141038-t", NISHI)
    assert registry.unused == ["141038-t0002"]
    assert registry.key("141038-t", ("141038", "平沼")) == "141038-t0003"


def test_official_ids_written_by_hand_stay(tmp_path: Path) -> None:
    path = tmp_path / "keys.csv"
    kept(path, NISHI)
    path.write_text(path.read_text(encoding="utf-8").replace("みなとみらい,", "みなとみらい,0001001"), encoding="utf-8")
    kept(path, NISHI, ("141038", "高島"))
    assert read_registry(path, COLUMNS).official_ids[NISHI] == "0001001"


def test_keys_of_different_prefixes_are_numbered_apart() -> None:
    registry = Registry(COLUMNS, {}, {})
    keys = [registry.key(f"{ward}-t", (ward, "本町")) for ward in ("141011", "141020")]
    assert keys == ["141011-t0001", "141020-t0001"]
