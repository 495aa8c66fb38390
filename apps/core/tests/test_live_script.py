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
  const seen = { states: [], frames: [] };
  seen.me = live({
    url: "/ws/", hello: (after) => ({ type: "auth", after }),
    onframe: (frame) => seen.frames.push(frame), onstate: (state) => seen.states.push(state),
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
        made.clock.pause_at(1_700_000_060)
        made.goto("/")
        yield made
        browser.close()


def until(page: Page, condition: str) -> None:
    """Wait, in the browser, for something to become true of what the page saw; no time passes for its scripts."""
    page.wait_for_function(f"() => {{ const {{ states, frames, me }} = window.seen; return {condition}; }}", polling=20)


def connected(page: Page, server: Server, times: int) -> None:
    """Wait for the hello of the `times`-th connection, and be sure that it is not one more."""
    for _each in range(500):
        if len(server.heard) >= times and server.heard[-1]:
            break
        page.wait_for_timeout(10)
    assert len(server.heard) == times


def opened(page: Page, server: Server, times: int = 1) -> Any:
    """The `after` of the `times`-th connection, once the page has said hello and was greeted."""
    connected(page, server, times)
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


def test_a_line_that_falls_silent_is_given_up_and_the_next_one_starts_where_it_was(page: Page, server: Server) -> None:
    """Half open: nobody says goodbye, the browser thinks all is well. Only the clock can tell (scenario 32)."""
    opened(page, server)
    server.say('{"type": "ticket.created", "seq": 51}')
    until(page, "me.seq === 51")
    page.clock.run_for(44_000)
    until(page, "states.join() === 'open'")
    page.clock.run_for(1_500)
    until(page, "states.at(-1) === 'waiting'")
    assert opened(page, server, times=2) == '{"type":"auth","after":51}'


def test_a_line_on_which_nothing_is_ever_said_is_given_up_too(page: Page, server: Server) -> None:
    page.clock.run_for(46_000)
    until(page, "states.join() === 'waiting'")
    connected(page, server, times=2)
    server.say('{"type": "connection_established", "seq": 50}')
    until(page, "states.join() === 'waiting,open'")


def test_every_frame_shows_that_the_line_lives(page: Page, server: Server) -> None:
    opened(page, server)
    for number in range(4):
        page.clock.run_for(40_000)
        server.say('{"type": "ping", "timestamp": 1, "seq": null}' if number % 2 else '{"type": "pong"}')
        page.wait_for_timeout(50)
    until(page, "states.join() === 'open'")
    assert len(server.lines) == 1


def test_who_did_not_get_what_was_sent_last_comes_again(page: Page, server: Server) -> None:
    opened(page, server)
    server.say('{"type": "ticket.created", "seq": 51}')
    server.say('{"type": "ping", "timestamp": 1, "seq": 51}')
    until(page, "me.seq === 51")
    assert len(server.lines) == 1
    server.say('{"type": "ping", "timestamp": 2, "seq": 53}')
    until(page, "states.join() === 'open,waiting'")
    assert opened(page, server, times=2) == '{"type":"auth","after":51}'


def test_a_line_lost_in_the_middle_of_what_was_missed_does_not_skip_the_rest(page: Page, server: Server) -> None:
    opened(page, server)  # greeted with 50, and before 50 there is more to come
    server.say('{"type": "ticket.created", "seq": 48}')
    until(page, "me.seq === 48")
    server.lines[-1].close(code=1011)
    until(page, "states.at(-1) === 'waiting'")
    page.clock.run_for(1_500)
    assert opened(page, server, times=2) == '{"type":"auth","after":48}'


def test_a_stopped_line_stays_closed(page: Page, server: Server) -> None:
    opened(page, server)
    page.evaluate("() => window.seen.me.stop()")
    page.clock.run_for(120_000)
    assert len(server.lines) == 1
