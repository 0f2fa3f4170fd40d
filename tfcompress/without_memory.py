"""Models of strangers, made without memory for their variables, to see if they can be."""

import threading

import keras


def without_memory(make):
    """Returns what `make()` returns, where variables have shapes and no values.

    A config can ask for any amount of memory. Here Keras only notes which variables
    there would be. They stay so: make the model once more, to use it.
    """
    made, failed = [], []

    def run():
        try:
            with keras.StatelessScope(initialize_variables=False):
                made.append(make())
        except BaseException as error:
            failed.append(error)

    # In a thread of its own, for Keras keeps a list of such variables for each, and
    # would make them all real when it next leaves such a scope.
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return made[0]
