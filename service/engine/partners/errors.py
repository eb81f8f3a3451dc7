"""Why a partner's answer could not be had."""

from typing import Any

from service.engine.faults import Fault


class PartnerError(Exception):
    """A clause about one partner in each language, without its name; `fields` are for programs."""

    def __init__(self, en: str, ja: str, **fields: Any) -> None:
        super().__init__(en)
        self.en = en
        self.ja = ja
        self.fields = fields

    def fault(self, endpoint: str) -> Fault:
        """The partner is to blame (502), not the query."""
        return Fault(
            502,
            f"The partner {endpoint} could not be used: {self.en}.",
            f"連携先 {endpoint} から結果を得られませんでした: {self.ja}。",
            partner=endpoint,
            **self.fields,
        )


def too_slow(endpoint: str, seconds: float) -> Fault:
    return Fault(
        504,
        f"The partner {endpoint} did not answer within {seconds:.3g} s. Narrow the pattern in the block, or write "
        "SERVICE SILENT to go on without it.",
        f"連携先 {endpoint} が{seconds:.3g}秒以内に応答しませんでした。ブロック内の条件を絞るか、"
        "SERVICE SILENTを使ってください。",
        partner=endpoint,
        limit="partner_seconds",
        value=round(seconds, 3),
    )


def not_a_partner(endpoint: str, partners: tuple[str, ...]) -> Fault:
    return Fault(
        400,
        f"SERVICE asks partners only, and {endpoint[:200]} is none. The partners are {', '.join(partners)}; "
        "their IRIs are compared letter by letter.",
        f"SERVICEで問い合わせられるのは連携先（{'、'.join(partners)}）だけです。{endpoint[:200]}は含まれません。",
        limit="federation",
        available=list(partners),
    )


def too_many_blocks(limit: int, found: int) -> Fault:
    return Fault(
        400,
        f"At most {limit} SERVICE blocks in a query expected, {found} found.",
        f"SERVICEブロックは1つの問合せに{limit}個までです（{found}個ありました）。",
        limit="partner_blocks",
        value=limit,
    )


def crowded(limit: int) -> Fault:
    return Fault(
        503,
        f"{limit} queries wait for partners already. Try again in 5 s.",
        f"{limit}件の問合せが連携先の応答を待っています。5秒後にもう一度お試しください。",
        limit="partner_queries",
        value=limit,
        retry_after=5,
    )


def misplaced() -> Fault:
    return Fault(
        400,
        "Syntax error: a SERVICE block stands where no pattern of its own may stand. Put braces around it.",
        "SERVICEブロックを置けない場所にあります。波括弧で囲んでください。",
    )
