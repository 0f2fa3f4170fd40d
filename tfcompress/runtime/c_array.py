"""A TFLite file as source code in C, to be compiled into a program without a disk."""

import pathlib

from tfcompress import _checks
from tfcompress.runtime.tflite_model import tflite_file
from tfcompress.writing import file_target, write_text

PER_LINE = 12


def write_c_array(path, to, *, name: str = "model") -> pathlib.Path:
    """Writes the TFLite file `path` as an array in C; returns the path of that.

    It is aligned to 16 bytes, as TFLite Micro wants it, and `NAME_length` is its length.

    Args:
        path: The file.
        to: The file to write, ending in `.h`, `.c`, `.cc` or `.cpp`.
        name: Name of the array, an identifier of C.

    Raises:
        ValueError: `path` is no TFLite file, `to` cannot be written or ends otherwise, or
            `name` is no identifier.
    """
    to = file_target(to, name="to")
    _checks.choice("to", to.suffix, (".h", ".c", ".cc", ".cpp"))
    if not (isinstance(name, str) and name.isascii() and name.isidentifier()):
        raise _checks.error("name", "be an identifier of C", name)
    content = tflite_file(path).read_bytes()
    lines = [
        "  " + " ".join(f"0x{byte:02x}," for byte in content[i : i + PER_LINE])
        for i in range(0, len(content), PER_LINE)
    ]
    guard = ["#pragma once"] if to.suffix == ".h" else []
    head = f"alignas(16) const unsigned char {name}[] = {{"
    length = f"const unsigned int {name}_length = {len(content)};"
    include = ["#include <stdalign.h>"] if to.suffix in (".h", ".c") else []
    text = "\n".join([*guard, *include, head, *lines, "};", length, ""])
    return write_text(to, text)
