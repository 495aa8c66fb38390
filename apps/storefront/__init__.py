"""The storefront room: the pages a customer sees, from the menu to the order on its way.

Pages only. They read through `stores.queries` and their scripts use the public API like any other client would; nothing
here writes. See docs in `urls.py` for the pages and in `static/storefront/js/main.js` for how the script is put together.
"""
