"""Figures as JSON for programs, as Markdown with pictures for people, and as lines for a terminal."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sweetchat_tui.classifiers import Classifier, prepared
from sweetchat_tui.emotions import EMOTIONS, GROUPS, Feeling
from sweetchat_tui.lab import evaluation
from sweetchat_tui.lab.data import Sentences
from sweetchat_tui.lab.evaluation import PerLabel
from sweetchat_tui.lab.figures import Figures
from sweetchat_tui.lab.output import writing
from sweetchat_tui.lab.significance import McNemar
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle

EVERYDAY = (
    "면접에서 떨어졌어",
    "과제가 너무 많아",
    "조용히 해주세요",
    "드디어 취직했어",
    "남자친구랑 헤어졌어",
    "내일 발표인데 떨려",
    "엄마가 아프셔",
    "친구가 내 뒷말을 하고 다녔대",
    "주말에 푹 쉬었더니 살 것 같아",
    "아무도 나를 안 찾아",
    "월급이 또 밀렸어",
    "괜히 화를 냈나 봐",
    "오늘 점심 뭐 먹지",
)
"""Thirteen everyday sentences. The first three are the original's, which read them as 좌절한, 스트레스 받는
and 짜증내는; its other ten are not known, and these stand in their place."""


def document(found: Figures, about: dict[str, Any]) -> dict[str, Any]:
    """What `evaluation.json` holds.

    Args:
        about: what was measured and when: `data`, `part`, `date`, `weights`.
    """
    macro, weighted = found.per_label.macro(), found.per_label.weighted()
    return {
        "schema": 1,
        "classifier": found.classifier,
        **about,
        "n": found.n,
        "dialogues": found.dialogues,
        "labels": len(found.labels),
        **{_key(top): round(share, 6) for top, share in found.top.items()},
        "intervals": {_key(top): [round(end, 6) for end in ends] for top, ends in found.intervals.items()},
        "times_chance": round(found.times_chance, 3),
        **{f"macro_{name}": round(v, 6) for name, v in zip(_AVERAGES, macro, strict=True)},
        **{f"weighted_{name}": round(v, 6) for name, v in zip(_AVERAGES, weighted, strict=True)},
        "groups": round(found.group_accuracy, 6),
        "by_turn": [round(share, 6) for share in found.by_turn],
        "alone": None if found.alone is None else round(found.alone, 6),
        "ece": round(found.calibration_error, 6),
        "uncertain": round(found.uncertain, 6),
        "per_class": {
            label: {"precision": round(p, 6), "recall": round(r, 6), "f1": round(f, 6), "support": s}
            for label, p, r, f, s in _rows(found)
        },
        "worst_pairs": [
            {"truth": found.labels[true], "guess": found.labels[guess], "count": count}
            for true, guess, count in evaluation.worst_pairs(found.confusion)
        ],
    }


_AVERAGES = ("precision", "recall", "f1")


def _key(top: int) -> str:
    return "accuracy" if top == 1 else f"top_{top}"


def _rows(found: Figures) -> Iterator[tuple[str, float, float, float, int]]:
    per: PerLabel = found.per_label
    for at, label in enumerate(found.labels):
        yield label, float(per.precision[at]), float(per.recall[at]), float(per.f1[at]), int(per.support[at])


def headlines(found: Figures) -> list[tuple[str, str]]:
    """The figures that matter, each with what it is called."""

    def top(of: int) -> str:
        low, high = found.intervals[of]
        return f"{found.top[of]:.4f}  ({low:.3f}–{high:.3f})"

    macro = " / ".join(f"{v:.3f}" for v in found.per_label.macro())
    weighted = " / ".join(f"{v:.3f}" for v in found.per_label.weighted())
    rows = [
        (say("문장", "sentences"), f"{found.n:,} ({say('대화', 'dialogues')} {found.dialogues:,})"),
        (say("정확도", "accuracy"), top(1)),
        (say("위 3개 안", "top 3"), top(3)),
        (say("위 5개 안", "top 5"), top(5)),
        (say("찍기의 몇 배", "times chance"), f"{found.times_chance:.1f}"),
        (say("매크로 정밀도/재현율/F1", "macro precision/recall/F1"), macro),
        (say("가중 정밀도/재현율/F1", "weighted precision/recall/F1"), weighted),
        (say("여섯 갈래", "six groups"), f"{found.group_accuracy:.4f}"),
        (say("차례별", "by turn"), " / ".join(f"{share:.3f}" for share in found.by_turn)),
        (say("보정 오차(ECE)", "calibration error (ECE)"), f"{found.calibration_error:.4f}"),
        (say("뚜렷하지 않음", "uncertain"), f"{found.uncertain:.1%}"),
    ]
    if found.alone is not None:
        rows.insert(9, (say("문장만 볼 때", "message alone"), f"{found.alone:.4f}"))
    return rows


def per_label_lines(found: Figures) -> list[tuple[str, str, str, str, str]]:
    """The table that the original printed: precision, recall, F1 and support of each label, then over all."""
    shares = [(label, f"{p:.2f}", f"{r:.2f}", f"{f:.2f}", f"{s:,}") for label, p, r, f, s in _rows(found)]
    shares.append((say("정확도", "accuracy"), "", "", f"{found.top[1]:.2f}", f"{found.n:,}"))
    for name, three in (
        (say("매크로 평균", "macro average"), found.per_label.macro()),
        (say("가중 평균", "weighted average"), found.per_label.weighted()),
    ):
        p, r, f = (f"{share:.2f}" for share in three)
        shares.append((name, p, r, f, f"{found.n:,}"))
    return shares


def everyday(classifier: Classifier) -> list[tuple[str, str, str]]:
    """The thirteen sentences: each with what was read first, and what came next."""
    felt = classifier.classify(EVERYDAY, top=min(3, len(classifier.emotions)))
    return [
        (text, first, " · ".join(rest))
        for text, (first, *rest) in zip(EVERYDAY, map(_read, felt), strict=True)
    ]


def drawn(classifier: Classifier, rows: Sentences) -> list[tuple[str, str, str]]:
    """Ten sentences of a part by lot, always the same: each with its label and what was read.

    They are the corpus's own, so they are for the person's eyes alone, and in no file.
    """
    lot = np.random.default_rng(0).choice(len(rows.texts), min(10, len(rows.texts)), replace=False)
    texts, contexts = [rows.texts[at] for at in lot], [rows.contexts[at] for at in lot]
    felt = classifier.classify(texts, contexts, top=1)
    six = {emotion.label for emotion in classifier.emotions} == set(GROUPS)
    labels = [GROUPS[rows.groups[at]] if six else EMOTIONS[rows.labels[at]].label for at in lot]
    return [
        (text, label, _read(feeling)[0]) for text, label, feeling in zip(texts, labels, felt, strict=True)
    ]


def _read(feeling: Feeling) -> list[str]:
    scores = [f"{score.emotion.label} {score.confidence:.0%}" for score in feeling.top]
    return [say("뚜렷하지 않음", "nothing clear"), *scores] if feeling.uncertain else scores


def compared(test: McNemar, first: Figures, second: Figures) -> str:
    """What McNemar's test says, in a sentence."""
    better, other, alone = first, second, (test.only_first, test.only_second)
    if test.only_second > test.only_first:
        better, other, alone = second, first, alone[::-1]
    verdict = (
        say(f"{with_particle(better.classifier, '이/가')} 나아요", f"{better.classifier} is better")
        if test.p < 0.05
        else say("차이가 있다고 할 수 없어요", "no difference is shown")
    )
    return say(
        f"{better.classifier} {better.top[1]:.4f}, {other.classifier} {other.top[1]:.4f}. "
        f"한쪽만 맞힌 문장 {alone[0]:,} 대 {alone[1]:,}, p = {test.p:.2g}: {verdict}.",
        f"{better.classifier} {better.top[1]:.4f}, {other.classifier} {other.top[1]:.4f}. "
        f"Right alone {alone[0]:,} to {alone[1]:,}, p = {test.p:.2g}: {verdict}.",
    )


def write(
    folder: Path,
    content: dict[str, Any],
    found: Figures,
    smoke: Sequence[tuple[str, str, str]],
    remarks: Sequence[str] = (),
    *,
    figures: bool = True,
) -> None:
    """Write `evaluation.md`, its pictures and `evaluation.json`.

    Args:
        remarks: sentences that belong beside the figures.
        figures: whether `evaluation.json` is written too.

    Raises:
        OutputUnwritable: the folder cannot be written, or the disk is full.
    """
    # 400 ms: matplotlib, for these pictures alone.
    from sweetchat_tui.lab import pictures

    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        pictures.reliability(found.reliability, found.calibration_error, folder / "reliability.png")
        pictures.confusions(found, folder / "confusions.png")
        (folder / "evaluation.md").write_text(_markdown(content, found, smoke, remarks), encoding="utf-8")
        # Last: where it stands, the rest does too.
        if figures:
            document = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
            prepared.write(folder / "evaluation.json", document.encode())


def _markdown(
    content: dict[str, Any],
    found: Figures,
    smoke: Sequence[tuple[str, str, str]],
    remarks: Sequence[str],
) -> str:
    def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
        return [
            "| " + " | ".join(header) + " |",
            "|" + "---|" * len(header),
            *("| " + " | ".join(row) + " |" for row in rows),
            "",
        ]

    pairs = [(p["truth"], p["guess"], f"{p['count']:,}") for p in content["worst_pairs"]]
    lines = [
        f"# {found.classifier}",
        "",
        f"{content['part']} · {content['date']}",
        "",
        *table((say("무엇", "what"), say("얼마", "figure")), headlines(found)),
        say(
            "괄호 안은 대화를 통째로 다시 뽑은 1,000번의 가운데 95 %예요.",
            "In brackets: the middle 95 % over 1,000 draws of whole dialogues.",
        ),
        "",
        *(line for remark in remarks for line in (remark, "")),
        "![reliability](reliability.png)",
        "",
        "## " + say("감정마다", "Per emotion"),
        "",
        *table((say("감정", "emotion"), "precision", "recall", "F1", "n"), per_label_lines(found)),
        "## " + say("가장 자주 헷갈린 짝", "Most often confused"),
        "",
        *table((say("정답", "truth"), say("답", "guess"), "n"), pairs),
        "![confusions](confusions.png)",
        "",
        "## " + say("일상 문장 열셋", "Thirteen everyday sentences"),
        "",
        *table((say("문장", "sentence"), say("감정", "emotion"), say("그다음", "next")), smoke),
    ]
    return "\n".join(lines)
