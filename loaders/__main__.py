"""The command `python -m loaders`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from loaders.errors import Language, LoadError, Refused
from loaders.progress import Progress

DEFAULT_BASE = "http://localhost:8000/"
INTERRUPTED = 130
EXIT_STATUS = """exit status / 終了コード:
  0    done / 完了
  1    refused: the data may not be published as they are / データに問題があり公開できない
  2    wrong call: an unknown name, a missing file / 指定の誤り（名前・ファイル）
  3    another command is writing to the releases / 別の処理が書き込み中
  4    cannot write: disk full, no permission / 書き込めない（容量・権限）
  130  interrupted; nothing was changed / 中断（変更なし）"""


class Failed(Exception):
    """A command that has said what is wrong and ends with status 1."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; 0 when it did what was asked, otherwise the status of the LoadError."""
    options = _parser().parse_args(arguments)
    progress = Progress(quiet=options.quiet)
    try:
        for line in options.run(options, progress):
            print(line, flush=True)
    except LoadError as error:
        for line in _lines(error, options.language):
            print(line, file=sys.stderr)
        return error.status
    except Failed:
        return Refused.status
    except (KeyboardInterrupt, RuntimeError) as error:
        return _interrupted(error)
    except BrokenPipeError:
        return 0
    return 0


def _interrupted(error: BaseException) -> int:
    """DuckDB makes a RuntimeError of the signal; any other RuntimeError is a bug."""
    if isinstance(error, RuntimeError) and str(error) != "Query interrupted":
        raise error
    return INTERRUPTED


def _lines(error: LoadError, language: Language) -> list[str]:
    from loaders import problems

    found = problems.lines(error.problems, language) if isinstance(error, Refused) else []
    return [*found, error.text.in_(language)]


# --- the commands -----------------------------------------------------------------------------


def _list(options: argparse.Namespace, _progress: Progress) -> list[str]:
    from loaders.datasets import all_data_sets

    return [f"{each.id:<28}{each.title.in_(options.language)}" for each in all_data_sets().values()]


def _build(options: argparse.Namespace, progress: Progress) -> list[str]:
    if options.if_needed and _up_to_date(options):
        return []
    from loaders import gate, pipeline
    from loaders.datasets import chosen

    validator = {"columnar": gate.columnar, "pyshacl": gate.pyshacl}[options.validator]
    data_sets = chosen(options.dataset, embedded=options.source is None)
    order = pipeline.Order(data_sets, options.base_iri, options.releases, options.source, validator, options.keep)
    return [str(pipeline.build(order, progress, options.language))]


def _up_to_date(options: argparse.Namespace) -> bool:
    from loaders import release
    from loaders.fingerprint import fingerprint

    now = release.current(options.releases)
    return now is not None and release.read(options.releases, now)["fingerprint"] == fingerprint(options.base_iri)


def _check(options: argparse.Namespace, progress: Progress) -> list[str]:
    from loaders import checking, pipeline, problems
    from loaders.datasets import all_data_sets

    data_sets = list(all_data_sets().values())
    order = pipeline.Order(data_sets, DEFAULT_BASE, Path())
    outcome = checking.check(options.file, options.layout, order, progress)
    remarks = outcome.remarks(options.language)
    if outcome.problems:
        for line in [*problems.lines(outcome.problems, options.language), *remarks]:
            print(line, file=sys.stderr)
        raise Failed
    return [*remarks, outcome.verdict.in_(options.language)]


def _import(options: argparse.Namespace, progress: Progress) -> list[str]:
    from loaders import importing

    return [str(importing.publish(options.file, options.releases, options.base_iri, options.keep, progress))]


def _rollback(options: argparse.Namespace, _progress: Progress) -> list[str]:
    from loaders import release

    return [release.rollback(options.releases, options.to)]


def _embed(options: argparse.Namespace, progress: Progress) -> list[str]:
    from loaders.datasets import all_data_sets, chosen
    from loaders.embed import embed

    chosen(options.dataset)
    return embed(list(all_data_sets().values()), options.dataset, options.source, progress)


# --- their arguments --------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m loaders",
        description="From the publishers' files to a published release. / 公開元のファイルから公開版を作る。",
        epilog=EXIT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _command(commands, "list", _list, "list the data sets / データセットの一覧")
    _build_arguments(_command(commands, "build", _build, "build, check and publish a release / 公開版を作る"))
    about = "check a file before publishing it; publishes nothing / 公開前のファイルを点検する（公開はしない）"
    check = _command(commands, "check", _check, about)
    check.add_argument("file", type=Path, metavar="FILE", help="the file to be published / 公開する予定のファイル")
    check.add_argument(
        "--layout", metavar="NAME", help="its layout (default: by its header) / 様式（省略時は見出しで判断）"
    )
    import_ = _command(commands, "import", _import, "publish RDF files as they are / RDFファイルをそのまま公開する")
    import_.add_argument(
        "file", type=Path, nargs="+", metavar="FILE", help=".ttl .nt .nq .trig .rdf .jsonld .n3, also .gz"
    )
    _publishing(import_)
    rollback = _command(commands, "rollback", _rollback, "make an earlier release current / 前の公開版に戻す")
    rollback.add_argument(
        "--to", metavar="RELEASE", help="its id (default: the one before) / 公開版のID（省略時は1つ前）"
    )
    _releases(rollback)
    about = "carry the facts of the publishers' files over into the project / 公開元のファイルの内容を取り込む"
    embed = _command(commands, "embed", _embed, about)
    embed.add_argument(
        "dataset", nargs="*", metavar="DATASET", help="only these (default: all) / 対象（省略時はすべて）"
    )
    _source(embed, required=True)
    return parser


def _build_arguments(build: argparse.ArgumentParser) -> None:
    build.add_argument(
        "dataset", nargs="*", metavar="DATASET", help="only these (default: all) / 対象（省略時はすべて）"
    )
    _publishing(build)
    _source(build, required=False)
    build.add_argument(
        "--if-needed", action="store_true", help="unless the current release is up to date / 必要なときだけ"
    )
    validators = ("columnar", "pyshacl")
    about = "what runs the rules; both find the same (%(default)s) / 規則の検証器（結果は同じ）"
    build.add_argument("--validator", choices=validators, default=validators[0], help=about)


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace, Progress], list[str]],
    about: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=about,
        description=about,
        epilog=EXIT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    command.add_argument("--quiet", action="store_true", help="only results and errors / 経過を表示しない")
    about = "language of messages (%(default)s) / メッセージの言語"
    command.add_argument("--language", choices=("ja", "en"), default=_language(), help=about)
    return command


def _publishing(command: argparse.ArgumentParser) -> None:
    about = "what every IRI of ours begins with (%(default)s) / IRIの先頭"
    command.add_argument("--base-iri", metavar="IRI", type=_base, default=DEFAULT_BASE, help=about)
    about = "how many releases stay, 0: all (%(default)s) / 残す公開版の数（0はすべて）"
    command.add_argument("--keep", metavar="N", type=int, default=5, help=about)
    _releases(command)


def _releases(command: argparse.ArgumentParser) -> None:
    about = "where releases lie (%(default)s) / 公開版を置くフォルダー"
    command.add_argument("--releases", metavar="DIR", type=Path, default=Path("releases"), help=about)


def _source(command: argparse.ArgumentParser, *, required: bool) -> None:
    about = "folder with the publishers' files / 公開元のファイルのフォルダー"
    command.add_argument("--source", metavar="DIR", type=Path, required=required, help=about)


def _base(text: str) -> str:
    """Identifiers are the base and a path: it is absolute, without query or fragment, and ends in a slash."""
    from urllib.parse import urlsplit

    parts = urlsplit(text)
    if not (text.isascii() and parts.scheme in {"http", "https"} and parts.netloc and text.endswith("/")):
        raise argparse.ArgumentTypeError(f"an http(s) IRI that ends in a slash, not {text!r}")
    if parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(f"an IRI without ? and #, not {text!r}")
    return text


def _language() -> Language:
    return "ja" if os.environ.get("LANG", "").startswith("ja") else "en"


if __name__ == "__main__":
    sys.exit(main())
