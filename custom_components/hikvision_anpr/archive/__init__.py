"""Remember every passage: schema, one writer, search, deletion."""
