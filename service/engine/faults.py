"""What can go wrong with a query, in words that cross from a worker process to the service."""

from typing import Any


class Fault(Exception):
    """Why a query has no answer: an HTTP status, a sentence in each language, fields for programs."""

    def __init__(self, status: int, en: str, ja: str, **fields: Any) -> None:
        super().__init__(en)
        self.status = status
        self.en = en
        self.ja = ja
        self.fields = fields


def too_big(limit: int) -> Fault:
    """The result has more bytes than an answer may have."""
    return Fault(
        400,
        f"The result is larger than {limit:,} bytes. Use LIMIT and OFFSET with ORDER BY, or take the dump in /dump/.",
        f"結果が{limit:,}バイトを超えます。ORDER BYとLIMIT・OFFSETで分けるか、/dump/の一括データを使ってください。",
        limit="result_bytes",
        value=limit,
    )


def timed_out(seconds: float, longest: float) -> Fault:
    """The deadline of the query passed."""
    return Fault(
        504,
        f"The query was stopped after {seconds:g} s. Narrow it (fewer patterns, LIMIT, a VALUES list) or ask for more "
        f"time with timeout= (up to {longest:g} s).",
        f"{seconds:g}秒で打ち切りました。条件を絞る（LIMIT、VALUESなど）か、timeout=で時間を延ばしてください"
        f"（最大{longest:g}秒）。",
        limit="timeout",
        value=seconds,
        maximum=longest,
    )


def out_of_memory(limit: int) -> Fault:
    return Fault(
        400,
        f"The query needs more memory than {limit:,} bytes. Sort, group or join fewer solutions.",
        f"メモリが{limit:,}バイトを超えました。並べ替え・集計・結合の対象を減らしてください。",
        limit="worker_bytes",
        value=limit,
    )


def too_deep() -> Fault:
    """The evaluator ran out of stack or failed in some other way that only this query causes."""
    return Fault(
        400,
        "The query broke the process that evaluated it: too deeply nested or too long a chain of operators. "
        "Nobody else was affected; a simpler form of it may work.",
        "この問合せは評価プロセスを停止させました。入れ子や演算子の連なりを減らしてください。",
    )


def lost() -> Fault:
    """The worker died of something else than the query."""
    return Fault(
        503,
        "The process that evaluated the query was stopped from outside. Try again.",
        "評価プロセスが外部から停止されました。もう一度お試しください。",
        retry_after=1,
    )


def failed() -> Fault:
    """A fault of ours; the log has its trace."""
    return Fault(500, "The query could not be evaluated: a fault of ours.", "内部の誤りのため評価できませんでした。")


def busy(waiting: int, seconds: int) -> Fault:
    """All workers are taken and enough others wait."""
    return Fault(
        503,
        f"All workers are busy and {waiting} queries wait. Try again in {seconds} s.",
        f"処理中で、{waiting}件が待っています。{seconds}秒後にもう一度お試しください。",
        limit="queue",
        value=waiting,
        retry_after=seconds,
    )


def crowded_out(seconds: int) -> Fault:
    """The query gave way to others until the time that it may take was over."""
    return Fault(
        503,
        f"The query gave way to those of others, and no time was left to begin anew. Try again in {seconds} s.",
        f"他の利用者の問合せに順番を譲り、時間内に終わりませんでした。{seconds}秒後にもう一度お試しください。",
        limit="patience",
        retry_after=seconds,
    )


def over_share(share: int) -> Fault:
    """One client has as many queries here as one may have."""
    return Fault(
        429,
        f"{share} of your queries run or wait here already. Wait for one of them.",
        f"同時に受け付けるのは1利用者{share}件までです。前の問合せの完了を待ってください。",
        limit="client_queries",
        value=share,
        retry_after=1,
    )
