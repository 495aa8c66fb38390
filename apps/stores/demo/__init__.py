"""The demo: the five stores of `data/stores/` made ready for a first order (`load_demo`), and their sample day played by a
client that knows nothing but the public API (`demo`). Development only; production refuses both.
"""
