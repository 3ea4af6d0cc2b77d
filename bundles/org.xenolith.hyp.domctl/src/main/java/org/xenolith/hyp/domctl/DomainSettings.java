// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainInfo;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.MachineMemory;
import org.xenolith.hyp.api.P2mPort;
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

  private final DomainsPort domains;
  private final ControlledDomains controlled;
  private final P2mPort p2m;
  private final DomctlMaxMem maxMem = new DomctlMaxMem();
  private final DomctlSetTimeOffset timeOffset = new DomctlSetTimeOffset();
  private final DomctlSubscribe subscription = new DomctlSubscribe();
  private final DomctlAddressSize addressSize = new DomctlAddressSize();
  private final DomctlPagingMempool pool = new DomctlPagingMempool();
  private final DomctlCacheFlush flush = new DomctlCacheFlush();
  private final SharedInfo shared = new SharedInfo();

  DomainSettings(DomainsPort domains, ControlledDomains controlled, P2mPort p2m) {
    this.domains = domains;
    this.controlled = controlled;
    this.p2m = p2m;
  }

  void register(Registration operations) {
    operations.serve(ControlOp.XEN_DOMCTL_max_mem, this::maxMem);
    operations.serve(ControlOp.XEN_DOMCTL_setdomainhandle, this::handle);
    operations.serve(ControlOp.XEN_DOMCTL_settimeoffset, this::timeOffset);
    operations.serve(ControlOp.XEN_DOMCTL_subscribe, this::subscribe);
    operations.serve(ControlOp.XEN_DOMCTL_set_address_size, this::addressSize);
    operations.serve(ControlOp.XEN_DOMCTL_get_paging_mempool_size, this::pool);
    operations.serve(ControlOp.XEN_DOMCTL_set_paging_mempool_size, this::setPool);
    operations.serve(ControlOp.XEN_DOMCTL_cacheflush, this::flush);
  }

  /** A domain that has more already keeps it, and gets no more. */
  private long maxMem(Request request) {
    request.target().maxPages(request.argument(maxMem).maxMemkb() >>> 2);
    return 0;
  }

  private long handle(Request request) {
    request.target().handle(DomainInfo.handle(request.memory(), Domctl.ARGUMENT + DomctlSetDomainHandle.HANDLE));
    return 0;
  }

  /** Moves the wall clock that the domain finds in its shared_info page. */
  private long timeOffset(Request request) {
    Domain domain = request.target();
    long wanted = request.argument(timeOffset).timeOffsetSeconds();
    ControlledDomain own = controlled.of(domain);
    if (domain.sharedInfo() != 0) {
      shared.at(new MachineMemory(domains.domains().processors().getFirst().env.bus()), domain.sharedInfo());
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

  private long subscribe(Request request) {
    controlled.of(request.target()).suspendPort.value = request.argument(subscription).port();
    return 0;
  }

  /** Guests are AArch64 at EL1; that is fixed once there is memory. */
  private long addressSize(Request request) {
    if (request.argument(addressSize).bits() != 64) {
      return -XenErrno.XEN_EINVAL;
    }
    return p2m.pages(request.target()) == 0 ? 0 : -XenErrno.XEN_EBUSY;
  }

  private long pool(Request request) {
    request.argument(pool).poolSize(controlled.of(request.target()).pagingPool.value);
    request.answer();
    return 0;
  }

  /** Tables come from the common heap here: the size is kept for who asks, and reserves nothing. */
  private long setPool(Request request) {
    long size = request.argument(pool).poolSize();
    if (size % PAGE != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    controlled.of(request.target()).pagingPool.value = size;
    return 0;
  }

  /** Caches and memory never differ in this machine; what remains are the rules for the range. */
  private long flush(Request request) {
    request.argument(flush);
    boolean tooMany = Long.compareUnsigned(flush.nrPfns(), FLUSHED_AT_ONCE) > 0;
    boolean wraps = Long.compareUnsigned(flush.startPfn() + flush.nrPfns(), flush.startPfn()) < 0;
    return tooMany || wraps ? -XenErrno.XEN_EINVAL : 0;
  }
}
