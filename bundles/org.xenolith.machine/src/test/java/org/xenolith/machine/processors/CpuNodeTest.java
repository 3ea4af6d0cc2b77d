// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.processors;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.ToyMachine;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.PlatformNode;

class CpuNodeTest {
  @Test
  void anEnableMethodThatCannotBeUnderstoodIsRefusedWithTheNode() {
    PlatformNode cpu = ToyMachine.node("/cpus/cpu@0", List.of(new FdtProperty("enable-method", new byte[] {'p', 's'})), List.of(), List
        .of());
    String method = assertThrows(ModelException.class, () -> CpuNode.enableMethod(cpu)).getMessage();
    assertTrue(method.startsWith("/cpus/cpu@0: property 'enable-method'") && method.endsWith("; correct the property"), method);
  }
}
