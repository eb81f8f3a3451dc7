"""One folder a source; each names its `SOURCE` and the `DATA_SETS` made from it."""

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


def chosen(ids: list[str], *, with_files: bool) -> list[DataSet]:
    """The named data sets, or all. The areas are always there: everything else refers to them.

    Without the publishers' files there are only those that are embedded.
    """
    known = all_data_sets()
    for id_ in ids:
        if id_ not in known:
            raise WrongCall(
                f"「{id_}」というデータセットはありません。あるのは: {', '.join(known)}",
                f"There is no data set “{id_}”. There are: {', '.join(known)}",
            )
    absent = [id_ for id_ in known if not (with_files or known[id_].source.embedded)]
    for id_ in ids:
        if id_ in absent:
            raise WrongCall(
                f"「{id_}」は組み込まれていません。元のファイルのあるフォルダーを --source で指定してください。",
                f"“{id_}” is not embedded: name the folder with the publishers' files by --source.",
            )
    wanted = {*ids, "areas"} if ids else set(known) - set(absent)
    return [data_set for data_set in known.values() if data_set.id in wanted]
