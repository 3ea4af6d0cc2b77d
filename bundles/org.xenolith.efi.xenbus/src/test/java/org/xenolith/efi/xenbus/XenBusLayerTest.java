// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.XenBus;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.XenStoreContract.StoreFault;

/** The bus on a XENIO of a test's, with a store behind its ring. */
class XenBusLayerTest {
  private static final String BACKEND = "/local/domain/1/backend/vbd/2/51712";

  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  final XenBusLayer layer = new XenBusLayer(false);
  private final long ring = firmware.room(4096);
  final long grants = firmware.room(4 * 4096);
  final RingStore store = new RingStore(memory, ring);
  private final Set<Long> mapped = new TreeSet<>();
  final Set<Long> ports = new TreeSet<>();
  final Map<Long, Long> events = new HashMap<>();
  long controller;
  private long nextPort = 40;
  private long mapError;
  private boolean storeClosed;

  private long hypercall(EfiAccess access) {
    long operation = access.others()[0];
    long argument = access.others()[1];
    switch ((int) access.address()) {
      case 34 -> memory.put64(argument + 8, memory.get32(argument + 4) == 1 ? ring >>> 12 : 1);
      case 12 -> {
        if (mapError != 0) {
          return mapError;
        }
        assertTrue(operation == 7 ? mapped.add(memory.get64(argument + 16)) : mapped.remove(memory.get64(argument + 8)));
      }
      default -> {
        if (operation == 6) {
          memory.put32(argument + 4, nextPort);
          ports.add(nextPort++);
        } else if (operation == 3 && memory.get32(argument) == 1) {
          storeClosed = true;
        } else if (operation == 3) {
          return ports.remove(memory.get32(argument)) ? 0 : -22;
        } else if (memory.get32(argument) == 1 && !storeClosed) {
          store.event();
        } else if (ports.contains(memory.get32(argument))) {
          events.merge(memory.get32(argument), 1L, Long::sum);
        } else {
          return -22;
        }
      }
    }
    return 0;
  }

  @BeforeEach
  void begin() {
    hardware();
    layer.begin(firmware);
  }

  /** What the domain has from outside. */
  String outside() {
    long granted = LongStream.range(0, 2048).filter(i -> memory.get16(grants + 8 * i) != 0).count();
    return "mapped " + mapped + ", ports " + ports + ", granted " + granted;
  }

  void hardware() {
    firmware.registers(this::hypercall);
    long xenio = firmware.room(8);
    memory.put64(xenio, grants);
    controller = firmware.handles().install(0, Protocol.XEN_IO, xenio);
    byte[] path = new DevicePath().bytes();
    long at = firmware.room(path.length);
    memory.write(at, path);
    firmware.handles().install(controller, Protocol.DEVICE_PATH, at);
    store.nodes.put("device/vbd/51712/backend", BACKEND);
    store.nodes.put("device/vbd/51712/backend-id", "1");
    store.nodes.put("device/vif/0/backend", "/local/domain/1/backend/vif/2/0");
    store.nodes.put("device/vif/0/backend-id", "1");
    store.nodes.put("device/vif/nonsense/backend", "x");
    store.nodes.put("device/vif/7/backend-id", "1");
    store.nodes.put("device/vkbd/0/backend", "/x");
    store.nodes.put("device/vkbd/0/backend-id", "99999999999");
  }

  private long device() {
    assertEquals(0, firmware.connect(layer, controller));
    return firmware.handles().find(firmware.handles().handles(Protocol.XEN_BUS).getFirst(), Protocol.XEN_BUS);
  }

  private EfiStatus call(XenBus function, long device, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = device;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return EfiStatus.of(firmware.call(memory.get64(device + function.offset()), all));
  }

  private long text(String text) {
    long at = firmware.room(text.length() + 1);
    memory.write(at, (text + '\0').getBytes(StandardCharsets.US_ASCII));
    return at;
  }

  private String text(long at) {
    int length = 0;
    while (memory.get8(at + length) != 0) {
      length++;
    }
    return new String(memory.read(at, length), StandardCharsets.US_ASCII);
  }

  @Test
  void aTypeWithALongNameIsPassedOver() {
    store.nodes.put("device/" + "v".repeat(256) + "/0/backend", "x");
    store.nodes.put("device/" + "x".repeat(128) + "/0/backend", "x");
    store.nodes.put("device/" + "x".repeat(128) + "/0/backend-id", "1");
    device();
    assertEquals(3, firmware.handles().handles(Protocol.XEN_BUS).size());
  }

  @Test
  void devicesOfTheStoreHaveHandles() {
    long device = device();
    assertEquals(2, firmware.handles().handles(Protocol.XEN_BUS).size(), "what makes no sense is left out");
    assertEquals("vbd device/vbd/51712 " + BACKEND, text(memory.get64(device + XenBus.TYPE)) + ' ' + text(memory.get64(device
        + XenBus.NODE))
        + ' ' + text(memory.get64(device + XenBus.BACKEND)));
    assertEquals(List.of(1L, 51712L), List.of(memory.get32(device + XenBus.BACKEND_DOMAIN), memory.get32(device + XenBus.NUMBER)));
    long handle = firmware.handles().handles(Protocol.XEN_BUS).getFirst();
    assertEquals("VenHw(3D3CA290-B9A5-11E3-B75D-B8AC6F7D65E6,010000CA)", DevicePathText.of(DevicePath.read(memory, firmware.handles().find(
        handle, Protocol.DEVICE_PATH))));
    assertEquals(Set.of(grants >>> 12, (grants >>> 12) + 1, (grants >>> 12) + 2, (grants >>> 12) + 3), mapped);
    assertEquals(List.of(), firmware.reports());
  }

  @Test
  void nothingIsLeftWhenItStops() {
    int before = firmware.allocated();
    for (int i = 0; i < 3; i++) {
      device();
      assertEquals(0, firmware.disconnect(layer, controller, firmware.handles().handles(Protocol.XEN_BUS).stream().mapToLong(
          Long::longValue)
          .toArray()));
      assertEquals(Set.of(), mapped);
      assertEquals(before, firmware.allocated());
      assertEquals(List.of(), firmware.handles().uses(controller, Protocol.XEN_IO));
    }
  }

  @Test
  void theEndOfBootServicesTakesTheGrantTableOut() {
    device();
    assertEquals(0, firmware.call(firmware.function(layer, "Quiesce"), 0x77, firmware.handles().find(controller, XenBusLayer.BUS)));
    assertEquals(Set.of(), mapped);
  }

  @Test
  void thereIsOneBus() {
    device();
    long other = firmware.handles().install(0, Protocol.XEN_IO, firmware.room(8));
    assertEquals(EfiStatus.ALREADY_STARTED, EfiStatus.of(firmware.connect(layer, other)));
  }

  @Test
  void nodesAreReadWrittenAndRemoved() {
    long device = device();
    long size = firmware.room(8);
    long buffer = firmware.room(8192);
    memory.put64(size, 4);
    assertEquals(EfiStatus.BUFFER_TOO_SMALL, call(XenBus.READ, device, 0, text("device/vbd/51712/backend"), buffer, size));
    assertEquals(BACKEND.length(), memory.get64(size));
    assertEquals(EfiStatus.SUCCESS, call(XenBus.READ, device, 0, text("device/vbd/51712/backend"), buffer, size));
    assertEquals(BACKEND, new String(memory.read(buffer, BACKEND.length()), StandardCharsets.US_ASCII));
    assertEquals(EfiStatus.NOT_FOUND, call(XenBus.READ, device, 0, text("nothing"), buffer, size));
    byte[] large = "0123456789abcdef".repeat(250).getBytes(StandardCharsets.US_ASCII);
    memory.write(buffer, large);
    assertEquals(EfiStatus.SUCCESS, call(XenBus.WRITE, device, 0, text("large"), buffer, large.length), "four times the ring");
    assertEquals(large.length, store.nodes.get("large").length());
    memory.clear(buffer, large.length);
    memory.put64(size, 8192);
    assertEquals(EfiStatus.SUCCESS, call(XenBus.READ, device, 0, text("large"), buffer, size));
    assertArrayEquals(large, memory.read(buffer, large.length));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(XenBus.WRITE, device, 0, text("large"), buffer, 4096));
    assertEquals(EfiStatus.SUCCESS, call(XenBus.REMOVE, device, 0, text("large")));
    assertEquals(EfiStatus.NOT_FOUND, call(XenBus.READ, device, 0, text("large"), buffer, size));
    long number = firmware.room(4);
    assertEquals(EfiStatus.SUCCESS, call(XenBus.BEGIN, device, number));
    assertEquals(1, memory.get32(number));
    assertEquals(EfiStatus.NOT_READY, call(XenBus.END, device, 1, 0), "the store says EAGAIN");
    assertEquals(EfiStatus.SUCCESS, call(XenBus.BEGIN, device, number));
    assertEquals(EfiStatus.SUCCESS, call(XenBus.END, device, 2, 0));
  }

  @Test
  void pagesAreGrantedUntilThereAreNoReferences() {
    long device = device();
    long reference = firmware.room(4);
    long page = firmware.room(4096) >>> 12;
    assertEquals(EfiStatus.SUCCESS, call(XenBus.GRANT, device, 1, page, 0, reference));
    long entry = grants + 8 * memory.get32(reference);
    assertEquals(8, memory.get32(reference), "the first that isn't Xen's");
    assertEquals(List.of(1, 1, page), List.of(memory.get16(entry), memory.get16(entry + 2), memory.get32(entry + 4)));
    memory.put16(entry, 1 | 8);
    assertEquals(EfiStatus.NOT_READY, call(XenBus.END_GRANT, device, 8));
    memory.put16(entry, 1);
    assertEquals(EfiStatus.SUCCESS, call(XenBus.END_GRANT, device, 8));
    assertEquals(0, memory.get64(entry) & 0xFFFF);
    assertEquals(EfiStatus.SUCCESS, call(XenBus.GRANT, device, 1, page, 1, reference));
    assertEquals(5, memory.get16(grants + 8 * memory.get32(reference)), "to be read only");
    int given = 1;
    while (call(XenBus.GRANT, device, 1, page, 0, reference) == EfiStatus.SUCCESS) {
      given++;
    }
    assertEquals(4 * 512 - 8, given);
    assertEquals(EfiStatus.INVALID_PARAMETER, call(XenBus.END_GRANT, device, 3));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(XenBus.END_GRANT, device, 1 << 20));
  }

  @Test
  void channelsAreOpenedAndClosed() {
    long device = device();
    long port = firmware.room(4);
    assertEquals(EfiStatus.SUCCESS, call(XenBus.OPEN, device, 1, port));
    assertEquals(EfiStatus.SUCCESS, call(XenBus.NOTIFY, device, memory.get32(port)));
    assertEquals(EfiStatus.SUCCESS, call(XenBus.CLOSE, device, memory.get32(port)));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(XenBus.NOTIFY, device, memory.get32(port)));
    assertEquals(EfiStatus.INVALID_PARAMETER, firmwareCall(device));
  }

  @Test
  void theStoresChannelIsNobodysToClose() {
    long device = device();
    assertEquals(EfiStatus.INVALID_PARAMETER, call(XenBus.CLOSE, device, 1));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(XenBus.CLOSE, device, 1L << 32 | 1));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(XenBus.NOTIFY, device, 1));
    assertEquals(EfiStatus.NOT_FOUND, call(XenBus.REMOVE, device, 0, text("nothing")), "it answers");
  }

  /** With something that isn't a device. */
  private EfiStatus firmwareCall(long device) {
    return EfiStatus.of(firmware.call(memory.get64(device + XenBus.OPEN.offset()), device + 8, 1, device));
  }

  @Test
  void aStoreThatLiesCostsTheCallerOnly() {
    long device = device();
    long size = firmware.room(8);
    long buffer = firmware.room(8192);
    for (StoreFault lie : new StoreFault[] {StoreFault.SILENT, StoreFault.INDEXES, StoreFault.LONG,
        StoreFault.OTHER_TYPE, StoreFault.FLOOD}) {
      XenBusLayerTest fresh = new XenBusLayerTest();
      fresh.begin();
      long one = fresh.device();
      fresh.store.lie = lie;
      fresh.memory.put64(size, 100);
      EfiStatus status = fresh.call(XenBus.READ, one, 0, fresh.text("device/vbd/51712/backend"), buffer, size);
      assertEquals(lie == StoreFault.SILENT ? EfiStatus.TIMEOUT : EfiStatus.DEVICE_ERROR, status, lie::toString);
      assertTrue(fresh.firmware.reports().getFirst().startsWith("XenStore: "), fresh.firmware.reports()::toString);
      assertNotEquals(0, fresh.mapped.size());
    }
    store.lie = StoreFault.OTHER_FIRST;
    memory.put64(size, 100);
    assertEquals(EfiStatus.SUCCESS, call(XenBus.READ, device, 0, text("device/vbd/51712/backend"), buffer, size));
    assertEquals(BACKEND.length(), memory.get64(size));
  }

  @Test
  void withoutAGrantTableThereIsNoBus() {
    mapError = -22;
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(firmware.connect(layer, controller)));
    assertTrue(firmware.reports().getFirst().contains("error -22"), firmware.reports()::toString);
    mapError = 0;
    device();
  }
}
