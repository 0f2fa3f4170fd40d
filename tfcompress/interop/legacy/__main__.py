"""Does what the parent process asks of legacy Keras, line by line."""

import json
import sys

from tfcompress.interop.legacy_keras import MARK, READY


def main(lines, say) -> None:
    """Answers each of `lines`, a job as JSON, by one call of `say`."""
    import tensorflow as tf

    from tfcompress.interop.legacy.session import Session

    if not tf.keras.Model.__module__.startswith("tf_keras."):
        raise ImportError("`tf.keras` is not legacy Keras in this process")
    session = Session(tf.keras)
    say(READY)
    for line in lines:
        request = json.loads(line)
        try:
            say({"done": getattr(session, request.pop("job"))(**request)})
        except Exception as fault:  # of any kind: the parent tells it as its own
            say({"fault": told(fault)})


def told(fault: Exception) -> str:
    """Returns an error in one line; those of our own refusals as they are."""
    line = " ".join(str(fault).split())[:300]
    if isinstance(fault, ValueError) and line.startswith("`"):
        return line
    return f"Legacy Keras refuses it. {type(fault).__name__}: {line}"


def _say(answer) -> None:
    print(MARK + json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.stdin, _say)
