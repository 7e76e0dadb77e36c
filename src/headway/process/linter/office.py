"""Word and PowerPoint files as blocks, after their archive was measured: no bombs, no DTDs, no entities."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from headway.basics.errors import UserError
from headway.process.linter.blocks import Block, BlockKind

MOST_BYTES = 200 * 1024 * 1024
MOST_MEMBERS = 5_000
_CHUNK = 1 << 16
_DECLARATIONS = ("<!DOCTYPE", "<!ENTITY")
_FORBIDDEN = tuple(word.encode(coding) for word in _DECLARATIONS for coding in ("utf-8", "utf-16-le", "utf-16-be"))
_TAIL = max(len(word) for word in _FORBIDDEN)


def kind_of_archive(data: bytes, name: str) -> str:
    """ "docx" or "pptx"; the archive is unpacked once and counted, nothing is kept. Raises UserError otherwise."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise UserError(
                    f"{name} holds {len(members)} parts, more than {MOST_MEMBERS}: save it anew from Office."
                )
            total = 0
            for member in members:
                total += _measured(archive, member, name, MOST_BYTES - total)
            names = {member.filename for member in members}
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        zlib.error,
    ) as problem:
        raise UserError(
            f"{name} looks like a Word or PowerPoint file but is damaged or locked: save it anew without a password."
        ) from problem
    if "word/document.xml" in names:
        return "docx"
    if "ppt/presentation.xml" in names:
        return "pptx"
    raise UserError(
        f"{name} is an archive but neither .docx nor .pptx: save the process as Word, PowerPoint, Markdown or text."
    )


def _measured(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, left: int) -> int:
    """Unpacked bytes of one member, counted while unpacking (an archive's own figures may lie)."""
    seen, tail = 0, b""
    is_xml = member.filename.lower().endswith((".xml", ".rels"))
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            seen += len(chunk)
            if seen > left:
                raise UserError(
                    f"{name} unpacks to more than {MOST_BYTES >> 20} MB: save a copy without pictures and lint that."
                )
            window = tail + chunk
            if is_xml and any(word in window for word in _FORBIDDEN):
                raise UserError(
                    f"{name} declares entities in its XML, which no Office file needs: save it anew and lint that."
                )
            tail = window[-_TAIL:]
    return seen


def blocks_of_docx(data: bytes, name: str) -> list[Block]:
    """Blocks of a Word file, measured before. The line of a block is the number of its paragraph or row (1-based)."""
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        return list(_docx_blocks(document))
    except UserError:
        raise
    except Exception as problem:
        # python-docx lets errors of many libraries through; whatever it was, the file cannot be read
        raise UserError(f"{name} cannot be read as a Word file: open it in Word and save it anew.") from problem


def _docx_blocks(document: Any) -> Iterator[Block]:
    number = 0
    for item in document.iter_inner_content():
        if hasattr(item, "rows"):
            for block in _table(item, number):
                number = max(number, block.line)
                yield block
            continue
        number += 1
        style = (item.style.name if item.style is not None else "") or ""
        numbered = item._p.pPr is not None and item._p.pPr.numPr is not None
        if style == "Title":
            kind, level = BlockKind.TITLE, 0
        elif style.startswith("Heading"):
            kind, level = BlockKind.HEADING, int(style[-1]) if style[-1].isdigit() else 1
        elif style.startswith("List") or numbered:
            kind, level = BlockKind.ITEM, 0
        else:
            kind, level = BlockKind.PARAGRAPH, 0
        for line in item.text.splitlines():
            yield Block(kind, number, line, level=level)


def _table(table: Any, number: int) -> Iterator[Block]:
    """Cells of a table of Word or PowerPoint; its first row is taken as headings when there are more."""
    headers: list[str] = []
    rows = list(table.rows)
    for i, row in enumerate(rows):
        texts = [cell.text.strip() for cell in row.cells]
        if i == 0 and len(rows) > 1 and len(texts) > 1:
            headers = [" ".join(text.split()) for text in texts]
            continue
        for column, text in enumerate(texts):
            for part in text.replace("\v", "\n").splitlines():
                header = headers[column] if column < len(headers) else ""
                yield Block(BlockKind.CELL, number + i + 1, part, column=column, header=header)


def blocks_of_pptx(data: bytes, name: str) -> list[Block]:
    """Blocks of a PowerPoint file, measured before. A block's line is its paragraph over all slides (1-based)."""
    import pptx

    try:
        deck = pptx.Presentation(io.BytesIO(data))
        return list(_pptx_blocks(deck))
    except UserError:
        raise
    except Exception as problem:
        # python-pptx lets errors of many libraries through; whatever it was, the file cannot be read
        raise UserError(
            f"{name} cannot be read as a PowerPoint file: open it in PowerPoint and save it anew."
        ) from problem


def _pptx_blocks(deck: Any) -> Iterator[Block]:
    number = 0
    for i, slide in enumerate(deck.slides):
        title = slide.shapes.title
        for shape in _shapes(slide.shapes, 0):
            if getattr(shape, "has_table", False):
                for block in _table(shape.table, number):
                    number = max(number, block.line)
                    yield block
                continue
            if not getattr(shape, "has_text_frame", False):
                continue
            is_title = title is not None and shape.shape_id == title.shape_id
            for paragraph in shape.text_frame.paragraphs:
                number += 1
                text = "".join(run.text for run in paragraph.runs) or paragraph.text
                kind = (
                    BlockKind.ITEM
                    if not is_title
                    else BlockKind.TITLE
                    if i == 0 and len(deck.slides) > 1
                    else BlockKind.HEADING
                )
                yield Block(kind, number, text.replace("\v", " "), level=2 if is_title else 0)


def _shapes(shapes: Any, depth: int) -> Iterator[Any]:
    """Shapes in order, groups opened."""
    for shape in shapes:
        if hasattr(shape, "shapes") and depth < 20:
            yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape
