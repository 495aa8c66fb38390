"""Log lines carry the ids they belong to and nothing that is not a plain value."""

import json
import logging
from uuid import uuid4

import pytest

from apps.core import logs
from apps.core.scope import scope


@pytest.fixture
def record() -> logging.LogRecord:
    made = logging.makeLogRecord({"name": "apps.stores", "levelname": "WARNING", "msg": "order %s", "args": ("A-1",)})
    made.amount = 3
    made.request = object()
    return made


def stamped(record: logging.LogRecord) -> dict[str, object]:
    logs.ContextFilter().filter(record)
    line: dict[str, object] = json.loads(logs.JsonFormatter().format(record))
    return line


def test_a_line_is_one_json_object_with_what_the_caller_added(record: logging.LogRecord) -> None:
    line = stamped(record)

    assert (line["message"], line["level"], line["logger"], line["amount"]) == (
        "order A-1",
        "warning",
        "apps.stores",
        3,
    )
    assert "request" not in line


def test_a_line_names_request_user_and_store(record: logging.LogRecord) -> None:
    store = uuid4()
    request_token, user_token = logs.request_id.set("r-1"), logs.user_id.set("u-1")
    try:
        with scope(store):
            line = stamped(record)
    finally:
        logs.request_id.reset(request_token)
        logs.user_id.reset(user_token)

    assert (line["request_id"], line["user_id"], line["store_id"]) == ("r-1", "u-1", str(store))


def test_a_line_outside_of_everything_has_no_empty_ids(record: logging.LogRecord) -> None:
    assert not {"request_id", "user_id", "store_id"} & set(stamped(record))


def test_an_exception_is_part_of_its_line(record: logging.LogRecord) -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)

    assert "ValueError: broken" in str(stamped(record)["exception"])
    assert "ValueError: broken" in logs.TextFormatter().format(record)


def test_text_lines_are_for_people(record: logging.LogRecord) -> None:
    logs.ContextFilter().filter(record)

    assert logs.TextFormatter().format(record).endswith("warning apps.stores order A-1 amount=3")
