"""A spaCy pipeline's parse in a fraction of its time, with the same result.

Four things make it quick. The vector of a word before its context depends on the word alone, so it
is computed once and kept. Matrix products run on numpy's BLAS rather than on blis, which has no
kernel for many processors. The parser's steps run while this thread holds the interpreter's lock:
spaCy's own loop lets go of it and takes it again at every look at every possible move. And what the
attribute ruler and the rule lemmatizer say about a token depends on its word, tag and dependency,
so it too is computed once.

All of it uses the model's own weights and components; a component that is built otherwise, or for
which the quick way gives another result on a probe, does its work itself.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from spacy.attrs import HEAD  # type: ignore[import-not-found] # compiled, without stubs
from spacy.language import Language
from spacy.pipeline import DependencyParser, Tok2Vec
from spacy.tokens import Doc
from thinc.api import NumpyOps, Ragged

from transforms.events.annotations import WRITTEN, Annotations

BATCH_WORDS = 800  # of one step of the pipeline: what it computes then stays in a core's cache
_MAX_WORDS = 30_000  # known before the tables are begun anew: 12 MB of vectors
_CLOSE = 1e-3  # how far two ways of the same sums in single precision may be apart
_PROBE = (
    "Officials in Oslo said on Monday (May 3) that they'd met and hadn't been told.",
    "No.",
    "There's a ship, which sailed home\nto get what it needs; it ain't seen.",
)

_Docs = list[Doc]
_Step = Callable[[_Docs], _Docs]


class Parser:
    """Parses sentences with the components of a spaCy pipeline.

    Args:
        nlp: The pipeline. Its models are set to numpy's BLAS, its lemmatizer's lists become sets.
    """

    def __init__(self, nlp: Language) -> None:
        self._steps: list[_Step] = []
        components: list[Any] = [component for _, component in nlp.pipeline]
        for component in components:
            _use_numpy(component)
        while components:
            component, *components = components
            own, quick = _own(component), _quick(component)
            if quick is None and components and Annotations.may_stand_for(component, components[0]):
                lemmatizer, *components = components
                own = _one_after_another(own, _own(lemmatizer))
                quick = Annotations(component, lemmatizer, own)
            if quick is not None and self._gives_the_same(nlp, own, quick):
                own = quick
            self._steps.append(own)

    def parse(self, docs: Iterable[Doc]) -> None:
        """Parse documents in place: those of like length together."""
        with _one_thread():
            for batch in _batches(sorted((doc for doc in docs if len(doc)), key=len)):
                self._run(batch)

    def _run(self, docs: _Docs) -> _Docs:
        for step in self._steps:
            docs = step(docs)
        return docs

    def _gives_the_same(self, nlp: Language, own: _Step, quick: _Step) -> bool:
        """Tell whether two ways to do the next step come to the same for the probe."""
        one, other = (self._run([nlp.make_doc(text) for text in _PROBE]) for _ in range(2))
        read = [*WRITTEN, HEAD]
        return all(
            (a.to_array(read) == b.to_array(read)).all()
            and np.allclose(a.tensor, b.tensor, atol=_CLOSE)
            for a, b in zip(own(one), quick(other), strict=True)
        )


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Keep numpy's OpenBLAS on this core: the products are too small to be worth a second one.

    Waiting for threads that a busy machine does not run took twice the time of the work itself.
    Another BLAS, or a build that names its functions otherwise, is left as it is.
    """
    # A handle on numpy's own module finds what the libraries that it has loaded export.
    library = ctypes.CDLL(np._core._multiarray_umath.__file__)  # type: ignore[attr-defined] # noqa: SLF001
    number = getattr(library, "scipy_openblas_get_num_threads64_", None)
    if number is None:
        yield
        return
    before = number()
    library.scipy_openblas_set_num_threads64_(1)
    try:
        yield
    finally:
        library.scipy_openblas_set_num_threads64_(before)


def _use_numpy(component: Any) -> None:
    """Let a component's model compute with numpy, if it computes on the processor at all."""
    model = getattr(component, "model", None)
    if model is None or isinstance(model, bool):
        return
    ops = NumpyOps(use_blis=False)
    for node in model.walk():
        if type(node.ops) is NumpyOps:
            node.ops = ops


def _quick(component: Any) -> _Step | None:
    """Return the quick way to do a component's work; None: there is none."""
    try:
        if type(component) is Tok2Vec:
            return _Vectors(component.model)
        if type(component) is DependencyParser:
            return _Transitions(component)
    except (AttributeError, KeyError, ValueError, IndexError):
        return None  # built of other layers
    return None


def _own(component: Any) -> _Step:
    """Return a step that lets a component do its work itself."""

    def step(docs: _Docs) -> _Docs:
        if hasattr(component, "pipe"):
            return list(component.pipe(docs, batch_size=len(docs)))
        return [component(doc) for doc in docs]

    return step


def _one_after_another(first: _Step, second: _Step) -> _Step:
    return lambda docs: second(first(docs))


def _batches(docs: Iterable[Doc]) -> Iterator[_Docs]:
    batch: _Docs = []
    words = 0
    for doc in docs:
        if batch and words + len(doc) > BATCH_WORDS:
            yield batch
            batch, words = [], 0
        batch.append(doc)
        words += len(doc)
    if batch:
        yield batch


class _Vectors:
    """A hash-embedding convolutional Tok2Vec (spaCy's MultiHashEmbed and MaxoutWindowEncoder).

    Args:
        model: Its thinc model.

    Raises:
        AttributeError, KeyError, ValueError, IndexError: It is built of other layers.
    """

    def __init__(self, model: Any) -> None:
        embed, encode = model.get_ref("embed"), model.get_ref("encode")
        features, _, *self._embed, _ = embed.layers
        self._columns = features.attrs["columns"]
        self._pad = encode.attrs["pad"]
        self._layers = [_Convolution(residual.layers[0]) for residual in encode.layers[0].layers]
        width = self._layers[0].width
        # An odd factor for each feature: the sums, modulo 2**64, tell words apart as well as
        # spaCy's own 64-bit hashes do.
        self._factors = np.random.default_rng(1).integers(
            2**63, size=len(self._columns), dtype=np.uint64
        ) * np.uint64(2) + np.uint64(1)
        self._rows: dict[int, int] = {}
        self._table = np.zeros((_MAX_WORDS + BATCH_WORDS, width), np.float32)

    def __call__(self, docs: _Docs) -> _Docs:
        features = [doc.to_array(self._columns).reshape(len(doc), -1) for doc in docs]
        rows = self._known(np.concatenate(features))
        # Documents stand in one array, with rows of nothing before, between and behind them.
        starts, total = [], self._pad
        for doc in docs:
            starts.append(total)
            total += len(doc) + self._pad
        vectors = np.zeros((total, self._table.shape[1]), np.float32)
        places = np.concatenate(
            [np.arange(start, start + len(doc)) for start, doc in zip(starts, docs, strict=True)]
        )
        vectors[places] = self._table[rows]
        for layer in self._layers:
            vectors += layer(vectors)
        for start, doc in zip(starts, docs, strict=True):
            doc.tensor = vectors[start : start + len(doc)].copy()
        return docs

    def _known(self, features: Any) -> list[int]:
        """Return the row of each word's vector, of unknown words after computing it."""
        keys = (features * self._factors).sum(axis=1, dtype=np.uint64).tolist()
        if len(self._rows) > _MAX_WORDS:
            self._rows.clear()
        new = {key: i for i, key in enumerate(keys) if key not in self._rows}
        if new:
            known = Ragged(features[list(new.values())], _array([len(new)], np.int32))
            for layer in self._embed:
                known = layer.predict(known)
            size = len(self._rows)
            if size + len(new) > len(self._table):  # one huge document
                more = np.zeros((size + len(new), self._table.shape[1]), np.float32)
                more[:size] = self._table[:size]
                self._table = more
            self._table[size : size + len(new)] = known.dataXd
            self._rows.update(zip(new, range(size, size + len(new)), strict=True))
        return [self._rows[key] for key in keys]


class _Convolution:
    """One layer: each word's vector with its neighbours', maxout, normalised."""

    def __init__(self, layers: Any) -> None:
        window, maxout, norm = _flat(layers)
        self._reach = window.attrs["window_size"]
        weights, bias = maxout.get_param("W"), maxout.get_param("b")
        self.width, self._pieces, inputs = weights.shape
        if inputs != self.width * (2 * self._reach + 1):
            raise ValueError(inputs)
        # All first pieces, then all second ones …: so that the maximum is one of whole rows.
        self._weights = np.ascontiguousarray(
            weights.transpose(2, 1, 0).reshape(inputs, -1), np.float32
        )
        self._bias = bias.T.reshape(-1).astype(np.float32)
        self._gain, self._shift = norm.get_param("G"), norm.get_param("b")

    def __call__(self, vectors: Any) -> Any:
        count, width = vectors.shape
        reach = self._reach
        seen = np.zeros((count, width * (2 * reach + 1)), np.float32)
        for step in range(-reach, reach + 1):
            column = slice((step + reach) * width, (step + reach + 1) * width)
            seen[max(0, -step) : count - max(0, step), column] = vectors[
                max(0, step) : count - max(0, -step)
            ]
        pieces = seen @ self._weights
        pieces += self._bias
        best = pieces[:, :width]
        for number in range(1, self._pieces):
            np.maximum(best, pieces[:, number * width : (number + 1) * width], out=best)
        best = best - best.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", best, best)[:, None] / width + 1e-8
        best *= 1 / np.sqrt(variance)
        best *= self._gain
        best += self._shift
        return best


def _flat(model: Any) -> list[Any]:
    """Return the layers of nested chains, but those of dropout, which does nothing here."""
    found: list[Any] = []
    for layer in model.layers:
        if layer.layers:
            found += _flat(layer)
        elif layer.name != "dropout":
            found.append(layer)
    return found


class _Transitions:
    """A greedy transition parser, all sentences of a batch in step.

    Raises:
        ValueError: It searches with a beam, or is built of other layers.
    """

    def __init__(self, parser: DependencyParser) -> None:
        attrs = parser.model.attrs
        if parser.cfg["beam_width"] != 1 or not attrs["has_upper"] or attrs["unseen_classes"]:
            raise ValueError(parser.name)
        self._parser = parser

    def __call__(self, docs: _Docs) -> _Docs:
        parses = self._parser.moves.init_batch(docs)
        model = self._parser.model.predict(docs)
        weights = np.ascontiguousarray(model.vec2scores.get_param("W").T)
        bias = model.vec2scores.get_param("b")
        open_ones = [state for state in parses if not state.is_final()]
        while open_ones:
            scores = model.state2vec.predict(model.get_token_ids(open_ones)) @ weights
            scores += bias
            open_ones = self._parser.transition_states(open_ones, scores)
        self._parser.set_annotations(docs, parses)
        return docs


def _array(values: Any, kind: Any) -> Any:
    """Return an array, for callees whose stubs ask for types of their own."""
    return np.array(values, kind)
