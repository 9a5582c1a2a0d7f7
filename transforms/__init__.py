"""The library: what each stage decides (pure packages) and how Beam runs it (shells).

Pure packages know no Beam: `feeds`, `web`, `articles`, `duplicates`, `events`, `lake`. The shells
beside them (`poll`, `parse`, `fetch`, `normalize`, `deduplicate`, `extract`, `write`, `commit`)
hold wiring only. Nothing here knows a runner, a command-line flag or a configuration file.
"""
