"""Where the datasets of an HDF5 file lie, as Keras's `save_weights` writes one.

Nothing is read but names, shapes and links. A file that points anywhere else, or whose numbers are not
plainly there one after the other, is refused, so that no file can make us follow, unpack or allocate
what its size does not show. Knows nothing of what the datasets mean.
"""

from pathlib import Path

import h5py

from sweetchat_tui.classifiers.places import Place, broken
from sweetchat_tui.lang import say

SIGNATURE = b"\x89HDF\r\n\x1a\n"

_MOST_OBJECTS = 20_000
_DEEPEST = 16


def datasets(path: Path) -> dict[str, Place]:
    """The float32 datasets by their path in the file, others left out.

    Raises:
        Unreadable: no HDF5, one that is cut, or one whose weights do not lie plainly within it.
    """
    with path.open("rb") as stream:
        signature = stream.read(len(SIGNATURE))
    if signature != SIGNATURE:
        raise broken(path, say("HDF5 파일이 아니에요", "it is not an HDF5 file"))
    try:
        with h5py.File(path, "r", locking=False) as file:
            return _walk(path, file)
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise broken(path, say("잘렸거나 망가진 HDF5예요", "the HDF5 is cut or damaged")) from error


def _walk(path: Path, file: h5py.File) -> dict[str, Place]:
    found: dict[str, Place] = {}
    size = path.stat().st_size
    waiting: list[tuple[str, h5py.Group]] = [("", file)]
    seen = 0
    while waiting:
        prefix, group = waiting.pop()
        seen += len(group)
        if seen > _MOST_OBJECTS or prefix.count("/") > _DEEPEST:
            raise broken(path, say("묶음이 너무 많거나 깊어요", "its groups are too many or too deep"))
        for name in group:
            inner = f"{prefix}/{name}"
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise broken(path, say(f"다른 곳을 가리켜요({inner})", f"it points elsewhere ({inner})"))
            entry = group[name]
            if isinstance(entry, h5py.Group):
                waiting.append((inner, entry))
            elif isinstance(entry, h5py.Dataset) and entry.dtype == "<f4":
                found[inner] = _place(path, size, inner, entry)
    return found


def _place(path: Path, size: int, name: str, dataset: h5py.Dataset) -> Place:
    layout = dataset.id.get_create_plist()
    offset = dataset.id.get_offset()
    plain = layout.get_layout() == h5py.h5d.CONTIGUOUS and layout.get_external_count() == 0
    if not plain or dataset.shape is None or offset is None:
        raise broken(
            path,
            say(
                f"압축되었거나 나뉘어 담겨 있어요({name})", f"it is compressed, chunked or elsewhere ({name})"
            ),
        )
    place = Place(int(offset), tuple(int(length) for length in dataset.shape), "F32")
    if place.offset + place.length > size:
        raise broken(path, say(f"파일보다 커요({name})", f"it is larger than the file ({name})"))
    return place
