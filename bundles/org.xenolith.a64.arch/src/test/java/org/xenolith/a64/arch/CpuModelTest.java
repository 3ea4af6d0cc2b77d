// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.a64.arch.SystemRegister.id;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuFile;

/** CPUs as their descriptions have them, and descriptions that are wrong. */
class CpuModelTest {
  /** As little as a description can say. */
  private static final String LEAST = """
      xenolith-cpu 1
      instructions a64
      summary the least
      register MIDR_EL1 0x410F_D034
      register ID_AA64PFR0_EL1 0x11
      register ID_AA64DFR0_EL1 0x10305006
      register ID_AA64MMFR0_EL1 0x22
      register CTR_EL0 0x84448004
      register DCZID_EL0 4
      """;

  private static CpuModel model(String text) {
    return CpuModel.of(CpuFile.read("acme", "acme/cpus/acme.cpu", text));
  }

  private static String refused(String line) {
    String message = assertThrows(ModelException.class, () -> model(LEAST + line)).getMessage();
    String place = "acme/cpus/acme.cpu, line ";
    assertTrue(message.startsWith(place), message);
    return message.substring(place.length()).replaceFirst("; see docs/guides/cpu.md$", "");
  }

  private static long read(Cpu cpu, int id) {
    return cpu.registers.read(id, 0);
  }

  /** MIDR_EL1, CTR_EL0 and the sizes of physical addresses and of the second level's cache, by the manuals. */
  @ParameterizedTest
  @CsvSource({"cortex-a53, 0x410FD034, 0x84448004, 40, 0x707FE07A", "cortex-a57, 0x411FD070, 0x8444C004, 44, 0x70FFE07A",
      "cortex-a72, 0x410FD083, 0x8444C004, 44, 0x707FE07A"})
  void theyAreWhatTheirManualsSay(String name, long midr, long ctr, int bits, long cache) {
    CpuModel model = CpuModel.own(name);
    assertEquals(name, model.name());
    assertEquals(bits, model.physicalBits());
    Cpu cpu = new FlatMachine().cpu(CpuConfig.of(0, model));
    assertEquals(midr, read(cpu, SysReg.MIDR_EL1.id));
    assertEquals(ctr, read(cpu, SysReg.CTR_EL0.id));
    assertEquals(CpuConfig.PHYSICAL_SIZES.indexOf(bits) | 0x0F00_0020L, read(cpu, id(3, 0, 0, 7, 0)));
    assertEquals(0x11, read(cpu, id(3, 0, 0, 4, 0)), "without AArch32");
    assertEquals(0x1_1120, read(cpu, id(3, 0, 0, 6, 0)));
    FlatMachine.msr(cpu, SysReg.CSSELR_EL1, 2);
    assertEquals(cache, read(cpu, SysReg.CCSIDR_EL1.id));
    FlatMachine.msr(cpu, SysReg.CSSELR_EL1, 3);
    assertEquals(0, read(cpu, SysReg.CCSIDR_EL1.id));
    assertTrue(model.lowered().contains("ID_AA64PFR0_EL1.EL0 1 for 2: no AArch32"), model.lowered().toString());
  }

  /** ID_AA64MMFR0_EL1: of TGran4 and TGran64 15 is none and 0 is there, of TGran16 1 is there. */
  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {"cortex-a53; 4k,64k", "cortex-a57; 4k,64k", "cortex-a72; 4k,64k"})
  void granulesAreThoseThatTheManualsSay(String name, String granules) {
    assertEquals(Granule.parse(granules), CpuModel.own(name).granules());
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {"0xFF000022; ", "0x0F000022; 4k", "0xF0000022; 64k", "0xFF100022; 16k", "0x100022; 4k,16k,64k"})
  void granulesAreFieldsOfTheDescription(String register, String granules) {
    String text = LEAST.replace("ID_AA64MMFR0_EL1 0x22", "ID_AA64MMFR0_EL1 " + register);
    if (granules == null) {
      assertEquals("acme/cpus/acme.cpu, line 7: ID_AA64MMFR0_EL1 says that there is no size of pages; write the value of the manual, of"
          + " which TGran4, TGran16 or TGran64 has one", assertThrows(ModelException.class, () -> model(text)).getMessage());
    } else {
      assertEquals(Granule.parse(granules), model(text).granules());
    }
  }

  @Test
  void whatADescriptionLeavesOutIsNotThere() {
    CpuModel least = model(LEAST);
    assertEquals(List.of(false, false, false, false, false, false, false), List.of(least.aes(), least.pmull(), least.sha1(), least.sha256(),
        least
            .crc32(), least.lse(), least.pan()));
    assertFalse(least.el2() || least.el3());
    assertEquals(0x410F_D034L, least.said().get("MIDR_EL1"));
    CpuModel more = model(LEAST + """
        register ID_AA64ISAR0_EL1 0x211110
        register ID_AA64MMFR1_EL1 0x100000
        register REVIDR_EL1 0x7
        """);
    assertEquals(List.of(true, false, true, true, true, true, true), List.of(more.aes(), more.pmull(), more.sha1(), more.sha256(), more
        .crc32(), more
            .lse(), more.pan()));
    CpuConfig config = CpuConfig.of(0, more);
    assertTrue(config.lse() && config.pan());
    Cpu cpu = new FlatMachine().cpu(config);
    assertEquals(0x21_1110, read(cpu, id(3, 0, 0, 6, 0)));
    assertEquals(7, read(cpu, SysReg.REVIDR_EL1.id));
  }

  @Test
  void whatIsWrongIsNamedWithItsLineAndWhatToDo() {
    assertEquals("10: 'leaf' is no word that a description begins a line with; use register or lowered", refused("leaf 1"));
    assertEquals("10: a register has 1 words; write register NAME VALUE", refused("register REVIDR_EL1"));
    assertTrue(refused("register ID_AA64PFR9_EL1 0").startsWith(
        "10: 'ID_AA64PFR9_EL1' is no identification register that is known; use one of MIDR_EL1, "));
    assertEquals("10: REVIDR_EL1: '0xG' is no number of up to 64 bits; write 0x and hexadecimal digits", refused(
        "register REVIDR_EL1 0xG"));
    assertEquals("10: ID_PFR0_EL1: 0x100000000 is wider than 32 bits; write the value of the manual", refused(
        "register ID_PFR0_EL1 0x100000000"));
    assertEquals("10: MIDR_EL1 is said a second time; remove this line or line 4", refused("register MIDR_EL1 0"));
    assertEquals("10: 'CCSIDR_EL1' is no register's name; write CCSIDR_EL1[N] with the value of CSSELR_EL1, 0 to 13", refused(
        "register CCSIDR_EL1 0"));
    assertEquals("10: 'REVIDR_EL1[0]' is no register's name; write REVIDR_EL1", refused("register REVIDR_EL1[0] 0"));
  }

  @Test
  void whatIsNotModelledIsRefusedUntilItIsLowered() {
    assertEquals(
        "10: ID_AA64ISAR0_EL1.SHA2 says 2, which isn't modelled; what is, is 0 or 1; keep the line and add 'lowered ID_AA64ISAR0_EL1.SHA2 1"
            + " REASON'", refused("register ID_AA64ISAR0_EL1 0x2000"));
    String rdm = "register ID_AA64ISAR0_EL1 0x10000000\n";
    assertEquals("10: ID_AA64ISAR0_EL1 says 0x1 in bits 31:28, of which nothing is modelled; keep the line and add 'lowered"
        + " ID_AA64ISAR0_EL1.31:28 0 REASON'", refused(rdm));
    CpuModel lowered = model(LEAST + rdm + "lowered ID_AA64ISAR0_EL1.31:28 0 no FEAT_RDM");
    assertEquals(0, lowered.said().get("ID_AA64ISAR0_EL1"));
    assertEquals(List.of("ID_AA64ISAR0_EL1.31:28 0 for 1: no FEAT_RDM"), lowered.lowered());
    CpuModel whole = model(LEAST + "register ID_PFR0_EL1 0x131\nlowered ID_PFR0_EL1 0 no AArch32");
    assertEquals(List.of("ID_PFR0_EL1 0 for 305: no AArch32"), whole.lowered());
    assertEquals("10: a lowered field has 2 words; write lowered REGISTER.FIELD VALUE REASON", refused("lowered ID_AA64PFR0_EL1.EL0 1"));
    assertEquals(
        "10: ID_AA64ISAR0_EL1 has no value to be lowered; say what the manual has in a line 'register ID_AA64ISAR0_EL1 VALUE' above",
        refused(
            "lowered ID_AA64ISAR0_EL1.AES 0 none"));
    assertEquals(
        "10: ID_AA64PFR0_EL1 has no field 'SVE' of which anything is modelled; use one of EL0, EL1, EL2, EL3, FP, AdvSIMD, GIC, or bits as 47:44",
        refused("lowered ID_AA64PFR0_EL1.SVE 0 none"));
    assertEquals("10: ID_AA64PFR0_EL1.EL0 is 1 as it is; remove the line", refused("lowered ID_AA64PFR0_EL1.EL0 1 none"));
  }

  @Test
  void aDescriptionWithoutWhatEveryCpuHasIsRefused() {
    assertEquals("acme.cpu: no line 'register MIDR_EL1 VALUE'; every such CPU has that register, and not as zero", assertThrows(
        ModelException.class,
        () -> CpuModel.of(CpuFile.read("acme", "acme.cpu", LEAST.replaceFirst("register MIDR.*\n", "")))).getMessage());
  }

  /** PMCR_EL0 by the manuals: Arm (IMP), the core (IDCODE), six event counters (N). The register itself is a device's. */
  @ParameterizedTest
  @CsvSource({"cortex-a53, 0x41033000", "cortex-a57, 0x41013000", "cortex-a72, 0x41023000"})
  void monitorsAreToldWhatTheyAreOf(String name, long control) {
    Cpu cpu = new FlatMachine().cpu(CpuConfig.of(0, CpuModel.own(name)));
    assertEquals(control, cpu.described(Identification.PMCR));
    assertEquals(0, cpu.systemRegister(Identification.PMCR), "no device answers for it");
    assertEquals(0, cpu.described(id(3, 3, 9, 12, 1)), "which no description has");
  }

  @Test
  void aPmuWithMoreCountersIsLowered() {
    String more = "register PMCR_EL0 0x41064000\n";
    assertEquals("10: PMCR_EL0.N says 8, which isn't modelled; what is, is 6; keep the line and add 'lowered PMCR_EL0.N 6 REASON'", refused(
        more));
    assertEquals(0x4106_3000, model(LEAST + more + "lowered PMCR_EL0.N 6 six counters").described(Identification.PMCR));
    assertEquals(0, model(LEAST).described(Identification.PMCR));
  }

  @Test
  void identificationIsWhatMrsReadsWithAllDevices() {
    Map<String, String> said = CpuConfig.cortexA57(0).withLevels(true, false).withLse(true).identification();
    assertEquals("0x1000111", said.get("ID_AA64PFR0_EL1"));
    assertEquals("0x10305106", said.get("ID_AA64DFR0_EL1"));
    assertEquals("0x211120", said.get("ID_AA64ISAR0_EL1"));
    assertEquals("0x411fd070", said.get("MIDR_EL1"));
    assertEquals("0x70ffe07a", said.get("CCSIDR_EL1[2]"));
    assertEquals("cortex-a57", said.get("CPU"));
    assertFalse(said.containsValue("0x0"));
  }

  @Test
  void everyRegisterOfTheTableHasAnEncodingOfItsOwn() {
    assertEquals(ModelledRegister.ALL.size(), ModelledRegister.ALL.values().stream().mapToInt(ModelledRegister::id).distinct().count());
    for (ModelledRegister register : ModelledRegister.ALL.values()) {
      boolean device = register.id() == Identification.PMCR;
      assertTrue(device || Identification.inBlock(register.id()) || SysReg.of(register.id()) != null, register.name());
      assertTrue(register.bits() == 64 || register.known() >>> register.bits() == 0, register.name());
    }
  }
}
