"""The door of the inbox: `/webhooks/v1/<provider>/`. Read the raw bytes, hand them over, answer at once."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from apps.core.http.errors import problem_response
from apps.core.http.renderers import dumps
from apps.core.problems import Forbidden, Problem, TooLarge
from apps.events import inbox

# Providers send a few kilobytes; Meta's largest batch stays below one megabyte.
MAX_BYTES = 1_000_000

View = Callable[[HttpRequest, str], HttpResponse]


class NotAllowed(Problem):
    """405."""

    status = 405


def _with_problems(view: View) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, provider: str) -> HttpResponse:
        try:
            return view(request, provider)
        except Problem as problem:
            return problem_response(problem)

    return wrapped


@csrf_exempt
@_with_problems
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """POST: verify, store, 200 (again for a duplicate). GET: the provider's challenge. 401 unsigned, 404, 413."""
    if request.method == "POST":
        is_new = inbox.receive(provider=provider, body=_body(request), headers=request.headers)
        return HttpResponse(dumps({"status": "stored" if is_new else "known"}), content_type="application/json")
    if request.method == "GET":
        return _challenge(request, provider)
    refusal = problem_response(NotAllowed("method_not_allowed", _("Only GET and POST are understood here.")))
    refusal.headers["Allow"] = "GET, POST"
    return refusal


def _body(request: HttpRequest) -> bytes:
    """Every byte, whatever the content type claims. Never more than the limit is read."""
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise TooLarge("body_too_large", _("The request body is too large."))
    return body


def _challenge(request: HttpRequest, provider: str) -> HttpResponse:
    answer = inbox.mailroom_of(provider).challenge
    echo = answer(request.GET.dict()) if answer is not None else None
    if echo is None:
        raise Forbidden("challenge_refused", _("The challenge does not match."))
    return HttpResponse(echo, content_type="text/plain; charset=utf-8", headers={"X-Content-Type-Options": "nosniff"})
