// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;
import static org.xenolith.xen.abi.XenErrno.XEN_ESRCH;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.ForeignMemoryMap;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryMap;
import org.xenolith.xen.abi.MemoryOp;

/** memory_op 9 and 13: what a domain is told of its memory, and who says it. */
class GuestMemoryMapsTest {
  private static final int ENTRY = 20;
  private static final int MOST = 1024;
  private static final long NOWHERE = 1L << 40;
  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final MemoryMap map = new MemoryMap();
  private DomainMaps maps = put(hypervisor.install("p2m", new Toys(true)));
  private final FakeDomain dom0 = hypervisor.dom0(1);
  private final FakeDomain guest = hypervisor.domU(2, 1);

  /** Tables in the toy format, which no CPU walks. */
  private record Toys(boolean tells) implements DeviceModelFactory {
    @Override
    public ModelDescription description() {
      return new ModelDescription("toys", "Toys", "None", List.of(DomainMaps.STRICT));
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      return new DomainMaps(context, new ToyFormat(), 16, tells) {
        @Override
        protected long register(DomainTables tables) {
          return tables.root();
        }

        @Override
        protected void invalidate(long register) {}

        @Override
        public long control() {
          return 0;
        }
      };
    }
  }

  /** Domains' memory stays that of the fake. */
  private DomainMaps put(DeviceModel model) {
    hypervisor.port(P2mPort.class).attach(hypervisor.p2m(), hypervisor.context("p2m"));
    return (DomainMaps) model;
  }

  private static byte[] entries(int count) {
    byte[] entries = new byte[count * ENTRY];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = (byte) (i * 7 + 3);
    }
    return entries;
  }

  private long ask(FakeDomain caller, int room, long buffer) {
    map.at(caller.memory(), caller.page(0));
    map.nrEntries(room);
    map.buffer(buffer);
    return caller.vcpu(0).call(HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_memory_map, caller.page(0));
  }

  private long set(FakeDomain caller, int domid, int count, long buffer) {
    ForeignMemoryMap of = new ForeignMemoryMap();
    of.at(caller.memory(), caller.page(0));
    of.domid(domid);
    of.nrEntries(count);
    of.buffer(buffer);
    return caller.vcpu(0).call(HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_set_memory_map, caller.page(0));
  }

  private byte[] read(FakeDomain domain, int page, int length) {
    byte[] bytes = new byte[length];
    domain.memory().read(domain.page(page), bytes, 0, length);
    return bytes;
  }

  /** What a domain is told now. */
  private void tells(FakeDomain domain, byte[] entries) {
    assertEquals(0, ask(domain, MOST, domain.page(8)));
    assertEquals(entries.length / ENTRY, map.nrEntries());
    assertArrayEquals(entries, read(domain, 8, entries.length));
  }

  @Test
  void aDomainIsToldWhatWasSaidOfIt() {
    assertEquals(-XEN_ENOSYS, ask(guest, 16, guest.page(8)), "nothing was");
    maps.memoryMap(guest, entries(3));
    tells(guest, entries(3));
    assertEquals(-XEN_ENOSYS, ask(dom0, 16, dom0.page(8)), "of another");
    maps.memoryMap(guest, entries(2));
    tells(guest, entries(2));
    maps.memoryMap(guest, new byte[0]);
    assertEquals(-XEN_ENOSYS, ask(guest, 16, guest.page(8)));
  }

  @Test
  void noMoreIsWrittenThanThereIsRoomFor() {
    maps.memoryMap(guest, entries(3));
    byte[] before = new byte[3 * ENTRY];
    Arrays.fill(before, (byte) 0x5A);
    guest.memory().write(guest.page(8), before, 0, before.length);
    assertEquals(0, ask(guest, 2, guest.page(8)));
    assertEquals(2, map.nrEntries());
    System.arraycopy(entries(2), 0, before, 0, 2 * ENTRY);
    assertArrayEquals(before, read(guest, 8, before.length));
    assertEquals(0, ask(guest, 0, guest.page(8)));
    assertEquals(0, map.nrEntries());
    assertEquals(0, ask(guest, -1, guest.page(8)), "4294967295");
    assertEquals(3, map.nrEntries());
  }

  @Test
  void withoutABufferTheirNumberIsTold() {
    maps.memoryMap(guest, entries(3));
    assertEquals(0, ask(guest, 0, 0));
    assertEquals(3, map.nrEntries());
    assertEquals(0, ask(guest, 2, 0));
    assertEquals(3, map.nrEntries());
  }

  @Test
  void whereThereIsNoMemoryIsAFault() {
    maps.memoryMap(guest, entries(3));
    assertEquals(-XEN_EFAULT, ask(guest, 3, NOWHERE));
    assertEquals(3, map.nrEntries());
    assertEquals(-XEN_EFAULT, guest.vcpu(0).call(HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_memory_map, NOWHERE));
    assertEquals(-XEN_EFAULT, set(dom0, 2, 1, NOWHERE));
    assertEquals(-XEN_EFAULT, dom0.vcpu(0).call(HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_set_memory_map, NOWHERE));
    tells(guest, entries(3));
  }

  @Test
  void whoBuildsADomainSaysWhatItIsTold() {
    byte[] most = entries(MOST);
    dom0.memory().write(dom0.page(8), most, 0, most.length);
    assertEquals(0, set(dom0, 2, 3, dom0.page(8)));
    tells(guest, entries(3));
    assertEquals(0, set(dom0, 2, MOST, dom0.page(8)));
    tells(guest, most);
    for (int wrong : new int[] {MOST + 1, -1, Integer.MIN_VALUE}) {
      assertEquals(-XEN_EINVAL, set(dom0, 2, wrong, dom0.page(8)));
    }
    assertEquals(-XEN_ESRCH, set(dom0, 7, 1, dom0.page(8)));
    assertEquals(-XEN_EPERM, set(guest, 2, 1, guest.page(9)));
    assertEquals(-XEN_EPERM, set(guest, 0, 1, guest.page(9)));
    tells(guest, most);
    assertEquals(-XEN_ENOSYS, ask(dom0, 16, dom0.page(8)));
  }

  @Test
  void itOutlivesTheVersionAndIsInSnapshots() {
    maps.memoryMap(guest, entries(3));
    maps = put(hypervisor.replace("p2m", new Toys(true)));
    tells(guest, entries(3));
    StateRecord snapshot = maps.state().save();
    maps.memoryMap(guest, entries(5));
    maps.memoryMap(dom0, entries(1));
    maps.state().restore(snapshot);
    maps.restored();
    tells(guest, entries(3));
    assertEquals(-XEN_ENOSYS, ask(dom0, 16, dom0.page(8)));
  }

  @Test
  void whereXenHasNoSuchCallThereIsNone() {
    maps = put(hypervisor.install("p2m", new Toys(false)));
    maps.memoryMap(guest, entries(3));
    assertEquals(-XEN_ENOSYS, ask(guest, 16, guest.page(8)));
    assertEquals(-XEN_ENOSYS, set(dom0, 2, 1, dom0.page(8)));
  }
}
