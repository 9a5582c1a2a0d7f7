"""From the settings of a configuration to the options of the stages. No Beam."""

from __future__ import annotations

from pathlib import Path

from pipeline.settings import MB, CoderSettings, FetchSettings
from transforms.events.learned.base import base_file
from transforms.events.options import CoderOptions, is_model, require_model
from transforms.web.settings import WebSettings


def coder_options(settings: CoderSettings, folder: Path) -> CoderOptions:
    """Return the coder's options; file names are relative to `folder`.

    Raises:
        ConfigError: There is no such model, or it lacks a component; or the learned model's package is
            missing.
    """
    beside = (folder / settings.model).resolve()
    model = str(beside) if is_model(beside) else settings.model
    require_model(model)
    if settings.learned:
        base_file()
    return CoderOptions(
        model=model,
        actors=tuple(str((folder / name).resolve()) for name in settings.actors),
        lexicon=tuple(str((folder / name).resolve()) for name in settings.lexicon),
        first_look=settings.first_look,
        learned=settings.learned,
    )


def web_settings(settings: FetchSettings) -> WebSettings:
    """Return how servers are asked."""
    return WebSettings(
        contact=settings.contact,
        connect_timeout_s=settings.connect_timeout_s,
        read_timeout_s=settings.read_timeout_s,
        slow_bytes=settings.slow_bytes,
        slow_after_s=settings.slow_after_s,
        total_timeout_s=settings.total_timeout_s,
        max_compressed_bytes=int(settings.max_mb * MB),
        max_bytes=int(settings.max_mb * MB),
        max_redirects=settings.max_redirects,
        tries=settings.tries,
        retry_wait_s=settings.retry_wait_s,
        connections_per_domain=settings.per_domain,
        delay_s=settings.delay_s,
        page_delay_s=settings.page_delay_s,
        max_wait_s=settings.max_wait_s,
        parallel_requests=settings.parallel,
        ports=settings.ports,
        respect_robots=settings.respect_robots,
    )
