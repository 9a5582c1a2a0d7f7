"""A model is looked at before anything begins."""

import json
from pathlib import Path

import pytest

from pipeline.options import coder_options
from pipeline.settings import CoderSettings
from transforms.events.learned import base
from transforms.events.options import NEEDED, require_model
from transforms.failures import ConfigError


@pytest.fixture
def model(tmp_path):
    """Return a function that makes the folder of a pipeline with these components."""

    def _model(*components):
        folder = tmp_path / "my model"
        folder.mkdir()
        (folder / "meta.json").write_text(json.dumps({"pipeline": components}))
        return folder

    return _model


def test_the_default_model_is_there():
    require_model("en_core_web_sm")


@pytest.mark.parametrize("name", ["no_such_model", "", "os", "json", "no/such/folder"])
def test_what_is_no_model_is_named(name, tmp_path):
    with pytest.raises(ConfigError, match="is not installed"):
        require_model(name)
    with pytest.raises(ConfigError, match="is not installed"):
        require_model(str(tmp_path))


def test_a_component_that_is_missing_is_named(model):
    with pytest.raises(ConfigError, match="has no lemmatizer"):
        require_model(str(model("tok2vec", "tagger", "parser")))


def test_a_model_may_stand_beside_the_configuration(model):
    folder = model("tagger", *NEEDED)
    options = coder_options(CoderSettings(model="my model"), folder.parent)
    assert options.model == str(folder)


def test_a_missing_learned_model_is_told_before_the_run(monkeypatch):
    monkeypatch.setattr(base, "_PACKAGE", "no_such_package")
    with pytest.raises(ConfigError, match=r"coder\.learned = true needs the package"):
        coder_options(CoderSettings(learned=True), Path())
    assert not coder_options(CoderSettings(learned=False), Path()).learned
