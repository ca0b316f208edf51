"""`sweetchat lab`: where classifiers are made. One file a command."""

import typer

from sweetchat_tui.cli.lab import evaluate, gpt, prepare, publish, sweep, train, train_lite, train_signs
from sweetchat_tui.lang import say

app = typer.Typer(no_args_is_help=True)


@app.callback()
def lab() -> None:
    pass


app.command(
    "prepare",
    help=say("말뭉치를 나누어 표로 만들어요.", "Split the corpus into tables."),
)(prepare.prepare)
app.command(
    "train-lite",
    help=say("말뭉치로 내장 분류기를 만들어요.", "Make the embedded classifier from the corpus."),
)(train_lite.train_lite)
app.command(
    "train-signs",
    help=say("위험 신호를 문장들에서 배워요.", "Learn the signs of danger from lines."),
)(train_signs.train_signs)
app.command(
    "evaluate",
    help=say("분류기가 얼마나 맞히는지 재요.", "Measure how good a classifier is."),
)(evaluate.evaluate)
app.command("train", help=say("말뭉치로 BERT를 가르쳐요.", "Fine-tune a BERT on the corpus."))(train.train)
app.command("sweep", help=say("학습률과 배치 크기를 견줘요.", "Compare learning rates and batch sizes."))(
    sweep.sweep
)
app.command("publish", help=say("만든 분류기를 Hub에 내놓아요.", "Publish a classifier on the Hub."))(
    publish.publish
)
app.command(
    "gpt-data", help=say("말뭉치로 대화 모델의 학습 예를 만들어요.", "Examples for tuning a chat model.")
)(gpt.gpt_data)
app.add_typer(gpt.tune, name="gpt-tune", help=say("대화 모델을 가르쳐요.", "Tune a chat model."))
