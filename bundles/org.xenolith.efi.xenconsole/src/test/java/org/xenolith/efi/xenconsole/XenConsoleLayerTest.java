// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenconsole;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.xen.abi.HypercallNumber;

/** A console whose back end reads and writes the ring when an event comes, or does not. */
class XenConsoleLayerTest {
  private static final long PORT = 2;

  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells(
      "#address-cells", 2)).withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(new FdtNode("hypervisor", List.of(), List.of())
          .withProperty(FdtProperty.ofStrings("compatible", "xen,xen-4.17", "xen,xen")).withProperty(FdtProperty.ofU64("reg", 0x3800_0000L,
              0x100_0000L)))));
  private final EfiRam memory = firmware.memory();
  final XenConsoleLayer layer = new XenConsoleLayer();
  final StringBuilder shown = new StringBuilder();
  final long ring = firmware.room(4096);
  private boolean isTaken = true;
  private long hvmError;

  private long hypercall(EfiAccess access) {
    long argument = access.others()[1];
    if (access.address() == HypercallNumber.__HYPERVISOR_hvm_op) {
      memory.put64(argument + 8, memory.get32(argument + 4) == 17 ? ring >>> 12 : PORT);
      return hvmError;
    }
    assertEquals(PORT, memory.get32(argument));
    while (isTaken && memory.get32(ring + XenConsoleLayer.OUT_CONS) != memory.get32(ring + XenConsoleLayer.OUT_PROD)) {
      long at = memory.get32(ring + XenConsoleLayer.OUT_CONS);
      shown.append((char) memory.get8(ring + 1024 + at % 2048));
      memory.put32(ring + XenConsoleLayer.OUT_CONS, at + 1 & 0xFFFF_FFFFL);
    }
    return 0;
  }

  @BeforeEach
  void begin() {
    hardware();
    layer.begin(firmware);
  }

  void hardware() {
    firmware.registers(this::hypercall);
  }

  private long handle() {
    return firmware.handles().handles(XenConsoleLayer.CONSOLE).getFirst();
  }

  private long serial() {
    assertEquals(0, firmware.connect(layer, handle()));
    return firmware.handles().find(handle(), Protocol.SERIAL_IO);
  }

  /** Calls Write or Read; the status, and the size afterwards behind the buffer. */
  private EfiStatus transfer(long serial, int function, long buffer, long size, long at) {
    memory.put64(at, size);
    return EfiStatus.of(firmware.call(memory.get64(serial + function), serial, at, buffer));
  }

  @Test
  void textsGoOutInTheirOrderAcrossTheRingsEnd() {
    memory.put32(ring + XenConsoleLayer.OUT_PROD, 0xFFFF_FFF0L);
    memory.put32(ring + XenConsoleLayer.OUT_CONS, 0xFFFF_FFF0L);
    long serial = serial();
    String text = "0123456789".repeat(500);
    long buffer = firmware.room(8192);
    memory.write(buffer, text.getBytes(StandardCharsets.US_ASCII));
    assertEquals(EfiStatus.SUCCESS, transfer(serial, 40, buffer, text.length(), buffer + 8000));
    assertEquals(text, shown.toString());
    assertEquals(0, firmware.disconnect(layer, handle()));
    assertEquals(3, firmware.allocated(), "the driver's binding, its name, and the path of the console");
  }

  @Test
  void whatNobodyTakesTimesOut() {
    long serial = serial();
    isTaken = false;
    long buffer = firmware.room(8192);
    assertEquals(EfiStatus.TIMEOUT, transfer(serial, 40, buffer, 5000, buffer + 8000));
    assertEquals(2048, memory.get64(buffer + 8000), "as many as the ring holds");
    memory.put32(ring + XenConsoleLayer.OUT_CONS, 99_999);
    assertEquals(EfiStatus.DEVICE_ERROR, transfer(serial, 40, buffer, 1, buffer + 8000));
  }

  @Test
  void whatIsTypedIsReadOnce() {
    long serial = serial();
    long buffer = firmware.room(4096);
    assertEquals(EfiStatus.TIMEOUT, transfer(serial, 48, buffer, 16, buffer + 100));
    assertEquals(0, memory.get64(buffer + 100));
    memory.write(ring, "hello".getBytes(StandardCharsets.US_ASCII));
    memory.put32(ring + XenConsoleLayer.IN_PROD, 5);
    assertEquals(0, firmware.call(memory.get64(serial + 32), serial, buffer));
    assertEquals(0, memory.get32(buffer) & 0x20, "input isn't empty");
    assertEquals(EfiStatus.SUCCESS, transfer(serial, 48, buffer, 2, buffer + 100));
    assertEquals(EfiStatus.TIMEOUT, transfer(serial, 48, buffer + 2, 16, buffer + 100));
    assertEquals(3, memory.get64(buffer + 100));
    assertArrayEquals("hello".getBytes(StandardCharsets.US_ASCII), memory.read(buffer, 5));
    memory.put32(ring + XenConsoleLayer.IN_PROD, 99_999);
    assertEquals(EfiStatus.TIMEOUT, transfer(serial, 48, buffer, 16, buffer + 100), "a ring that makes no sense has nothing");
  }

  @Test
  void aDomainWithoutAConsoleHasNone() {
    hvmError = -38;
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, handle())));
    hvmError = 0;
    serial();
  }
}
