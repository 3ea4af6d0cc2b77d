// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.XenErrno;

/** Port of stage 2. Without a provider memory can't be mapped (-ENOSYS) and isn't reached. */
public final class P2mPort extends RolePort<P2m> implements P2m {
  private P2mListener listener;
  private DeviceContext owner;

  /** Hears of changes of stage 2 from now on, in the place of an earlier listener; null for nobody. */
  public void listen(P2mListener newListener, DeviceContext newOwner) {
    listener = newListener;
    owner = newOwner;
  }

  /** For the provider: valid entries of a domain's tables changed, and the CPUs know. */
  public void changed(Domain domain) {
    if (listener != null) {
      try {
        listener.changed(domain);
      } catch (Throwable bug) {
        listener = null;
        owner.failed(rethrowMemory(bug));
      }
    }
  }

  @Override
  public long translate(Domain domain, long ipa, boolean write) {
    P2m p2m = provider();
    if (p2m == null) {
      return -1;
    }
    try {
      return p2m.translate(domain, ipa, write);
    } catch (Throwable bug) {
      failed(rethrowMemory(bug));
      return -1;
    }
  }

  @Override
  public PageType type(Domain domain, long gfn) {
    return ask(PageType.NONE, p2m -> p2m.type(domain, gfn));
  }

  @Override
  public int map(Domain domain, long gfn, long mfn, long count, PageType type) {
    return ask(-XenErrno.XEN_ENOSYS, p2m -> p2m.map(domain, gfn, mfn, count, type));
  }

  @Override
  public int unmap(Domain domain, long gfn, long count) {
    return ask(-XenErrno.XEN_ENOSYS, p2m -> p2m.unmap(domain, gfn, count));
  }

  @Override
  public int populate(Domain domain, long gfn, long count) {
    return ask(-XenErrno.XEN_ENOSYS, p2m -> p2m.populate(domain, gfn, count));
  }

  @Override
  public long root(Domain domain) {
    return askLong(0, p2m -> p2m.root(domain));
  }

  @Override
  public long control() {
    return askLong(0, p2m -> p2m.control());
  }

  @Override
  public boolean fault(Vcpu vcpu, long ipa, boolean write) {
    return ask(false, p2m -> p2m.fault(vcpu, ipa, write));
  }

  @Override
  public long pages(Domain domain) {
    return askLong(0, p2m -> p2m.pages(domain));
  }
}
