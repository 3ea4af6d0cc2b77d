// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.SerialInterface;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** The layer on a line of the test's own: what is sent is text, and what comes waits until it is read. */
final class TerminalBench {
  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  private final StringBuilder sent = new StringBuilder();
  private final StringBuilder waiting = new StringBuilder();
  private final long child;

  TerminalBench() {
    long serial = firmware.room(SerialInterface.SIZE);
    SerialInterface.write(memory, serial, 16);
    memory.put64(serial + SerialInterface.FUNCTIONS + 32, firmware.guest(this::send));
    memory.put64(serial + SerialInterface.FUNCTIONS + 40, firmware.guest(this::receive));
    TerminalLayer layer = new TerminalLayer();
    layer.begin(firmware);
    assertEquals(0, firmware.connect(layer, firmware.handles().install(0, Protocol.SERIAL_IO, serial)));
    child = firmware.handles().handles(Protocol.SIMPLE_TEXT_OUTPUT).getFirst();
  }

  private EfiStep send(Call call) {
    sent.append(new String(memory.read(call.argument(2), (int) memory.get64(call.argument(1))), StandardCharsets.UTF_8));
    return EfiStep.done();
  }

  private EfiStep receive(Call call) {
    long wanted = memory.get64(call.argument(1));
    int count = (int) Math.min(wanted, waiting.length());
    memory.write(call.argument(2), waiting.substring(0, count).getBytes(StandardCharsets.ISO_8859_1));
    waiting.delete(0, count);
    memory.put64(call.argument(1), count);
    return EfiStep.done(count == wanted ? EfiStatus.SUCCESS : EfiStatus.TIMEOUT);
  }

  /** Address of one of the child's protocols. */
  long protocol(EfiGuid protocol) {
    return firmware.handles().find(child, protocol);
  }

  String sent() {
    return sent.toString();
  }

  void comes(String bytes) {
    waiting.append(bytes);
  }
}
