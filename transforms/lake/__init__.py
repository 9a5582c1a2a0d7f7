"""Files, manifests, locks and readers of the lake. No Beam.

`files(lake, table)` gives the committed files of a table, for pandas, Polars, pyarrow and DuckDB:

    >>> from transforms.lake import files  # doctest: +SKIP
    >>> pandas.read_parquet(files("lake", "events"))  # doctest: +SKIP
"""

from transforms.lake.live import files

__all__ = ["files"]
