"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from sweetchat_tui.lang import say

ProviderName = Annotated[
    str | None,
    typer.Option(
        "--provider", metavar="NAME", help=say("대답하는 곳(auto, offline, 프로필).", "Who answers.")
    ),
]
ModelName = Annotated[
    str | None,
    typer.Option("-m", "--model", metavar="NAME", help=say("대화할 모델.", "The model that answers.")),
]
Persona = Annotated[
    str | None,
    typer.Option("--persona", metavar="friend|classic", help=say("말투.", "Manner of the answer.")),
]
MannerOfAnswer = Annotated[
    str | None,
    typer.Option(
        "--manner",
        metavar="auto|listen|comfort|advise",
        help=say("바라는 대답.", "What you want of answers."),
    ),
]
LengthOfAnswer = Annotated[
    str | None,
    typer.Option("--length", metavar="auto|short|long", help=say("대답의 길이.", "How long answers are.")),
]
ClassifierName = Annotated[
    str | None,
    typer.Option(
        "-c",
        "--classifier",
        metavar="auto|lite|bert|FOLDER|ID",
        help=say("감정을 읽는 모델.", "What reads emotions."),
    ),
]
Device = Annotated[
    str | None,
    typer.Option(
        "--device",
        metavar="auto|cpu|cuda|mps",
        help=say("감정 모델을 돌릴 곳.", "Where the classifier runs."),
    ),
]
Precision = Annotated[
    str | None,
    typer.Option(
        "--precision",
        metavar="auto|fp32|int8|bf16",
        help=say("감정 모델의 정밀도.", "Precision of the classifier."),
    ),
]
ConversationId = Annotated[
    str | None,
    typer.Option(
        "--conversation", metavar="ID", help=say("이 대화를 이어가요.", "Go on with this conversation.")
    ),
]
Private = Annotated[bool, typer.Option("--private", help=say("아무것도 저장하지 않아요.", "Store nothing."))]
AsJson = Annotated[bool, typer.Option("--json", help=say("JSON으로 내요.", "Print JSON."))]
AsJsonLines = Annotated[
    bool, typer.Option("--json", help=say("한 줄에 하나씩 JSON으로 내요.", "Print JSON Lines."))
]
Raw = Annotated[
    bool,
    typer.Option(
        "--raw",
        help=say("글을 온 그대로 내요(파이프로만).", "Print texts as they came; to a pipe only."),
    ),
]
InputFile = Annotated[
    Path | None,
    typer.Option(
        "-f", "--file", metavar="PATH", help=say("읽을 파일(-는 표준 입력).", "File to read (- is stdin).")
    ),
]
Table = Annotated[
    Path | None,
    typer.Option(
        "--input",
        metavar="TABLE",
        help=say("읽을 표(.csv .tsv .jsonl .parquet).", "Table to read (.csv .tsv .jsonl .parquet)."),
    ),
]
Column = Annotated[
    str | None, typer.Option("--column", metavar="NAME", help=say("글이 든 열.", "Its column of texts."))
]
OutputTable = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="TABLE",
        help=say("결과 열을 더해 쓸 표.", "Table to write, with the results as columns."),
    ),
]
Resume = Annotated[
    bool, typer.Option("--resume", help=say("쓰다 만 표를 이어서 써요.", "Go on with an unfinished output."))
]
