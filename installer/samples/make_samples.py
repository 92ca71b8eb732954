"""Makes the sample documents of the demo with LibreOffice and Pillow (`resources/samples`).

Run once by hand when the texts change: `python installer/samples/make_samples.py`. The results are
kept in git, because the demo has to work where LibreOffice is not installed.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).parent
SAMPLES = HERE.parent.parent / "resources" / "samples"
FORMATS = (("審査要領", "docx"), ("審査結果案", "docx"), ("審査日程", "pdf"))


def main() -> None:
    """Make all samples anew."""
    SAMPLES.mkdir(parents=True, exist_ok=True)
    for name, suffix in FORMATS:
        _convert(HERE / f"{name}.fodt", suffix)
    _photo(SAMPLES / "会場写真.jpg")


def _convert(source: Path, suffix: str) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        message = "LibreOffice (soffice) is needed to make the samples"
        raise SystemExit(message)
    with tempfile.TemporaryDirectory() as profile:
        command = [
            soffice, f"-env:UserInstallation=file://{profile}", "--headless",
            "--convert-to", suffix, "--outdir", str(SAMPLES), str(source),
        ]  # fmt: skip
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)  # noqa: S603 - fixed words


def _photo(path: Path) -> None:
    """Draw a hall that nobody ever saw, with the EXIF of a telephone: place, maker, time."""
    image = Image.new("RGB", (1200, 800), "#b8c7d9")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 560, 1200, 800), fill="#8a7358")
    draw.rectangle((350, 180, 850, 420), fill="#f4f6f8", outline="#33475b", width=6)
    for row in range(3):
        for seat in range(8):
            left, top = 130 + seat * 120, 590 + row * 65
            draw.rounded_rectangle((left, top, left + 80, top + 40), 8, fill="#2f4f6f")
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Sample Phone", "SP-1"
    exif[0x0131], exif[0x013B] = "Camera 4.2", "佐藤花子".encode().decode("latin-1")
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (35.0, 40.0, 21.0), 3: "E", 4: (139.0, 45.0, 5.0), 29: "2026:11:10"}
    )
    image.save(path, quality=82, exif=exif)


if __name__ == "__main__":
    main()
