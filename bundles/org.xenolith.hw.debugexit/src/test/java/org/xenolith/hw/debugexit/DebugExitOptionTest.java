// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.debugexit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;

/** How a machine comes to the device. */
class DebugExitOptionTest {
  private final DebugExitOption option = new DebugExitOption();

  private static Fdt pc() {
    FdtNode serial = new FdtNode("serial@1,3f8", List.of(FdtProperty.ofCells("reg", 1, 0x3F8, 8)), List.of());
    FdtNode memory = new FdtNode("frame@0,f4", List.of(FdtProperty.ofCells("reg", 0, 0xF4, 8)), List.of());
    return Fdt.of(new FdtNode("", List.of(), List.of(new FdtNode("isa", List.of(FdtProperty.ofStrings("compatible", "isa", "simple-bus")),
        List.of(serial, memory)))));
  }

  private LaunchRequest request(String text) {
    LaunchRequest.Builder builder = RequestBuilder.of("pc-pvh");
    option.use(List.of(text), builder);
    return builder.build();
  }

  private String refused(Fdt tree, String text) {
    return OptionName.onCommandLine(assertThrows(BadInput.class, () -> option.shape(tree, request(text))).getMessage());
  }

  private void isAt(int port, String name, String text) {
    FdtNode node = option.shape(pc(), request(text)).node("/isa/" + name).orElseThrow();
    assertEquals("xenolith,debug-exit", node.property("compatible").orElseThrow().string());
    assertArrayEquals(new int[] {1, port, 4}, node.property("reg").orElseThrow().cells());
  }

  @Test
  void itIsAtThePortThatIsSaid() {
    assertFalse(option.serves(RequestBuilder.of("pc-pvh").build()));
    assertTrue(option.serves(request("")));
    isAt(0x501, "debug-exit@1,501", "");
    isAt(0xF4, "debug-exit@1,f4", "0xf4");
    isAt(0xF4, "debug-exit@1,f4", "244");
    isAt(0x3F4, "debug-exit@1,3f4", "0x3f4");
    isAt(0x400, "debug-exit@1,400", "0X400");
  }

  @Test
  void portsThatSomethingElseHasAreRefused() {
    for (String taken : List.of("0x3f5", "0x3f8", "0x3ff")) {
      assertEquals("--debug-exit '" + taken + "': its 4 ports would be in those of serial@1,3f8, 0x3f8 to 0x3ff; take others", refused(pc(),
          taken));
    }
    assertTrue(refused(pc(), "0xcfc").contains("configuration space of PCI"));
  }

  @Test
  void whatIsNoPortIsRefused() {
    for (String none : List.of("f4", "0xffd", "65536", "-1", "0x", "99999999999", " ")) {
      assertThrows(BadInput.class, () -> option.use(List.of(none), RequestBuilder.of("pc-pvh")), none);
    }
  }

  @Test
  void aBoardWithoutPortsIsRefused() {
    assertTrue(refused(Fdt.of(new FdtNode("", List.of(), List.of())), "").startsWith("--debug-exit: the board has no I/O ports"));
  }
}
