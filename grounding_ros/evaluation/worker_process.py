"""A worker process as its employer sees it: started, spoken to, ended."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Pipe

from grounding_ros.errors import GroundingRosError
from grounding_ros.evaluation.record import Broken, SceneRecord
from grounding_ros.evaluation.work import Job, Settings

# A fresh interpreter, since the threads of OpenCV and of model libraries do not survive a fork; it
# finds the same modules as this one.
_PROGRAM = (
    "import sys; sys.path = sys.argv[2:]; "
    "from grounding_ros.evaluation.worker import main; main(int(sys.argv[1]))"
)
_EXIT_S = 5.0

Message = SceneRecord | Broken | GroundingRosError | None
"""A record; or the error that ends everything; or None: the worker is free."""


class WorkerProcess:
    """A process that does jobs, one at a time."""

    def __init__(self, settings: Settings, threads: int) -> None:
        """Start it; it loads its models while nobody waits.

        `threads` is its share of the processor, for every library that has threads of its own.
        """
        self.pipe, theirs = Pipe()
        # What the user has set on purpose stays.
        environment = {"OMP_NUM_THREADS": str(threads), "OPENCV_FOR_THREADS_NUM": str(threads)}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(theirs.fileno()), *sys.path],
            env={**environment, **os.environ},
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl-C is the employer's alone, who then ends the worker
        )
        theirs.close()
        self._send(settings)

    def ask(self, job: Job, known: int) -> None:
        """Have a job done, but for the first `known` records that come of it."""
        self._send((job, known))

    def message(self) -> Message:
        """Return what the worker says next.

        Raises
        ------
        EOFError
            When it is dead and has no more to say.
        """
        try:
            message: Message = self.pipe.recv()
        except OSError as error:  # it died in the middle of a message
            raise EOFError from error
        return message

    def exit_status(self) -> int:
        """Return the exit status of a worker that is dead; below 0: the signal that killed it."""
        self.pipe.close()
        try:
            return self._process.wait(_EXIT_S)
        except subprocess.TimeoutExpired:
            self.end()
            return self._process.returncode

    def end(self) -> None:
        """Kill it; there is nothing it would have to save."""
        self._process.kill()
        self._process.wait()
        self.pipe.close()

    def _send(self, content: object) -> None:
        with suppress(OSError):  # it is dead, which its next message will tell
            self.pipe.send(content)
