// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** The PCI functions that the hypervisor knows, and whose they are: the role {@code pci}. */
@ConsumerType
public interface PciDevices {
  /**
   * The hardware domain found a function, or the hypervisor did: it becomes the hardware domain's.
   *
   * @param flags   {@code XEN_PCI_DEV_*} of the public header {@code physdev.h}
   * @param physical address of the physical function, if {@code flags} say that this is a virtual one
   * @return 0 or a negative errno
   */
  int add(int sbdf, int flags, int physical);

  /** A function is gone. @return 0 or a negative errno */
  int remove(int sbdf);

  /**
   * The hardware domain has reset a function: what is kept of its registers is as after power-on. The function itself isn't touched,
   * as in Xen.
   *
   * @param kind {@code PCI_DEVICE_RESET_*} of the public header {@code physdev.h}: 0 cold, 1 warm, 2 hot, 3 function level
   * @return 0 or a negative errno
   */
  int reset(int sbdf, int kind);

  /** The hardware domain has brought a host bridge up: from now on there may be functions behind it. */
  default void ready(HostBridgePort bridge) {}

  /** What is known, by ascending address. */
  List<PciFunction> functions();

  /** The function at an address; null if none is known. */
  PciFunction at(int sbdf);

  /** Addresses of the functions that can't be told apart by what isolates them, so that they go together; at least its own. */
  List<Integer> group(int sbdf);

  /**
   * Sets a function aside for other domains, or takes that back.
   *
   * @throws HypervisorException if there is no such function or it is in use
   */
  void assignable(int sbdf, boolean on);

  /**
   * Whether a function could be given to another domain.
   *
   * @throws HypervisorException if not: the message says why
   */
  void testAssign(int sbdf);

  /**
   * Gives a function to a domain.
   *
   * @param slot devfn on the domain's virtual bus, or -1 for the next free one
   * @return its address there
   * @throws HypervisorException if that can't be: it belongs to another one, nothing isolates it, its group is torn apart; the
   *                             function stays whose it was
   */
  int assign(int sbdf, Domain domain, int slot);

  /**
   * Takes a function from the domain that has it, resets it and gives it back to the hardware domain, still set aside.
   *
   * @throws HypervisorException if that domain doesn't have it
   */
  void deassign(int sbdf, Domain domain);
}
