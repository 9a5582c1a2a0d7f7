"""Every key is documented, and the page is the one the models make."""

from pathlib import Path

from pipeline.settings import Settings
from pipeline.settings_page import SECTIONS, settings_markdown

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_page_is_generated():
    assert PAGE.read_text(encoding="utf-8") == settings_markdown()


def test_every_section_has_a_table_and_every_key_a_description():
    models = {model for _, model in SECTIONS}
    for name, field in Settings.model_fields.items():
        assert field.description or field.annotation in models, name
    for _, model in SECTIONS[1:]:
        assert all(field.description for field in model.model_fields.values())
