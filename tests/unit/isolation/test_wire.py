import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError
from meti_desk.isolation.wire import (
    Answer,
    ErrorBody,
    Request,
    error_answer,
    read_answer,
    result_of,
)


class Number(msgspec.Struct, frozen=True):
    number: int


def raised(answer: Answer) -> MetiDeskError:
    with pytest.raises(MetiDeskError) as caught:
        result_of(answer, Number)
    return caught.value


@pytest.mark.parametrize("kind", [EnvironmentProblem, InvalidInput])
def test_an_error_comes_out_as_it_went_in(kind: type[MetiDeskError]) -> None:
    error = kind("mark.page-too-small", articles=("5-1",), page=3, what="名")
    packed = msgspec.msgpack.encode(error_answer(error))
    found = raised(read_answer(packed))
    assert type(found) is kind
    assert (found.code, found.params, found.articles) == (error.code, error.params, ("5-1",))


@settings(derandomize=True, max_examples=300)
@given(st.binary(max_size=200))
def test_nonsense_from_a_subverted_worker_is_an_error_of_ours(raw: bytes) -> None:
    try:
        result_of(read_answer(raw), Number)
    except MetiDeskError as error:
        assert error.code == "document.unreadable"  # noqa: PT017 - a result is possible too


@pytest.mark.parametrize("code", ["", "x y", "<b>x</b>", "a.b\n", "A" * 100])
def test_a_code_that_is_none_is_not_passed_on(code: str) -> None:
    found = raised(Answer(error=ErrorBody("rule", code)))
    assert found.code == "document.unreadable"


def test_parameters_cannot_fill_the_screen_nor_shadow_the_code() -> None:
    body = ErrorBody("input", "document.damaged", {"what": "x" * 10_000, "code": "other"})
    found = raised(Answer(error=body))
    assert found.code == "document.damaged"
    assert found.params == {"what": "x" * 500}


def test_a_request_does_not_show_its_parameters() -> None:
    assert "hunter2" not in repr(Request(job="open", params=b"hunter2"))
