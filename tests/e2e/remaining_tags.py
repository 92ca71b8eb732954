"""What exiftool and mat2 still find in scrubbed files, and why each of it must stay.

`python -m tests.e2e.remaining_tags` prints the table of docs/removal.md.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from meti_desk.app import make_desk
from meti_desk.formats.base import Purpose
from meti_desk.services.messages import Person, ScrubRequest

PASSPHRASE = "とても長いパスフレーズ 2026"
MINE = Person("山田太郎", "係長", "政策課", "yamada@meti.go.jp")
BEGIN = "<!-- remaining tags: `python -m tests.e2e.remaining_tags` -->"
END = "<!-- end of remaining tags -->"
_MANY = 40


class Tag(NamedTuple):
    """One thing that a program told of a file; `group` is empty where it names none."""

    file: str
    group: str
    name: str
    value: str


class Row(NamedTuple):
    """Tags that stay: where, their groups and names, the values they may have, and the reason."""

    where: str
    groups: str
    names: str
    reason: str
    value: str = ".*"

    def covers(self, tag: Tag) -> bool:
        """Tell whether a tag is one of these."""
        known = not tag.group or re.fullmatch(self.groups, tag.group)
        named = tag.name in self.names.split() or any(
            re.fullmatch(one, tag.name) for one in self.names.split() if "*" in one
        )
        return bool(known and named and re.fullmatch(self.value, tag.value, re.DOTALL))


_SIZES = "画素・音・映像を正しく開くための値。人や機器を指さない"
_NO_OTHERS = r"(?!.*<(dc|xmp|xmpMM|pdf|photoshop):)<\?xpacket "
"""An XMP packet without the words of other programs."""
_NEVER = r"0000:00:00 00:00:00"

ROWS: tuple[Row, ...] = (
    Row(
        "すべて",
        "File|Composite",
        "FileType FileTypeExtension MIMEType ImageSize Megapixels Duration AudioBitrate AvgBitrate "
        "Rotation ExifByteOrder LineCount WordCount MIMEEncoding Newlines ByteOrderMark "
        "ImageWidth ImageHeight",
        "ファイルに書かれた値ではなく、道具が形式と中身から計算したもの",
    ),
    Row(
        "Word・Excel・PowerPoint・ZIP",
        "ZIP",
        "ZipBitFlag ZipCRC ZipCompressedSize ZipCompression ZipFileName ZipRequiredVersion "
        "ZipUncompressedSize",
        "包みの形式が求める値",
    ),
    Row(
        "Word・Excel・PowerPoint・ZIP",
        "ZIP",
        "ZipModifyDate",
        "日時の欄は空にできないため、どのファイルも同じ 1980-01-01",
        "1980:01:01 00:00:00",
    ),
    Row(
        "Word・Excel・PowerPoint・OpenDocument・ZIP",
        "",
        "create_system",
        "作った OS の欄。どのファイルも同じ 0（mat2 は 3 以外を Weird と呼ぶ）",
        "Weird",
    ),
    Row(
        "Word・Excel・PowerPoint・OpenDocument・PDF・画像",
        "XML|PDF|XMP-pdfx|XMP-metilabel|XMP-meta",
        "Jpgometilabel Jpgometihandling JpGoMetiLabel JpGoMetiHandling Label Handling "
        "jp.go.meti.label jp.go.meti.handling User-definedName User-defined metadata",
        "格付と取扱制限（提供のときだけ。第14条第6項）",
        rf"C\d;I\d;A\d|jp\.go\.meti\.(label|handling)|{_NO_OTHERS}.*jp\.go\.meti.*",
    ),
    Row(
        "PDF",
        "PDF",
        "Linearized PDFVersion PageCount PageLayout PageMode Language",
        "開き方と、読み上げの言語",
    ),
    Row("PDF", "", "format", "版の番号（mat2）", r"PDF-[\d.]+"),
    Row("PDF", "", "creation-date mod-date", "日時が無いことを mat2 は -1 と示す", "-1"),
    Row(
        "PDF",
        "XMP-pdfaid",
        "Part Conformance metadata",
        "PDF/A であることの宣言。ないと PDF/A でなくなる",
        rf"\d|[ABU]|{_NO_OTHERS}.*<pdfaid:part>.*",
    ),
    Row(
        "JPEG・BMP",
        "File|JFIF|Adobe",
        "BitsPerSample ColorComponents EncodingProcess YCbCrSubSampling JFIFVersion ResolutionUnit "
        "XResolution YResolution APP14Flags0 APP14Flags1 ColorTransform DCTEncodeVersion AlphaMask "
        "BMPVersion BitDepth (Red|Green|Blue)(Mask|Endpoint).* Gamma(Red|Green|Blue).* ColorSpace "
        "Compression ImageLength NumColors NumImportantColors PixelsPerMeterX PixelsPerMeterY "
        "Planes RenderingIntent ProfileDataOffset ProfileSize",
        _SIZES,
    ),
    Row("JPEG・TIFF・HEIC", "IFD", "Orientation", "向き。ないと横倒しに見える"),
    Row(
        "TIFF",
        "IFD",
        "BitsPerSample ColorMap Compression ExtraSamples ImageHeight ImageWidth "
        "PhotometricInterpretation PlanarConfiguration Predictor ResolutionUnit RowsPerStrip "
        "SampleFormat SamplesPerPixel StripByteCounts StripOffsets SubfileType XResolution "
        "YResolution FillOrder T4Options T6Options TileWidth TileLength TileOffsets TileByteCounts "
        "YCbCrSubSampling YCbCrPositioning ReferenceBlackWhite",
        _SIZES,
    ),
    Row(
        "PNG・GIF・WebP",
        "PNG|PNG-pHYs|GIF|RIFF|APNG",
        "BackgroundColor BitDepth (Red|Green|Blue|WhitePoint)[XY].* ColorType Compression Filter "
        "Gamma ImageHeight ImageWidth Interlace Palette SRGBRendering Transparency PixelUnits "
        "PixelsPerUnitX PixelsPerUnitY SignificantBits AnimationIterations AnimationFrames "
        "AnimationPlays BitsPerPixel ColorResolutionDepth Duration FrameCount GIFVersion "
        "HasColorMap PixelAspectRatio TransparentColor AnimationLoopCount AlphaCompression "
        "AlphaFiltering AlphaPreprocessing HorizontalScale VerticalScale VP8Version WebP_Flags",
        _SIZES,
    ),
    Row(
        "PNG",
        "PNG",
        "ProfileName",
        "色の定義の名前の欄。空にできないため、どのファイルも同じ",
        "ICC profile",
    ),
    Row(
        "画像",
        "ICC-header|ICC_Profile|ICC-chrm|ICC-meas|ICC-view|ICC-cicp",
        "(Blue|Green|Red)(MatrixColumn|TRC).* GrayTRC ChromaticAdaptation Chromaticity.* CMMFlags "
        "ColorSpaceData ConnectionSpaceIlluminant DeviceAttributes DeviceManufacturer "
        "DeviceMfgDesc DeviceModel DeviceModelDesc Luminance Measurement.* Media(Black|White)"
        "Point.* PrimaryPlatform ProfileCMMType ProfileClass ProfileConnectionSpace "
        "ProfileCopyright ProfileCreator ProfileDateTime ProfileDescription.* ProfileFileSignature "
        "ProfileID ProfileVersion RenderingIntent Technology ViewingCond.* AToB.* BToA.* Gamut "
        "ProfileDescriptionML.* ProfileSequenceDesc CharTarget.* AAB.* AAG.* AAR.* "
        "ColorPrimaries TransferCharacteristics MatrixCoefficients VideoFullRangeFlag",
        "色の定義（ICC）と、その製品の名前・版。ないと色が変わる。"
        "画面の製造番号・校正値などの機器の記録は除去する",
    ),
    Row(
        "HEIC・HEIF・AVIF・MP4・MOV・M4A",
        "QuickTime|Meta|Meta-.*",
        "AV1.* AverageFrameRate BitDepthChroma BitDepthLuma Chroma.* Color.* CompatibleBrands "
        "ConstantFrameRate ConstraintIndicatorFlags CurrentTime Duration Gen.* HEVC.* HandlerType "
        "ImagePixelDepth ImageSpatialExtent MajorBrand Matrix.* MediaDataOffset MediaDataSize "
        "MetaImageSize MinSpatialSegmentationIDC MinorVersion MovieHeaderVersion NextTrackID "
        "NumTemporalLayers ParallelismType PosterTime PreferredRate PreferredVolume "
        "PreviewDuration PreviewTime PrimaryItemReference Rotation SelectionDuration "
        "SelectionTime TemporalIDNested TimeScale TransferCharacteristics VideoFullRangeFlag",
        _SIZES,
    ),
    Row(
        "HEIC・HEIF・AVIF・MP4・MOV・M4A・AVI",
        "QuickTime|Meta|UserData|RIFF|FLAC|Track",
        "MediaData SampleToChunk SampleSizes ChunkOffset TimeToSampleTable SyncSampleTable "
        "CompositionTimeToSample SampleGroupDescription SampleToGroup AVCConfiguration "
        "InitialObjectDescriptor IdependentAndDisposableSamples SeqProfile SeqLevelIdx0 SeqTier0 "
        "HighBitDepth TwelveBit InitialDelaySamples ChunkOffset64 SeekTable "
        "Unknown_(edts|alis|esds|btrt|vprp).*",
        "画像・音・映像そのものと、それを読む表",
    ),
    Row(
        "HEIC・HEIF・AVIF・MP4・MOV・M4A・AVI・Ogg",
        "QuickTime|Meta|UserData|RIFF|FLAC|Track",
        "Free Skip Padding .*Unknown_.*(free|skip|JUNK)",
        "取り除いた所の空き。中は 0（位置を動かすと再生できなくなる）",
        r"|\(Binary data \d+ bytes, use -b option to extract\)",
    ),
    Row(
        "MP4・MOV・M4A",
        "QuickTime|Track",
        "CreateDate ModifyDate (Media|Track)(Create|Modify)Date.*",
        "日時の欄。除去後はどのファイルも 0",
        _NEVER,
    ),
    Row(
        "MP4・MOV・M4A",
        "Track",
        "Audio(BitsPerSample|Channels|Format|SampleRate).* AverageBitrate Balance BitDepth "
        "BufferSize CleanApertureDimensions ColorPrimaries ColorProfiles CompressorID "
        "EncodedPixelsDimensions GraphicsMode HandlerClass HandlerType Image(Height|Width).* "
        "Matrix.* MaxBitrate Media(Duration|HeaderVersion|LanguageCode|TimeScale).* OpColor "
        "PixelAspectRatio ProductionApertureDimensions SourceImage.* "
        "Track(Duration|HeaderVersion|ID|Layer|Volume).* TransferCharacteristics VideoFrameRate "
        "XResolution YResolution",
        _SIZES,
    ),
    Row(
        "MP3",
        "MPEG",
        "AudioBitrate AudioLayer ChannelMode CopyrightFlag Emphasis IntensityStereo "
        "MPEGAudioVersion MSStereo OriginalMedia SampleRate VBR.*",
        _SIZES,
    ),
    Row(
        "MP3",
        "MPEG",
        "Encoder Lame.*",
        "符号化器の枠。前後の無音の長さと一体で、除くと再生がずれる（画面に示す）",
        r"(LAME|Lavc|Lavf)[\w.]*|[\w ()./-]+",
    ),
    Row(
        "FLAC・Ogg・WAV・AVI",
        "FLAC|Vorbis|Opus|RIFF",
        "BitsPerSample BlockSizeMax BlockSizeMin Channels FrameSizeMax FrameSizeMin MD5Signature "
        "SampleRate TotalSamples AudioChannels NominalBitrate VorbisVersion AudioCodec "
        "AudioSampleCount AudioSampleRate AvgBytesPerSec Encoding FrameCount FrameRate ImageHeight "
        "ImageWidth MaxDataRate NumChannels Quality SampleSize StreamCount StreamType VideoCodec "
        "VideoFrameCount VideoFrameRate RIFFSize64 DataSize64 NumberOfSamples64 OpusVersion "
        "OutputGain NumberOfSamples",
        _SIZES,
    ),
    Row("Ogg・FLAC", "Vorbis", "Vendor", "作成ソフトの欄。除去後は空", ""),
    Row(
        "SVG",
        "SVG",
        "Class Fill ID ImageHeight ImageWidth PreserveAspectRatio SVGVersion Stroke.* Style "
        "ViewBox Xmlns Color Font.* Opacity Transform",
        "描画に使う値。id と class は中から参照される",
    ),
    Row("SVG", "SVG", "Title Desc", "見る人に示される題名と説明（提供のときだけ。公表では除去）"),
)


def programs() -> bool:
    """Tell whether both programs are here."""
    return bool(shutil.which("exiftool") and shutil.which("mat2"))


def scrub_all(paths: Sequence[Path], purpose: Purpose, place: Path) -> Path:
    """Scrub files or folders by one real desk; gives the folder of the results."""
    desk = make_desk(str(place / "store"))
    out = place / "out"
    try:
        desk.create(PASSPHRASE, MINE)
        desk.scrub(ScrubRequest(paths=tuple(map(str, paths)), out=str(out), purpose=purpose))
    finally:
        desk.close()
    return out


def by_exiftool(folder: Path) -> Iterator[Tag]:
    """Ask exiftool for all tags of all files of a folder, unknown and repeated ones too."""
    words = ("exiftool", "-q", "-q", "-r", "-j", "-a", "-u", "-G1", "-charset", "filename=utf8")
    done = subprocess.run((*words, str(folder)), capture_output=True, check=False)
    for row in json.loads(done.stdout or b"[]"):
        for key, value in row.items():
            group, _, name = key.rpartition(":")
            if group not in ("System", "ExifTool", ""):
                # Of the second of its kind the group has a number.
                yield Tag(row["SourceFile"], group.rstrip("0123456789"), name, str(value))


def by_mat2(folder: Path) -> Iterator[Tag]:
    """Ask mat2 for what it shows of each file, and of each file in it."""
    files = sorted(str(path) for path in folder.rglob("*") if path.is_file())
    for at in range(0, len(files), _MANY):
        words = ("mat2", "--show", *files[at : at + _MANY])
        done = subprocess.run(words, capture_output=True, check=False, text=True, errors="replace")
        yield from _shown(done.stdout)


_HEAD = re.compile(r"\[[+-]+\] (?:Metadata for (?P<file>.*):|.*)$")
_PAIR = re.compile(r"\s*(?P<name>\S[^:]*?): (?P<value>.*)$")
_WORDS = ("No metadata found", "harmful metadata", "is not supported", "Metadata for", "Warning: ")


def _shown(told: str) -> Iterator[Tag]:
    file = ""
    for line in told.splitlines():
        head = _HEAD.match(line)
        if head:
            file = head["file"] or file
        elif (pair := _PAIR.match(line)) and not any(word in line for word in _WORDS):
            yield Tag(file, "", pair["name"], pair["value"].strip())


def unknown(tags: Iterable[Tag]) -> list[Tag]:
    """Give the tags for which there is no reason to stay."""
    return [tag for tag in tags if not any(row.covers(tag) for row in ROWS)]


def table() -> Iterator[str]:
    """Write the reasons as a table of Markdown."""
    yield "| 形式 | 残る項目 | 値 | 理由 |"
    yield "|---|---|---|---|"
    for row in ROWS:
        names = "、".join(f"`{one.replace('|', '・')}`" for one in row.names.split())
        names = names.replace(".*`", "…`")
        value = "" if row.value == ".*" else f"`{row.value.replace('|', '・')}`"
        yield f"| {row.where} | {names} | {'空' if row.value == '' else value} | {row.reason} |"


def main() -> int:
    """Print the table; with the corpus at hand also what no reason is known for."""
    print("\n".join(table()))  # noqa: T201 - a program
    folder: Any = os.environ.get("METI_DESK_TAGS")
    if not folder:
        return 0
    left = unknown([*by_exiftool(Path(folder)), *by_mat2(Path(folder))])
    for tag in left:
        print(tag, file=sys.stderr)  # noqa: T201
    return bool(left)


if __name__ == "__main__":
    sys.exit(main())
