"""Store files (`comanda-store/1`, described in `data/README.md`) into the tables: `manage.py import_store`.

Three steps, so that a bad file changes nothing and its owner hears everything at once:

1. `reading` turns the file into a document that can be stored at all (`format`, size, characters, numbers).
2. One module per noun reads its section through `row.Row`, which collects errors with their path and goes on.
3. If there is no error, the same modules write with `sync` – a constant number of statements per noun – in one unit of work.

Rows are recognised by slug (customers by an identity, staff by e-mail). What the file does not name is left alone, except inside
a row it does name: the options of a group or the slots of a combo are exactly those of the file. Higher rooms add
their own sections with `hooks.register_section`.
"""
