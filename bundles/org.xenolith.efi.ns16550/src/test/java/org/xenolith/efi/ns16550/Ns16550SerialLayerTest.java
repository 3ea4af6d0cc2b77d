// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ns16550;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;

/** A serial line: what is written goes out, as many characters at once as the FIFO takes; what has come is read. */
class Ns16550SerialLayerTest {
  private static final long BASE = 0x1C02_0000L;
  private static final int WRITE = 40;
  private static final int READ = 48;

  final Ns16550SerialLayer layer = new Ns16550SerialLayer();
  final StringBuilder sent = new StringBuilder();
  final ArrayDeque<Integer> come = new ArrayDeque<>();
  private final Map<Integer, Long> set = new TreeMap<>();
  private final List<String> odd = new ArrayList<>();
  /** Characters that the FIFO takes now, and looks until it is empty again. */
  private int room = 16;
  private int busy;
  private boolean dead;

  static FdtNode uart(FdtProperty... properties) {
    FdtNode node = new FdtNode("serial@1c020000", List.of(properties), List.of());
    node = node.has("compatible") ? node : node.withProperty(FdtProperty.ofStrings("compatible", "ns16550a"));
    return node.has("reg") ? node : node.withProperty(FdtProperty.ofU64("reg", BASE, 0x1000));
  }

  static FakeFirmware firmware(FdtNode... nodes) {
    return new FakeFirmware(Fdt.of(new FdtNode("", List.of(FdtProperty.ofCells("#address-cells", 2), FdtProperty.ofCells("#size-cells", 2)),
        List.of(nodes))));
  }

  long access(EfiAccess access, int shift, int width) {
    long offset = access.address() - BASE;
    if (access.size() != width || offset < 0 || offset >> shift > 7 || offset >> shift << shift != offset) {
      odd.add(access.toString());
      return 0;
    }
    int register = (int) (offset >> shift);
    if (access.kind() == EfiAccess.Kind.WRITE) {
      if (register != 0) {
        set.put(register, access.value());
      } else if (room > 0) {
        room--;
        sent.append((char) access.value());
      }
      return 0;
    }
    if (register == 0) {
      return come.remove();
    }
    boolean empty = !dead && busy-- <= 0;
    if (empty) {
      room = 16;
      busy = 2;
    }
    return (empty ? 0x60 : 0) | (come.isEmpty() ? 0 : 1);
  }

  private static long call(FakeFirmware firmware, long serial, int function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = serial;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return firmware.call(firmware.memory().get64(serial + function), all);
  }

  private long started(FakeFirmware firmware, int shift, int width) {
    firmware.registers(access -> access(access, shift, width));
    layer.begin(firmware);
    long handle = firmware.handles().handles(Ns16550SerialLayer.NS16550).getFirst();
    assertEquals(0, firmware.connect(layer, handle));
    return handle;
  }

  @Test
  void bytesGoOutAndComeIn() {
    FakeFirmware firmware = firmware(uart(FdtProperty.ofCells("reg-shift", 2), FdtProperty.ofCells("reg-io-width", 4)));
    long handle = started(firmware, 2, 4);
    assertEquals(Map.of(1, 0L, 2, 1L, 3, 3L, 4, 3L), set, "no interrupts, FIFO, eight bits, ready");
    long serial = firmware.handles().find(handle, Protocol.SERIAL_IO);
    String text = "many words ".repeat(50);
    long size = firmware.room(8);
    long buffer = firmware.room(1024);
    firmware.memory().put64(size, text.length());
    firmware.memory().write(buffer, text.getBytes(StandardCharsets.US_ASCII));
    assertEquals(0, call(firmware, serial, WRITE, size, buffer));
    assertEquals(text, sent.toString(), "none is lost in a FIFO that is full");
    come.addAll(List.of(65, 66, 67));
    firmware.memory().put64(size, 2);
    assertEquals(0, call(firmware, serial, READ, size, buffer));
    assertEquals(0x4241, firmware.memory().get16(buffer));
    firmware.memory().put64(size, 5);
    assertEquals(EfiStatus.TIMEOUT, EfiStatus.of(call(firmware, serial, READ, size, buffer)));
    assertEquals(1, firmware.memory().get64(size));
    assertEquals(67, firmware.memory().get8(buffer));
    long control = firmware.room(4);
    busy = 0;
    assertEquals(0, call(firmware, serial, 32, control));
    assertEquals(0x60, firmware.memory().get32(control));
    assertEquals(List.of(), odd);
    assertEquals(0, firmware.disconnect(layer, handle));
    assertEquals(3, firmware.allocated(), "binding, name and device path");
  }

  @Test
  void registersAreBytesSideBySideUnlessTheTreeSaysOtherwise() {
    FakeFirmware firmware = firmware(uart());
    started(firmware, 0, 1);
    assertEquals(List.of(), odd);
  }

  /** A line that never takes anything costs a caller some time, and says how much was sent. */
  @Test
  void aDeadTransmitterEndsInATimeout() {
    FakeFirmware firmware = firmware(uart());
    long serial = firmware.handles().find(started(firmware, 0, 1), Protocol.SERIAL_IO);
    dead = true;
    long size = firmware.room(8);
    firmware.memory().put64(size, 3);
    assertEquals(EfiStatus.TIMEOUT, EfiStatus.of(call(firmware, serial, WRITE, size, firmware.room(8))));
    assertEquals(0, firmware.memory().get64(size));
    firmware.memory().put64(size, -1);
    assertEquals(0, call(firmware, serial, WRITE, size, firmware.room(8)), "nothing is sent of less than nothing");
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(call(firmware, serial, READ, size, 0)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(firmware.memory().get64(serial + WRITE), serial + 1, size, 0)));
  }

  @Test
  void nodesThatMakeNoSenseAreNotDriven() {
    for (FdtNode node : List.of(uart(FdtProperty.ofCells("reg-shift", 4)), uart(FdtProperty.ofCells("reg-shift", -1)), uart(FdtProperty
        .ofCells("reg-io-width", 4)), uart(FdtProperty.ofCells("reg-io-width", 3), FdtProperty.ofCells("reg-shift", 2)), uart(FdtProperty
            .ofFlag("big-endian")), uart(FdtProperty.ofU64("reg", BASE, 4)))) {
      FakeFirmware firmware = firmware(node);
      layer.begin(firmware);
      assertEquals(List.of(), firmware.handles().handles(Ns16550SerialLayer.NS16550), node::toString);
      assertTrue(firmware.reports().getFirst().contains("/serial@1c020000"), () -> firmware.reports().toString());
    }
    for (FdtNode node : List.of(uart(new FdtProperty("reg", new byte[5])), uart(FdtProperty.ofFlag("reg")), uart(new FdtProperty(
        "compatible",
        new byte[] {1})), uart(FdtProperty.ofStrings("status", "disabled")), uart(new FdtProperty("status", new byte[] {7})))) {
      FakeFirmware firmware = firmware(node);
      layer.begin(firmware);
      assertEquals(List.of(), firmware.handles().handles(Ns16550SerialLayer.NS16550), node::toString);
    }
    FakeFirmware odd = firmware(uart(new FdtProperty("reg-shift", new byte[2])));
    layer.begin(odd);
    assertEquals(1, odd.handles().handles(Ns16550SerialLayer.NS16550).size(), "as if it said nothing");
  }
}
