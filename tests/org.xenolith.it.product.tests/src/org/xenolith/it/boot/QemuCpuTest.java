// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.SmallKernel;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/** A program that shows what identifies a CPU, at EL2 of our machine and of QEMU's: the same of every core that both have by name. */
@FullLane
class QemuCpuTest {
  private static final List<String> REGISTERS = List.of("MIDR_EL1", "ID_AA64PFR0_EL1", "ID_AA64PFR1_EL1", "ID_AA64DFR0_EL1",
      "ID_AA64DFR1_EL1",
      "ID_AA64ISAR0_EL1", "ID_AA64ISAR1_EL1", "ID_AA64MMFR0_EL1", "ID_AA64MMFR1_EL1", "CTR_EL0", "DCZID_EL0", "CLIDR_EL1",
      "PMCR_EL0");
  /** Level and kind of the caches that the cores have, as CSSELR_EL1 selects them. */
  private static final int CACHES = 3;
  /** What our machine says in another way: levels in AArch64 only, and EL3 where it is asked for. */
  private static final Difference LEVELS = new Difference("ID_AA64PFR0_EL1", 0xFFFF);
  /** BigEnd and SNSMem, which aren't modelled. */
  private static final Difference MEMORY = new Difference("ID_AA64MMFR0_EL1", 0xFF00);

  @TempDir
  private Path work;

  /** Fields of a register that aren't compared. */
  private record Difference(String register, long mask) {}

  private Path program() throws Exception {
    StringBuilder text = new StringBuilder("""
        movz x10, #0x0900, lsl #16
        movz w0, #0x301
        str w0, [x10, #0x30]
        """);
    REGISTERS.forEach(register -> text.append("mrs x0, ").append(register.toLowerCase(Locale.ROOT)).append("\nbl show\n"));
    for (int cache = 0; cache < CACHES; cache++) {
      text.append("mov x2, #").append(cache).append("\nmsr csselr_el1, x2\nisb\nmrs x0, ccsidr_el1\nbl show\n");
    }
    return SmallKernel.assemble(work, text + """
        mov w4, #'.'
        str w4, [x10]
        wait: wfi
        b wait
        show: mov x3, #60
        digit: lsr x4, x0, x3
        and x4, x4, #15
        cmp x4, #10
        add x5, x4, #'0'
        add x6, x4, #'a' - 10
        csel x4, x5, x6, lt
        str w4, [x10]
        subs x3, x3, #4
        b.ge digit
        mov x4, #'\\n'
        str w4, [x10]
        ret
        """);
  }

  private static List<Long> shown(Program program) throws InterruptedException {
    try (program) {
      String out = program.awaitOutput("((?:[0-9a-f]{16}\\r?\\n){" + (REGISTERS.size() + CACHES) + "})\\.", Product.LONG).group(1);
      program.kill();
      List<Long> values = new ArrayList<>();
      out.lines().forEach(line -> values.add(Long.parseUnsignedLong(line.strip(), 16)));
      return values;
    }
  }

  private List<Long> here(Path kernel, String cpu) throws InterruptedException {
    return shown(Product.start("boot", "virt", "--cpu", cpu, "--gic", "3", "--el2", "--kernel", kernel, "--until", "[.]"));
  }

  private static List<Long> there(Path kernel, String cpu) throws InterruptedException {
    return shown(TestTools.start("qemu-system-aarch64", "-M", "virt,gic-version=3,virtualization=on", "-cpu", cpu, "-nographic", "-net",
        "none",
        "-kernel", kernel));
  }

  @TestFactory
  Stream<DynamicTest> aCoreSaysHereWhatItSaysThere() {
    return Stream.of("cortex-a53", "cortex-a57", "cortex-a72").map(cpu -> dynamicTest(cpu, () -> compare(cpu)));
  }

  private void compare(String cpu) throws Exception {
    Path kernel = program();
    List<Long> here = here(kernel, cpu);
    List<Long> there = there(kernel, cpu);
    List<String> differ = new ArrayList<>();
    for (int i = 0; i < there.size(); i++) {
      String register = i < REGISTERS.size() ? REGISTERS.get(i) : "CCSIDR_EL1[" + (i - REGISTERS.size()) + "]";
      long mask = ~List.of(LEVELS, MEMORY).stream().filter(each -> each.register.equals(register)).mapToLong(Difference::mask).sum();
      if ((here.get(i) & mask) != (there.get(i) & mask)) {
        differ.add("%s: %016x here, %016x there".formatted(register, here.get(i), there.get(i)));
      }
    }
    assertEquals(List.of(), differ);
  }
}
