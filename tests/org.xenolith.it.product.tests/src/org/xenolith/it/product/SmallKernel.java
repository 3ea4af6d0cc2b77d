// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program of a few instructions behind the header that an arm64 kernel has (Documentation/arm64/booting.rst). */
public final class SmallKernel {
  /** Says READY on the UART of the board virt and then waits for ever. */
  public static final String READY_AND_WAITS = """
            movz x1, #0x0900, lsl #16
            movz w0, #0x301
            str w0, [x1, #0x30]
            adr x2, text
            next: ldrb w0, [x2], #1
            cbz w0, wait
            str w0, [x1]
            b next
            text: .asciz "READY\\n"
            .balign 4
            wait: wfi
            b wait
            """;

  private SmallKernel() {}

  /** Assembles a program. */
  public static Path assemble(Path folder, String program) throws InterruptedException, IOException {
    Path source = Files.createTempFile(folder, "kernel", ".s");
    Files.writeString(source, """
                image: b start
                .word 0
                .quad 0, end - image, 0xa, 0, 0, 0
                .ascii "ARM\\x64"
                .word 0
                start:
                %s
                end:
                """.formatted(program), StandardCharsets.UTF_8);
    Path object = Files.createTempFile(folder, "kernel", ".o");
    Path kernel = Files.createTempFile(folder, "kernel", ".Image");
    TestTools.run("aarch64-linux-gnu-as", "-o", object, source).expect(0);
    TestTools.run("aarch64-linux-gnu-objcopy", "-O", "binary", object, kernel).expect(0);
    return kernel;
  }
}
