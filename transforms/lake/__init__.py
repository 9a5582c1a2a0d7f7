"""Files, manifests, locks and readers of the lake. No Beam.

`files(lake, table)` gives the committed files of a table, for pandas, Polars, pyarrow and DuckDB:

    >>> from transforms.lake import files  # doctest: +SKIP
    >>> pandas.read_parquet(files("lake", "events"))  # doctest: +SKIP

`dataset(lake, table)` gives them as one pyarrow dataset, on an object store, too.
"""

from transforms.lake.live import files
from transforms.lake.reading import dataset

__all__ = ["dataset", "files"]
