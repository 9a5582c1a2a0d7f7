"""Settings of the web."""

import dataclasses

import pytest

from transforms.web.settings import WebSettings


def test_defaults_keep_the_promises_of_the_documentation():
    settings = WebSettings()
    assert settings.max_bytes >= 32 * 1024 * 1024
    assert settings.max_redirects >= 5  # RFC 9309, 2.3.1.2
    assert settings.respect_robots
    assert settings.user_agent.startswith("Wirelake/")


@pytest.mark.parametrize(
    "field", [f.name for f in dataclasses.fields(WebSettings) if f.type in ("int", "float")]
)
def test_nothing_may_be_negative(field):
    with pytest.raises(ValueError, match=field):
        WebSettings(**{field: -1})


def test_a_contact_is_one_line_of_ascii():
    with pytest.raises(ValueError, match="contact"):
        WebSettings(contact="me\r\nX: y")


def test_ports_are_ports():
    with pytest.raises(ValueError, match="ports"):
        WebSettings(ports=(0,))
