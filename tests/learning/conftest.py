import sys
from pathlib import Path

# `learning` is no installed package: the wheel does not carry it.
ROOT = Path(__file__).parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
