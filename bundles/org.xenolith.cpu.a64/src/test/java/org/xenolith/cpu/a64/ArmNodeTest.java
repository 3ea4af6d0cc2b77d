// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.CpuModel;
import org.xenolith.a64.arch.Granule;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceOptions;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuFile;
import org.xenolith.platform.api.PlatformNode;

/** What a CPU's node and its options make of it. */
class ArmNodeTest {
  /** A description but for ID_AA64MMFR0_EL1. */
  private static final String SMALL = """
      xenolith-cpu 1
      instructions a64
      summary EL0 and EL1 only, with atomics
      register MIDR_EL1 0x410FD034
      register ID_AA64PFR0_EL1 0x11
      register ID_AA64DFR0_EL1 0x10305006
      register ID_AA64ISAR0_EL1 0x200000
      register ID_AA64MMFR0_EL1 %s
      register CTR_EL0 0x84448004
      register DCZID_EL0 4
      """;

  private final List<Option> described = new ArmProcessorComponent().description().options();

  private static PlatformNode node(Map<String, String> said, FdtProperty... properties) {
    return new PlatformNode("/cpus/cpu@0", "cpu@0", "/cpus", List.of(properties), List.of(), true, List.of(), List.of(), said);
  }

  /** The options as the core gives them: what the node says, else what the description does. */
  private DeviceOptions options(Map<String, String> said) {
    return new DeviceOptions() {
      @Override
      public boolean flag(String name) {
        return Boolean.parseBoolean(text(name));
      }

      @Override
      public long number(String name) {
        return Long.decode(text(name));
      }

      @Override
      public String text(String name) {
        return said.getOrDefault(name, described.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow().initial());
      }
    };
  }

  private CpuConfig cpu(Map<String, String> said, FdtProperty... properties) {
    return ArmNode.config(node(said, properties), options(said), CpuModel.standard(), false);
  }

  private static final FdtProperty FIRST = FdtProperty.ofCells("reg", 0);

  @Test
  void withoutOptionsItIsAPlainCortexA57() {
    assertEquals(CpuConfig.cortexA57(0x8101), cpu(Map.of(), FdtProperty.ofCells("reg", 0x8101)));
    assertEquals(0x12_0000_0000L, cpu(Map.of(), FdtProperty.ofCells("reg", 0x12, 0)).affinity());
  }

  @Test
  void optionsAreWhatIsBuilt() {
    CpuConfig config = cpu(Map.of("el2", "true", "lse", "true"), FIRST);
    assertTrue(config.el2() && config.lse());
    assertFalse(config.el3() || config.pan());
    assertTrue(cpu(Map.of("el3", "true"), FIRST).el3() && cpu(Map.of("pan", "true"), FIRST).pan());
  }

  @Test
  void aLevelThatTheCpuHasNotIsRefused() {
    CpuModel small = CpuModel.of(CpuFile.read("small", "small.cpu", SMALL.formatted("0x22")));
    CpuConfig plain = ArmNode.config(node(Map.of(), FIRST), options(Map.of()), small, true);
    assertTrue(plain.lse() && !plain.el2(), "what the description has, no option must add");
    assertEquals("/cpus/cpu@0: small has no EL2; leave the option out, or choose another CPU", assertThrows(ModelException.class,
        () -> ArmNode
            .config(node(Map.of(), FIRST), options(Map.of("el2", "true")), small, true)).getMessage());
    assertEquals("/cpus/cpu@0: small has no EL3; leave the option out, or choose another CPU", assertThrows(ModelException.class,
        () -> ArmNode
            .config(node(Map.of(), FIRST), options(Map.of("el3", "true")), small, true)).getMessage());
  }

  @Test
  void granulesAreThoseOfTheOption() {
    assertEquals(Set.of(Granule.K4), cpu(Map.of(), FIRST).granules());
    assertEquals(Set.of(Granule.K4, Granule.K16), cpu(Map.of("granules", "16k,4k"), FIRST).granules());
    assertEquals("/cpus/cpu@0: option granules: expected one or more of 4k,16k,64k, got '32k'",
        assertThrows(ModelException.class, () -> cpu(Map.of("granules", "32k"), FIRST)).getMessage());
  }

  @Test
  void aCpuThatIsNamedHasItsOwnGranulesUnlessTheOptionSaysOthers() {
    CpuModel named = CpuModel.of(CpuFile.read("named", "named.cpu", SMALL.formatted("0x22")));
    assertEquals(Set.of(Granule.K4, Granule.K64), ArmNode.config(node(Map.of(), FIRST), options(Map.of()), named, true).granules());
    assertEquals(Set.of(Granule.K16), ArmNode.config(node(Map.of(), FIRST), options(Map.of("granules", "16k")), named, true).granules());
    assertEquals(Set.of(Granule.K4), ArmNode.config(node(Map.of(), FIRST), options(Map.of()), named, false).granules());
  }

  @Test
  void whatIsNoAffinityIsRefusedWithTheNode() {
    refused("reg: 0xff000000 is no MPIDR affinity", FdtProperty.ofCells("reg", 0xFF00_0000));
    refused("reg: expected 1 or 2 cells", FdtProperty.ofCells("other", 1));
    refused("property 'reg'", new FdtProperty("reg", new byte[] {1}));
  }

  private void refused(String why, FdtProperty reg) {
    String said = assertThrows(ModelException.class, () -> cpu(Map.of(), reg)).getMessage();
    assertTrue(said.startsWith("/cpus/cpu@0: " + why), said);
  }
}
