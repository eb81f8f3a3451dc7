"""Which machines can be partners: what names lead to, what certificates say, what may be on the list."""

import asyncio
import contextlib
import ipaddress
import shutil
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from service.engine.partners.addresses import Address, Resolver, is_public
from service.engine.partners.connection import Connector
from service.engine.partners.errors import PartnerError
from service.settings import Settings, read_settings
from tests.service.sparql.partners import NAMED, Partner, partner
from tests.service.sparql.servers import Server, rows, serving


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("192.0.43.8", True),
        ("2001:4860:4860::8888", True),
        ("64:ff9b::c000:2b08", True),
        *((each, False) for each in (
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
            "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1",
            "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "100::1",
        )),
    ],
)  # fmt: skip
def test_only_addresses_on_the_internet_are_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


async def _found(*addresses: str) -> Sequence[str]:
    return addresses


def fails(connector: Connector, endpoint: str) -> str:
    with pytest.raises(PartnerError) as caught:
        asyncio.run(connector.ask(endpoint, "SELECT * {}"))
    return str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"])
def test_a_private_address_is_refused_in_any_spelling(host: str, stub: Partner) -> None:
    before = len(stub.asked)
    assert "private address" in fails(Connector(1_000), f"http://{host}:{stub.port}/good")
    assert len(stub.asked) == before


def test_a_name_that_leads_to_one_private_address_is_refused() -> None:
    resolver = Resolver(lambda *_: _found("192.0.43.8", "10.0.0.1"))
    assert "private address" in fails(Connector(1_000, resolver), "http://partner.example/")


def test_a_name_that_leads_nowhere_is_refused() -> None:
    assert "private address" in fails(Connector(1_000, Resolver(lambda *_: _found())), "http://partner.example/")


def test_the_service_asks_no_private_partner(release: Path, stub: Partner) -> None:
    before = len(stub.asked)
    with serving(Settings(releases=release, log_level="ERROR", partners=(stub.at("/good"),))) as server:
        response = server.get(f"SELECT * {{ SERVICE <{stub.at('/good')}> {{ ?s ?p ?x }} }}")
    assert response.status_code == 502
    assert "private address" in response.json()["detail"]
    assert len(stub.asked) == before


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(ask: Server, stub: Partner) -> None:
    looked_up: list[str] = []
    checked: list[Address] = []

    async def rebinding(host: str, _: int) -> Sequence[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["127.0.0.2"]

    def allowed(address: Address) -> bool:
        checked.append(address)
        return str(address) == "127.0.0.1"

    connector = Connector(1_000, Resolver(rebinding, allowed))
    asyncio.run(connector.ask(stub.at("/good", NAMED), "SELECT * {}"))
    assert looked_up == [NAMED]
    assert [str(each) for each in checked] == ["127.0.0.1"]
    assert stub.asked[-1][1]["Host"] == f"{NAMED}:{stub.port}"


def test_a_partner_may_have_a_name(ask: Server, stub: Partner) -> None:
    assert rows(ask, f"SELECT ?x {{ SERVICE <{stub.at('/good', NAMED)}> {{ ?s ?p ?x }} }}") == [{"x": "one"}]


def test_proxies_of_the_environment_are_not_used(ask: Server, stub: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    assert rows(ask, f"SELECT ?x {{ SERVICE <{stub.at('/good')}> {{ ?s ?p ?x }} }}") == [{"x": "one"}]


# --- TLS ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for one name, made for this run, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificate")
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAMED}"]
    command += ["-addext", f"subjectAltName=DNS:{NAMED}", "-keyout", str(folder / "key"), "-out", str(folder / "crt")]
    subprocess.run(command, check=True, capture_output=True)
    both = folder / "both"
    both.write_bytes((folder / "key").read_bytes() + (folder / "crt").read_bytes())
    return both


@contextlib.contextmanager
def secured(certificate: Path) -> Iterator[Partner]:
    def wrap(server: ThreadingHTTPServer) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)

    with partner(wrap) as found:
        yield found


def test_a_certificate_is_checked_with_the_name_of_the_entry(certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    everywhere = Resolver(lambda *_: _found("127.0.0.1"), lambda _: True)
    with secured(certificate) as found:
        named, other = (f"https://{host}:{found.port}/good" for host in (NAMED, "other.example"))
        assert "certificate" in fails(Connector(1_000, everywhere), named)
        assert "certificate" in fails(Connector(1_000, everywhere, trusting), other)
        assert b"one" in asyncio.run(Connector(1_000, everywhere, trusting).ask(named, "SELECT * {}"))
    assert len(found.asked) == 1


# --- the list -----------------------------------------------------------------------------------------


def test_the_list_is_a_setting() -> None:
    listed = "https://a.example/sparql, http://b.example:8080/x?y=z\nhttps://a.example/sparql"
    expected = ("https://a.example/sparql", "http://b.example:8080/x?y=z")
    assert read_settings([], {"LOD_PARTNERS": listed}).partners == expected
    assert read_settings(["--partners", ""], {"LOD_PARTNERS": listed}).partners == ()
    assert read_settings([], {}).partners == ()


@pytest.mark.parametrize(
    "entry",
    [
        *(
            "a.example",
            "ftp://a.example/",
            "http://",
            "http:///x",
            "http://user:word@a.example/",
            "http://a.example/#x",
        ),
        *("http://a.example:0/", "http://a.example:99999/", "http://a.example/横浜", "http://a.example/\x00", "*"),
    ],
)
def test_an_entry_that_cannot_be_asked_is_a_usage_error(entry: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_settings(["--partners", entry], {})
    assert "IRIs of endpoints expected" in capsys.readouterr().err
