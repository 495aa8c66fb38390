"""The answers nobody else gave: 400, 404 for an unknown address, 500 for a bug, 503 when the database left mid-way."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from apps.core.http.errors import problem_response, to_problem
from apps.core.problems import Invalid, NotFound, Problem, Unavailable
from apps.core.ui.csp import render_page


class Broken(Problem):
    """500: a bug, with nothing in the answer that would help an attacker."""

    status = 500


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: a page for people, a problem document for programs."""
    if _wants_page(request):
        return render_page(request, "core/not_found.html", {}, status=404)
    return problem_response(NotFound("not_found", _("Not found.")))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 outside of DRF: a host that is not ours, a body that breaks off."""
    return problem_response(to_problem(exception) or Invalid("bad_request", _("The request is not valid.")))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database went away where no view could catch it. No template: it must work when little does."""
    error = sys.exc_info()[1]
    problem = to_problem(error) if isinstance(error, Exception) else None
    if problem is not None and problem.status == Unavailable.status:
        return problem_response(problem)
    return problem_response(Broken("server_error", _("Something went wrong on our side. It has been noted.")))


def _wants_page(request: HttpRequest) -> bool:
    return not request.path.startswith("/api/") and "text/html" in request.headers.get("Accept", "")
