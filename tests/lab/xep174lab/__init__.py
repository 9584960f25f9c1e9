# SPDX-License-Identifier: LGPL-2.1-or-later
"""Real hosts for tests: see lab.py for the hosts, suite.py for how a test looks."""
from . import inside, jingle, tls
from .capture import Capture
from .chat import Chat, converse
from .lab import Host, Lab, await_that, run
from .process import PATIENCE, Failure, Process
from .publisher import Publisher
from .purple import PurplePeer
from .raw import CONFLICT, FEATURES, FOOTER, RawPeer, RawStream, header, message
from .suite import LabTest, main

__all__ = [
    'CONFLICT', 'FEATURES', 'FOOTER', 'PATIENCE', 'Capture', 'Chat', 'Failure', 'Host', 'Lab',
    'LabTest', 'Process', 'Publisher', 'PurplePeer', 'RawPeer', 'RawStream', 'await_that',
    'converse', 'header', 'inside', 'jingle', 'main', 'message', 'run', 'tls',
]
