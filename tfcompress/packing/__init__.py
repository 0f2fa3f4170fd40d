"""The coding of weights in an archive: streams, forms, records and the file of them."""
