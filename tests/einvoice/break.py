"""Raises the total with VAT of an invoice by a euro: `break.py FROM TO`."""
import re
import sys
from pathlib import Path

text = Path(sys.argv[1]).read_text(encoding="utf-8")
broken, count = re.subn(
    r"(GrandTotalAmount[^>]*>)(\d+)", lambda found: f"{found[1]}{int(found[2]) + 1}", text, count=1)
assert count == 1, "no total"
Path(sys.argv[2]).write_text(broken, encoding="utf-8")
