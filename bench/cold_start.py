"""From the start of a process to its end: `--help` and one sentence."""

import subprocess
import sys
import tempfile
from pathlib import Path

from timing import compare, installed, paired

TFIDF = str(Path(__file__).parent / "rivals" / "tfidf.py")
TEXT = "면접에서 떨어졌어"


def main() -> None:
    sweetchat, llm = installed("sweetchat"), installed("llm")
    compare("sweetchat --help", "llm --help", *paired([sweetchat, "--help"], [llm, "--help"]))
    with tempfile.TemporaryDirectory() as folder:
        model = f"{folder}/model.joblib"
        subprocess.run([sys.executable, TFIDF, "make", model], check=True)
        ours, rival = [sweetchat, "classify", TEXT], [sys.executable, TFIDF, "one", model, TEXT]
        compare("sweetchat classify TEXT", "scikit-learn TF-IDF, one text", *paired(ours, rival))


if __name__ == "__main__":
    main()
