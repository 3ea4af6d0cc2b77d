// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.xenolith.efi.api.EfiGuid;

/**
 * Disks with a program that reads them again and again, says {@link #READ} or {@link #ERROR} with the status's last byte each time, and after an error disconnects and connects all
 * drivers of a handle and tries again, as long as it takes; until it has read so many times.
 */
public final class StubbornReader {
  /** What it shows when a read has succeeded. */
  public static final String READ = "read";
  /** What stands before a status, two hexadecimal digits. */
  public static final String ERROR = "error ";
  /** What it shows when it has read often enough. */
  public static final String ENOUGH = "enough";
  /** How often it reads whose counter begins at 0: longer than any test. */
  public static final int WITHOUT_END = 0;
  /** Disconnects a handle's drivers, and connects them again: of the one that was found before, if none has the protocol now. */
  private static final String RECONNECT = """
      reconnect:
          stp x29, x30, [sp, #-16]!
          mov x0, #2
          adr x1, protocol
          mov x2, #0
          adr x3, size
          mov x9, #128
          str x9, [x3]
          adr x4, handles
          ldr x9, [x20, #176]
          blr x9
          adr x21, handles
          ldr x21, [x21]
          cmp x21, #0
          b.eq unknown
          mov x0, x21
          mov x1, #0
          mov x2, #0
          ldr x9, [x20, #272]
          blr x9
          mov x0, x21
          mov x1, #0
          mov x2, #0
          mov x3, #1
          ldr x9, [x20, #264]
          blr x9
      unknown:
          ldp x29, x30, [sp], #16
          ret
      """;
  private static final String READER = """
          mov w23, #%d
          mov x0, #0
          mov x1, #2
          mov x2, #16
          adr x3, place
          ldr x9, [x20, #40]
          blr x9
          cbnz x0, leave
          adr x22, place
          ldr x22, [x22]
      %s
      again:
          adr x0, block_io
          mov x1, #0
          adr x2, place
          ldr x9, [x20, #320]
          blr x9
          cbnz x0, recover
          adr x21, place
          ldr x21, [x21]
          mov x0, x21
          mov x1, #0
          mov x2, #%d
          mov x3, #0x10000
          mov x4, x22
          ldr x9, [x21, #24]
          blr x9
          cbnz x0, failed
          adr x1, one
          bl print
      %s
          sub w23, w23, #1
          cbnz w23, again
          adr x1, goodbye
          bl print
          b over
      failed:
          adr x12, digits
          lsr x15, x0, #4
          and w15, w15, #15
          bl digit
          and w15, w0, #15
          bl digit
          adr x1, wrong
          bl print
      recover:
      %s
          b again
      digit:
          add w15, w15, #48
          cmp w15, #58
          b.lo decimal
          add w15, w15, #39
      decimal:
          strh w15, [x12], #2
          ret
      """;
  /** After an error: it reconnects, and waits a fifth of a second. */
  private static final String RECOVER = """
          bl reconnect
          mov x0, #50000
          lsl x0, x0, #2
          ldr x9, [x20, #248]
          blr x9
      """;
  /** A timer's notification function reconnects every so often. */
  private static final String TIMER = """
          mov x0, #0x80000000
          add x0, x0, #0x200
          mov x1, #%d
          adr x2, notified
          mov x3, #0
          adr x4, place
          ldr x9, [x20, #80]
          blr x9
          cbnz x0, leave
          adr x0, place
          ldr x0, [x0]
          mov x1, #1
          mov x2, #%d
          ldr x9, [x20, #88]
          blr x9
          cbnz x0, leave
      """;
  private static final String NOTIFIED = """
      notified:
          stp x29, x30, [sp, #-48]!
          stp x19, x20, [sp, #16]
          stp x21, x22, [sp, #32]
          adr x20, table
          ldr x20, [x20]
          bl reconnect
          ldp x21, x22, [sp, #32]
          ldp x19, x20, [sp, #16]
          ldp x29, x30, [sp], #48
          ret
      """;
  private static final int FIRST = 2048;

  private StubbornReader() {}

  private static String characters(String text) {
    return text.chars().mapToObj(Integer::toString).collect(Collectors.joining(", "));
  }

  private static String data(EfiGuid protocol) {
    ByteBuffer guid = ByteBuffer.wrap(protocol.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
    return "one: .hword " + characters(READ + "\r\n") + ", 0\nwrong: .hword " + characters(ERROR) + "\ndigits: .hword 48, 48, 13, 10, 0\n"
        + "goodbye: .hword " + characters(ENOUGH + "\r\n")
        + ", 0\n.balign 8\nplace: .quad 0\ntable: .quad 0\nsize: .quad 0\nhandles: .quad "
        + "0, ".repeat(15) + "0\n" + DiskPrograms.BLOCK_IO + "protocol: .quad 0x%x, 0x%x\n".formatted(guid.getLong(), guid.getLong());
  }

  /**
   * A disk with it.
   *
   * @param protocol of the handle whose drivers are reconnected; the first that has it
   * @param times    it has to read
   */
  public static Path disk(Path folder, EfiGuid protocol, int times) throws IOException {
    return DiskPrograms.disk(folder, "stubborn.img", DiskPrograms.program(READER.formatted(times, "", FIRST, "", RECOVER) + RECONNECT
        + "over:\n", data(protocol)));
  }

  /** One that disconnects and connects all drivers of a handle after each read, too: what is above the blocks is in calls then. */
  public static Path connecting(Path folder, EfiGuid protocol, int times) throws IOException {
    return DiskPrograms.disk(folder, "connecting.img", DiskPrograms.program(READER.formatted(times, "", FIRST, "    bl reconnect", RECOVER)
        + RECONNECT + "over:\n", data(protocol)));
  }

  /**
   * One whose timer's notification function reconnects, whatever the program is doing: also while it has an interface in its hands but hasn't called it,
   * which is then one that has been freed.
   *
   * @param level of the notification function
   * @param units of 100 ns from time to time
   */
  public static Path interrupted(Path folder, EfiGuid protocol, int times, int level, int units) throws IOException {
    String begin = "    adr x9, table\n    str x20, [x9]\n" + TIMER.formatted(level, units);
    return DiskPrograms.disk(folder, "interrupted.img", DiskPrograms.program(READER.formatted(times, begin, FIRST, "", "") + RECONNECT
        + NOTIFIED
        + "over:\n", data(protocol)));
  }
}
