import apache_beam as beam
from apache_beam.portability.common_urns import composites, primitives

from transforms.spread import Spread


def consumers(root, urn):
    """Return the PCollections that transforms of this kind read."""
    proto = root.to_runner_api()
    return {
        pcoll
        for transform in proto.components.transforms.values()
        if transform.spec.urn == urn
        for pcoll in transform.inputs.values()
    }


def test_no_collection_is_both_shuffled_and_flattened():
    # Flink's fuser loses the other inputs of such a Flatten.
    root = beam.Pipeline()
    records = root | beam.Create([1, 2])
    other = root | "Other" >> beam.Create([3])
    records | Spread(several=True)
    (records, other) | beam.Flatten()
    shuffled = consumers(root, composites.RESHUFFLE.urn)
    flattened = consumers(root, primitives.FLATTEN.urn)
    assert shuffled
    assert len(flattened) == 2
    assert not shuffled & flattened


def test_one_worker_alone_shuffles_nothing():
    root = beam.Pipeline()
    records = root | beam.Create([1, 2])
    assert (records | Spread(several=False)) is records
