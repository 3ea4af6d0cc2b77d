// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.InterfaceContract;

/** EFI_SIMPLE_TEXT_INPUT_PROTOCOL. */
class TextInputInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    TerminalLayer layer = new TerminalLayer();
    layer.begin(firmware);
    assertEquals(0, firmware.connect(layer, new TerminalDriverTest().controller(firmware)));
    long child = firmware.handles().handles(Protocol.SIMPLE_TEXT_OUTPUT).getFirst();
    return Published.of(firmware, firmware.handles().find(child, Protocol.SIMPLE_TEXT_INPUT), 24, 0, 2);
  }
}
