// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartTest {
  @Test
  void subsystemsAreBelowTheHypervisorInTheOrderOfTheirNames() {
    assertEquals(Map.of("/hypervisor", List.of(new Part("evtchn", "/hypervisor:evtchn"), new Part("p2m", "/hypervisor:p2m"))),
        Part.byNode(List.of("/uart@1", "/hypervisor", "/hypervisor:p2m", "/hypervisor:evtchn"), Set.of("/uart@1",
            "/hypervisor")::contains));
  }

  @Test
  void functionMayHaveAColonInItsName() {
    assertEquals(Map.of("/virtio@a", List.of(new Part("virtio:2", "/virtio@a#virtio:2"))),
        Part.byNode(List.of("/virtio@a", "/virtio@a#virtio:2"), Set.of("/virtio@a")::contains));
  }

  @Test
  void nodeMayHaveAColonInItsName() {
    assertEquals(Map.of(), Part.byNode(List.of("/soc/a:b"), Set.of("/soc", "/soc/a", "/soc/a:b")::contains));
  }
}
