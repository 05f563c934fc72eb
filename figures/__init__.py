"""Figures of the site: `figures/<section>/<name>.py` has `draw()`, which returns the SVG of
`docs/<section>/img/<name>.svg`.
"""
