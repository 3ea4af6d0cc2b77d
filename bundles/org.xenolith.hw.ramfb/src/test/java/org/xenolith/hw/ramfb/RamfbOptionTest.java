// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ramfb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.platform.api.PlatformNode;

/** How a machine comes to the display. */
class RamfbOptionTest {
  private static final LaunchRequest REQUEST = RequestBuilder.of("virt").option("display", "ramfb").build();

  private final RamfbOption option = new RamfbOption();

  private static Fdt tree(String status) {
    return Fdt.of(new FdtNode("", List.of(), List.of()).withChild(new FdtNode("fw-cfg@1000", List.of(), List.of()).withProperty(FdtProperty
        .ofStrings("compatible", "qemu,fw-cfg-mmio")).withProperty(FdtProperty.ofStrings("status", status))));
  }

  @Test
  void itIsAFunctionOfFwCfg() {
    assertTrue(option.serves(REQUEST));
    assertEquals("fw-cfg:ramfb", option.shape(tree("okay"), REQUEST).node("/fw-cfg@1000").orElseThrow().property(PlatformNode.FUNCTION)
        .orElseThrow().string());
    assertEquals("on", option.boardOptions(REQUEST).get("fw-cfg"));
  }

  @Test
  void aBoardWithoutFwCfgIsRefused() {
    assertThrows(BadInput.class, () -> option.shape(tree("disabled"), REQUEST));
    Fdt once = option.shape(tree("okay"), REQUEST);
    assertThrows(BadInput.class, () -> option.shape(once, REQUEST));
  }

  @Test
  void otherDisplaysAreRefused() {
    assertThrows(BadInput.class, () -> option.use(List.of("vga"), RequestBuilder.of("virt")));
  }
}
