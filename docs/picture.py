"""Makes the picture of the README: `python docs/picture.py`, from the bag that ships."""

from pathlib import Path

import cv2
import numpy as np

from grounding_ros.adapters.drawing import draw
from grounding_ros.evaluation.bags.reader import BagReader
from grounding_ros.evaluation.bags.topics import find_topics
from grounding_ros.evaluation.replay import Replayed, replay
from grounding_ros.evaluation.sample import sample_bag_path
from grounding_ros.parameters import InputParameters
from grounding_ros.pipeline import PipelineParameters, build_pipeline

SHOWN = (0, 3, 5, 8)
"""Which instructions of the bag: one object, several, ambiguous, not judged."""
OUT = Path(__file__).with_name("picture.jpg")
LINES_PX = 34


def main() -> None:
    """Answer the bag offline, draw four answers and write them as one picture."""
    pipeline = build_pipeline(PipelineParameters())
    with BagReader(sample_bag_path()) as bag:
        topics = find_topics({name: topic.type for name, topic in bag.topics.items()})
        answered = list(replay(bag, topics, pipeline, InputParameters(), "base_link"))
    cards = [card(answered[number]) for number in SHOWN]
    sheet = np.vstack([np.hstack(cards[:2]), np.hstack(cards[2:])])
    small = cv2.resize(sheet, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(OUT), cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 85])


def card(one: Replayed) -> np.ndarray:
    """Return a picture with what was said above it and what was answered below it."""
    picture = draw(one.frame, one.answer)
    answer = one.answer
    said = answer.question or answer.message
    place = answer.objects3d.centers[0] if len(answer.chosen) == 1 else None
    if place is not None:
        said += " at " + ", ".join(f"{value:.3f}" for value in place) + " m"
    top, bottom = (np.full((LINES_PX, picture.shape[1], 3), 32, np.uint8) for _ in range(2))
    write(top, f'"{one.text}"', (255, 255, 255))
    write(bottom, f"{answer.status.value}: {said}", (170, 220, 255))
    return np.pad(np.vstack([top, picture, bottom]), ((4, 4), (4, 4), (0, 0)))


def write(strip: np.ndarray, text: str, colour: tuple[int, int, int]) -> None:
    """Write a line that fits the strip."""
    font, scale = cv2.FONT_HERSHEY_SIMPLEX, 0.62
    width = cv2.getTextSize(text, font, scale, 1)[0][0]
    scale *= min(1.0, (strip.shape[1] - 16) / width)
    cv2.putText(strip, text, (8, 23), font, scale, colour, 1, cv2.LINE_AA)


if __name__ == "__main__":
    main()
