// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** Which registers the protocol's functions touch, of a modern function and of a legacy one. */
class PciTransportLayerTest {
  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  final PciTransportLayer layer = new PciTransportLayer();
  private final byte[] configuration = new byte[256];
  private final List<String> touched = new ArrayList<>();
  private long value;
  long controller;
  private int attributes;

  private void capability(int at, int next, int kind, int bar, int offset) {
    byte[] bytes = {9, (byte) next, 20, (byte) kind, (byte) bar, 0, 0, 0, (byte) offset, (byte) (offset >> 8), 0, 0, 0, 1, 0, 0, 4, 0, 0,
        0};
    System.arraycopy(bytes, 0, configuration, at, bytes.length);
  }

  private EfiStep access(Call call, String kind, boolean write) {
    int size = PciAccess.size(call.argument(1));
    if (!write) {
      PciAccess.put(memory, call.argument(5), size, value);
    }
    touched.add(kind + size + " " + call.argument(2) + ":" + Long.toHexString(call.argument(3)) + (write ? "=" + Long.toHexString(PciAccess
        .get(
            memory, call.argument(5), size)) : ""));
    return EfiStep.done();
  }

  private PciTransportLayerTest function(int id, boolean modern) {
    hardware(id, modern);
    layer.begin(firmware);
    return this;
  }

  void hardware(int id, boolean modern) {
    configuration[0] = (byte) 0xF4;
    configuration[1] = 0x1A;
    configuration[2] = (byte) id;
    configuration[3] = (byte) (id >> 8);
    configuration[0x2E] = 2;
    if (modern) {
      configuration[0x34] = 0x40;
      capability(0x40, 0x58, 1, 4, 0);
      capability(0x58, 0x70, 2, 4, 0x3000);
      capability(0x70, 0x88, 4, 4, 0x2000);
      capability(0x88, 0x40, 1, 5, 0x7000); // a second one of a kind, and a list that is a circle
    }
    long pci = firmware.room(160);
    memory.put64(pci + 16, firmware.guest(call -> access(call, "m", false)));
    memory.put64(pci + 24, firmware.guest(call -> access(call, "m", true)));
    memory.put64(pci + 32, firmware.guest(call -> access(call, "i", false)));
    memory.put64(pci + 40, firmware.guest(call -> access(call, "i", true)));
    memory.put64(pci + 48, firmware.guest(call -> {
      int bytes = (int) call.argument(3) * PciAccess.size(call.argument(1));
      memory.write(call.argument(4), java.util.Arrays.copyOfRange(configuration, (int) call.argument(2), (int) call.argument(2) + bytes));
      return EfiStep.done();
    }));
    memory.put64(pci + 120, firmware.guest(call -> {
      attributes = (int) call.argument(2);
      return EfiStep.done();
    }));
    controller = firmware.handles().install(0, Protocol.PCI_IO, pci);
  }

  private long device() {
    assertEquals(0, firmware.connect(layer, controller));
    assertEquals(0x700, attributes);
    return firmware.handles().find(controller, Protocol.VIRTIO_DEVICE);
  }

  private List<String> touches(long device, int function, long... arguments) {
    touched.clear();
    long[] all = new long[arguments.length + 1];
    all[0] = device;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    assertEquals(0, firmware.call(memory.get64(device + 8 + 8 * function), all));
    return touched;
  }

  private long ring() {
    long ring = firmware.room(96);
    memory.put64(ring + 8, 0x1234_5000);
    memory.put64(ring + 16, 0x1_1234_5000L);
    memory.put64(ring + 24, 0x1_1234_6000L);
    memory.put64(ring + 56, 0x1_1234_7000L);
    return ring;
  }

  @Test
  void modernFunctionsAreDrivenByTheirStructures() {
    function(0x1042, true);
    long device = device();
    assertEquals(List.of(0x0100_0000L, 2L), List.of(memory.get32(device), memory.get32(device + 4)));
    long room = firmware.room(16);
    value = 0x5;
    assertEquals(List.of("m4 4:0=1", "m4 4:4", "m4 4:0=0", "m4 4:4"), touches(device, 0, room));
    assertEquals(0x5_0000_0005L, memory.get64(room));
    assertEquals(List.of("m4 4:8=1", "m4 4:c=5", "m4 4:8=0", "m4 4:c=6"), touches(device, 1, 0x5_0000_0006L));
    assertEquals(List.of("m4 4:20=12345000", "m4 4:24=1", "m4 4:28=12346000", "m4 4:2c=1", "m4 4:30=12347000", "m4 4:34=1", "m2 4:1c=1"),
        touches(device, 2, ring(), 0));
    value = 3;
    assertEquals(List.of("m2 4:16=1", "m2 4:1e", "m2 4:300c=1"), touches(device, 4, 1), "the queue's own place, four bytes each");
    assertEquals(List.of("m1 4:14=f"), touches(device, 10, 15));
    assertEquals(List.of("m4 4:2008", "m4 4:200c"), touches(device, 12, 8, 8, 8, room));
    assertEquals(0x3_0000_0003L, memory.get64(room));
    assertEquals(List.of("m2 4:2004=9"), touches(device, 11, 4, 2, 9));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(memory.get64(device + 8 + 8 * 12), device, 0, 3, 3, room)));
    assertEquals(0, firmware.disconnect(layer, controller));
    assertEquals(2, firmware.allocated(), "the driver's binding and its name");
  }

  @Test
  void legacyFunctionsAreDrivenByTheFirstBar() {
    function(0x1001, false);
    long device = device();
    assertEquals(List.of(0x0009_0005L, 2L), List.of(memory.get32(device), memory.get32(device + 4)));
    long room = firmware.room(16);
    assertEquals(List.of("i4 0:0"), touches(device, 0, room));
    assertEquals(List.of("i4 0:4=6"), touches(device, 1, 6));
    assertEquals(List.of("i4 0:8=12345"), touches(device, 2, ring(), 0));
    assertEquals(List.of("i2 0:e=0"), touches(device, 3, 0));
    assertEquals(List.of("i2 0:10=0"), touches(device, 4, 0));
    assertEquals(List.of(), touches(device, 8, 64), "its queues have one size");
    assertEquals(List.of("i1 0:12=0"), touches(device, 10, 0));
    assertEquals(List.of("i4 0:14", "i4 0:18"), touches(device, 12, 0, 8, 8, room));
  }

  @Test
  void othersAreLeftAlone() {
    function(0x1080, true);
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, controller)));
    assertTrue(touched.isEmpty());
  }
}
