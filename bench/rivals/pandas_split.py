"""The original's split as a notebook makes it: pandas, openpyxl and scikit-learn, written as Parquet."""

import sys
from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split


def main() -> None:
    source, folder = sys.argv[1:]
    corpus = pd.read_excel(source, engine="openpyxl")
    columns = ["감정_대분류", "감정_소분류"]
    table = pd.concat(
        [
            corpus[[*columns, f"사람문장{turn}"]].rename(columns={f"사람문장{turn}": "sentence"})
            for turn in (1, 2, 3)
        ]
    )
    table = table.sort_values(columns, kind="stable").dropna().drop_duplicates("sentence")
    appearance = {label: at for at, label in enumerate(table["감정_소분류"].unique())}
    table = table.sort_values("감정_소분류", key=lambda labels: labels.map(appearance), kind="stable")
    train, rest = train_test_split(table, test_size=0.4, random_state=0)
    validation, test = train_test_split(rest, test_size=0.5, random_state=0)
    for name, part in (("train", train), ("validation", validation), ("test", test)):
        part.to_parquet(Path(folder, f"pandas-{name}.parquet"))


if __name__ == "__main__":
    main()
