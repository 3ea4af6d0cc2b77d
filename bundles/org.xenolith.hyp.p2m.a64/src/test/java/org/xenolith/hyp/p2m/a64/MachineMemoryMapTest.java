// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.DescribedFirmware;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.efi.api.FirmwareDescriptionPort;
import org.xenolith.efi.api.FirmwareMemory;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryMap;
import org.xenolith.xen.abi.MemoryOp;

/** memory_op 10: the machine's memory, as the platform or its firmware has it. */
class MachineMemoryMapTest {
  private static final int ROOM = 16;
  private FakeHypervisor hyp = new FakeHypervisor();
  private final MemoryMap map = new MemoryMap();
  private FakeDomain dom0;

  private static PlatformNode memory(long base, long size) {
    return FakeNode.at("/memory@" + Long.toHexString(base)).property(FdtProperty.ofStrings("device_type", "memory"))
        .window(base, size).build();
  }

  private static PlatformNode reserved(long base, long size) {
    return FakeNode.at("/reserved-memory/some@" + Long.toHexString(base)).window(base, size).build();
  }

  private void install(PlatformNode... nodes) {
    hyp.beside(nodes);
    hyp.install("p2m", new P2mComponent());
    hyp.port(P2mPort.class).attach(hyp.p2m(), hyp.context("p2m"));
    dom0 = hyp.dom0(1);
  }

  private long ask(FakeDomain caller, int entries, long buffer, int start) {
    map.at(caller.memory(), caller.page(0));
    map.nrEntries(entries);
    map.buffer(buffer);
    return caller.vcpu(0).call(HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_machine_memory_map | start << 6, caller.page(0));
  }

  /** All entries, as base+size:type. */
  private List<String> entries() {
    assertEquals(0, ask(dom0, ROOM, dom0.page(1), 0));
    byte[] bytes = new byte[20 * map.nrEntries()];
    dom0.memory().read(dom0.page(1), bytes, 0, bytes.length);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<String> entries = new ArrayList<>();
    while (in.hasRemaining()) {
      entries.add("%x+%x:%d".formatted(in.getLong(), in.getLong(), in.getInt()));
    }
    return entries;
  }

  @Test
  void aPlatformsBanksAreRamButForWhatIsSetAside() {
    install(memory(0x8_0000_0000L, 0x1000_0000L), memory(0x4000_0000L, 0x1000_0000L), reserved(0x4100_0000L, 0x10_0000L),
        reserved(0x3FF0_0000L, 0x20_0000L), reserved(0x9000_0000L, 0x1000L));
    assertEquals(List.of("40000000+100000:2", "40100000+f00000:1", "41000000+100000:2", "41100000+ef00000:1", "800000000+10000000:1"),
        entries());
  }

  @Test
  void firmwaresMapIsToldAsXenTellsIt() {
    install(memory(0x4000_0000L, 0x1000_0000L), FakeNode.at(FirmwareNode.PATH).compatible(FirmwareNode.COMPATIBLE).build());
    assertEquals(List.of("40000000+10000000:1"), entries(), "while the firmware tells nothing");
    List<FirmwareMemory> memory = new ArrayList<>();
    for (int type = 0; type <= 15; type++) {
      memory.add(new FirmwareMemory(type, 0x4000_0000L + type * 0x2000, 1, 8));
    }
    memory.add(new FirmwareMemory(7, 0x5000_0000L, 1, 1));
    memory.add(new FirmwareMemory(7, 0x5000_2000L, 1, 1L << 63 | 8));
    memory.add(new FirmwareMemory(1, 0x6000_0000L, 1, 8));
    memory.add(new FirmwareMemory(7, 0x6000_1000L, 2, 8));
    DescribedFirmware firmware = () -> new FirmwareDescription(2 << 16, 0, "", 0, 0, 0, memory);
    hyp.context("p2m").port(FirmwareNode.PATH, FirmwareDescriptionPort.class).attach(firmware, hyp.context("p2m"));
    assertEquals(19, count());
    assertEquals(-XEN_EINVAL, ask(dom0, ROOM, dom0.page(1), 0));
    memory.subList(0, 4).clear();
    assertEquals(List.of("40008000+1000:1", "4000a000+1000:2", "4000c000+1000:2", "4000e000+1000:1", "40010000+1000:5", "40012000+1000:3",
        "40014000+1000:4", "40016000+1000:2", "40018000+1000:2", "4001a000+1000:2", "4001c000+1000:2", "4001e000+1000:2",
        "50000000+1000:5", "50002000+1000:2", "60000000+3000:1"), entries());
  }

  private int count() {
    assertEquals(0, ask(dom0, 0, 0, 0));
    return map.nrEntries();
  }

  @Test
  void howManyEntriesThereAreIsToldWithoutABuffer() {
    install(memory(0x4000_0000L, 0x1000_0000L), reserved(0x4100_0000L, 0x10_0000L));
    assertEquals(3, count());
    assertEquals(0, ask(dom0, 3, dom0.page(1), 0), "as many as were told are enough");
    assertEquals(-XEN_EINVAL, ask(dom0, 2, dom0.page(1), 0));
    assertEquals(2, map.nrEntries(), "nothing is copied back");
    assertEquals(0, ask(dom0, -1, dom0.page(1), 0));
    assertEquals(3, map.nrEntries());
  }

  @Test
  void badCallsAreRefusedInXensOrder() {
    install(memory(0x4000_0000L, 0x1000_0000L));
    FakeDomain guest = hyp.domU(2, 1);
    assertEquals(-XEN_EPERM, ask(guest, ROOM, guest.page(1), 0));
    assertEquals(-XEN_EPERM, guest.vcpu(0).call(HypercallNumber.__HYPERVISOR_memory_op, 10, 0x10), "before the argument is read");
    assertEquals(-XEN_EFAULT, dom0.vcpu(0).call(HypercallNumber.__HYPERVISOR_memory_op, 10, 0x10));
    assertEquals(-XEN_EFAULT, ask(dom0, ROOM, 0x10, 0));
    assertEquals(-XEN_EFAULT, ask(dom0, ROOM, dom0.page(FakeHypervisor.PAGES - 1) + 4096 - 19, 0));
    assertEquals(-XEN_ENOSYS, ask(dom0, ROOM, dom0.page(1), 1), "nothing is left unfinished");
  }

  @Test
  void strictXenHasNoneOfIt() {
    hyp = new FakeHypervisor(1, Map.of("strict-xen", "true"));
    install(memory(0x4000_0000L, 0x1000_0000L));
    assertEquals(-XEN_ENOSYS, ask(dom0, ROOM, dom0.page(1), 0));
    assertEquals(-XEN_ENOSYS, ask(hyp.domU(2, 1), ROOM, dom0.page(1), 0));
  }
}
