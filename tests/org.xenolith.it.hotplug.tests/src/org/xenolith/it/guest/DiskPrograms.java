// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.DiscImage;
import org.xenolith.testkit.efi.EfiProgram;
import org.xenolith.testkit.efi.FatImage;
import org.xenolith.testkit.efi.GptImage;

/** Disks with a program where firmware looks for one, which works on the disk itself. */
public final class DiskPrograms {
  /** What the reader shows when it has read everything. */
  public static final String READ_ALL = "read it all";
  /** What the program that disconnects shows each time. */
  public static final String AGAIN = "connected";
  /** How often. */
  public static final int TIMES = 100;
  /** What it shows behind the second time, and at the end. */
  public static final String FIRST = "twice";
  public static final String LAST = "a hundred times";
  /** What each program begins with: x19 is the system table, x20 that of boot services. */
  private static final String PROLOGUE = """
          stp x29, x30, [sp, #-64]!
          stp x19, x20, [sp, #16]
          stp x21, x22, [sp, #32]
          str x23, [sp, #48]
          mov x19, x1
          ldr x20, [x1, #96]
          """;
  /** What each ends with, and what shows the text at x1. */
  private static final String EPILOGUE = """
          mov x0, #0
      leave:
          ldr x23, [sp, #48]
          ldp x21, x22, [sp, #32]
          ldp x19, x20, [sp, #16]
          ldp x29, x30, [sp], #64
          ret
      print:
          stp x29, x30, [sp, #-16]!
          ldr x0, [x19, #64]
          ldr x9, [x0, #8]
          blr x9
          ldp x29, x30, [sp], #16
          ret
      """;
  /** Reads 64 KiB of the first disk 40 times, by BlockIo, and says so each time. */
  private static final String READER = """
          adr x1, greeting
          bl print
          adr x0, block_io
          mov x1, #0
          adr x2, place
          ldr x9, [x20, #320]
          blr x9
          cbnz x0, leave
          adr x21, place
          ldr x21, [x21]
          mov x0, #0
          mov x1, #2
          mov x2, #16
          adr x3, place
          ldr x9, [x20, #40]
          blr x9
          cbnz x0, leave
          adr x22, place
          ldr x22, [x22]
          mov w23, #40
      again:
          mov x0, x21
          mov x1, #0
          mov x2, #2048
          mov x3, #0x10000
          mov x4, x22
          ldr x9, [x21, #24]
          blr x9
          cbnz x0, leave
          adr x1, one
          bl print
          sub w23, w23, #1
          cbnz w23, again
          adr x1, goodbye
          bl print
          """;
  /** Disconnects all drivers of the first handle with a protocol and connects them again, with what is above; reads a block; a hundred times. */
  private static final String RECONNECTER = """
          mov w23, #100
      again:
          mov x0, #2
          adr x1, protocol
          mov x2, #0
          adr x3, size
          mov x9, #64
          str x9, [x3]
          adr x4, handles
          ldr x9, [x20, #176]
          blr x9
          cbnz x0, leave
          adr x21, handles
          ldr x21, [x21]
          mov x0, x21
          mov x1, #0
          mov x2, #0
          ldr x9, [x20, #272]
          blr x9
          cbnz x0, leave
          BETWEEN
          mov x0, x21
          mov x1, #0
          mov x2, #0
          mov x3, #1
          ldr x9, [x20, #264]
          blr x9
          cbnz x0, leave
          adr x0, block_io
          mov x1, #0
          adr x2, size
          ldr x9, [x20, #320]
          blr x9
          cbnz x0, leave
          adr x0, size
          ldr x0, [x0]
          mov x1, #0
          mov x2, #0
          mov x3, #512
          adr x4, sector
          ldr x9, [x0, #24]
          blr x9
          cbnz x0, leave
          adr x1, one
          bl print
          cmp w23, #99
          b.ne on
          adr x1, greeting
          bl print
      on:
          sub w23, w23, #1
          cbnz w23, again
          adr x1, goodbye
          bl print
          """;

  /** Turns the memory decoder of the first PCI function on: Attributes of PciIo, operation 2. */
  private static final String DECODER_ON = """
          adr x0, pci_io
          mov x1, #0
          adr x2, size
          ldr x9, [x20, #320]
          blr x9
          cbnz x0, leave
          adr x0, size
          ldr x0, [x0]
          mov x1, #2
          mov x2, #0x200
          mov x3, #0
          ldr x9, [x0, #120]
          blr x9
          cbnz x0, leave
      """;

  private DiskPrograms() {}

  static String text(String text) {
    StringBuilder line = new StringBuilder(".hword ");
    (text + "\r\n").chars().forEach(each -> line.append(each).append(", "));
    return line.append("0\n").toString();
  }

  static byte[] program(String code, String data) {
    return EfiProgram.of(PROLOGUE + code + EPILOGUE + data);
  }

  static Path disk(Path folder, String name, byte[] program) throws IOException {
    return Files.write(folder.resolve(name), GptImage.of(volume(16, program)));
  }

  private static byte[] volume(int bits, byte[] program) {
    return new FatImage(bits, true).file("EFI/BOOT/BOOTAA64.EFI", program).bytes();
  }

  static final String BLOCK_IO = "block_io: .quad 0x11d26459964e5b21, 0x3b7269c9a000398e\n";

  /** A disk with the program that reads it. */
  public static Path reader(Path folder) throws IOException {
    return disk(folder, "reader.img", readerProgram());
  }

  /** A disc with the same program, by its boot catalogue. */
  public static Path readerDisc(Path folder) throws IOException {
    return Files.write(folder.resolve("reader.iso"), DiscImage.of(volume(32, readerProgram())));
  }

  /** A program that shows a text and ends. */
  public static byte[] speaker(String says) {
    return program("adr x1, greeting\nbl print\n", "greeting: " + text(says));
  }

  /** A disk that starts with a program. */
  public static Path starting(Path folder, byte[] program) throws IOException {
    return disk(folder, "starting.img", program);
  }

  private static byte[] readerProgram() {
    return program(READER, "one: " + text("read") + "greeting: " + text("a program from a disk") + "goodbye: " + text(READ_ALL)
        + ".balign 8\nplace: .quad 0\n" + BLOCK_IO);
  }

  /** A disk with the program that disconnects and connects. @param protocol of the handle */
  public static Path reconnecter(Path folder, EfiGuid protocol) throws IOException {
    return reconnecter(folder, protocol, "", "");
  }

  /** The same, which turns the memory decoder of the first PCI function on in between. */
  public static Path decodingReconnecter(Path folder, EfiGuid protocol) throws IOException {
    return reconnecter(folder, protocol, DECODER_ON, guid("pci_io", Protocol.PCI_IO));
  }

  private static String guid(String name, EfiGuid guid) {
    ByteBuffer bytes = ByteBuffer.wrap(guid.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
    return "%s: .quad 0x%x, 0x%x\n".formatted(name, bytes.getLong(), bytes.getLong());
  }

  private static Path reconnecter(Path folder, EfiGuid protocol, String between, String data) throws IOException {
    return disk(folder, "reconnecter.img", program(RECONNECTER.replace("BETWEEN\n", between), "one: " + text(AGAIN) + "greeting: " + text(
        FIRST)
        + "goodbye: " + text(LAST) + ".balign 8\nsize: .quad 0\nhandles: .quad 0, 0, 0, 0, 0, 0, 0, 0\n" + BLOCK_IO + guid("protocol",
            protocol)
        + data + "sector: .quad 0\n.balign 1024\n"));
  }
}
