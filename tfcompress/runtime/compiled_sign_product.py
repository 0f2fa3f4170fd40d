"""The product of matrices of signs, compiled by numba."""

import functools

import numpy as np


@functools.cache
def compiled_sign_product():
    """Returns the compiled function; numba is imported here, for it is an extra.

    It takes packed rows, packed columns, the number of signs in each, and the array of
    float32 that it writes to.
    """
    import numba
    from llvmlite import ir
    from numba.core import cgutils, types
    from numba.extending import intrinsic

    @intrinsic
    def _count(typing_context, word):
        """The count of the bits of a word, which the processor has an instruction for."""
        signature = types.int64(types.uint64)

        def generate(context, builder, signature, arguments):
            name = "llvm.ctpop.i64"
            kind = ir.FunctionType(ir.IntType(64), [ir.IntType(64)])
            function = cgutils.get_or_insert_function(builder.module, kind, name)
            return builder.call(function, arguments)

        return signature, generate

    @numba.njit("void(u8[:, ::1], u8[:, ::1], i8, f4[:, ::1])", error_model="numpy")
    def compiled(rows, columns, width, out):
        """Writes the products of rows and columns of packed signs to `out`."""
        batch, words = rows.shape
        units = columns.shape[0]
        # Columns in blocks that stay in the cache while all rows pass, and four of them at
        # once, which is what keeps the processor busy.
        for begin in range(0, units, 64):
            end = min(begin + 64, units)
            for i in range(batch):
                row = rows[i]
                j = begin
                while j + 4 <= end:
                    a = b = c = d = np.int64(0)
                    for k in range(words):
                        word = row[k]
                        a += _count(word ^ columns[j, k])
                        b += _count(word ^ columns[j + 1, k])
                        c += _count(word ^ columns[j + 2, k])
                        d += _count(word ^ columns[j + 3, k])
                    out[i, j] = width - 2 * a
                    out[i, j + 1] = width - 2 * b
                    out[i, j + 2] = width - 2 * c
                    out[i, j + 3] = width - 2 * d
                    j += 4
                for rest in range(j, end):
                    a = np.int64(0)
                    for k in range(words):
                        a += _count(row[k] ^ columns[rest, k])
                    out[i, rest] = width - 2 * a

    return compiled
