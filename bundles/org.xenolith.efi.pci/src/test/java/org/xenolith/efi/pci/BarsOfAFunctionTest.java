// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** Where the CPU sees a BAR behind a bridge that translates; polling and copying in it. */
class BarsOfAFunctionTest {
  private static final long CPU = 0x10_0000_0000L;
  private static final long OFFSET = 0x1000_0000 - CPU;
  private static final int POLL_MEMORY = 0;
  private static final int POLL_IO = 8;
  private static final int COPY = 64;
  private static final int GET_ATTRIBUTES = 128;
  private static final int SET_ATTRIBUTES = 136;
  private static final int NOWHERE = 0x10;

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  private final PciBusLayer layer = new PciBusLayer();
  private final FakeRoot root = new FakeRoot(firmware, 0, 0x1000_0000, OFFSET);
  private EfiStatus pools = EfiStatus.SUCCESS;
  private int allocated;
  private long pci;

  /** BAR 0 of 32 bits, 1 I/O, 2 and 3 of 64 bits and prefetchable, 4 above 4 GiB, and the last one finds no room. */
  @BeforeEach
  void start() {
    firmware.service(BootService.ALLOCATE_POOL, call -> {
      allocated++;
      memory.put64(call.argument(2), firmware.room((int) call.argument(1)));
      return EfiStep.done(pools);
    });
    root.functions.put(3 << 3, new FakeRoot.Function(0x1111_1AF4, 0x010000, 0).bar(0, 0x1000, 0).bar(1, 0x20, 1).bar(2, 0x8000, 12));
    root.functions.put(4 << 3, new FakeRoot.Function(0x1111_1AF4, 0x010000, 0).bar(0, 1L << 33, 4).bar(2, 0x4000_0000, 0));
    long controller = firmware.handles().install(0, Protocol.PCI_ROOT_BRIDGE_IO, root.protocol);
    byte[] path = new DevicePath().bytes();
    long at = firmware.room(path.length);
    memory.write(at, path);
    firmware.handles().install(controller, Protocol.DEVICE_PATH, at);
    layer.begin(firmware);
    assertEquals(0, firmware.connect(layer, controller));
    pci = function(0);
  }

  private long function(int number) {
    return firmware.handles().find(firmware.handles().handles(Protocol.PCI_IO).get(number), Protocol.PCI_IO);
  }

  private EfiStatus call(int function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = pci;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return EfiStatus.of(firmware.call(memory.get64(pci + function), all));
  }

  private String described(long bar) {
    long room = firmware.room(16);
    memory.put64(room, 5);
    assertEquals(EfiStatus.SUCCESS, call(GET_ATTRIBUTES, bar, room, room + 8));
    assertEquals(0, memory.get64(room), "none can be set");
    long at = memory.get64(room + 8);
    assertEquals(List.of(0x8A, 0x2B, 0x79, 0), List.of(memory.get8(at), memory.get16(at + 1), memory.get8(at + 46), memory.get8(at + 47)));
    return "%d %d %d %x %x %x %x".formatted(memory.get8(at + 3), memory.get8(at + 5), memory.get64(at + 6), memory.get64(at + 14), memory
        .get64(
            at + 22), memory.get64(at + 30), memory.get64(at + 38));
  }

  @Test
  void aBarIsDescribedWhereTheCpuSeesIt() {
    assertEquals("0 0 32 1000000000 1000000fff %x 1000".formatted(OFFSET), described(0));
    assertEquals(0x1000_0000L, root.functions.get(3 << 3).get(0x10, 4), "what is in the register is where devices see it");
    assertEquals("1 0 32 1000 101f 0 20", described(1));
    assertEquals("0 6 64 1000008000 100000ffff %x 8000".formatted(OFFSET), described(2));
    pci = function(1);
    assertEquals("0 0 64 8000000000 81ffffffff 0 200000000", described(0));
  }

  @Test
  void whatHasNoPlaceHasNoDescription() {
    long room = firmware.room(16);
    for (long bar : new long[] {3, 4, 5, 6, 255}) {
      assertEquals(EfiStatus.UNSUPPORTED, call(GET_ATTRIBUTES, bar, room, room + 8));
      assertEquals(EfiStatus.UNSUPPORTED, call(SET_ATTRIBUTES, 0, bar, room, room));
    }
    assertEquals(EfiStatus.INVALID_PARAMETER, call(GET_ATTRIBUTES, 0, 0, 0));
    assertEquals(EfiStatus.SUCCESS, call(GET_ATTRIBUTES, 0x100, room, 0), "an index of 8 bits");
    assertEquals(EfiStatus.INVALID_PARAMETER, call(GET_ATTRIBUTES, 0, 0, NOWHERE));
    assertEquals(0, allocated, "nothing is allocated that nobody gets");
    pci = function(1);
    assertEquals(EfiStatus.UNSUPPORTED, call(GET_ATTRIBUTES, 2, room, room + 8), "it found no room");
    pci = firmware.room(160);
    memory.put64(pci + GET_ATTRIBUTES, firmware.function(layer, "GetBarAttributes"));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(GET_ATTRIBUTES, 0, room, room + 8), "an interface that a guest made");
  }

  @Test
  void aRootBridgeThatSaysNonsenseCostsTheCallerOnly() {
    long room = firmware.room(16);
    memory.put64(root.protocol + 136, firmware.guest(call -> EfiStep.done(EfiStatus.DEVICE_ERROR)));
    assertEquals(EfiStatus.DEVICE_ERROR, call(GET_ATTRIBUTES, 0, 0, room));
    memory.put64(root.protocol + 136, firmware.guest(call -> {
      memory.put64(call.argument(1), NOWHERE);
      return EfiStep.done();
    }));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(GET_ATTRIBUTES, 0, 0, room));
    memory.put64(root.protocol + 136, firmware.guest(call -> {
      memory.put64(call.argument(1), root.protocol);
      return EfiStep.done();
    }));
    assertEquals(EfiStatus.UNSUPPORTED, call(GET_ATTRIBUTES, 0, 0, room), "no window has it");
  }

  @Test
  void withoutMemoryThereIsNoDescription() {
    pools = EfiStatus.OUT_OF_RESOURCES;
    assertEquals(EfiStatus.OUT_OF_RESOURCES, call(GET_ATTRIBUTES, 0, 0, firmware.room(8)));
  }

  @Test
  void noBarHasAttributes() {
    long range = firmware.room(16);
    memory.put64(range, 0x800);
    memory.put64(range + 8, 0x800);
    assertEquals(EfiStatus.SUCCESS, call(SET_ATTRIBUTES, 0, 0, range, range + 8));
    assertEquals(EfiStatus.UNSUPPORTED, call(SET_ATTRIBUTES, 0x800, 0, range, range + 8));
    memory.put64(range + 8, 0x801);
    assertEquals(EfiStatus.UNSUPPORTED, call(SET_ATTRIBUTES, 0, 0, range, range + 8));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(SET_ATTRIBUTES, 0, 0, 0, range));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(SET_ATTRIBUTES, 0, 0, range, 0));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(SET_ATTRIBUTES, 0, 0, NOWHERE, range));
  }

  @Test
  void pollingAndCopyingAreTheRootBridges() {
    long room = firmware.room(8);
    assertEquals(EfiStatus.SUCCESS, call(POLL_MEMORY, PciAccess.WIDTH_32, 0, 0xFFC, 1, 2, 3, room));
    root.answer = EfiStatus.TIMEOUT;
    assertEquals(EfiStatus.TIMEOUT, call(POLL_IO, PciAccess.WIDTH_16, 1, 4, 1, 2, 3, room));
    root.answer = EfiStatus.SUCCESS;
    assertEquals(EfiStatus.SUCCESS, call(COPY, PciAccess.WIDTH_8, 0, 0x10, 2, 0x20, 0xFF0));
    assertEquals(List.of(List.of(8L, root.protocol, 2L, 0x1000_0FFCL, 1L, 2L, 3L, room), List.of(16L, root.protocol, 1L, 0x1004L, 1L, 2L,
        3L,
        room), List.of(72L, root.protocol, 0L, 0x1000_0010L, 0x1000_8020L, 0xFF0L)), root.calls);
    root.calls.clear();
    for (long[] wrong : new long[][] {{2, 0, 0xFFD}, {2, 1, 0}, {2, 5, 0}, {2, 0, -4}}) {
      assertEquals(EfiStatus.UNSUPPORTED, call(POLL_MEMORY, wrong[0], wrong[1], wrong[2], 0, 0, 0, room));
    }
    assertEquals(EfiStatus.UNSUPPORTED, call(POLL_IO, 0, 0, 0, 0, 0, 0, room), "it is memory");
    assertEquals(EfiStatus.INVALID_PARAMETER, call(POLL_MEMORY, 4, 0, 0, 0, 0, 0, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(POLL_MEMORY, 2, 0, 0, 0, 0, 0, 0));
    for (long[] wrong : new long[][] {{2, 0, 0xFFC, 2, 0, 2}, {2, 0, 0, 0, 0xFFC, 2}, {3, 0, 0, 2, 0, (1L << 61) + 1}, {2, 1, 0, 0, 0, 1}, {
        2, 0,
        0, 0, 0, -1}}) {
      assertEquals(EfiStatus.UNSUPPORTED, call(COPY, wrong));
    }
    assertEquals(EfiStatus.INVALID_PARAMETER, call(COPY, 8, 0, 0, 0, 0, 1));
    assertEquals(List.of(), root.calls);
  }

  /** One register is read so often, not so many registers. */
  @Test
  void anAccessThatRepeatsARegisterNeedsOne() {
    memory.put64(root.protocol + 24, firmware.guest(call -> EfiStep.done(call.argument(3) == 0x2000 ? 0 : -1)));
    assertEquals(EfiStatus.SUCCESS, call(16, PciAccess.WIDTH_32 + 4, 0, 0xFFC, 0x2000, firmware.room(0x8000)));
    assertEquals(EfiStatus.UNSUPPORTED, call(16, PciAccess.WIDTH_32, 0, 0xFFC, 0x2000, firmware.room(8)));
  }
}
