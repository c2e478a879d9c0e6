"""Paper: a template of ours, data as JSON, typst, PDF.

What people have typed comes to a template as values and is set as text, so it never becomes markup; a template reaches
files below ``apps/`` and no network. A PDF holds its fonts, which have every Kazakh letter and the sign of the tenge.
"""

from functools import cache
from threading import Lock
from typing import Any

from django.conf import settings

from apps.core.render import encode

_ROOT = settings.BACKEND / "apps"
_FONTS = _ROOT / "core" / "documents" / "fonts"
_turn = Lock()  # the compiler of a process does one sheet after the other


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """``template`` is a path below ``apps/``, as ``calendar/documents/slip.typ``."""
    with _turn:
        laid_out: bytes = _compiler().compile(
            _ROOT / template, format="pdf", sys_inputs={"data": encode(data).decode()}
        )
    return laid_out


@cache
def _compiler() -> Any:
    import typst  # eighty megabytes, which only a process that prints has to carry

    return typst.Compiler(root=_ROOT, font_paths=[_FONTS], ignore_system_fonts=True)
