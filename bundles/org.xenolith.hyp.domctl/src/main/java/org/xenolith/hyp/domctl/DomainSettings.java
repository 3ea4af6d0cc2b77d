// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.kit.DomainInfo;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.DomctlAddressSize;
import org.xenolith.xen.abi.DomctlCacheFlush;
import org.xenolith.xen.abi.DomctlMaxMem;
import org.xenolith.xen.abi.DomctlPagingMempool;
import org.xenolith.xen.abi.DomctlSetDomainHandle;
import org.xenolith.xen.abi.DomctlSetTimeOffset;
import org.xenolith.xen.abi.DomctlSubscribe;
import org.xenolith.xen.abi.SharedInfo;
import org.xenolith.xen.abi.XenErrno;

/** Limits, identity, clock and memory pools of a domain. */
final class DomainSettings {
  /** Frames that cacheflush takes at once: 2 to the power of 18. */
  private static final long FLUSHED_AT_ONCE = 1 << 18;
  private static final int PAGE = 4096;

  private final MachineMemory memory;
  private final ControlledDomains controlled;
  private final P2mPort p2m;
  private final DomctlFrame frame;
  private final SharedInfo shared = new SharedInfo();

  DomainSettings(DomctlFrame frame, MachineMemory memory, ControlledDomains controlled, P2mPort p2m) {
    this.frame = frame;
    this.memory = memory;
    this.controlled = controlled;
    this.p2m = p2m;
  }

  List<SubOperation<?>> operations() {
    return List.of(
        SubOperation.of(ControlOp.XEN_DOMCTL_max_mem, "max_mem", new DomctlMaxMem(), DomainSettings::maxMem),
        SubOperation.of(ControlOp.XEN_DOMCTL_setdomainhandle, "setdomainhandle", new DomctlSetDomainHandle(), this::handle),
        SubOperation.of(ControlOp.XEN_DOMCTL_settimeoffset, "settimeoffset", new DomctlSetTimeOffset(), this::timeOffset),
        SubOperation.of(ControlOp.XEN_DOMCTL_subscribe, "subscribe", new DomctlSubscribe(), this::subscribe),
        SubOperation.of(ControlOp.XEN_DOMCTL_set_address_size, "set_address_size", new DomctlAddressSize(), this::addressSize),
        SubOperation.of(ControlOp.XEN_DOMCTL_get_paging_mempool_size, "get_paging_mempool_size", new DomctlPagingMempool(), this::pool)
            .answers(),
        SubOperation.of(ControlOp.XEN_DOMCTL_set_paging_mempool_size, "set_paging_mempool_size", new DomctlPagingMempool(),
            this::setPool),
        SubOperation.of(ControlOp.XEN_DOMCTL_cacheflush, "cacheflush", new DomctlCacheFlush(), DomainSettings::flush));
  }

  /** A domain that has more already keeps it, and gets no more. */
  private static long maxMem(Hypercall call, DomctlMaxMem limit, Domain target) {
    target.maxPages(limit.maxMemkb() >>> 2);
    return 0;
  }

  private long handle(Hypercall call, DomctlSetDomainHandle handle, Domain target) {
    target.handle(DomainInfo.handle(frame.memory(), Domctl.ARGUMENT + DomctlSetDomainHandle.HANDLE));
    return 0;
  }

  /** Moves the wall clock that the domain finds in its shared_info page. */
  private long timeOffset(Hypercall call, DomctlSetTimeOffset offset, Domain domain) {
    long wanted = offset.timeOffsetSeconds();
    ControlledDomain own = controlled.of(domain);
    if (domain.sharedInfo() != 0) {
      shared.at(memory, domain.sharedInfo());
      int version = shared.wcVersion();
      long seconds = (long) shared.wcSecHi() << 32 | shared.wcSec() & 0xFFFF_FFFFL;
      seconds += wanted - own.timeOffset.value;
      shared.wcVersion(version | 1);
      shared.wcSec((int) seconds);
      shared.wcSecHi((int) (seconds >>> 32));
      shared.wcVersion((version | 1) + 1);
    }
    own.timeOffset.value = wanted;
    return 0;
  }

  private long subscribe(Hypercall call, DomctlSubscribe subscription, Domain target) {
    controlled.of(target).suspendPort.value = subscription.port();
    return 0;
  }

  /** Guests begin with 64 bits; that is fixed once there is memory. */
  private long addressSize(Hypercall call, DomctlAddressSize size, Domain target) {
    if (size.bits() != 64) {
      return -XenErrno.XEN_EINVAL;
    }
    return p2m.pages(target) == 0 ? 0 : -XenErrno.XEN_EBUSY;
  }

  private long pool(Hypercall call, DomctlPagingMempool pool, Domain target) {
    pool.poolSize(controlled.of(target).pagingPool.value);
    return 0;
  }

  /** Tables come from the common heap here: the size is kept for who asks, and reserves nothing. */
  private long setPool(Hypercall call, DomctlPagingMempool pool, Domain target) {
    long size = pool.poolSize();
    if (size % PAGE != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    controlled.of(target).pagingPool.value = size;
    return 0;
  }

  /** Caches and memory never differ in this machine; what remains are the rules for the range. */
  private static long flush(Hypercall call, DomctlCacheFlush flush, Domain target) {
    boolean tooMany = Long.compareUnsigned(flush.nrPfns(), FLUSHED_AT_ONCE) > 0;
    boolean wraps = Long.compareUnsigned(flush.startPfn() + flush.nrPfns(), flush.startPfn()) < 0;
    return tooMany || wraps ? -XenErrno.XEN_EINVAL : 0;
  }
}
