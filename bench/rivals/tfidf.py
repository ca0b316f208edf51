"""The rival: TF-IDF of character n-grams and logistic regression, as anyone would build it.

python bench/rivals/tfidf.py make MODEL       learn from made-up sentences and store the model
python bench/rivals/tfidf.py one MODEL TEXT   load it and read one text
python bench/rivals/tfidf.py bulk MODEL FILE  load it and read each line of a file
"""

import json
import sys
from pathlib import Path

import joblib
import numpy as np


def sentences(count: int, seed: int = 0) -> list[str]:
    """Made-up Korean-looking sentences of about 25 characters; no two machines make others."""
    rng = np.random.default_rng(seed)
    words = [
        "".join(chr(0xAC00 + int(c)) for c in rng.integers(0, 11172, int(n)))
        for n in rng.integers(1, 5, 6000)
    ]
    # Words are as unevenly used as in any language.
    ranks = np.minimum(rng.zipf(1.3, (count, 8)) - 1, len(words) - 1)
    lengths = rng.integers(4, 9, count)
    return [" ".join(words[r] for r in row[:n]) for row, n in zip(ranks, lengths, strict=True)]


def make(path: str) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import SGDClassifier
    from sklearn.pipeline import make_pipeline

    texts = sentences(14_436)
    labels = np.random.default_rng(1).integers(0, 58, len(texts))
    model = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), max_features=92_450, sublinear_tf=True),
        # The same linear model that logistic regression gives, learnt in seconds.
        SGDClassifier(loss="log_loss", max_iter=3, tol=None),
    )
    joblib.dump(model.fit(texts, labels), path)


def read(path: str, texts: list[str]) -> None:
    model = joblib.load(path)
    for at in range(0, len(texts), 4096):
        probabilities = model.predict_proba(texts[at : at + 4096])
        for text, row in zip(texts[at : at + 4096], probabilities, strict=True):
            top = np.argsort(-row)[:3]
            print(
                json.dumps({"text": text, "top": [[int(i), float(row[i])] for i in top]}, ensure_ascii=False)
            )


def main() -> None:
    what, model, *rest = sys.argv[1:]
    if what == "make":
        make(model)
    elif what == "one":
        read(model, rest)
    else:
        read(model, Path(rest[0]).read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    main()
