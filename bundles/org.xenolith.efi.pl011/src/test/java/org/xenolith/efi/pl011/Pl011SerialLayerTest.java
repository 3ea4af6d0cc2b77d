// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pl011;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;

/** A serial line: what is written goes out, what has come is read. */
class Pl011SerialLayerTest {
  private static final long BASE = 0x900_0000L;

  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells(
      "#address-cells", 2)).withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(new FdtNode("pl011@9000000", List.of(), List.of())
          .withProperty(FdtProperty.ofStrings("compatible", "arm,pl011", "arm,primecell")).withProperty(FdtProperty.ofU64("reg", BASE,
              0x1000)))));
  final Pl011SerialLayer layer = new Pl011SerialLayer();
  final StringBuilder sent = new StringBuilder();
  final ArrayDeque<Integer> come = new ArrayDeque<>();

  long access(EfiAccess access) {
    int register = (int) (access.address() - BASE);
    if (access.kind() == EfiAccess.Kind.WRITE) {
      if (register == 0) {
        sent.append((char) access.value());
      }
      return 0;
    }
    return register == 0x18 ? come.isEmpty() ? 0x10 : 0 : come.remove();
  }

  private long call(long serial, int function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = serial;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return firmware.call(firmware.memory().get64(serial + function), all);
  }

  @Test
  void bytesGoOutAndComeIn() {
    firmware.registers(this::access);
    layer.begin(firmware);
    long handle = firmware.handles().handles(Pl011SerialLayer.PL011).getFirst();
    assertEquals(0, firmware.connect(layer, handle));
    long serial = firmware.handles().find(handle, Protocol.SERIAL_IO);
    String text = "many words ".repeat(50);
    long size = firmware.room(8);
    long buffer = firmware.room(1024);
    firmware.memory().put64(size, text.length());
    firmware.memory().write(buffer, text.getBytes(StandardCharsets.US_ASCII));
    assertEquals(0, call(serial, 40, size, buffer));
    assertEquals(text, sent.toString());
    come.addAll(List.of(65, 66, 67));
    firmware.memory().put64(size, 2);
    assertEquals(0, call(serial, 48, size, buffer));
    assertEquals(0x4241, firmware.memory().get16(buffer));
    firmware.memory().put64(size, 5);
    assertEquals(EfiStatus.TIMEOUT, EfiStatus.of(call(serial, 48, size, buffer)));
    assertEquals(1, firmware.memory().get64(size));
    assertEquals(67, firmware.memory().get8(buffer));
    long control = firmware.room(4);
    assertEquals(0, call(serial, 32, control));
    assertEquals(0x60, firmware.memory().get32(control));
    assertEquals(0, firmware.disconnect(layer, handle));
    assertEquals(3, firmware.allocated(), "binding, name and device path");
  }
}
