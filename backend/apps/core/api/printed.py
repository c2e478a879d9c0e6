"""Files as answers: a PDF, a calendar."""

from typing import Any

from rest_framework.response import Response

from apps.core import documents
from apps.core.auth.connections import let_go


class File(Response):
    def __init__(self, content: bytes, kind: str, name: str) -> None:
        super().__init__(content, content_type=kind)
        self["Content-Disposition"] = f'attachment; filename="{name}"'


class Printed(Response):
    """A PDF. What it shows was read in the transaction of the request; it is laid out after that has ended."""

    def __init__(self, template: str, data: dict[str, Any], name: str) -> None:
        super().__init__()
        self.sheet = (template, data)
        self.name = name

    def lay_out(self) -> None:
        let_go()
        self.content = documents.pdf(*self.sheet)
        self["Content-Type"] = "application/pdf"
        self["Content-Disposition"] = f'inline; filename="{self.name}"'
