"""One folder a source; each names its `SOURCE` and the `DATA_SETS` made from it."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from loaders.dataset import DataSet
from loaders.errors import WrongCall

FOLDER = Path(__file__).parent


def all_data_sets() -> dict[str, DataSet]:
    """Every data set by its id, in order of folder; a new folder is found by being there."""
    modules = (import_module(f"{__name__}.{each.name}") for each in iter_modules([str(FOLDER)]))
    return {data_set.id: data_set for module in modules for data_set in module.DATA_SETS}


def chosen(ids: Sequence[str], *, embedded: bool = False) -> list[DataSet]:
    """The named data sets, or all. The areas are always there: everything else refers to them.

    `embedded` leaves out those whose tables do not lie here, and refuses to build one that is named.
    """
    known = all_data_sets()
    for id_ in ids:
        if id_ not in known:
            raise WrongCall(
                f"「{id_}」というデータセットはありません。あるのは: {', '.join(known)}",
                f"There is no data set “{id_}”. There are: {', '.join(known)}",
            )
        if embedded and not known[id_].source.embedded:
            raise WrongCall(
                f"「{id_}」の表はここにありません。公開元のファイルのフォルダーを --source で指定してください。",
                f"The tables of “{id_}” are not embedded. Name a folder with the publisher's files with --source.",
            )
    wanted = {*ids, "areas"} if ids else set(known)
    return [
        data_set for data_set in known.values() if data_set.id in wanted and (data_set.source.embedded or not embedded)
    ]
