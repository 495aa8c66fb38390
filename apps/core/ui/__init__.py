"""The small design system every page shares.

The looks live in `core/static/core/` (tokens.css decides every colour and size, components.css uses them) and
`core/templates/core/` (base.html and the partials in `ui/`). This package holds the little Python they need:
`brand` turns a store's colour into readable ones, `csp` sends the content security policy, `price` writes money for people.
"""
