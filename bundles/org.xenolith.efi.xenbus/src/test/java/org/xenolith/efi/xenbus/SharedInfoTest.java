// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** The page with shared information: never mapped, or with the switch for edk2's way mapped when the bus starts and left there. */
class SharedInfoTest {
  private static final int SHARED_INFO = 0;
  private static final int ADD = 7;

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  private final long ring = firmware.room(4096);
  private final RingStore store = new RingStore(memory, ring);
  /** Frames where each is mapped. */
  private final Set<Long> grants = new TreeSet<>();
  private final Set<Long> shared = new TreeSet<>();
  private final Set<Long> reserved = new TreeSet<>();
  private XenBusLayer layer;
  private long controller;
  private long refusal;
  private EfiStatus pages = EfiStatus.SUCCESS;

  private long hypercall(EfiAccess access) {
    long argument = access.others()[1];
    if (access.address() == 34) {
      memory.put64(argument + 8, memory.get32(argument + 4) == 1 ? ring >>> 12 : 1);
    } else if (access.address() == 12 && access.others()[0] == ADD) {
      boolean info = memory.get32(argument + 4) == SHARED_INFO;
      if (info && refusal != 0) {
        return refusal;
      }
      assertEquals(List.of(0x7FF0, 0), List.of(memory.get16(argument), memory.get16(argument + 2)));
      (info ? shared : grants).add(memory.get64(argument + 16));
    } else if (access.address() == 12) {
      grants.remove(memory.get64(argument + 8));
      shared.remove(memory.get64(argument + 8));
    } else {
      store.event();
    }
    return 0;
  }

  private void begin(boolean keeps) {
    firmware.registers(this::hypercall);
    firmware.service(BootService.CREATE_EVENT, call -> EfiStep.done());
    firmware.service(BootService.CLOSE_EVENT, call -> EfiStep.done());
    firmware.service(BootService.ALLOCATE_PAGES, call -> {
      assertEquals(List.of(0L, 0L, 1L), List.of(call.argument(0), call.argument(1), call.argument(2)), "any page, reserved");
      if (pages == EfiStatus.SUCCESS) {
        memory.put64(call.argument(3), firmware.room(4096));
        reserved.add(memory.get64(call.argument(3)) >>> 12);
      }
      return EfiStep.done(pages);
    });
    firmware.service(BootService.FREE_PAGES, call -> EfiStep.done(reserved.remove(call.argument(0) >>> 12) ? 0 : -1));
    long xenio = firmware.room(8);
    memory.put64(xenio, 0x3800_0000L);
    controller = firmware.handles().install(0, Protocol.XEN_IO, xenio);
    store.nodes.put("device/vbd/51712/backend", "/local/domain/1/backend/vbd/2/51712");
    store.nodes.put("device/vbd/51712/backend-id", "1");
    layer = new XenBusLayer(keeps);
    layer.begin(firmware);
  }

  private void reconnect() {
    assertEquals(0, firmware.disconnect(layer, controller, firmware.handles().handles(Protocol.XEN_BUS).stream().mapToLong(Long::longValue)
        .toArray()));
    assertEquals(0, firmware.connect(layer, controller));
  }

  @Test
  void itIsNeverMappedUnlessSomebodySaysSo() {
    begin(false);
    assertEquals(0, firmware.connect(layer, controller));
    reconnect();
    assertEquals(List.of(Set.of(), Set.of()), List.of(shared, reserved));
  }

  @Test
  void withTheSwitchItIsLeftWhereItIs() {
    begin(true);
    assertEquals(0, firmware.connect(layer, controller));
    assertEquals(reserved, shared);
    assertEquals(List.of(1, 4, 1), List.of(shared.size(), grants.size(), firmware.handles().handles(Protocol.XEN_BUS).size()));
    assertEquals(0, firmware.call(firmware.function(layer, "Quiesce"), 0, firmware.handles().find(controller, XenBusLayer.BUS)));
    assertEquals(List.of(1, 0), List.of(shared.size(), grants.size()), "the grant table is given back all the same");
    reconnect();
    assertEquals(reserved, shared);
    assertEquals(2, reserved.size(), "a page each time");
    assertEquals(List.of(), firmware.reports());
  }

  /** As Xen 4.17 does the second time. */
  @Test
  void whoMayNotMapItGoesOnWithoutIt() {
    begin(true);
    refusal = -16;
    assertEquals(0, firmware.connect(layer, controller));
    assertEquals(List.of("XenBus: shared_info can't be mapped: error -16"), firmware.reports());
    assertEquals(Set.of(), reserved, "the page is given back");
    assertEquals(1, firmware.handles().handles(Protocol.XEN_BUS).size());
  }

  @Test
  void withoutAPageItGoesOnWithoutIt() {
    begin(true);
    pages = EfiStatus.OUT_OF_RESOURCES;
    assertEquals(0, firmware.connect(layer, controller));
    assertEquals(List.of("XenBus: there is no page for shared_info"), firmware.reports());
    assertFalse(firmware.handles().handles(Protocol.XEN_BUS).isEmpty());
  }
}
