"""What a worker process does: job after job, until nobody asks for more.

Through the pipe come the settings, then jobs, each with the number of its records that are known
already. Back go records, `None` whenever the worker is free, or the error that ends everything.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection

from grounding_ros.errors import GroundingRosError
from grounding_ros.evaluation.work import JobRunner


def main(file_descriptor: int) -> None:
    """Work at the end of a pipe that this process was given."""
    with Connection(file_descriptor) as pipe, suppress(EOFError, ConnectionError):
        try:
            _work(pipe)
        except GroundingRosError as error:
            pipe.send(error)


def _work(pipe: Connection) -> None:
    runner = JobRunner(pipe.recv())
    while True:
        pipe.send(None)
        job, known = pipe.recv()
        for record in islice(runner.run(job), known, None):
            pipe.send(record)
