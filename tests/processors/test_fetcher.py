"""The fetcher asks public addresses only, at the very address that was checked, for so many bytes and seconds."""

import asyncio
from collections.abc import AsyncGenerator, Callable

import httpx
import pytest

from app.processors.addresses import Resolve, resolve
from app.processors.fetcher import AddressRefused, Fetcher, FetchError, FetchFailed, Origin, TooLarge

PUBLIC, OTHER, PRIVATE = "93.184.215.14", "2606:4700::1111", "10.0.0.7"
URL = "https://pictures.example.com/one.png?signature=secret"
Answer = Callable[[httpx.Request], httpx.Response]


def answering(content: bytes) -> httpx.Response:
    """Return an answer that comes in as from a network: not read yet."""
    return httpx.Response(200, stream=httpx.ByteStream(content))


class Internet:
    """Names with the addresses that they resolve to, look-up by look-up, and a web server behind all of them."""

    def __init__(self, answer: Answer | None = None, **names: list[list[str]]) -> None:
        self.names = {"pictures.example.com": [[PUBLIC]], **{name.replace("_", "."): a for name, a in names.items()}}
        self.answer: Answer = answer or (lambda request: answering(b"a picture"))
        self.requests: list[httpx.Request] = []
        self.looked_up: list[str] = []

    async def resolve(self, host: str, port: int) -> list[str]:
        self.looked_up.append(host)
        answers = self.names.get(host)
        if answers is None:
            raise OSError("unknown")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer(request)

    def fetcher(self, trusted: str | None = None, max_bytes: int = 1000, timeout: float = 5.0) -> Fetcher:
        look_up: Resolve = self.resolve
        return Fetcher(
            max_bytes=max_bytes,
            timeout=timeout,
            trusted=Origin.of(httpx.URL(trusted)) if trusted else None,
            transport=httpx.MockTransport(self.handle),
            resolve=look_up,
        )


async def test_the_checked_address_is_the_one_that_is_asked() -> None:
    internet = Internet(pictures_example_com=[[PUBLIC, OTHER], [PRIVATE]])  # a second look-up would be rebound

    assert await internet.fetcher().get(URL) == b"a picture"

    assert internet.looked_up == ["pictures.example.com"]
    [request] = internet.requests
    assert request.url == f"https://{PUBLIC}/one.png?signature=secret"
    assert request.headers["host"] == "pictures.example.com"
    assert request.extensions["sni_hostname"] == "pictures.example.com"
    assert request.headers["accept-encoding"] == "identity"


async def test_an_ipv6_address_is_asked() -> None:
    internet = Internet(pictures_example_com=[[OTHER]])
    await internet.fetcher().get("https://pictures.example.com:8443/x")
    assert internet.requests[0].url.host == OTHER
    assert internet.requests[0].url.port == 8443
    assert internet.requests[0].headers["host"] == "pictures.example.com:8443"


@pytest.mark.parametrize(
    "url",
    [
        "http://pictures.example.com/one.png",
        "ftp://pictures.example.com/one.png",
        "file:///etc/passwd",
        "//pictures.example.com/one.png",
        "/one.png",
        "",
        "https://",
        "https://pictures.example.com:99999/",
    ],
)
async def test_what_is_not_an_https_address_is_refused(url: str) -> None:
    internet = Internet()
    with pytest.raises(AddressRefused):
        await internet.fetcher().get(url)
    assert internet.requests == []


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], [PRIVATE], [PUBLIC, PRIVATE], ["::1"], ["::ffff:10.0.0.7"], ["169.254.169.254"], ["not-one"]],
)
async def test_a_host_with_an_address_inside_is_refused(addresses: list[str]) -> None:
    internet = Internet(pictures_example_com=[addresses])
    with pytest.raises(AddressRefused) as refused:
        await internet.fetcher().get(URL)
    assert internet.requests == []
    assert not refused.value.sent


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"])
async def test_the_systems_resolver_does_not_help_out(host: str) -> None:
    fetcher = Fetcher(max_bytes=10, timeout=5.0, resolve=resolve)
    with pytest.raises(FetchError) as refused:
        await fetcher.get(f"https://{host}/")
    assert isinstance(refused.value, AddressRefused)


async def test_an_unknown_host_may_be_tried_later() -> None:
    with pytest.raises(FetchFailed):
        await Internet().fetcher().get("https://nobody.example.com/")
    with pytest.raises(FetchFailed):
        await Internet(pictures_example_com=[[]]).fetcher().get(URL)


def redirecting(*targets: str) -> Answer:
    left = list(targets)
    return lambda request: httpx.Response(302, headers={"location": left.pop(0)}) if left else answering(b"at last")


async def test_redirects_are_followed_and_looked_up() -> None:
    internet = Internet(redirecting("https://cdn.example.com/a", "/b"), cdn_example_com=[[OTHER]])
    assert await internet.fetcher().get(URL) == b"at last"
    assert internet.looked_up == ["pictures.example.com", "cdn.example.com", "cdn.example.com"]
    assert internet.requests[-1].url.path == "/b"


@pytest.mark.parametrize("target", ["https://inside.example.com/", "http://pictures.example.com/", "file:///x", ""])
async def test_no_redirect_leads_inside(target: str) -> None:
    internet = Internet(redirecting(target, target, target, target), inside_example_com=[[PRIVATE]])
    with pytest.raises(AddressRefused) as refused:
        await internet.fetcher().get(URL)
    assert refused.value.sent  # to the first one
    assert {request.url.host for request in internet.requests} == {PUBLIC}


async def test_redirects_end() -> None:
    with pytest.raises(AddressRefused, match="too many"):
        await Internet(redirecting(*[URL] * 4)).fetcher().get(URL)
    assert await Internet(redirecting(*[URL] * 3)).fetcher().get(URL) == b"at last"


async def test_what_the_operator_configured_may_be_inside() -> None:
    internet = Internet(gpu_local=[["127.0.0.1"]])
    fetcher = internet.fetcher(trusted="http://gpu.local:8080/v1")
    assert await fetcher.get("http://gpu.local:8080/results/1") == b"a picture"
    for url in ("http://gpu.local/results/1", "https://gpu.local:8080/", "http://gpu.local:8081/"):
        with pytest.raises(AddressRefused):
            await fetcher.get(url)


async def test_size_is_bounded() -> None:
    internet = Internet(lambda request: answering(b"x" * 1001))
    with pytest.raises(TooLarge):
        await internet.fetcher().get(URL)
    assert len(await internet.fetcher(max_bytes=1001).get(URL)) == 1001


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(404), httpx.Response(500), httpx.Response(200, headers={"content-encoding": "br"}, content=b"x")],
)
async def test_other_answers_are_failures(answer: httpx.Response) -> None:
    with pytest.raises(FetchFailed):
        await Internet(lambda request: answer).fetcher().get(URL)


async def test_time_is_bounded() -> None:
    async def drip() -> AsyncGenerator[bytes, None]:
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    internet = Internet(lambda request: httpx.Response(200, content=drip()))
    with pytest.raises(FetchFailed, match="too long"):
        await internet.fetcher(timeout=0.1).get(URL)


async def test_an_error_never_holds_the_address() -> None:
    def fails(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    with pytest.raises(FetchFailed) as failed:
        await Internet(fails).fetcher().get(URL)
    assert "secret" not in str(failed.value)
