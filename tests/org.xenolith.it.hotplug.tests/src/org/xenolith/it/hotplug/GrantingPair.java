// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;

/**
 * Two domains of small programs. The giver fills a page with patterns that its image has, grants it and another, and goes on to count in that, to send itself events, to mask them and to grant a third page
 * and not. The taker copies the patterns by grant copies, 64 bytes each, moves them on by pairs and by bytes, and then maps the other page, reads and writes it and takes the mapping out, again and again.
 */
final class GrantingPair implements AutoCloseable {
  static final int REFERENCE = 8;
  static final int COUNTED = 9;
  static final int SOMETIMES = 10;
  static final int PATTERN = 64;
  static final int PAGE = 4096;
  /** Places of both, as these address them: what was copied, where it was moved by pairs, by bytes, and what was read from the page that is mapped. */
  static final long COPIED = 0x40b0_0000L;
  static final long PAIRS = COPIED + PAGE;
  static final long BYTES = COPIED + 2 * PAGE;
  static final long READ = COPIED + 3 * PAGE;
  /** Of the giver: the page with the patterns and the one in which it counts. */
  static final long GRANTED = 0x40b0_0000L;
  static final long COUNTING = GRANTED + PAGE;
  /** Where the taker maps that. */
  static final long MAPPED = 0x4800_0000L;
  /** From here on the taker writes that page. */
  static final int OWN = 0x800;
  private static final int HEADER = 64;
  private static final int MAGIC = 0x644d5241;
  private static final String CALL = "hvc #0xea1\n";
  private static final String GIVER = """
      ldr x20, =0x40900000
      ldr x21, =0x40a00000
      ldr x22, =0x40b00000
      ldr x23, =0x40c00000
      mov w1, #0x7ff0
      strh w1, [x20]
      mov w1, #1
      str w1, [x20, #4]
      str xzr, [x20, #8]
      lsr x1, x21, #12
      str x1, [x20, #16]
      mov x16, #12
      mov x0, #7
      mov x1, x20
      CALL
      str wzr, [x20, #4]
      lsr x1, x23, #12
      str x1, [x20, #16]
      mov x16, #12
      mov x0, #7
      mov x1, x20
      CALL
      str wzr, [x20, #64]
      mov x16, #32
      mov x0, #7
      add x1, x20, #64
      CALL
      ldr w24, [x20, #68]
      adr x1, patterns
      mov x2, x22
      mov x3, #512
      1: ldr x4, [x1], #8
      str x4, [x2], #8
      sub x3, x3, #1
      cbnz x3, 1b
      ldr w2, =TAKER
      lsr x1, x22, #12
      str w1, [x21, #68]
      str w2, [x21, #64]
      add x1, x1, #1
      str w1, [x21, #76]
      str w2, [x21, #72]
      add x1, x1, #1
      str w1, [x21, #84]
      mov x25, #1
      lsl x25, x25, x24
      mov x26, #0
      2: str w24, [x20, #96]
      mov x16, #32
      mov x0, #4
      add x1, x20, #96
      CALL
      add x26, x26, #1
      and x3, x26, #0xff
      add x4, x22, #0x1000
      str x26, [x4, x3, lsl #3]
      ldr x5, [x23, #0x30]
      bic x5, x5, x25
      str x5, [x23, #0x30]
      ldr x5, [x23, #0x230]
      tst x26, #7
      b.ne 3f
      eor x5, x5, x25
      3: str x5, [x23, #0x230]
      tst x26, #15
      b.ne 2b
      ldr w5, [x21, #80]
      eor w5, w5, w2
      str w5, [x21, #80]
      b 2b
      .balign 8
      patterns:
      """;
  private static final String TAKER = """
      ldr x20, =0x40900000
      ldr x22, =0x40b00000
      ldr x23, =0x48000000
      mov x27, #0
      1: mov w1, #8
      str x1, [x20]
      mov w1, #GIVER
      strh w1, [x20, #8]
      strh w27, [x20, #10]
      lsr x1, x22, #12
      str x1, [x20, #16]
      mov w1, #0x7ff0
      strh w1, [x20, #24]
      strh w27, [x20, #26]
      mov w1, #64
      strh w1, [x20, #32]
      mov w1, #1
      strh w1, [x20, #34]
      mov x16, #20
      mov x0, #5
      mov x1, x20
      mov x2, #1
      CALL
      ldrsh w3, [x20, #36]
      cbnz w3, 1b
      add x27, x27, #64
      cmp x27, #0x1000
      b.ne 1b
      mov x3, #256
      mov x1, x22
      add x2, x22, #0x1000
      2: ldp x4, x5, [x1], #16
      stp x4, x5, [x2], #16
      sub x3, x3, #1
      cbnz x3, 2b
      mov x3, #0x1000
      add x1, x22, #0x1000
      add x2, x22, #0x2000
      3: ldrb w4, [x1], #1
      mov w5, w4
      strb w5, [x2], #1
      sub x3, x3, #1
      cbnz x3, 3b
      mov x28, #0
      4: str x23, [x20, #64]
      mov w1, #2
      str w1, [x20, #72]
      mov w1, #9
      str w1, [x20, #76]
      mov w1, #GIVER
      strh w1, [x20, #80]
      mov x16, #20
      mov x0, #0
      add x1, x20, #64
      mov x2, #1
      CALL
      add x28, x28, #1
      and x3, x28, #63
      add x4, x23, #0x800
      str x28, [x4, x3, lsl #3]
      mov x3, #64
      mov x1, x23
      add x2, x22, #0x3000
      5: ldr x4, [x1], #8
      str x4, [x2], #8
      sub x3, x3, #1
      cbnz x3, 5b
      str x23, [x20, #128]
      str xzr, [x20, #136]
      ldr w1, [x20, #84]
      str w1, [x20, #144]
      mov x16, #20
      mov x0, #1
      add x1, x20, #128
      mov x2, #1
      CALL
      b 4b
      """;

  private final Launch launch;

  /**
   * The machine, which has executed nothing.
   *
   * @param folder  gets its files
   * @param history whether its past is kept
   */
  GrantingPair(Path folder, boolean history) throws IOException {
    byte[] patterns = new byte[PAGE];
    new Random(65).nextBytes(patterns);
    List<Path> domains = List.of(config(folder, "giver", image(GIVER.replace("TAKER", "0x30001"), patterns)), config(folder, "taker", image(
        TAKER.replace("GIVER", "2"), new byte[0])));
    RequestBuilder request = RequestBuilder.of("virt").cpus(2).memory(256L << 20).noDom0(true).domUs(domains);
    LaunchRequest asked = history ? request.option("history", "64").build() : request.build();
    launch = InstalledProduct.get().service(Launcher.class).launch(asked, line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
  }

  private static Path config(Path folder, String name, byte[] image) throws IOException {
    return Files.writeString(folder.resolve(name + ".cfg"), """
        name = "%s"
        kernel = "%s"
        memory = 16
        """.formatted(name, Files.write(folder.resolve(name), image)));
  }

  private static byte[] image(String program, byte[] behind) {
    byte[] code = Assembler.program(0, program.replace("CALL\n", CALL)).bytes();
    ByteBuffer image = ByteBuffer.allocate(HEADER + code.length + behind.length + PAGE).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, 0x1400_0000 | HEADER / 4).putLong(16, image.capacity()).putLong(24, 0xA).putInt(56, MAGIC);
    image.put(HEADER, code).put(HEADER + code.length, behind);
    return image.array();
  }

  /** Where the giver's image has the patterns, as the giver addresses them. */
  static long patterns() {
    return 0x4000_0000L + HEADER + Assembler.program(0, GIVER.replace("CALL\n", CALL).replace("TAKER", "0x30001")).bytes().length;
  }

  Machine machine() {
    return launch.machine();
  }

  void run(long instructions) {
    machine().run(new RunLimit(Long.MAX_VALUE, instructions));
  }

  /** Has a tool's command executed at the next safe point, as an input. */
  void tool(String line) {
    machine().input(ToolsPort.INPUT, HypervisorNode.PATH, ("1 " + line).getBytes(StandardCharsets.UTF_8));
  }

  <T> T port(Class<T> type) {
    return machine().port(HypervisorNode.PATH, type);
  }

  Domain domain(String name) {
    return port(DomainsPort.class).domains().all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /** The physical address of a domain's. */
  long physical(String name, long address) {
    return port(P2mPort.class).translate(domain(name), address, false);
  }

  @Override
  public void close() {
    launch.close();
  }
}
