"""Signs packed into bits, compiled by numba."""

import functools

import numpy as np


@functools.cache
def compiled_sign_packing():
    """Returns the compiled function; numba is imported here, for it is an extra.

    It takes rows of float32, and the array of words of 64 bits that it writes to.
    """
    import numba
    from llvmlite import ir
    from numba.core import cgutils, types
    from numba.extending import intrinsic

    numbers = ir.VectorType(ir.FloatType(), 64)

    @intrinsic
    def _word(typing_context, rows, i, j):
        """The signs of the 64 numbers that begin at `rows[i, j]`.

        One comparison of vectors, which processors turn into bits in few steps; from
        a loop over single numbers compilers do not make that.
        """

        def generate(context, builder, signature, arguments):
            array = context.make_array(rows)(context, builder, arguments[0])
            first = cgutils.get_item_pointer(
                context, builder, rows, array, arguments[1:]
            )
            first = builder.bitcast(first, numbers.as_pointer())
            zeros = ir.Constant(numbers, [0.0] * 64)
            signs = builder.fcmp_ordered(">=", builder.load(first, align=4), zeros)
            return builder.bitcast(signs, ir.IntType(64))

        return types.uint64(rows, i, j), generate

    @numba.njit("void(f4[:, ::1], u8[:, ::1])", error_model="numpy")
    def compiled(rows, words):
        """Writes the signs of `rows` to `words`, the first at the lowest bit."""
        count, width = rows.shape
        whole = width // 64
        rest = width % 64
        for i in range(count):
            for k in range(whole):
                words[i, k] = _word(rows, i, 64 * k)
            if rest and whole:  # the last 64, without those that had their place
                last = _word(rows, i, width - 64)
                words[i, whole] = last >> np.uint64(64 - rest)
            elif rest:
                word = np.uint64(0)
                for j in range(width):
                    word |= np.uint64(rows[i, j] >= 0) << np.uint64(j)
                words[i, 0] = word

    return compiled
