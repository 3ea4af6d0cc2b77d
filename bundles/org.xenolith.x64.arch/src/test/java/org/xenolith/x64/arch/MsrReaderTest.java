// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuFile;

/** Model-specific registers as descriptions have them, and descriptions that are wrong about them. */
class MsrReaderTest {
  private static final int LINES = CpuidReaderTest.LEAST.lines().toList().size();

  private static CpuModel model(String text) {
    return CpuModel.of(CpuFile.read("acme", "acme.cpu", text));
  }

  private static String refused(String text) {
    String message = assertThrows(ModelException.class, () -> model(text)).getMessage();
    return message.replaceFirst("^acme.cpu(, line " + (LINES + 1) + ")?: ", "").replaceFirst("; see docs/guides/cpu.md$", "");
  }

  /** What the CPU said before its file did. */
  @ParameterizedTest
  @CsvSource({"0x17, 0", "0x8B, 0", "0xCE, 0", "0xFE, 0x508", "0x10A, 0x400000000D10E179", "0x1A0, 0x1801"})
  void theBaselineIsWhatSoftwareHasAlwaysRead(String number, String value) {
    assertEquals(Long.decode(value), new BareCpu(CpuModel.BASELINE).cpu.msrs.read(Integer.decode(number)));
  }

  @Test
  void whatADescriptionSaysIsRead() {
    CpuModel model = model(CpuidReaderTest.LEAST.replace("msr 0x1A0 0x1801", "msr 0x1A0 0x4000001800") + """
        msr 0x17 0x4000000000000
        msr 0x8B 0x200000000
        msr 0x10A 1
        """);
    Core cpu = new BareCpu(model).cpu;
    assertEquals(List.of(0x4_0000_0000_0000L, 0x2_0000_0000L, 0L, 0x508L, 1L, 0x40_0000_1800L), List.of(0x17, 0x8B, 0xCE, 0xFE, 0x10A,
        0x1A0)
        .stream().map(cpu.msrs::read).toList());
    cpu.msrs.write(0x1A0, 0x1801);
    cpu.reset();
    assertEquals(0x40_0000_1800L, cpu.msrs.read(0x1A0), "a reset brings back what the description has");
    assertEquals("0x200000000", model.identification().get("MSR 0x8b"));
  }

  @Test
  void whatIsWiderThanTheModelIsRefusedUntilItIsLowered() {
    String least = CpuidReaderTest.LEAST;
    assertEquals(
        "IA32_ARCH_CAPABILITIES says 1 in bit 1, of which nothing is modelled; keep the line and add 'lowered msr 0x10A.1:1 0 REASON'",
        refused(least + "msr 0x10A 0x3"));
    CpuModel lowered = model(least + "msr 0x10A 0x3\nlowered msr 0x10A.1:1 0 no IBRS");
    assertEquals(1, lowered.msr(Msr.IA32_ARCH_CAPABILITIES));
    assertEquals(List.of("msr 0x10A.1:1 0 for 1: no IBRS"), lowered.lowered());
    String wide = least.replace("msr 0xFE 0x508", "msr 0xFE 0x50A");
    assertTrue(refused(wide).endsWith(
        "IA32_MTRRCAP.VCNT says 10, and 8 is modelled; keep the line and add 'lowered msr 0xFE.VCNT 8 REASON'"));
    assertEquals(0x508, model(wide + "lowered msr 0xFE.VCNT 8 as many as there are").msr(Msr.IA32_MTRRCAP));
  }

  @Test
  void whatIsWrongIsNamedWithItsLineAndWhatToDo() {
    String least = CpuidReaderTest.LEAST;
    assertEquals("an MSR has 1 words; write msr NUMBER VALUE", refused(least + "msr 0x10A"));
    assertEquals(
        "of MSR 0x10 no description says anything; leave it out: it is the machine's, or isn't there. Those that are described are "
            + MsrField.BY_REGISTER.keySet().stream().map(each -> "0x%X".formatted(each.number)).collect(Collectors.joining(", ")), refused(
                least + "msr 0x10 0"));
    assertEquals("MSR 0xFE is said a second time; remove this line or line " + (LINES - 1), refused(least + "msr 0xFE 0x508"));
    assertEquals("MSR 0x10A: '1x' is no number of up to 64 bits; write 0x and hexadecimal digits", refused(least + "msr 0x10A 1x"));
    assertEquals("no line 'msr 0xFE VALUE'; every such CPU has IA32_MTRRCAP, and not as zero", refused(least.replace("msr 0xFE 0x508\n",
        "")));
    assertEquals("MSR 0x8B has no value to be lowered; say what the manual has in a line 'msr 0x8B VALUE' above", refused(least
        + "lowered msr 0x8B.revision 0 none"));
    assertEquals("a lowered MSR has 3 words; write lowered msr NUMBER.FIELD VALUE REASON", refused(least + "lowered msr 0xFE.VCNT 8"));
    assertEquals("msr 0xFE.VCNT is 8 as it is; remove the line", refused(least + "lowered msr 0xFE.VCNT 8 none"));
    assertEquals("IA32_MTRRCAP has no field 'SMRR' of which anything is modelled; use one of VCNT, FIX, WC, or bits as 47:44", refused(least
        + "lowered msr 0xFE.SMRR 0 none"));
  }
}
