#!/bin/sh
# install-worker.sh FOLDER: install Wirelake for the `python` on the path, from the locked
# requirements and the wheel in FOLDER, and see it code a sentence. The steps of the Containerfile.
set -eu
folder=$1
python -m pip install --quiet --no-cache-dir --require-hashes --requirement "$folder/requirements.txt"
python -m pip install --quiet --no-cache-dir --no-deps "$folder"/wirelake_pipeline-*.whl
python -m pip check
cd /
echo '{"id": "1", "text": "France condemned the coup in Niger on Friday."}' | wirelake code - | grep ACCUSE
