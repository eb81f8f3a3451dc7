"""The command `python -m loaders`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from loaders.errors import Language, LoadError
from loaders.progress import Progress

DEFAULT_BASE = "http://localhost:8000/"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; 0 when it did what was asked, otherwise the status of the LoadError."""
    options = _parser().parse_args(arguments)
    progress = Progress(quiet=options.quiet)
    try:
        for line in options.run(options, progress):
            print(line, flush=True)
    except LoadError as error:
        for line in error.lines(options.language):
            print(line, file=sys.stderr)
        return error.status
    except BrokenPipeError:
        return 0
    return 0


def _list(options: argparse.Namespace, _progress: Progress) -> list[str]:
    from loaders.datasets import all_data_sets

    return [f"{each.id:<28}{each.title.in_(options.language)}" for each in all_data_sets().values()]


def _build(options: argparse.Namespace, progress: Progress) -> list[str]:
    if options.if_needed and _up_to_date(options):
        return []
    from loaders import pipeline
    from loaders.datasets import chosen

    order = pipeline.Order(chosen(options.dataset), options.base_iri, options.releases, options.source)
    return [str(pipeline.build(order, progress, options.language))]


def _up_to_date(options: argparse.Namespace) -> bool:
    from loaders import release
    from loaders.fingerprint import fingerprint

    now = release.current(options.releases)
    return now is not None and release.read(options.releases, now)["fingerprint"] == fingerprint(options.base_iri)


def _rollback(options: argparse.Namespace, _progress: Progress) -> list[str]:
    from loaders import release

    return [release.rollback(options.releases, options.to)]


def _embed(options: argparse.Namespace, progress: Progress) -> list[str]:
    from loaders.datasets import all_data_sets, chosen
    from loaders.embed import embed

    chosen(options.dataset)
    return embed(list(all_data_sets().values()), options.dataset, options.source, progress)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m loaders",
        description="From the publishers' files to a published release. 公開元のファイルから公開版を作る。",
        epilog="Exit status: 0 done, 1 refused, 2 wrong call, 3 another build is running, 4 cannot write.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _command(commands, "list", _list, "list the data sets / データセットの一覧")
    build = _command(commands, "build", _build, "build, check and publish a release / 公開版を作る")
    build.add_argument("dataset", nargs="*", help="build only these (default: all)")
    build.add_argument("--base-iri", default=DEFAULT_BASE, help="what every IRI of ours begins with (%(default)s)")
    build.add_argument("--source", type=Path, help="folder with the publishers' files, instead of the embedded tables")
    build.add_argument("--if-needed", action="store_true", help="do nothing if the current release is up to date")
    _releases(build)
    rollback = _command(commands, "rollback", _rollback, "make an earlier release current / 前の公開版に戻す")
    rollback.add_argument("--to", metavar="RELEASE", help="id of the release (default: the one before)")
    _releases(rollback)
    embed = _command(commands, "embed", _embed, "carry the facts of the publishers' files over into the project")
    embed.add_argument("dataset", nargs="*", help="only these (default: all)")
    embed.add_argument("--source", type=Path, required=True, help="folder with the publishers' files")
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace, Progress], list[str]],
    about: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=about, description=about)
    command.set_defaults(run=run)
    command.add_argument("--quiet", action="store_true", help="no progress, only results and errors")
    command.add_argument("--language", choices=("ja", "en"), default=_language(), help="of messages (%(default)s)")
    return command


def _releases(command: argparse.ArgumentParser) -> None:
    command.add_argument("--releases", type=Path, default=Path("releases"), help="where releases lie (%(default)s)")


def _language() -> Language:
    return "ja" if os.environ.get("LANG", "").startswith("ja") else "en"


if __name__ == "__main__":
    sys.exit(main())
