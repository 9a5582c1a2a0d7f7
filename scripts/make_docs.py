"""Write the generated pages: docs/schema.md, docs/schema.json, docs/configuration.md."""

import json
from pathlib import Path

from pipeline.settings_page import settings_markdown
from transforms.describe import as_json_schema, as_markdown

DOCS = Path(__file__).parents[1] / "docs"


def main() -> None:
    """Write all generated pages."""
    (DOCS / "schema.md").write_text(as_markdown(), encoding="utf-8")
    schema = json.dumps(as_json_schema(), indent=2, ensure_ascii=False)
    (DOCS / "schema.json").write_text(schema + "\n", encoding="utf-8")
    (DOCS / "configuration.md").write_text(settings_markdown(), encoding="utf-8")


if __name__ == "__main__":
    main()
