"""`python -m api.decoder FILE…`: what the decoding child says of each file, one JSON a line; for looking by hand."""

import json
import sys

from api.decoder.parent import Decoder, Failed
from storage.field.evidence import media


def main(paths: list[str]) -> int:
    """0 however little could be read: nothing that is in a file is a fault of ours."""
    decoder = Decoder()
    for path in paths:
        with open(path, "rb") as file:
            sniffed = media.sniff(file.read(media.HEAD))
            if sniffed is None:
                sys.stdout.write(json.dumps({"file": path, "media_type": None}) + "\n")
                continue
            answer = decoder.describe(file, sniffed)
        facts = {"not_read": answer.why} if isinstance(answer, Failed) else json.loads(answer.facts)
        sys.stdout.write(json.dumps({"file": path, "media_type": sniffed, **facts}, ensure_ascii=False) + "\n")
    decoder.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
