"""Headers that say what an answer is and what lies beside it (RFC 8288)."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.formats import Format


@dataclass(frozen=True)
class Link:
    """One link. `target` is an ASCII URL."""

    target: str
    rel: str
    type: str = ""

    def __str__(self) -> str:
        return f'<{self.target}>; rel="{self.rel}"' + (f'; type="{self.type}"' if self.type else "")


def link_header(links: Iterable[Link]) -> str:
    return ", ".join(dict.fromkeys(map(str, links)))


def alternates(urls: Iterable[tuple[Format, str]]) -> list[Link]:
    return [Link(url, "alternate", format_.media_type) for format_, url in urls]


# Whoever reads a published document may do so from any page (Fetch, 3.2). Goes with every answer, errors too.
EVERYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "*",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}
# Pages run nothing and load nothing but their own style (CSP Level 3).
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
