// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.xenolith.efi.boot.api.Protocol;

/** A disk with a program that sends frames from the first network interface to the second one, by what firmware publishes. */
public final class NetworkPrograms {
  /** What it shows for each frame. */
  public static final String FRAME = "a frame";
  /** How many there are. */
  public static final int FRAMES = 16;
  /** What it shows at the end, when it has given the interfaces back. */
  public static final String ALL = "all of them came";

  /** For each frame both are initialized; it is waited for by the event, and compared by its number; the sender's buffer is waited for, too. */
  private static final String SENDER = """
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
          adr x9, handles
          ldr x0, [x9]
          adr x1, protocol
          adr x2, place
          ldr x9, [x20, #152]
          blr x9
          cbnz x0, leave
          adr x9, place
          ldr x21, [x9]
          adr x9, handles
          ldr x0, [x9, #8]
          adr x1, protocol
          adr x2, place
          ldr x9, [x20, #152]
          blr x9
          cbnz x0, leave
          adr x9, place
          ldr x22, [x9]
          mov x0, x21
          ldr x9, [x21, #8]
          blr x9
          cbnz x0, leave
          mov x0, x22
          ldr x9, [x22, #8]
          blr x9
          cbnz x0, leave
          mov w23, #16
      again:
          mov x0, x21
          mov x1, #0
          mov x2, #0
          ldr x9, [x21, #24]
          blr x9
          cbnz x0, leave
          mov x0, x22
          mov x1, #0
          mov x2, #0
          ldr x9, [x22, #24]
          blr x9
          cbnz x0, leave
          adr x3, frame
          str w23, [x3, #16]
          mov x0, x21
          mov x1, #14
          mov x2, #64
          mov x4, #0
          ldr x5, [x22, #120]
          add x5, x5, #552
          adr x6, type
          ldr x9, [x21, #96]
          blr x9
          cbnz x0, leave
          mov x0, #1
          add x1, x22, #112
          adr x2, size
          ldr x9, [x20, #96]
          blr x9
          cbnz x0, leave
          mov x0, x22
          mov x1, #0
          adr x2, size
          mov x9, #2048
          str x9, [x2]
          adr x3, came
          mov x4, #0
          mov x5, #0
          mov x6, #0
          ldr x9, [x22, #104]
          blr x9
          cbnz x0, leave
          adr x9, came
          ldr w9, [x9, #16]
          cmp w9, w23
          b.ne leave
      sent:
          mov x0, x21
          mov x1, #0
          adr x2, place
          ldr x9, [x21, #88]
          blr x9
          cbnz x0, leave
          adr x9, place
          ldr x9, [x9]
          cbz x9, sent
          mov x0, x21
          ldr x9, [x21, #40]
          blr x9
          cbnz x0, leave
          mov x0, x22
          ldr x9, [x22, #40]
          blr x9
          cbnz x0, leave
          adr x1, one
          bl print
          sub w23, w23, #1
          cbnz w23, again
          mov x0, x21
          ldr x9, [x21, #16]
          blr x9
          cbnz x0, leave
          mov x0, x22
          ldr x9, [x22, #16]
          blr x9
          cbnz x0, leave
          adr x1, goodbye
          bl print
          """;

  private NetworkPrograms() {}

  /** The disk. */
  public static Path sender(Path folder) throws IOException {
    ByteBuffer guid = ByteBuffer.wrap(Protocol.SIMPLE_NETWORK.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
    return DiskPrograms.disk(folder, "sender.img", DiskPrograms.program(SENDER, "one: " + DiskPrograms.text(FRAME) + "goodbye: "
        + DiskPrograms.text(ALL) + ".balign 8\nsize: .quad 0\nplace: .quad 0\ntype: .quad 0x88b5\nhandles: .quad 0, 0, 0, 0, 0, 0, 0, 0\n"
        + "protocol: .quad 0x%x, 0x%x\n".formatted(guid.getLong(), guid.getLong())
        + "frame: .quad 0, 0, 0, 0, 0, 0, 0, 0\n.balign 4096\ncame: .quad 0\n.balign 4096\n"));
  }
}
