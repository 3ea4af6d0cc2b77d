// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;
import org.xenolith.xen.abi.XenErrno;

/** Port of stage 2. Without a provider memory can't be mapped (-ENOSYS) and isn't reached. */
public final class P2mPort extends RolePort<P2m> implements P2m {
  private final List<Ear> ears = new ArrayList<>();

  /** Who hears, and who answers for it. */
  private record Ear(P2mListener listener, DeviceContext owner) {}

  /** Hears of changes of stage 2 from now on, beside others, in the place of an earlier listener of the same subsystem. */
  public void listen(P2mListener listener, DeviceContext owner) {
    Ear ear = new Ear(listener, owner);
    for (int i = 0; i < ears.size(); i++) {
      if (ears.get(i).owner.instance().equals(owner.instance())) {
        ears.set(i, ear);
        return;
      }
    }
    ears.add(ear);
  }

  /** Hears no more. */
  public void forget(P2mListener listener) {
    ears.removeIf(ear -> ear.listener == listener);
  }

  /** For the provider: valid entries of a domain's tables changed, and the CPUs know. Whoever throws then hears no more. */
  public void changed(Domain domain) {
    for (int i = 0; i < ears.size(); i++) {
      Ear ear = ears.get(i);
      try {
        ear.listener.changed(domain);
      } catch (Throwable bug) {
        ears.remove(i--);
        ear.owner.failed(rethrowMemory(bug));
      }
    }
  }

  @Override
  public long translate(Domain domain, long ipa, boolean write) {
    P2m p2m = provider();
    DeviceContext itsOwner = owner();
    if (p2m == null) {
      return -1;
    }
    try {
      return p2m.translate(domain, ipa, write);
    } catch (Throwable bug) {
      threw(p2m, itsOwner, bug);
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
  public void deviceMapping(Domain domain, DeviceMapping when) {
    tell(p2m -> p2m.deviceMapping(domain, when));
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
  public long entry(Domain domain, long gfn) {
    return askLong(-1, p2m -> p2m.entry(domain, gfn));
  }

  @Override
  public long pages(Domain domain) {
    return askLong(0, p2m -> p2m.pages(domain));
  }
}
