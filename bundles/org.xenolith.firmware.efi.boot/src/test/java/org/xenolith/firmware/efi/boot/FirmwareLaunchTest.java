// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;

/** When this firmware has a say in a launch. */
class FirmwareLaunchTest {
  private final FirmwareLaunch launch = new FirmwareLaunch();
  private final Fdt tree = Fdt.of(new FdtNode("", List.of(), List.of()));

  private static RequestBuilder request(String firmware) {
    return RequestBuilder.of("virt").option("firmware", firmware);
  }

  @Test
  void onlyItsNameMeansIt() {
    assertTrue(launch.serves(request("xenolith").build()));
    assertFalse(launch.serves(request("acpi").build()));
    assertFalse(launch.serves(RequestBuilder.of("virt").build()));
    assertTrue(launch.shape(tree, request("xenolith").build()).node(BootNode.PATH).isPresent());
    assertEquals(XenolithKind.NAME, new XenolithKind().name());
  }

  /** Domains may start with it whatever the board starts with; and a boot loader that the board's starts may start the hypervisor. */
  @Test
  void machinesWithAHypervisorHaveItForTheirDomains() {
    for (LaunchRequest request : List.of(request("xenolith").hypervisor(true).build(), request("acpi").hypervisor(true).build())) {
      assertTrue(launch.serves(request));
      assertTrue(launch.shape(tree, request).node(BootNode.PATH).isPresent());
      assertEquals(request.option("firmware").contains("xenolith"), launch.startsAlone(request));
      assertEquals(request.option("firmware").contains("xenolith"), launch.describe(null, null, tree, request).isPresent());
    }
    assertTrue(new XenolithKind().startsLoaders());
    assertTrue(new DomainKind().image().orElseThrow().length > 0);
  }
}
