"""The socket client in a real browser, against a server that does exactly what a test says, by the browser's own clock."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, WebSocketRoute, sync_playwright

pytestmark = pytest.mark.browser

SCRIPT = settings.BASE_DIR / "apps/core/static/core/js/live.js"
PAGE = """<!doctype html><script type="module">
  import { live } from "/live.js";
  const seen = { states: [], frames: [], polls: 0 };
  seen.me = live({
    url: "/ws/", hello: (after) => ({ type: "auth", after }),
    onframe: (frame) => seen.frames.push(frame), onstate: (state) => seen.states.push(state), poll: () => (seen.polls += 1),
  });
  window.seen = seen;
</script>"""


class Server:
    """The other end: keeps every connection and what was said on it, says what it is told to."""

    def __init__(self) -> None:
        self.lines: list[WebSocketRoute] = []
        self.heard: list[list[Any]] = []

    def take(self, line: WebSocketRoute) -> None:
        """A new connection."""
        said: list[Any] = []
        line.on_message(lambda text: said.append(text))
        self.lines.append(line)
        self.heard.append(said)

    def say(self, text: str) -> None:
        """A frame on the newest connection."""
        self.lines[-1].send(text)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def page(server: Server) -> Iterator[Page]:
    """A page that holds one live socket and stands still until the test lets time pass."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    with sync_playwright() as playwright:
        path = found or playwright.chromium.executable_path
        if not Path(path).exists() and not os.environ.get("CI"):
            pytest.skip(
                "NO CHROMIUM: the browser tests did not run; `python -m playwright install chromium` brings one"
            )
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        made = browser.new_page(base_url="http://screen.test")
        made.set_default_timeout(10_000)
        made.route("**/", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        made.route("**/live.js", lambda route: route.fulfill(body=SCRIPT.read_text(), content_type="text/javascript"))
        made.route_web_socket("**/ws/", server.take)
        made.clock.install(time=1_700_000_000)
        made.goto("/")
        made.clock.pause_at(1_700_000_100)
        yield made
        browser.close()


def until(page: Page, condition: str) -> None:
    """Wait, in the browser, for something to become true of what the page saw; no time passes for its scripts."""
    page.wait_for_function(
        f"() => {{ const {{ states, frames, polls, me }} = window.seen; return {condition}; }}", polling=20
    )


def opened(page: Page, server: Server, times: int = 1) -> Any:
    """The `after` of the `times`-th connection, once the page has said hello and was greeted."""
    until(page, "states !== null")
    for _each in range(500):
        if len(server.heard) == times and server.heard[-1]:
            break
        page.wait_for_timeout(10)
    assert len(server.heard) == times
    server.say('{"type": "connection_established", "seq": 50}')
    until(page, f"states.filter((state) => state === 'open').length === {times}")
    return server.heard[-1][0]


def test_a_change_of_rights_makes_it_come_in_again_as_a_newcomer(page: Page, server: Server) -> None:
    opened(page, server)
    server.say('{"type": "ticket.created", "seq": 51}')
    until(page, "me.seq === 51")
    server.lines[-1].close(code=4410)
    until(page, "states.at(-1) === 'waiting'")
    page.clock.run_for(1_500)
    assert opened(page, server, times=2) == '{"type":"auth","after":null}'


@pytest.mark.parametrize("code", [4401, 4403])
def test_a_refusal_is_final(page: Page, server: Server, code: int) -> None:
    opened(page, server)
    server.lines[-1].close(code=code)
    until(page, "states.at(-1) === 'refused'")
    page.clock.run_for(120_000)
    assert len(server.lines) == 1
