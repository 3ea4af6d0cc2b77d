// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file of another format than raw, known by the bytes that its format gives it: a disk image of another program, whose sectors are elsewhere, or a file that is packed as a
 * whole. A machine would see the format's own data as its disk, and destroy them if it wrote.
 *
 * <p>Sources: docs/interop/qcow2.txt, qed_spec.txt and parallels.txt of QEMU; VMware, "Virtual Disk Format 5.0"; Microsoft, "Virtual Hard Disk Image Format Specification" and MS-VHDX; RFC 1952
 * (gzip), RFC 8878 (zstd); "The .xz File Format"; "LZ4 Frame Format"; PKWARE, APPNOTE.TXT; what {@code file(1)} knows of the others.
 *
 * @param name   of the format, with its article
 * @param remedy the command that makes a raw image, in which {@code %1$s} stands for the file and {@code %2$s} for the one that is made
 */
public record ForeignDisk(String name, String remedy) {
  /** Bytes that are looked at, at the file's begin and at its end. */
  static final int LOOKED_AT = FileMarks.LOOKED_AT;
  /** Of RFC 1952 2.3.1: those that must be zero. */
  private static final int GZIP_RESERVED = 0xE0;
  private static final int GZIP_FLAGS_AT = 3;

  /**
   * The format of an ordinary file that isn't held as an {@link ImageFile}: closing it here would let go of that.
   *
   * @throws IOException if it can't be read
   */
  public static Optional<ForeignDisk> of(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long length = in.length();
      return of(length, (position, into) -> {
        in.seek(position);
        in.readFully(into);
      });
    }
  }

  /** The format of an image that is held. @throws IOException if it can't be read */
  public static Optional<ForeignDisk> of(ImageFile file) throws IOException {
    return of(file.length(), (position, into) -> file.read(position, into, 0, into.length));
  }

  private interface Reader {
    void read(long position, byte[] into) throws IOException;
  }

  private static Optional<ForeignDisk> of(long length, Reader reader) throws IOException {
    byte[] begin = new byte[(int) Math.min(length, LOOKED_AT)];
    byte[] end = begin.clone();
    reader.read(0, begin);
    reader.read(length - end.length, end);
    return of(begin, end);
  }

  /** What a format has at a place; at a negative one it is so far before the file's end. */
  private record Mark(int at, String bytes, ForeignDisk format) {}

  private static final List<Mark> MARKS = List.of(
      qemu(0, "QFI\u00fb\0\0\0\1", "a qcow image", "qcow"),
      qemu(0, "QFI\u00fb", "a qcow2 image", "qcow2"),
      qemu(0, "QED\0", "a QED image", "qed"),
      qemu(0, "KDMV", "a VMDK image", "vmdk"),
      qemu(0, "COWD", "a VMDK image", "vmdk"),
      qemu(0, "# Disk DescriptorFile", "the description of a VMDK image", "vmdk"),
      qemu(0, "conectix", "a VHD image", "vpc"),
      qemu(-512, "conectix", "a VHD image", "vpc"),
      qemu(-511, "conectix", "a VHD image", "vpc"),
      qemu(0, "vhdxfile", "a VHDX image", "vhdx"),
      qemu(0x40, "\u007f\u0010\u00da\u00be", "a VDI image", "vdi"),
      qemu(0, "WithoutFreeSpace", "a Parallels image", "parallels"),
      qemu(0, "WithouFreSpacExt", "a Parallels image", "parallels"),
      qemu(0, "Bochs Virtual HD Image", "a Bochs image", "bochs"),
      qemu(-512, "koly", "an Apple disk image (DMG)", "dmg"),
      mark(0, ":\u00ff&\u00ed", "an Android sparse image", "simg2img %1$s %2$s"),
      mark(0, "EVF\t\r\n\u00ff\0", "an EnCase image (E01)", "ewfexport -f raw -t %1$s %1$s"),
      mark(0, "\u001f\u008b\b", "a file packed with gzip", "gzip -dc %1$s > %2$s"),
      mark(0, "\u00fd7zXZ\0", "a file packed with xz", "xz -dc %1$s > %2$s"),
      mark(0, "(\u00b5/\u00fd", "a file packed with zstd", "zstd -dc %1$s > %2$s"),
      mark(0, "\4\"M\u0018", "a file packed with lz4", "lz4 -dc %1$s > %2$s"),
      mark(0, "\2!L\u0018", "a file packed with lz4", "lz4 -dc %1$s > %2$s"),
      mark(0, "\u0089LZO\0\r\n\u001a\n", "a file packed with lzop", "lzop -dc %1$s > %2$s"),
      mark(0, "LZIP\1", "a file packed with lzip", "lzip -dc %1$s > %2$s"),
      mark(0, "PK\3\4", "a ZIP archive", "unzip -p %1$s > %2$s"),
      mark(0, "7z\u00bc\u00af'\u001c", "a 7z archive", "7z x -so %1$s > %2$s"),
      mark(0, "Rar!\u001a\7", "a RAR archive", "7z x -so %1$s > %2$s"));
  private static final ForeignDisk LZMA = new ForeignDisk("a file packed with lzma", "xz -dc -F lzma %1$s > %2$s");
  private static final ForeignDisk BZIP2 = new ForeignDisk("a file packed with bzip2", "bzip2 -dc %1$s > %2$s");
  private static final ForeignDisk OVA = new ForeignDisk("an archive of a virtual machine (OVA)",
      "tar -xf %1$s && qemu-img convert -f vmdk -O raw *.vmdk %2$s");
  private static final List<String> BZIP2_BLOCKS = List.of("1AY&SY", "\u0017rE8P\u0090");

  private static Mark qemu(int at, String bytes, String name, String format) {
    return mark(at, bytes, name, "qemu-img convert -f " + format + " -O raw %1$s %2$s");
  }

  private static Mark mark(int at, String bytes, String name, String remedy) {
    return new Mark(at, bytes, new ForeignDisk(name, remedy));
  }

  /**
   * The format of a file, if it isn't raw.
   *
   * @param begin the file's first bytes, {@link #LOOKED_AT} or all that there are
   * @param end   its last bytes, as many
   */
  public static Optional<ForeignDisk> of(byte[] begin, byte[] end) {
    for (Mark mark : MARKS) {
      boolean there = mark.at >= 0 ? has(begin, mark.at, mark.bytes) : end.length + mark.at >= 0 && has(end, end.length + mark.at,
          mark.bytes);
      if (there && !isChance(mark, begin)) {
        return Optional.of(mark.format);
      }
    }
    if (has(begin, 0, "BZh") && BZIP2_BLOCKS.stream().anyMatch(block -> has(begin, 4, block))) {
      return Optional.of(BZIP2);
    }
    if (has(begin, 0x101, "ustar") && new String(begin, 0, 100, ISO_8859_1).split("\0", 2)[0].endsWith(".ovf")) {
      return Optional.of(OVA);
    }
    return isLzma(begin) ? Optional.of(LZMA) : Optional.empty();
  }

  /** Gzip's mark is short: code of a boot sector may begin so. */
  private static boolean isChance(Mark mark, byte[] begin) {
    return mark.bytes.startsWith("\u001f\u008b") && (begin.length <= GZIP_FLAGS_AT || (begin[GZIP_FLAGS_AT] & GZIP_RESERVED) != 0);
  }

  /** It has no mark: properties as everybody leaves them, a dictionary of 4 KiB to 1 GiB, and a size that is unknown, or below 2^40. */
  private static boolean isLzma(byte[] begin) {
    if (begin.length < 14 || begin[0] != 0x5D || begin[13] != 0) {
      return false;
    }
    long dictionary = little(begin, 1, 4);
    long size = little(begin, 5, 8);
    return Long.bitCount(dictionary) == 1 && dictionary >= 1L << 12 && dictionary <= 1L << 30 && (size == -1 || size > 0 && size < 1L
        << 40);
  }

  private static long little(byte[] bytes, int at, int count) {
    long value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | bytes[at + i] & 0xFF;
    }
    return value;
  }

  private static boolean has(byte[] file, int at, String mark) {
    byte[] bytes = mark.getBytes(ISO_8859_1);
    for (int i = 0; i < bytes.length; i++) {
      if (at + i >= file.length || file[at + i] != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** What a message says of a file, with the command for it at its end. */
  public String said(Path file) {
    Path out = file.resolveSibling(file.getFileName() + ".raw");
    return "is " + name + ", and disks are raw images here; make one, and name that: " + remedy.formatted(word(file), word(out));
  }

  /** As a shell takes it. */
  private static String word(Path file) {
    String text = (file.toString().startsWith("-") ? "./" : "") + file;
    return text.matches("[A-Za-z0-9_./:@%+,=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
