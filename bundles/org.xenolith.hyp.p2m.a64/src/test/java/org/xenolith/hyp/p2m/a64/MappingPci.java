// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.api.VirtualPci;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.xen.abi.XenErrno;

/** Virtual PCI that maps at the domain's request: one frame of the domain's own functions, one of another's. */
final class MappingPci implements VirtualPci {
  static final long ITS_OWN = 0x10000;
  static final long ANOTHERS = 0x10001;

  @Override
  public int request(Domain domain, long mfn, long gfn) {
    if (mfn != ITS_OWN && mfn != ANOTHERS) {
      return -XenErrno.XEN_ENODEV;
    }
    if (gfn != mfn) {
      return -XenErrno.XEN_EINVAL;
    }
    return mfn == ITS_OWN ? 0 : -XenErrno.XEN_EPERM;
  }

  @Override
  public boolean requested(Domain domain, long gfn) {
    return gfn == ITS_OWN;
  }

  @Override
  public int plug(PciFunction function, Domain owner) {
    return 0;
  }

  @Override
  public void unplug(PciFunction function) {}

  @Override
  public void reset(PciFunction function) {}

  @Override
  public Bridge bridge(Domain domain) {
    return null;
  }

  @Override
  public Bridge facts(Domain domain) {
    return null;
  }

  @Override
  public List<AddressWindow> withheld() {
    return List.of();
  }
}
