package org.xenolith.hyp.domctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.cpu.arch.SysReg;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainInfo;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.EventChannels;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.Hypercalls;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.xen.abi.ArchDomainConfig;
import org.xenolith.xen.abi.ControlBitmap;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.DomctlAddressSize;
import org.xenolith.xen.abi.DomctlArgument;
import org.xenolith.xen.abi.DomctlBindPtIrq;
import org.xenolith.xen.abi.DomctlCacheFlush;
import org.xenolith.xen.abi.DomctlCreateDomain;
import org.xenolith.xen.abi.DomctlGetDomainInfo;
import org.xenolith.xen.abi.DomctlGetVcpuInfo;
import org.xenolith.xen.abi.DomctlIomemPermission;
import org.xenolith.xen.abi.DomctlMaxMem;
import org.xenolith.xen.abi.DomctlMaxVcpus;
import org.xenolith.xen.abi.DomctlMemoryMapping;
import org.xenolith.xen.abi.DomctlPagingMempool;
import org.xenolith.xen.abi.DomctlSchedulerOp;
import org.xenolith.xen.abi.DomctlSetDomainHandle;
import org.xenolith.xen.abi.DomctlSetTimeOffset;
import org.xenolith.xen.abi.DomctlSubscribe;
import org.xenolith.xen.abi.DomctlVcpuAffinity;
import org.xenolith.xen.abi.DomctlVcpuContext;
import org.xenolith.xen.abi.DomainFlag;
import org.xenolith.xen.abi.GuestContext;
import org.xenolith.xen.abi.SchedOp;
import org.xenolith.xen.abi.SharedInfo;
import org.xenolith.xen.abi.VcpuOp;
import org.xenolith.xen.abi.XenErrno;

class DomainControlTest {
  private final Tools tools = new Tools();

  // ---- the frame

  @Test void anotherInterfaceVersionIsRefused() {
    tools.works(ControlOp.XEN_DOMCTL_getdomaininfo, 5);
    tools.frame.interfaceVersion(0x14);
    assertEquals(-XenErrno.XEN_EACCES, tools.dom0.vcpu(0).call(36, tools.at));
  }

  @Test void frameThatCannotBeReadIsAFault() {
    assertEquals(-XenErrno.XEN_EFAULT, tools.dom0.vcpu(0).call(36, 0x10));
  }

  @Test void unknownOperationsAndThoseOfOtherArchitecturesAreNotThere() {
    for (int operation : new int[] {0, 6, 22, 28, 33, 36, 54, 61, 84, 87, 1000, -1, Integer.MAX_VALUE}) {
      tools.refuses(XenErrno.XEN_ENOSYS, operation, 5);
    }
  }

  @Test void unknownDomainComesBeforePermissionAndPermissionBeforeTheOperation() {
    tools.refuses(XenErrno.XEN_ESRCH, ControlOp.XEN_DOMCTL_pausedomain, 9);
    assertEquals(-XenErrno.XEN_ESRCH, tools.call(tools.guest.vcpu(0), ControlOp.XEN_DOMCTL_pausedomain, 9));
    assertEquals(-XenErrno.XEN_EPERM, tools.call(tools.guest.vcpu(0), ControlOp.XEN_DOMCTL_pausedomain, 0));
    assertEquals(-XenErrno.XEN_EPERM, tools.call(tools.guest.vcpu(0), 1000, 0));
  }

  @Test void guestMayDoNothingNotEvenToItself() {
    for (int operation = 0; operation < 128; operation++) {
      int domid = 5;
      assertEquals(-XenErrno.XEN_EPERM, tools.call(tools.guest.vcpu(0), operation, domid), "operation " + operation);
    }
    assertEquals(0, tools.guest.pauseCount());
    assertEquals(2, tools.hypervisor.all().size());
  }

  // ---- information

  @Test void informationSaysWhatADomainIsAndDoes() {
    DomctlGetDomainInfo info = tools.argument(new DomctlGetDomainInfo());
    tools.guest.cpuTime(123);
    tools.guest.vcpu(0).runstateKind(VcpuOp.RUNSTATE_running);
    tools.guest.vcpu(1).powerOn(0, 0);
    tools.works(ControlOp.XEN_DOMCTL_getdomaininfo, 5);
    assertEquals(5, info.domain());
    assertEquals(5, tools.frame.domain());
    assertEquals(64, info.totPages());
    assertEquals(4096, info.maxPages());
    assertEquals(123, info.cpuTime());
    assertEquals(2, info.nrOnlineVcpus());
    assertEquals(1, info.maxVcpuId());
    assertEquals(40, info.gpaddrBits());
    assertEquals(tools.guest.sharedInfo() >>> 12, info.sharedInfoFrame());
    assertEquals(new UUID(0xFA4E, 5), DomainInfo.handle(tools.dom0.memory(), tools.at + Domctl.ARGUMENT + DomctlGetDomainInfo.HANDLE));
    assertEquals(0xFFFF_0000 | DomainFlag.XEN_DOMINF_running | DomainFlag.XEN_DOMINF_hvm_guest | DomainFlag.XEN_DOMINF_hap, info.flags());
  }

  @Test void stateOfADomainIsInItsFlags() {
    DomctlGetDomainInfo info = tools.argument(new DomctlGetDomainInfo());
    tools.guest.vcpu(0).block();
    tools.guest.pause();
    tools.works(ControlOp.XEN_DOMCTL_getdomaininfo, 5);
    assertEquals(DomainFlag.XEN_DOMINF_blocked | DomainFlag.XEN_DOMINF_paused,
        info.flags() & (DomainFlag.XEN_DOMINF_blocked | DomainFlag.XEN_DOMINF_paused | DomainFlag.XEN_DOMINF_running));
    tools.guest.shutdown(SchedOp.SHUTDOWN_crash);
    tools.works(ControlOp.XEN_DOMCTL_getdomaininfo, 5);
    assertEquals(DomainFlag.XEN_DOMINF_shutdown, info.flags() & DomainFlag.XEN_DOMINF_shutdown);
    assertEquals(SchedOp.SHUTDOWN_crash, info.flags() >>> DomainFlag.XEN_DOMINF_shutdownshift & DomainFlag.XEN_DOMINF_shutdownmask);
  }

  @Test void freeDomidStandsForTheNextDomain() {
    tools.works(ControlOp.XEN_DOMCTL_getdomaininfo, 1);
    assertEquals(5, tools.frame.domain());
    tools.refuses(XenErrno.XEN_ESRCH, ControlOp.XEN_DOMCTL_getdomaininfo, 6);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_getdomaininfo, 0x7FF0);
  }

  // ---- life

  private DomctlCreateDomain usual() {
    DomctlCreateDomain config = tools.argument(new DomctlCreateDomain());
    for (int i = 0; i < DomctlCreateDomain.SIZE; i++) {
      tools.dom0.memory().write8(tools.at + Domctl.ARGUMENT + i, (byte) 0);
    }
    config.flags(3);
    config.maxVcpus(3);
    config.grantOpts(1);
    return config;
  }

  @Test void createdDomainWaitsPausedAndTellsItsDomidAndItsInterruptController() {
    usual();
    UUID handle = new UUID(0x0102_0304_0506_0708L, 0x090A_0B0C_0D0E_0F10L);
    DomainInfo.handle(handle, tools.dom0.memory(), tools.at + Domctl.ARGUMENT + DomctlCreateDomain.HANDLE);
    tools.works(ControlOp.XEN_DOMCTL_createdomain, 0xFFFF);
    int domid = tools.frame.domain();
    assertEquals(1, domid);
    var created = tools.hypervisor.byId(domid);
    assertEquals(DomainState.BUILDING, created.state());
    assertEquals(1, created.pauseCount());
    assertEquals(handle, created.handle());
    assertEquals(3, created.vcpus().size());
    assertEquals(31, created.eventInterrupt());
    assertEquals(0, created.maxPages());
    assertEquals(1, tools.dom0.memory().read8(tools.at + Domctl.ARGUMENT + DomctlCreateDomain.HANDLE));
    ArchDomainConfig arch = new ArchDomainConfig();
    arch.at(tools.dom0.memory(), tools.at + Domctl.ARGUMENT + DomctlCreateDomain.ARCH);
    assertEquals(1, arch.gicVersion());
    assertEquals(62_500_000, arch.clockFrequency());
  }

  @Test void chosenDomidIsTakenUnlessItIsInUse() {
    usual();
    tools.works(ControlOp.XEN_DOMCTL_createdomain, 77);
    assertEquals(77, tools.frame.domain());
    usual();
    tools.refuses(XenErrno.XEN_EEXIST, ControlOp.XEN_DOMCTL_createdomain, 77);
  }

  @Test void configurationsThatArmCannotHaveAreRefused() {
    usual().flags(1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_createdomain, 0);
    usual().flags(3 | 32);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_createdomain, 0);
    usual().iommuOpts(1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_createdomain, 0);
    usual().maxVcpus(0);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_createdomain, 0);
    usual().maxVcpus(9);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_createdomain, 0);
    usual().maxVcpus(-1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_createdomain, 0);
    usual().grantOpts(2);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_createdomain, 0);
    usual().cpupoolId(1);
    tools.refuses(XenErrno.XEN_ESRCH, ControlOp.XEN_DOMCTL_createdomain, 0);
    usual();
    tools.dom0.memory().write8(tools.at + Domctl.ARGUMENT + DomctlCreateDomain.ARCH, (byte) 2);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_createdomain, 0);
    assertEquals(2, tools.hypervisor.all().size());
  }

  @Test void pausesAreCountedAndOneTooManyUnpauseIsRefused() {
    tools.works(ControlOp.XEN_DOMCTL_pausedomain, 5);
    tools.works(ControlOp.XEN_DOMCTL_pausedomain, 5);
    assertEquals(2, tools.guest.pauseCount());
    tools.works(ControlOp.XEN_DOMCTL_unpausedomain, 5);
    tools.works(ControlOp.XEN_DOMCTL_unpausedomain, 5);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_unpausedomain, 5);
    for (int i = 0; i < 255; i++) {
      tools.works(ControlOp.XEN_DOMCTL_pausedomain, 5);
    }
    tools.refuses(XenErrno.XEN_EOVERFLOW, ControlOp.XEN_DOMCTL_pausedomain, 5);
  }

  @Test void domainCannotStopItself() {
    for (int operation : new int[] {ControlOp.XEN_DOMCTL_pausedomain, ControlOp.XEN_DOMCTL_destroydomain,
        ControlOp.XEN_DOMCTL_max_vcpus, ControlOp.XEN_DOMCTL_resumedomain, ControlOp.XEN_DOMCTL_setvcpucontext}) {
      tools.argument(new DomctlMaxVcpus()).max(2);
      tools.refuses(XenErrno.XEN_EINVAL, operation, 0);
    }
    assertEquals(0, tools.dom0.pauseCount());
  }

  @Test void destroyedDomainIsGone() {
    tools.works(ControlOp.XEN_DOMCTL_destroydomain, 5);
    assertNull(tools.hypervisor.byId(5));
    tools.refuses(XenErrno.XEN_ESRCH, ControlOp.XEN_DOMCTL_destroydomain, 5);
  }

  @Test void numberOfVcpusIsThatOfCreation() {
    tools.argument(new DomctlMaxVcpus()).max(2);
    tools.works(ControlOp.XEN_DOMCTL_max_vcpus, 5);
    tools.argument(new DomctlMaxVcpus()).max(3);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_max_vcpus, 5);
  }

  // ---- settings

  @Test void limitHandleAndPoolAreKept() {
    tools.argument(new DomctlMaxMem()).maxMemkb(1024 + 3);
    tools.works(ControlOp.XEN_DOMCTL_max_mem, 5);
    assertEquals(256, tools.guest.maxPages());
    UUID handle = new UUID(1, 2);
    DomainInfo.handle(handle, tools.dom0.memory(), tools.at + Domctl.ARGUMENT + DomctlSetDomainHandle.HANDLE);
    tools.works(ControlOp.XEN_DOMCTL_setdomainhandle, 5);
    assertEquals(handle, tools.guest.handle());
    tools.argument(new DomctlPagingMempool()).poolSize(0x3000);
    tools.works(ControlOp.XEN_DOMCTL_set_paging_mempool_size, 5);
    tools.argument(new DomctlPagingMempool()).poolSize(0x3001);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_set_paging_mempool_size, 5);
    tools.works(ControlOp.XEN_DOMCTL_get_paging_mempool_size, 5);
    assertEquals(0x3000, tools.argument(new DomctlPagingMempool()).poolSize());
  }

  @Test void timeOffsetMovesTheWallClockByTheDifference() {
    SharedInfo shared = new SharedInfo();
    shared.at(tools.hypervisor.memory(), tools.guest.sharedInfo());
    shared.wcSec(0xFFFF_FFFF);
    tools.argument(new DomctlSetTimeOffset()).timeOffsetSeconds(3);
    tools.works(ControlOp.XEN_DOMCTL_settimeoffset, 5);
    assertEquals(2, shared.wcSec());
    assertEquals(1, shared.wcSecHi());
    assertEquals(0, shared.wcVersion() & 1);
    assertNotEquals(0, shared.wcVersion());
    tools.argument(new DomctlSetTimeOffset()).timeOffsetSeconds(1);
    tools.works(ControlOp.XEN_DOMCTL_settimeoffset, 5);
    assertEquals(0, shared.wcSec());
  }

  @Test void addressSizeIsFixedOnceThereIsMemory() {
    usual();
    tools.works(ControlOp.XEN_DOMCTL_createdomain, 7);
    tools.argument(new DomctlAddressSize()).bits(64);
    tools.works(ControlOp.XEN_DOMCTL_set_address_size, 7);
    tools.refuses(XenErrno.XEN_EBUSY, ControlOp.XEN_DOMCTL_set_address_size, 5);
    tools.argument(new DomctlAddressSize()).bits(32);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_set_address_size, 7);
  }

  @Test void cacheFlushHasItsLimits() {
    DomctlCacheFlush flush = tools.argument(new DomctlCacheFlush());
    flush.startPfn(0x40000);
    flush.nrPfns(1 << 18);
    tools.works(ControlOp.XEN_DOMCTL_cacheflush, 5);
    flush.nrPfns((1 << 18) + 1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_cacheflush, 5);
    flush.startPfn(-1);
    flush.nrPfns(2);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_cacheflush, 5);
  }

  @Test void weightAndCapAreThoseOfCredit2() {
    DomctlSchedulerOp op = tools.argument(new DomctlSchedulerOp());
    op.schedId(DomctlArgument.XEN_SCHEDULER_CREDIT2);
    op.cmd(DomctlArgument.XEN_DOMCTL_SCHEDOP_getinfo);
    tools.works(ControlOp.XEN_DOMCTL_scheduler_op, 5);
    assertEquals(256, op.weight());
    assertEquals(0, op.cap());
    op.cmd(DomctlArgument.XEN_DOMCTL_SCHEDOP_putinfo);
    op.weight(512);
    op.cap(150);
    tools.works(ControlOp.XEN_DOMCTL_scheduler_op, 5);
    assertEquals(512, tools.guest.weight());
    assertEquals(150, tools.guest.cap());
    op.weight(0);
    op.cap(201);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_scheduler_op, 5);
    op.cap(0);
    tools.works(ControlOp.XEN_DOMCTL_scheduler_op, 5);
    assertEquals(512, tools.guest.weight());
    assertEquals(0, tools.guest.cap());
    op.schedId(DomctlArgument.XEN_SCHEDULER_CREDIT);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_scheduler_op, 5);
    op.schedId(DomctlArgument.XEN_SCHEDULER_CREDIT2);
    op.cmd(DomctlArgument.XEN_DOMCTL_SCHEDOP_getvcpuinfo);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_scheduler_op, 5);
  }

  // ---- vCPUs

  @Test void vcpuSaysWhatItDoes() {
    DomctlGetVcpuInfo info = tools.argument(new DomctlGetVcpuInfo());
    info.vcpu(1);
    tools.works(ControlOp.XEN_DOMCTL_getvcpuinfo, 5);
    assertEquals(0, info.online());
    tools.guest.vcpu(0).block();
    tools.guest.vcpu(0).runstate()[0] = 77;
    info.vcpu(0);
    tools.works(ControlOp.XEN_DOMCTL_getvcpuinfo, 5);
    assertEquals(1, info.online());
    assertEquals(1, info.blocked());
    assertEquals(77, info.cpuTime());
    for (int missing : new int[] {2, -1, Integer.MAX_VALUE}) {
      info.vcpu(missing);
      tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_getvcpuinfo, 5);
    }
  }

  @Test void registersAreSetAndReadBack() {
    GuestContext context = tools.room(new GuestContext());
    context.flags(1);
    context.pc64(0x4008_0000L);
    for (int i = 0; i < 31; i++) {
      context.x(i, 100 + i);
    }
    context.cpsr(0x1C5);
    context.spEl1(0x1234_0000L);
    context.sctlr(0xC5_0078);
    DomctlVcpuContext argument = tools.argument(new DomctlVcpuContext());
    argument.vcpu(1);
    argument.ctxt(tools.room);
    tools.works(ControlOp.XEN_DOMCTL_setvcpucontext, 5);
    var vcpu = tools.guest.vcpu(1);
    assertTrue(vcpu.online());
    assertEquals(0, tools.guest.pauseCount());
    assertEquals(0x1C5, vcpu.context().pstate());
    assertEquals(0x1234_0000L, vcpu.context().stackPointer(1));
    for (int i = 1; i < 31; i++) {
      assertEquals(100 + i, vcpu.context().x(i));
    }
    vcpu.context().pc(0x4008_0000L);
    for (int i = 0; i < GuestContext.SIZE; i++) {
      tools.dom0.memory().write8(tools.room + i, (byte) 0x55);
    }
    tools.works(ControlOp.XEN_DOMCTL_getvcpucontext, 5);
    assertEquals(0x4008_0000L, context.pc64());
    assertEquals(0x1C5, context.cpsr());
    assertEquals(0x1234_0000L, context.spEl1());
    assertEquals(vcpu.context().register(SysReg.SCTLR_EL1), context.sctlr());
    assertEquals(0, context.sctlr() & 1, "MMU off, as asked for");
    assertEquals(0, context.spsrFiq());
  }

  @Test void registersThatLeaveEl1AreRefused() {
    GuestContext context = tools.room(new GuestContext());
    DomctlVcpuContext argument = tools.argument(new DomctlVcpuContext());
    argument.ctxt(tools.room);
    for (long pstate : new long[] {0x9, 0xD, 0x1D3, 0xC, 0x8}) {
      context.cpsr(pstate);
      context.spsrEl1(0);
      tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_setvcpucontext, 5);
      context.cpsr(0x1C5);
      context.spsrEl1(pstate);
      tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_setvcpucontext, 5);
    }
    argument.vcpu(2);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_setvcpucontext, 5);
    argument.vcpu(0);
    argument.ctxt(0x8);
    tools.refuses(XenErrno.XEN_EFAULT, ControlOp.XEN_DOMCTL_setvcpucontext, 5);
    argument.vcpu(1);
    tools.refuses(XenErrno.XEN_ENODATA, ControlOp.XEN_DOMCTL_getvcpucontext, 5);
  }

  @Test void affinityIsKeptAndAnswersWithWhatItComesTo() {
    DomctlVcpuAffinity affinity = tools.argument(new DomctlVcpuAffinity());
    affinity.vcpu(1);
    affinity.flags(3);
    map(DomctlVcpuAffinity.CPUMAP_HARD, tools.room, 64);
    map(DomctlVcpuAffinity.CPUMAP_SOFT, tools.room + 16, 64);
    tools.dom0.memory().write64(tools.room, 0x06);
    tools.dom0.memory().write64(tools.room + 16, 0xFC);
    tools.works(ControlOp.XEN_DOMCTL_setvcpuaffinity, 5);
    assertEquals(0x06, tools.dom0.memory().read64(tools.room));
    assertEquals(0x04, tools.dom0.memory().read64(tools.room + 16));
    tools.works(ControlOp.XEN_DOMCTL_getvcpuaffinity, 5);
    assertEquals(0x06, tools.dom0.memory().read64(tools.room));
    assertEquals(0x0C, tools.dom0.memory().read64(tools.room + 16));
    affinity.vcpu(0);
    tools.works(ControlOp.XEN_DOMCTL_getvcpuaffinity, 5);
    assertEquals(0x0F, tools.dom0.memory().read64(tools.room), "four CPUs, and zeros behind");
  }

  @Test void affinityWithoutACpuOrWithoutAMapIsRefused() {
    DomctlVcpuAffinity affinity = tools.argument(new DomctlVcpuAffinity());
    affinity.vcpu(0);
    affinity.flags(1);
    map(DomctlVcpuAffinity.CPUMAP_HARD, tools.room, 64);
    tools.dom0.memory().write64(tools.room, 0xF0);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_setvcpuaffinity, 5);
    affinity.flags(0);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_getvcpuaffinity, 5);
    affinity.flags(1);
    map(DomctlVcpuAffinity.CPUMAP_HARD, 0, 64);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_getvcpuaffinity, 5);
    map(DomctlVcpuAffinity.CPUMAP_HARD, 8, 64);
    tools.refuses(XenErrno.XEN_EFAULT, ControlOp.XEN_DOMCTL_getvcpuaffinity, 5);
    tools.refuses(XenErrno.XEN_EFAULT, ControlOp.XEN_DOMCTL_setvcpuaffinity, 5);
    affinity.vcpu(2);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_getvcpuaffinity, 5);
  }

  @Test void thereIsOneNode() {
    map(0, tools.room, 8);
    tools.dom0.memory().write64(tools.room, -1);
    tools.works(ControlOp.XEN_DOMCTL_getnodeaffinity, 5);
    assertEquals(1, tools.dom0.memory().read8(tools.room));
    tools.works(ControlOp.XEN_DOMCTL_setnodeaffinity, 5);
    tools.dom0.memory().write8(tools.room, (byte) 2);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_setnodeaffinity, 5);
  }

  private void map(int offset, long bitmap, int bits) {
    ControlBitmap map = new ControlBitmap();
    map.at(tools.dom0.memory(), tools.at + Domctl.ARGUMENT + offset);
    map.bitmap(bitmap);
    map.nrBits(bits);
  }

  // ---- hardware

  private DomctlMemoryMapping mapping(long gfn, long mfn, long count, int add) {
    DomctlMemoryMapping mapping = tools.argument(new DomctlMemoryMapping());
    mapping.firstGfn(gfn);
    mapping.firstMfn(mfn);
    mapping.nrMfns(count);
    mapping.addMapping(add);
    return mapping;
  }

  private void permit(long first, long count, int allow) {
    DomctlIomemPermission permission = tools.argument(new DomctlIomemPermission());
    permission.firstMfn(first);
    permission.nrMfns(count);
    permission.allowAccess(allow);
  }

  @Test void windowIsMappedOnlyToWhoWasPermitted() {
    mapping(0x9000, 0x9000, 2, 1);
    tools.refuses(XenErrno.XEN_EPERM, ControlOp.XEN_DOMCTL_memory_mapping, 5);
    permit(0x9000, 2, 1);
    tools.works(ControlOp.XEN_DOMCTL_iomem_permission, 5);
    mapping(0x9000, 0x9000, 2, 1);
    tools.works(ControlOp.XEN_DOMCTL_memory_mapping, 5);
    assertEquals(PageType.DEVICE, tools.hypervisor.p2m().type(tools.guest, 0x9001));
    mapping(0x9000, 0x9000, 2, 0);
    tools.works(ControlOp.XEN_DOMCTL_memory_mapping, 5);
    assertEquals(PageType.NONE, tools.hypervisor.p2m().type(tools.guest, 0x9001));
    permit(0x9001, 1, 0);
    tools.works(ControlOp.XEN_DOMCTL_iomem_permission, 5);
    mapping(0x9000, 0x9000, 2, 1);
    tools.refuses(XenErrno.XEN_EPERM, ControlOp.XEN_DOMCTL_memory_mapping, 5);
  }

  @Test void memoryCannotBeGivenAsAWindow() {
    permit(tools.dom0.gfn(), 1, 1);
    tools.refuses(XenErrno.XEN_EPERM, ControlOp.XEN_DOMCTL_iomem_permission, 5);
    permit(0x3F000, 0x10000, 1);
    tools.refuses(XenErrno.XEN_EPERM, ControlOp.XEN_DOMCTL_iomem_permission, 5);
    permit(-1, 1, 1);
    tools.refuses(XenErrno.XEN_EPERM, ControlOp.XEN_DOMCTL_iomem_permission, 5);
    permit(-1, 2, 1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_iomem_permission, 5);
    permit(1, 0, 1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_iomem_permission, 5);
  }

  @Test void mappingHasItsLimits() {
    mapping(0x9000, 0x9000, 65, 1);
    tools.refuses(XenErrno.XEN_E2BIG, ControlOp.XEN_DOMCTL_memory_mapping, 5);
    mapping(-1, 0x9000, 2, 1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_memory_mapping, 5);
    mapping(0x9000, 1L << 36, 1, 1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_memory_mapping, 5);
  }

  @Test void spiIsRoutedOneToOne() {
    DomctlBindPtIrq binding = tools.argument(new DomctlBindPtIrq());
    binding.irqType(DomctlArgument.PT_IRQ_TYPE_SPI);
    binding.machineIrq(40);
    binding.spi(40);
    tools.works(ControlOp.XEN_DOMCTL_bind_pt_irq, 5);
    assertEquals(40, tools.hypervisor.gic().routings().getFirst().intid());
    binding.spi(41);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_bind_pt_irq, 5);
    binding.irqType(DomctlArgument.PT_IRQ_TYPE_PCI);
    tools.refuses(XenErrno.XEN_EOPNOTSUPP, ControlOp.XEN_DOMCTL_bind_pt_irq, 5);
    tools.refuses(XenErrno.XEN_EOPNOTSUPP, ControlOp.XEN_DOMCTL_assign_device, 5);
  }

  // ---- events

  @Test void controlDomainHearsOfEndsAndASubscriberOfSuspension() {
    List<String> heard = new ArrayList<>();
    tools.hypervisor.port(EventChannelsPort.class).attach(new Listening(heard), tools.hypervisor.context("domctl"));
    tools.argument(new DomctlSubscribe()).port(9);
    tools.works(ControlOp.XEN_DOMCTL_subscribe, 5);
    tools.guest.shutdown(SchedOp.SHUTDOWN_suspend);
    tools.works(ControlOp.XEN_DOMCTL_destroydomain, 5);
    tools.hypervisor.domU(7, 1).shutdown(SchedOp.SHUTDOWN_suspend);
    tools.hypervisor.domU(8, 1).shutdown(SchedOp.SHUTDOWN_poweroff);
    assertEquals(List.of("d5 port 9", "virq 3", "virq 3", "virq 3"), heard);
  }

  private record Listening(List<String> heard) implements EventChannels {
    @Override public int send(Domain domain, int port) {
      heard.add("d" + domain.id() + " port " + port);
      return 0;
    }

    @Override public void raise(Vcpu vcpu, int virq) {
      heard.add("virq " + virq);
    }

    @Override public int allocateUnbound(Domain domain, int remote) {
      return 0;
    }

    @Override public int bindInterdomain(Domain domain, Domain remote, int remotePort) {
      return 0;
    }

    @Override public int close(Domain domain, int port) {
      return 0;
    }

    @Override public boolean pending(Vcpu vcpu) {
      return false;
    }

    @Override public boolean pending(Domain domain, int port) {
      return false;
    }

    @Override public int open(Domain domain) {
      return 0;
    }
  }

  // ---- change

  @Test void handOverKeepsWhatToolsSet() {
    tools.argument(new DomctlPagingMempool()).poolSize(0x5000);
    tools.works(ControlOp.XEN_DOMCTL_set_paging_mempool_size, 5);
    permit(0x9000, 2, 1);
    tools.works(ControlOp.XEN_DOMCTL_iomem_permission, 5);
    affinityIsKeptAndAnswersWithWhatItComesTo();
    var before = tools.hypervisor.context("domctl");
    var model = tools.hypervisor.replace("domctl", new DomctlComponent());
    assertNotEquals(before, tools.hypervisor.context("domctl"));
    assertEquals(tools.model.state().save(), model.state().save());
    tools.works(ControlOp.XEN_DOMCTL_get_paging_mempool_size, 5);
    assertEquals(0x5000, tools.argument(new DomctlPagingMempool()).poolSize());
    mapping(0x9000, 0x9000, 2, 1);
    tools.works(ControlOp.XEN_DOMCTL_memory_mapping, 5);
  }

  @Test void removedItIsNotThereAndBackItKnowsOnlyWhoIsLeft() {
    tools.argument(new DomctlPagingMempool()).poolSize(0x5000);
    tools.works(ControlOp.XEN_DOMCTL_set_paging_mempool_size, 5);
    var record = tools.hypervisor.remove("domctl");
    tools.refuses(XenErrno.XEN_ENOSYS, ControlOp.XEN_DOMCTL_getdomaininfo, 5);
    tools.hypervisor.destroy(tools.guest);
    var model = tools.hypervisor.bringBack("domctl", new DomctlComponent(), record);
    assertEquals(new Tools().model.state().save(), model.state().save());
    tools.works(ControlOp.XEN_DOMCTL_getdomaininfo, 0);
  }

  @Test void nothingThatACallerCanSayThrows() {
    long seed = 20_261_120;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] frame = new byte[Domctl.SIZE];
    for (int i = 0; i < 200_000; i++) {
      random.nextBytes(frame);
      tools.dom0.memory().write(tools.at, frame, 0, frame.length);
      if (random.nextInt(3) > 0) {
        for (int field = Domctl.ARGUMENT; field + 8 <= Domctl.SIZE; field += 8) {
          int kind = random.nextInt(5);
          long value = kind == 0 ? tools.room : kind == 1 ? random.nextInt(8) : kind == 2 ? -1L << random.nextInt(64)
              : kind == 3 ? random.nextInt(70) | (long) random.nextInt(70) << 32 : random.nextLong();
          tools.dom0.memory().write64(tools.at + field, value);
        }
      }
      int operation = random.nextInt(90);
      if (operation == ControlOp.XEN_DOMCTL_createdomain && tools.hypervisor.all().size() > 8) {
        continue;
      }
      if (operation == ControlOp.XEN_DOMCTL_destroydomain && tools.frame.domain() == 5) {
        continue;
      }
      tools.call(operation, random.nextInt(4) == 0 ? random.nextInt(0x10000) : 5);
      assertTrue(tools.hypervisor.port(Hypercalls.class).served(36), "it threw");
    }
  }
}
