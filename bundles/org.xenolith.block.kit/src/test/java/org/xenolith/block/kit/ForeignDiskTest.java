// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForeignDiskTest {
  private static final int LENGTH = 4096;

  private static Optional<String> name(byte[] file) {
    return ForeignDisk.of(Arrays.copyOf(file, Math.min(file.length, ForeignDisk.LOOKED_AT)), Arrays.copyOfRange(file, Math.max(0,
        file.length
            - ForeignDisk.LOOKED_AT), file.length)).map(ForeignDisk::name);
  }

  private static byte[] with(int at, String bytes) {
    byte[] file = new byte[LENGTH];
    byte[] mark = bytes.getBytes(ISO_8859_1);
    System.arraycopy(mark, 0, file, at, mark.length);
    return file;
  }

  /** Each mark as its specification has it, where it has it. */
  @Test
  void formatsAreKnownByTheirMarks() {
    Map<String, String> begins = Map.ofEntries(Map.entry("QFI\u00fb\0\0\0\1", "a qcow image"), Map.entry("QFI\u00fb\0\0\0\3",
        "a qcow2 image"), Map.entry("QED\0", "a QED image"), Map.entry("KDMV\1\0\0\0", "a VMDK image"), Map.entry(
            "# Disk DescriptorFile\nversion=1\n", "the description of a VMDK image"), Map.entry("conectix\0\0\0\2", "a VHD image"), Map
                .entry(
                    "vhdxfile", "a VHDX image"), Map.entry("\u001f\u008b\b\b", "a file packed with gzip"), Map.entry("\u00fd7zXZ\0\0\4",
                        "a file packed with xz"), Map.entry("(\u00b5/\u00fd", "a file packed with zstd"), Map.entry("BZh91AY&SY",
                            "a file packed with bzip2"), Map.entry("\4\"M\u0018", "a file packed with lz4"), Map.entry("\2!L\u0018",
                                "a file packed with lz4"), Map.entry("PK\3\4\24\0", "a ZIP archive"), Map.entry("7z\u00bc\u00af'\u001c",
                                    "a 7z archive"),
        Map.entry("]\0\0\u0080\0\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\0", "a file packed with lzma"), Map.entry(
            ":\u00ff&\u00ed\1\0", "an Android sparse image"));
    begins.forEach((mark, format) -> assertEquals(Optional.of(format), name(with(0, mark)), format));
    assertEquals(Optional.of("a VDI image"), name(with(0x40, "\u007f\u0010\u00da\u00be")));
    assertEquals(Optional.of("a VHD image"), name(with(LENGTH - 512, "conectix")));
    // Of versions before Virtual PC 2004.
    assertEquals(Optional.of("a VHD image"), name(with(LENGTH - 511, "conectix")));
    assertEquals(Optional.of("an Apple disk image (DMG)"), name(with(LENGTH - 512, "koly")));
    byte[] ova = with(0x101, "ustar");
    System.arraycopy("vm.ovf".getBytes(ISO_8859_1), 0, ova, 0, 6);
    assertEquals(Optional.of("an archive of a virtual machine (OVA)"), name(ova));
  }

  @Test
  void whatMayBeARawDiskIsLeftAlone() {
    byte[] boot = with(510, "U\u00aa");
    assertEquals(Optional.empty(), name(boot));
    assertEquals(Optional.empty(), name(new byte[0]));
    assertEquals(Optional.empty(), name(new byte[LENGTH]));
    // A mark elsewhere is content: of a disk that has such files.
    assertEquals(Optional.empty(), name(with(512, "QFI\u00fb")));
    assertEquals(Optional.empty(), name(with(1024, "conectix")));
    // An archive without more is a disk as any, as tar reads and writes devices.
    assertEquals(Optional.empty(), name(with(0x101, "ustar")));
    // Short marks with what no packer writes behind them.
    assertEquals(Optional.empty(), name(with(0, "\u001f\u008b\b\u00e9")));
    assertEquals(Optional.empty(), name(with(0, "BZhello")));
    assertEquals(Optional.empty(), name(with(0, "]\0\0\u0081\0\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\0")));
    // Shorter than what it is looked for.
    assertEquals(Optional.empty(), name("QF".getBytes(ISO_8859_1)));
  }

  @Test
  void messageHasTheCommandThatMakesARawImage() {
    ForeignDisk qcow2 = ForeignDisk.of(with(0, "QFI\u00fb\0\0\0\3"), new byte[0]).orElseThrow();
    assertEquals("is a qcow2 image, and disks are raw images here; make one, and name that: qemu-img convert -f qcow2 -O raw"
        + " /vm/IN/OUT%s.qcow2 /vm/IN/OUT%s.qcow2.raw", qcow2.said(Path.of("/vm/IN/OUT%s.qcow2")));
    ForeignDisk gzip = ForeignDisk.of(with(0, "\u001f\u008b\b"), new byte[0]).orElseThrow();
    assertEquals(
        "is a file packed with gzip, and disks are raw images here; make one, and name that: gzip -dc 'my disk.gz' > 'my disk.gz.raw'",
        gzip.said(Path.of("my disk.gz")));
    assertTrue(gzip.said(Path.of("-x.gz")).endsWith(": gzip -dc ./-x.gz > ./-x.gz.raw"), "no option");
  }
}
