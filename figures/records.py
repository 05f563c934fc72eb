"""The models of docs/data/models.yaml, for figures that draw them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parents[1] / "docs" / "data" / "models.yaml"
RECORDS: dict[str, dict[str, Any]] = {
    # YAML reads some dates as dates and some as text: text, as written.
    record["id"]: {**record, "date": str(record["date"])}
    for record in yaml.safe_load(DATA.read_text("utf-8"))
}
