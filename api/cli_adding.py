"""How a command is added: by its name, what it does, and one line that says so."""

import argparse
from collections.abc import Callable

from api.settings import Settings

Command = Callable[[argparse.Namespace, Settings], int]
Add = Callable[[str, Command, str], argparse.ArgumentParser]
