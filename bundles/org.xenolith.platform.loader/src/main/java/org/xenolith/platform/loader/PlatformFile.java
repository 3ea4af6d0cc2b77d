// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.InputFile;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.fdt.source.DtsReader;
import org.xenolith.platform.api.PlatformException;

/**
 * The bytes of a platform's file and what kind they are.
 *
 * @param file  where they come from, for messages
 * @param bytes the content
 */
record PlatformFile(Path file, byte[] bytes) {
  /** The largest tree in use has 300 KB, its topology file a few MB. */
  private static final long LARGEST = 64L << 20;
  /** Devicetree source: what a name ends with, or what stands behind comments at the beginning. */
  private static final String SOURCE = ".dts";
  private static final Pattern SOURCE_BEGINS = Pattern.compile("(?s)(?:\\s+|//[^\n]*\n|/\\*.*?\\*/)*+/dts-v1/.*");
  private static final int LOOKED_AT = 8192;
  private static final byte[] DTB_MAGIC = {(byte) 0xd0, 0x0d, (byte) 0xfe, (byte) 0xed};

  /** @param named the file, or a {@linkplain UnifiedBoard tree in it} */
  static PlatformFile read(Path named) {
    UnifiedBoard unified = UnifiedBoard.of(named);
    Path file = unified.file();
    try {
      if (unified.isProgram()) {
        return new PlatformFile(file, unified.tree(InputFile.read(file, InputFile.GUEST)));
      }
      if (!unified.name().isEmpty()) {
        throw new PlatformException(Files.exists(file) ? file + " is no unified kernel image, in which alone '" + unified.name()
            + "' could be found; leave out what is behind the #" : named + " doesn't exist; check the path");
      }
      if (Files.isDirectory(file)) {
        throw new PlatformException(file + " is a folder; give a .dtb, a .dts or a .platform file");
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new PlatformException(file + " is a device, a pipe or a socket; give a .dtb, a .dts or a .platform file");
      }
      if (Files.size(file) > LARGEST) {
        throw new PlatformException(file + " has more than " + (LARGEST >> 20)
            + " MiB; give a .dtb, a .dts or a .platform file");
      }
      byte[] bytes = Files.readAllBytes(file);
      return new PlatformFile(file, isSource(file, bytes) ? compiled(file, bytes) : bytes);
    } catch (NoSuchFileException e) {
      throw new PlatformException(file + " doesn't exist; check the path", e);
    } catch (IOException e) {
      throw new PlatformException(file + " can't be read: " + HostReason.of(file, e).text(), e);
    }
  }

  private static boolean isSource(Path file, byte[] bytes) {
    String begins = new String(bytes, 0, Math.min(bytes.length, LOOKED_AT), StandardCharsets.ISO_8859_1);
    return file.toString().endsWith(SOURCE) && bytes.length > 0 && bytes[0] != DTB_MAGIC[0] || SOURCE_BEGINS.matcher(begins).matches();
  }

  /** Source is read as the blob that it stands for. */
  private static byte[] compiled(Path file, byte[] source) {
    try {
      return FdtWriter.write(DtsReader.read(file, source));
    } catch (FdtException e) {
      throw new PlatformException(e.getMessage(), e);
    }
  }

  static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new PlatformException(file + " can't be written: " + HostReason.of(file, e).text() + "; check the folder", e);
    }
  }

  boolean isTree() { return startsWith(DTB_MAGIC); }

  /** The tree of a devicetree blob. */
  Fdt tree() {
    if (!isTree()) {
      throw isText() ? new PlatformException(file
          + " is no devicetree blob, but text as topology files are; make one of it with 'topology export'") : noTopology();
    }
    try {
      return FdtReader.read(bytes);
    } catch (FdtException e) {
      throw new PlatformException(file + ": a damaged devicetree blob: " + e.getMessage(), e);
    }
  }

  /** Whether it looks like XML, which topology files are: a blob of neither kind isn't a bad one of this kind. */
  boolean isText() {
    int at = 0;
    while (at < bytes.length && (bytes[at] < '!' && bytes[at] >= 0 || (bytes[at] & 0xff) >= 0xbb)) {
      at++; // white space, and the byte order marks that XML may have
    }
    return at < bytes.length && bytes[at] == '<';
  }

  /** The refusal of a file that is no topology file. */
  PlatformException noTopology() {
    String begins = bytes.length == 0 ? "it is empty" : "it begins with " + HexFormat.ofDelimiter(" ").formatHex(bytes, 0,
        Math.min(bytes.length, DTB_MAGIC.length)) + " instead of d0 0d fe ed (a devicetree blob) or < (a topology file)";
    if (isTree()) {
      return new PlatformException(file + " is a devicetree blob, not a topology file; 'topology import' makes one of it");
    }
    return new PlatformException(file + " is neither a devicetree blob nor a topology file: " + begins
        + "; give a .dtb that a devicetree compiler made, its source (.dts, which begins with /dts-v1/;) or a .platform file of 'topology"
        + " import'");
  }

  /** The file's name without its ending: how a platform without a name of its own is called. */
  String platformName() {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot <= 0 ? name : name.substring(0, dot);
  }

  private boolean startsWith(byte[] magic) {
    return bytes.length >= magic.length
        && java.util.Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }
}
