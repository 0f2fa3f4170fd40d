"""The product of matrices of signs, compiled by numba."""

import functools

LANES = 8  # columns that are counted at once, a word of each in one vector
ROWS = 4  # that share what was loaded of the columns
BLOCK = 256  # rows that stay in the cache while all columns pass


@functools.cache
def compiled_sign_product():
    """Returns the compiled function; numba is imported here, for it is an extra.

    It takes packed rows of shape `(batch, words)`, packed columns of shape `(units / 8,
    words, 8)`, the number of signs in each, and the array of float32 that it writes to.
    """
    import numba

    one, several = _tile(1), _tile(ROWS)
    signature = "void(u8[:, ::1], u8[:, :, ::1], i8, f4[:, ::1])"

    @numba.njit(signature, error_model="numpy")
    def compiled(rows, columns, width, out):
        """Writes the products of rows and columns of packed signs to `out`."""
        batch, words = rows.shape
        if words != columns.shape[1]:  # or it would read beyond an array
            raise ValueError("rows and columns differ in their words")
        for begin in range(0, batch, BLOCK):
            end = min(begin + BLOCK, batch)
            for eight in range(columns.shape[0]):
                if end - begin < ROWS:
                    for i in range(begin, end):
                        one(rows, i, columns, eight, width, out)
                else:
                    for i in range(begin, end, ROWS):
                        first = min(i, end - ROWS)  # the last may meet some again
                        several(rows, first, columns, eight, width, out)

    return compiled


def _tile(height):
    """Returns what writes the products of `height` rows and of eight columns.

    It is written in vectors of LLVM's, for left to itself the compiler lays them along
    the words, and adds up their lanes after each column. LLVM fits them to any
    processor: one instruction counts the bits of a vector where there is one (AVX-512
    VPOPCNTDQ), and a table of half bytes does elsewhere.
    """
    from llvmlite import ir
    from numba.core import cgutils, types
    from numba.extending import intrinsic

    word = ir.IntType(64)
    words = ir.VectorType(word, LANES)
    integers = ir.VectorType(ir.IntType(32), LANES)
    numbers = ir.VectorType(ir.FloatType(), LANES)
    zeros = words([0] * LANES)

    @intrinsic
    def tile(typing_context, rows, first, columns, eight, width, out):
        """Works on rows from `first` on, and on columns from 8 `eight` on."""

        def generate(context, builder, signature, arguments):
            row_bits, row, column_bits, eight, signs, products = arguments
            shape = context.make_array(columns)(context, builder, column_bits).shape
            depth = builder.extract_value(shape, 1)
            indices = [builder.add(row, word(i)) for i in range(height)]
            counts = [cgutils.alloca_once_value(builder, zeros) for _ in indices]
            count_bits = cgutils.get_or_insert_function(
                builder.module, ir.FunctionType(words, [words]), "llvm.ctpop.v8i64"
            )

            def address(kind, argument, element, *index):
                array = context.make_array(kind)(context, builder, argument)
                number = cgutils.get_item_pointer(context, builder, kind, array, index)
                return builder.bitcast(number, element.as_pointer())

            def everywhere(number):
                lone = builder.insert_element(zeros, number, ir.IntType(32)(0))
                return builder.shuffle_vector(lone, zeros, integers([0] * LANES))

            with cgutils.for_range(builder, depth) as loop:
                k = loop.index
                column = address(columns, column_bits, words, eight, k, word(0))
                column = builder.load(column, align=8)
                for index, count in zip(indices, counts, strict=True):
                    bits = builder.load(address(rows, row_bits, word, index, k))
                    differ = builder.xor(everywhere(bits), column)
                    more = builder.call(count_bits, [differ])
                    builder.store(builder.add(builder.load(count), more), count)
            unit = builder.mul(eight, word(LANES))
            for index, count in zip(indices, counts, strict=True):
                twice = builder.shl(builder.load(count), words([1] * LANES))
                product = builder.sub(everywhere(signs), twice)
                product = builder.sitofp(builder.trunc(product, integers), numbers)
                place = address(out, products, numbers, index, unit)
                builder.store(product, place, align=4)
            return context.get_dummy_value()

        return types.void(rows, first, columns, eight, width, out), generate

    return tile
