"""Figures of docs/playground/img: what a widget shows at its start, for readers without JavaScript."""
