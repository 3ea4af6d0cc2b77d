// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.xenolith.a64.isa.Assembler;

/** A guest of a few kilobytes that does things that leave the CPU's own work, very often, on the board's hardware or as Dom0. */
final class ProbeGuest {
  /** How often what can take microseconds is done between its two lines. */
  private static final int SOME = 200_000;
  private static final String SOURCE = "probe.s";
  /** Vector of an IRQ at the current level with its own stack pointer (Arm ARM, D1.3). */
  private static final int IRQ_VECTOR = 5;
  private static final int VECTORS = 16;

  private static final Map<String, String> UART = Map.of(
      "console_init", "mov w0, #0x301; str w0, [x20, #0x30]", // CR: on, both ways
      "console_write", """
          print_byte: ldrb w0, [x2], #1
                  cbz  w0, print_end
          print_wait: ldr w3, [x20, #0x18]
                  tbnz w3, #5, print_wait // FR: transmit FIFO full
                  str  w0, [x20]
                  b    print_byte
          print_end:""");

  private static final Map<String, String> HYPERCALL = Map.of(
      "console_init", "",
      "console_write", "mov x0, #0; mov x16, #18; hvc #0xea1"); // console_io, write x1 bytes at x2

  private static final Map<String, String> GIC2 = Map.of(
      "gic_init", """
          movz x22, #0x0801, lsl #16
                  mov  w0, #0xa0
                  strb w0, [x21, #0x401]  // GICD_IPRIORITYR of SGI 1
                  mov  w0, #2
                  str  w0, [x21, #0x100]  // GICD_ISENABLER0
                  mov  w0, #1
                  str  w0, [x21]          // GICD_CTLR
                  mov  w1, #0xf0
                  str  w1, [x22, #4]      // GICC_PMR
                  str  w0, [x22]          // GICC_CTLR
                  movz w24, #0x0200, lsl #16
                  movk w24, #1""",
      "send", "str w24, [x21, #0xf00]",   // GICD_SGIR, to this CPU only
      "gic_acknowledge", "ldr w0, [x22, #12]",
      "gic_end", "str w0, [x22, #16]");

  private static final Map<String, String> GIC3 = Map.of(
      "gic_init", """
          movz x22, #0x080a, lsl #16
                  mov  w0, #0x12          // GICD_CTLR: affinity routing, group 1
                  str  w0, [x21]
          gic_pending: ldr w0, [x21]
                  tbnz w0, #31, gic_pending
                  ldr  w0, [x22, #0x14]   // GICR_WAKER
                  and  w0, w0, #0xfffffffd
                  str  w0, [x22, #0x14]
          gic_asleep: ldr w0, [x22, #0x14]
                  tbnz w0, #2, gic_asleep
                  add  x22, x22, #0x10, lsl #12
                  mov  w0, #-1
                  str  w0, [x22, #0x80]   // GICR_IGROUPR0
                  mov  w0, #0xa0
                  strb w0, [x22, #0x401]
                  mov  w0, #2
                  str  w0, [x22, #0x100]  // GICR_ISENABLER0
                  mov  x0, #7
                  msr  icc_sre_el1, x0
                  isb
                  mov  x0, #0xf0
                  msr  icc_pmr_el1, x0
                  mov  x0, #1
                  msr  icc_igrpen1_el1, x0
                  isb
                  movz x24, #0x0100, lsl #16
                  movk x24, #1""",
      "send", "msr icc_sgi1r_el1, x24; isb",
      "gic_acknowledge", "mrs x0, icc_iar1_el1; dsb sy",
      "gic_end", "msr icc_eoir1_el1, x0; isb");

  private ProbeGuest() {}

  /**
   * One thing that is done often.
   *
   * @param work what it is
   * @param once before the first time
   * @param body each time
   */
  private record Step(ProbeLoop work, String once, String body) {
    Step(String name, String says, int times, String once, String body) {
      this(new ProbeLoop(name, says, times), once, body);
    }
  }

  private static final Step EMPTY = new Step(ProbeLoop.EMPTY, "", "nop");

  private static final Step REGISTER = new Step("register", "read of a device's register (UARTFR)", ProbeLoop.MANY, "",
      "ldr w0, [x20, #0x18]");
  private static final Step DISTRIBUTOR = new Step("distributor", "read of GICD_CTLR", SOME, "", "ldr w0, [x21]");
  private static final Step HYPERCALL_NULL = new Step("hypercall", "null hypercall (xen_version)", SOME, "",
      "mov x16, #17; mov x0, #0; mov x1, #0; hvc #0xea1");
  private static final Step PSCI = new Step("psci", "PSCI_VERSION", SOME, "", "movz w0, #0x8400, lsl #16; hvc #0");
  private static final Step END = new Step("end", "SGI sent, acknowledged, ended (IAR, EOIR)", SOME, "msr daifset, #2", """
      {send}
      end_wait{n}: {gic_acknowledge}
              and w1, w0, #0x3ff
              cmp w1, #1
              b.ne end_wait{n}
              {gic_end}""");
  private static final Step SGI = new Step("sgi", "SGI round trip through the vector", SOME, "msr daifclr, #2", """
      add x25, x25, #1
              {send}
      sgi_wait{n}: cmp x26, x25
              b.ne sgi_wait{n}""");

  /** What a guest on bare metal, or a Dom0, can be asked to do; the empty loop is the first. */
  static List<ProbeLoop> works(boolean dom0) {
    return steps(dom0).stream().map(Step::work).toList();
  }

  private static List<Step> steps(boolean dom0) {
    return List.of(EMPTY, dom0 ? HYPERCALL_NULL : REGISTER, DISTRIBUTOR, PSCI, END, SGI);
  }

  /** The image: all works some times, as the first time the host still has everything to translate. */
  static byte[] image(boolean dom0, int gic) {
    Map<String, String> version = gic == 2 ? GIC2 : GIC3;
    StringBuilder works = new StringBuilder();
    StringBuilder texts = new StringBuilder();
    for (int n = 1; n <= ProbeLoop.ROUNDS; n++) {
      for (Step step : steps(dom0)) {
        works.append(loop(step, n));
        if (n == 1) {
          texts.append("text_%s: .asciz \"PROBE %s\\r\\n\"%ntext_%s_end: .asciz \"PROBED %s\\r\\n\"%n"
              .formatted(name(step), name(step), name(step), name(step)));
        }
      }
    }
    StringBuilder vectors = new StringBuilder();
    for (int i = 0; i < VECTORS; i++) {
      vectors.append(i == IRQ_VECTOR ? "b interrupt\n" : "b unexpected\n").append(".balign 128\n");
    }
    String text = source().replace("{works}", works).replace("{texts}", texts).replace("{vectors}", vectors);
    for (Map<String, String> parts : List.of(dom0 ? HYPERCALL : UART, version)) {
      for (Map.Entry<String, String> part : parts.entrySet()) {
        text = text.replace("{" + part.getKey() + "}", part.getValue());
      }
    }
    return Assembler.program(0, text).bytes();
  }

  private static String loop(Step step, int n) {
    String name = name(step);
    int times = step.work.times();
    return """
                %s
                adr  x0, text_%s
                bl   print
                movz x27, #%d
                movk x27, #%d, lsl #16
        %s_again%d: %s
                subs x27, x27, #1
                b.ne %s_again%d
                adr  x0, text_%s_end
                bl   print
        """.formatted(step.once, name, times & 0xffff, times >> 16, name, n, step.body.replace("{n}", Integer.toString(
        n)),
        name, n, name);
  }

  private static String name(Step step) {
    return step.work.name();
  }

  private static String source() {
    try (InputStream in = ProbeGuest.class.getResourceAsStream(SOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the bundle lacks its resource " + SOURCE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
