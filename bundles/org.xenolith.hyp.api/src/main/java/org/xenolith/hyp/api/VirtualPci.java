// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.xen.abi.XenErrno;

/** What domains see of PCI functions: configuration space, BARs, messages. The role {@code vpci}. */
@ConsumerType
public interface VirtualPci {
  /**
   * A function becomes visible to its owner, with its decoders off (a guest's) or as they are (the hardware domain's).
   *
   * @param function with its owner and its address there
   * @return 0 or a negative errno: no virtual bridge, no room, a BAR that can't be given (-EINVAL)
   */
  int plug(PciFunction function, Domain owner);

  /** A function isn't its owner's any more: what stage 2 had of it is unmapped, its decoders and messages are off. */
  void unplug(PciFunction function);

  /** A function was reset: what was kept of its registers is as after power-on. */
  void reset(PciFunction function);

  /**
   * Gives a domain that is being built a virtual host bridge, a generic one (ECAM).
   *
   * @return the bridge as its tree describes it
   */
  Bridge bridge(Domain domain);

  /** The virtual host bridge of a domain; null if it has none. */
  Bridge facts(Domain domain);

  /** Windows of the machine's host bridges that the hardware domain must not have mapped when it is built. */
  List<AddressWindow> withheld();

  /**
   * The hardware domain wants a frame behind a host bridge mapped at its own address, by hypercall (memory_op, map space dev_mmio).
   * What is answered with 0 is the caller's to map, and virtual PCI's to unmap when the function goes or its decoder turns off.
   *
   * @param mfn a machine frame
   * @param gfn where the domain wants it
   * @return 0; -EPERM if no function of the domain decodes there; -EINVAL if that isn't its own address; -ENODEV if this isn't a frame
   *         that is mapped at the domain's request
   */
  default int request(Domain domain, long mfn, long gfn) {
    return -XenErrno.XEN_ENODEV;
  }

  /** Whether a guest frame is one that was mapped at the domain's request, so that the domain may unmap it. */
  default boolean requested(Domain domain, long gfn) {
    return false;
  }

  /**
   * A virtual host bridge.
   *
   * @param ecam         configuration space: buses of 1 MiB, from bus 0 on
   * @param memory       where 32-bit BARs go; bus addresses are the domain's own
   * @param prefetchable where 64-bit BARs go
   */
  record Bridge(AddressWindow ecam, AddressWindow memory, AddressWindow prefetchable) {}
}
