// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sysctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ArchitectureFacts;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeMachine;
import org.xenolith.testkit.hyp.FakeVcpu;
import org.xenolith.xen.abi.AbiStruct;
import org.xenolith.xen.abi.ControlBitmap;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.CpuTopology;
import org.xenolith.xen.abi.DomctlGetDomainInfo;
import org.xenolith.xen.abi.NodeMemory;
import org.xenolith.xen.abi.Sysctl;
import org.xenolith.xen.abi.SysctlArgument;
import org.xenolith.xen.abi.SysctlAvailableHeap;
import org.xenolith.xen.abi.SysctlCpuTopologyInfo;
import org.xenolith.xen.abi.SysctlCpupoolOp;
import org.xenolith.xen.abi.SysctlDebugKeys;
import org.xenolith.xen.abi.SysctlGetCpuInfo;
import org.xenolith.xen.abi.SysctlGetDomainInfoList;
import org.xenolith.xen.abi.SysctlNumaInfo;
import org.xenolith.xen.abi.SysctlPhysInfo;
import org.xenolith.xen.abi.SysctlReadConsole;
import org.xenolith.xen.abi.SysctlSchedId;
import org.xenolith.xen.abi.SysctlSchedulerOp;
import org.xenolith.xen.abi.XenErrno;

class SystemControlTest {
  private final FakeHypervisor hypervisor = new FakeHypervisor(4);
  private final FakeDomain dom0 = hypervisor.dom0(2);
  private final FakeDomain guest = hypervisor.domU(5, 1);
  private final HypervisorLogPort log = hypervisor.port(HypervisorLogPort.class);
  private final long at = dom0.page(1);
  private final long room = dom0.page(2);
  private final DeviceModel model = hypervisor.install("sysctl", new SysctlComponent());

  private <T extends AbiStruct> T argument(T view) {
    view.at(dom0.memory(), at + Sysctl.ARGUMENT);
    return view;
  }

  private <T extends AbiStruct> T room(T view, long offset) {
    view.at(dom0.memory(), room + offset);
    return view;
  }

  private long call(FakeVcpu vcpu, int operation) {
    Sysctl frame = new Sysctl();
    frame.at(vcpu.domain().memory(), vcpu.domain().page(1));
    frame.cmd(operation);
    frame.interfaceVersion(ControlOp.XEN_SYSCTL_INTERFACE_VERSION);
    return vcpu.call(35, vcpu.domain().page(1));
  }

  private void works(int operation) {
    assertEquals(0, call(dom0.vcpu(0), operation));
  }

  private void refuses(int errno, int operation) {
    assertEquals(-errno, call(dom0.vcpu(0), operation));
  }

  // ---- the frame

  @Test
  void anotherInterfaceVersionIsRefused() {
    works(ControlOp.XEN_SYSCTL_physinfo);
    dom0.memory().write32(at + Sysctl.INTERFACE_VERSION, 0x14);
    assertEquals(-XenErrno.XEN_EACCES, dom0.vcpu(0).call(35, at));
    assertEquals(-XenErrno.XEN_EFAULT, dom0.vcpu(0).call(35, 0x10));
  }

  @Test
  void guestMayAskNothing() {
    for (int operation = 0; operation < 64; operation++) {
      assertEquals(-XenErrno.XEN_EPERM, call(guest.vcpu(0), operation), "operation " + operation);
    }
  }

  @Test
  void unknownOperationsAndThoseThatArmDoesNotHaveAreNotThere() {
    for (int operation : new int[] {0, 2, 5, 10, 11, 12, 14, 15, 22, 25, 26, 27, 29, 30, -1, Integer.MAX_VALUE}) {
      refuses(XenErrno.XEN_ENOSYS, operation);
    }
    refuses(XenErrno.XEN_EOPNOTSUPP, ControlOp.XEN_SYSCTL_coverage_op);
  }

  // ---- facts

  @Test
  void hostSaysWhatItHas() {
    SysctlPhysInfo host = argument(new SysctlPhysInfo());
    host.scrubPages(99);
    host.hwCap(7, 99);
    works(ControlOp.XEN_SYSCTL_physinfo);
    assertEquals(4, host.nrCpus());
    assertEquals(3, host.maxCpuId());
    assertEquals(1, host.nrNodes());
    assertEquals(0, host.maxNodeId());
    assertEquals(1, host.coresPerSocket());
    assertEquals(1, host.threadsPerCore());
    assertEquals(FakeMachine.SIZE >> 12, host.totalPages());
    assertEquals(hypervisor.port(FrameHeapPort.class).free(), host.freePages());
    assertTrue(host.freePages() < host.totalPages());
    assertEquals(FakeMachine.RAM + FakeMachine.SIZE - 1 >>> 12, host.maxMfn());
    assertEquals(SysctlArgument.XEN_SYSCTL_PHYSCAP_hvm | SysctlArgument.XEN_SYSCTL_PHYSCAP_hap
        | SysctlArgument.XEN_SYSCTL_PHYSCAP_gnttab_v1, host.capabilities());
    assertEquals(0, host.scrubPages());
    assertEquals(0, host.hwCap(7));
    assertEquals(0, host.cpuKhz(), "no timer here");
  }

  /** What the architecture says of CPUs is told, and what others add is served in the frame. */
  @Test
  void topologyIsCountedFirstAndThenTold() {
    SysctlCpuTopologyInfo topology = argument(new SysctlCpuTopologyInfo());
    topology.cputopo(0);
    works(ControlOp.XEN_SYSCTL_cputopoinfo);
    assertEquals(4, topology.numCpus());
    topology.cputopo(room);
    topology.numCpus(9);
    dom0.memory().write32(room + 3 * CpuTopology.SIZE + CpuTopology.NODE, -1);
    dom0.memory().write32(room + 4 * CpuTopology.SIZE, 77);
    works(ControlOp.XEN_SYSCTL_cputopoinfo);
    assertEquals(4, topology.numCpus());
    assertEquals(0, room(new CpuTopology(), 3L * CpuTopology.SIZE).node());
    assertEquals(77, room(new CpuTopology(), 4L * CpuTopology.SIZE).core());
    topology.cputopo(8);
    refuses(XenErrno.XEN_EFAULT, ControlOp.XEN_SYSCTL_cputopoinfo);
  }

  @Test
  void thereIsOneNodeWithAllMemory() {
    SysctlNumaInfo numa = argument(new SysctlNumaInfo());
    works(ControlOp.XEN_SYSCTL_numainfo);
    assertEquals(1, numa.numNodes());
    numa.meminfo(room);
    numa.distance(room + 64);
    works(ControlOp.XEN_SYSCTL_numainfo);
    assertEquals(FakeMachine.SIZE, room(new NodeMemory(), 0).memsize());
    assertEquals(10, dom0.memory().read32(room + 64));
    numa.numNodes(0);
    works(ControlOp.XEN_SYSCTL_numainfo);
    assertEquals(0, numa.numNodes());
  }

  @Test
  void idleTimeIsWhatNobodyUsed() {
    SysctlGetCpuInfo times = argument(new SysctlGetCpuInfo());
    times.maxCpus(9);
    times.info(room);
    hypervisor.clock().advanceTo(1000);
    guest.vcpu(0).runstate()[0] = 300;
    works(ControlOp.XEN_SYSCTL_getcpuinfo);
    assertEquals(4, times.nrCpus());
    assertEquals(700, dom0.memory().read64(room));
    assertEquals(1000, dom0.memory().read64(room + 8));
    SysctlAvailableHeap heap = argument(new SysctlAvailableHeap());
    heap.node(-1);
    works(ControlOp.XEN_SYSCTL_availheap);
    assertEquals(hypervisor.port(FrameHeapPort.class).free() << 12, heap.availBytes());
    heap.node(1);
    works(ControlOp.XEN_SYSCTL_availheap);
    assertEquals(0, heap.availBytes());
  }

  /** As on x86-64, where the structure is shorter. */
  @Test
  void elementsAreAsLongAsTheArchitectureHasThem() {
    hypervisor.port(ArchitectureFactsPort.class).attach(new ShortFacts(), hypervisor.context("sysctl"));
    SysctlGetDomainInfoList list = argument(new SysctlGetDomainInfoList());
    list.firstDomain(0);
    list.maxDomains(2);
    list.buffer(room);
    works(ControlOp.XEN_SYSCTL_getdomaininfolist);
    assertEquals(0, room(new DomctlGetDomainInfo(), 0).domain());
    assertEquals(5, room(new DomctlGetDomainInfo(), 112).domain());
    assertEquals(0x11, dom0.memory().read8(room + 104));
    assertEquals(0x11, dom0.memory().read8(room + 112 + 104));
  }

  private record ShortFacts() implements ArchitectureFacts {
    @Override
    public String capabilities() {
      return "";
    }

    @Override
    public int features(Domain domain) {
      return 0;
    }

    @Override
    public byte[] domainConfiguration(Domain domain) {
      return new byte[] {0x11, 4, 0, 0, 0, 0, 0, 0};
    }

    @Override
    public long virtualStart() {
      return 0;
    }

    @Override
    public long hertz() {
      return 0;
    }

    @Override
    public String trap(long cause, long detail) {
      return "";
    }
  }

  @Test
  void domainsAreListedFromADomidOn() {
    hypervisor.domU(7, 1);
    SysctlGetDomainInfoList list = argument(new SysctlGetDomainInfoList());
    list.firstDomain(0);
    list.maxDomains(2);
    list.buffer(room);
    works(ControlOp.XEN_SYSCTL_getdomaininfolist);
    assertEquals(2, list.numDomains());
    assertEquals(0, room(new DomctlGetDomainInfo(), 0).domain());
    assertEquals(5, room(new DomctlGetDomainInfo(), DomctlGetDomainInfo.SIZE).domain());
    list.firstDomain(6);
    list.maxDomains(-1);
    works(ControlOp.XEN_SYSCTL_getdomaininfolist);
    assertEquals(1, list.numDomains());
    assertEquals(7, room(new DomctlGetDomainInfo(), 0).domain());
    list.firstDomain(8);
    works(ControlOp.XEN_SYSCTL_getdomaininfolist);
    assertEquals(0, list.numDomains());
    list.firstDomain(0);
    list.buffer(8);
    refuses(XenErrno.XEN_EFAULT, ControlOp.XEN_SYSCTL_getdomaininfolist);
  }

  // ---- the pool and its scheduler

  private SysctlCpupoolOp pool(int op, int id) {
    SysctlCpupoolOp pool = argument(new SysctlCpupoolOp());
    pool.op(op);
    pool.cpupoolId(id);
    ControlBitmap map = new ControlBitmap();
    map.at(dom0.memory(), at + Sysctl.ARGUMENT + SysctlCpupoolOp.CPUMAP);
    map.bitmap(room);
    map.nrBits(64);
    return pool;
  }

  @Test
  void onePoolHasAllCpusAndItsEndIsNoEntry() {
    SysctlCpupoolOp pool = pool(SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_INFO, 0);
    dom0.memory().write64(room, -1);
    works(ControlOp.XEN_SYSCTL_cpupool_op);
    assertEquals(6, pool.schedId());
    assertEquals(2, pool.nDom());
    assertEquals(0xF, dom0.memory().read64(room));
    pool(SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_INFO, 1);
    refuses(XenErrno.XEN_ENOENT, ControlOp.XEN_SYSCTL_cpupool_op);
    pool(SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_FREEINFO, 0);
    works(ControlOp.XEN_SYSCTL_cpupool_op);
    assertEquals(0, dom0.memory().read64(room));
  }

  @Test
  void poolCannotBeChanged() {
    pool(SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_CREATE, -1);
    refuses(XenErrno.XEN_ENOMEM, ControlOp.XEN_SYSCTL_cpupool_op);
    pool(SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_DESTROY, 0);
    refuses(XenErrno.XEN_EBUSY, ControlOp.XEN_SYSCTL_cpupool_op);
    pool(SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_RMCPU, 0).cpu(0);
    refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_SYSCTL_cpupool_op);
    pool(SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_RMCPU, 0).cpu(3);
    refuses(XenErrno.XEN_EBUSY, ControlOp.XEN_SYSCTL_cpupool_op);
    pool(SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_ADDCPU, 0).cpu(3);
    refuses(XenErrno.XEN_ENODEV, ControlOp.XEN_SYSCTL_cpupool_op);
    pool(SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_MOVEDOMAIN, 0).domid(5);
    works(ControlOp.XEN_SYSCTL_cpupool_op);
    pool(SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_MOVEDOMAIN, 0).domid(0);
    refuses(XenErrno.XEN_EPERM, ControlOp.XEN_SYSCTL_cpupool_op);
    pool(SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_MOVEDOMAIN, 1).domid(5);
    refuses(XenErrno.XEN_ENOENT, ControlOp.XEN_SYSCTL_cpupool_op);
    pool(99, 0);
    refuses(XenErrno.XEN_ENOSYS, ControlOp.XEN_SYSCTL_cpupool_op);
  }

  private SysctlSchedulerOp scheduler(int command, int limit) {
    SysctlSchedulerOp op = argument(new SysctlSchedulerOp());
    op.cpupoolId(0);
    op.schedId(6);
    op.cmd(command);
    op.credit2RatelimitUs(limit);
    return op;
  }

  @Test
  void schedulerIsCredit2WithItsRateLimit() {
    works(ControlOp.XEN_SYSCTL_sched_id);
    assertEquals(6, argument(new SysctlSchedId()).schedId());
    SysctlSchedulerOp op = scheduler(1, 0);
    works(ControlOp.XEN_SYSCTL_scheduler_op);
    assertEquals(1000, op.credit2RatelimitUs());
    scheduler(0, 500_000);
    works(ControlOp.XEN_SYSCTL_scheduler_op);
    for (int wrong : new int[] {99, 500_001, -1}) {
      scheduler(0, wrong);
      refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_SYSCTL_scheduler_op);
    }
    var replaced = hypervisor.replace("sysctl", new SysctlComponent());
    assertNotEquals(model, replaced);
    scheduler(1, 0);
    works(ControlOp.XEN_SYSCTL_scheduler_op);
    assertEquals(500_000, op.credit2RatelimitUs());
    scheduler(1, 0).cpupoolId(1);
    refuses(XenErrno.XEN_ESRCH, ControlOp.XEN_SYSCTL_scheduler_op);
    scheduler(1, 0).schedId(5);
    refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_SYSCTL_scheduler_op);
    scheduler(2, 0);
    refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_SYSCTL_scheduler_op);
  }

  // ---- messages

  private SysctlReadConsole reading(int incremental, int index, int count, int clear) {
    SysctlReadConsole reading = argument(new SysctlReadConsole());
    reading.buffer(room);
    reading.incremental(incremental);
    reading.index(index);
    reading.count(count);
    reading.clear(clear);
    return reading;
  }

  private String read(int count) {
    byte[] bytes = new byte[count];
    dom0.memory().read(room, bytes, 0, count);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void messagesAreReadOnFromTheIndexUntilThereAreNone() {
    log.add("one");
    SysctlReadConsole reading = reading(1, 0, 4, 0);
    works(ControlOp.XEN_SYSCTL_readconsole);
    assertEquals("(XEN", read(reading.count()));
    reading(1, reading.index(), 100, 0);
    works(ControlOp.XEN_SYSCTL_readconsole);
    assertEquals(") one\n", read(reading.count()));
    log.add("two");
    reading(1, reading.index(), 100, 0);
    works(ControlOp.XEN_SYSCTL_readconsole);
    assertEquals("(XEN) two\n", read(reading.count()));
    reading(1, reading.index(), 100, 0);
    works(ControlOp.XEN_SYSCTL_readconsole);
    assertEquals(0, reading.count());
    reading(0, 7, 100, 0);
    works(ControlOp.XEN_SYSCTL_readconsole);
    assertEquals("(XEN) one\n(XEN) two\n", read(reading.count()), "not incremental: all");
  }

  @Test
  void lostMessagesAreSkippedAndForeignIndicesBeginAtTheOldest() {
    for (int i = 0; i < 3000; i++) {
      log.add("message %06d".formatted(i));
    }
    SysctlReadConsole reading = reading(1, 5, 100, 0);
    works(ControlOp.XEN_SYSCTL_readconsole);
    assertEquals((int) log.end() - HypervisorLogPort.SIZE + 100, reading.index());
    reading(1, (int) log.end() + 1, 10, 0);
    works(ControlOp.XEN_SYSCTL_readconsole);
    assertEquals((int) log.end() - HypervisorLogPort.SIZE + 10, reading.index());
    reading(1, (int) log.end(), 10, 0);
    works(ControlOp.XEN_SYSCTL_readconsole);
    assertEquals(0, reading.count());
  }

  @Test
  void messagesThatWereReadCanBeCleared() {
    log.add("one");
    SysctlReadConsole reading = reading(1, 0, 4, 1);
    works(ControlOp.XEN_SYSCTL_readconsole);
    assertEquals(10, log.end(), "not all were read");
    reading(1, reading.index(), 100, 1);
    works(ControlOp.XEN_SYSCTL_readconsole);
    assertEquals(6, reading.count());
    assertEquals(0, log.end());
    reading(1, reading.index(), 100, 1);
    works(ControlOp.XEN_SYSCTL_readconsole);
    assertEquals(0, reading.count());
    log.add("two");
    argument(new SysctlReadConsole()).buffer(8);
    argument(new SysctlReadConsole()).count(9);
    refuses(XenErrno.XEN_EFAULT, ControlOp.XEN_SYSCTL_readconsole);
  }

  @Test
  void keysAreTakenAndDoNothing() {
    SysctlDebugKeys keys = argument(new SysctlDebugKeys());
    keys.keys(room);
    keys.nrKeys(3);
    works(ControlOp.XEN_SYSCTL_debug_keys);
    keys.keys(8);
    refuses(XenErrno.XEN_EFAULT, ControlOp.XEN_SYSCTL_debug_keys);
  }

  // ---- change

  @Test
  void removedItIsNotThereAndBackItGoesOn() {
    scheduler(0, 200);
    works(ControlOp.XEN_SYSCTL_scheduler_op);
    var record = hypervisor.remove("sysctl");
    refuses(XenErrno.XEN_ENOSYS, ControlOp.XEN_SYSCTL_physinfo);
    hypervisor.bringBack("sysctl", new SysctlComponent(), record);
    SysctlSchedulerOp op = scheduler(1, 0);
    works(ControlOp.XEN_SYSCTL_scheduler_op);
    assertEquals(200, op.credit2RatelimitUs());
  }

  @Test
  void nothingThatACallerCanSayThrows() {
    long seed = 20_261_120;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    log.add("message");
    byte[] frame = new byte[Sysctl.SIZE];
    for (int i = 0; i < 200_000; i++) {
      random.nextBytes(frame);
      dom0.memory().write(at, frame, 0, frame.length);
      for (int field = Sysctl.ARGUMENT; field + 8 <= Sysctl.SIZE; field += 8) {
        int kind = random.nextInt(5);
        long value = kind == 0 ? room : kind == 1 ? random.nextInt(8) : kind == 2 ? -1L << random.nextInt(64)
            : kind == 3 ? random.nextInt(70) | (long) random.nextInt(70) << 32 : random.nextLong();
        dom0.memory().write64(at + field, value);
      }
      call(dom0.vcpu(0), random.nextInt(32));
      assertTrue(hypervisor.port(HypercallsPort.class).served(35), "it threw");
    }
  }
}
