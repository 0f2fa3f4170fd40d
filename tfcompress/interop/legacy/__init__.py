"""The process that has legacy Keras, and what it does there: never imported by others."""
