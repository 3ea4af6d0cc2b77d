// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.cpu.arch.Granule;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.PlatformNode;

/** What options of a CPU's node make of it. */
class CpuNodeTest {
  private static PlatformNode cpu(Map<String, String> options) {
    return new PlatformNode("/cpus/cpu@0", "cpu@0", "/cpus", List.of(FdtProperty.ofStrings("device_type", "cpu"),
        FdtProperty.ofCells("reg", 0)), List.of(), true, List.of(), List.of(), options);
  }

  @Test
  void granulesAreThoseOfTheOption() {
    assertEquals(Set.of(Granule.K4), CpuNode.config(cpu(Map.of())).granules());
    assertEquals(Set.of(Granule.K4, Granule.K16), CpuNode.config(cpu(Map.of("granules", "16k,4k"))).granules());
    assertEquals(Set.of(Granule.K64), CpuNode.config(cpu(Map.of("granules", "64k", "el2", "true"))).granules());
  }

  @Test
  void wrongGranulesAreRefusedWithTheNode() {
    assertEquals("/cpus/cpu@0: option granules: expected one or more of 4k,16k,64k, got '32k'",
        assertThrows(ModelException.class, () -> CpuNode.config(cpu(Map.of("granules", "32k")))).getMessage());
    assertTrue(assertThrows(ModelException.class, () -> CpuNode.config(cpu(Map.of("granule", "4k")))).getMessage().contains("granules"));
  }

  @Test
  void propertiesThatCannotBeUnderstoodAreRefusedWithTheNode() {
    PlatformNode cpu = new PlatformNode("/cpus/cpu@0", "cpu@0", "/cpus", List.of(new FdtProperty("reg", new byte[] {1}),
        new FdtProperty("enable-method", new byte[] {'p', 's'})), List.of(), true, List.of(), List.of(), Map.of());
    String method = assertThrows(ModelException.class, () -> CpuNode.enableMethod(cpu)).getMessage();
    assertTrue(method.startsWith("/cpus/cpu@0: property 'enable-method'") && method.endsWith("; correct the property"), method);
    assertTrue(assertThrows(ModelException.class, () -> CpuNode.config(cpu)).getMessage().startsWith("/cpus/cpu@0: property 'reg'"));
  }
}
