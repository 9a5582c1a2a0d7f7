"""A user's error is found again in what a runner reports; a programming error is not hidden."""

import pytest

from pipeline.causes import user_error
from transforms.failures import ConfigError, LakeError

TRACEBACK = "Traceback (most recent call last):\n  File x\n"


@pytest.mark.parametrize(
    "error",
    [
        LakeError("disk is full"),
        LakeError("disk is full [while running 'WriteLake/StageFile']\nTraceback …"),
        RuntimeError(TRACEBACK + "transforms.failures.LakeError: disk is full"),
        RuntimeError(
            TRACEBACK + "transforms.failures.LakeError: disk is full [while running 'X']\n"
        ),
        RuntimeError(
            "bundle failed: " + TRACEBACK + "transforms.failures.LakeError: disk is full\nmore"
        ),
    ],
)
def test_a_lake_error_is_found(error):
    found = user_error(error)
    assert isinstance(found, LakeError)
    assert str(found) == "disk is full"


def test_the_last_error_counts():
    text = TRACEBACK + "transforms.failures.LakeError: first\n" + TRACEBACK
    found = user_error(RuntimeError(text + "transforms.failures.ConfigError: second"))
    assert isinstance(found, ConfigError)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError(TRACEBACK + "KeyError: 'x'"),
        RuntimeError(TRACEBACK + "transforms.failures.InputFault: not for the user"),
        KeyError("transforms"),
    ],
)
def test_a_programming_error_is_none_of_the_users(error):
    assert user_error(error) is None
