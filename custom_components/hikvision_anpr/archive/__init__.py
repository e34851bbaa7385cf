"""Store every passage: schema, writer, search, deletion."""
