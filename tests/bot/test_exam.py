"""The exam is fair: well-formed, broad in both languages, and unknown to the training data."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from bot.evaluation.held_out import FOLDER, VARIETIES, read_exam, sameness
from bot.protocol import LANGUAGES
from bot.topic_text import TopicText
from bot.topics_found import topic_files
from bot.validation.marks import marked_entities, taught_text
from tests.bot.project import ROOT

EXAM = read_exam(ROOT / FOLDER)
AT_LEAST = {"out_of_scope": 80, "human": 40}
USUALLY_AT_LEAST = 16


def taught() -> TopicText:
    topics = TopicText()
    for path in topic_files(str(ROOT / "data")):
        topics.read(path)
    return topics


def test_no_sentence_of_the_exam_is_taught_whatever_its_spelling() -> None:
    examples = {sameness(taught_text(example.text)): example for example in taught().examples}
    leaked = [
        f"{sentence.place} and {examples[sameness(sentence.text)].place}"
        for sentence in EXAM.sentences
        if sameness(sentence.text) in examples
    ]
    assert not leaked, "take these out of data/ (the exam stays as it is):\n" + "\n".join(leaked)


def test_the_exam_can_be_read_and_says_nothing_twice() -> None:
    assert EXAM.problems == []
    twice = [text for text, count in Counter(sameness(s.text) for s in EXAM.sentences).items() if count > 1]
    assert twice == []


def test_every_sentence_stands_where_it_is_said_to_stand() -> None:
    lines = {place: Path(place).read_text().splitlines() for place in {s.place.file for s in EXAM.sentences}}
    for sentence in EXAM.sentences:
        assert lines[sentence.place.file][sentence.place.line - 1].strip() == f"- {sentence.text}"


def test_every_intent_is_examined_in_both_languages_and_all_varieties() -> None:
    by_language = Counter((s.intent, s.language) for s in EXAM.sentences)
    by_variety = Counter((s.intent, s.variety) for s in EXAM.sentences)
    intents = {sentence.intent for sentence in EXAM.sentences}
    assert len(intents) == 41
    for intent in intents:
        for language in LANGUAGES:
            assert by_language[intent, language] >= AT_LEAST.get(intent, USUALLY_AT_LEAST), (intent, language)
        for variety in VARIETIES:
            assert by_variety[intent, variety] >= 3, (intent, variety)


def test_every_intent_of_the_exam_is_taught() -> None:
    assert {sentence.intent for sentence in EXAM.sentences} <= {example.intent for example in taught().examples}


def test_texts_are_the_same_whatever_case_accents_punctuation_spaces_and_abbreviations() -> None:
    assert sameness("¿Cuándo me cobráis?") == sameness("cuando me  cobrais")
    assert sameness("wi fi xfa") == sameness("Wifi, por favor!")
    assert sameness("cuándo me cobran") != sameness("cuánto me cobran")


def test_what_is_wrong_with_a_file_is_said_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("understanding:\n- intent: sim\n  es-CL: |\n    - hola\n  es-ES:\n    - hola\n")
    (tmp_path / "b.yml").write_text("nlu: []\n")
    (tmp_path / "c.yml").write_text("understanding: [\n")
    (tmp_path / "d.yml").write_text("understanding:\n- es-ES: |\n    - hola\n")
    said = [str(problem).replace(f"{tmp_path}/", "") for problem in read_exam(tmp_path).problems]
    assert said[0].startswith("a.yml:3: es-CL is none of es-ES")
    assert said[1].startswith("a.yml:6: `es-ES: |`")
    assert said[2].startswith("b.yml:1: the file begins with `understanding:`")
    assert said[3].startswith("c.yml:2: not YAML")
    assert said[4].startswith("d.yml:2: a block begins with `intent:`")
    assert read_exam(tmp_path).sentences == []


def test_marks_of_entities_are_no_words() -> None:
    written = 'cobertura en [Madrid](place) con el plan [M]{"entity": "plan", "value": "m"}'
    assert taught_text(written) == "cobertura en Madrid con el plan M"
    assert list(marked_entities(written)) == ["place", "plan"]
