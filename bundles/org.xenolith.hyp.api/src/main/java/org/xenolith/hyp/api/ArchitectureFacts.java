// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.xen.abi.XenErrno;

/** What subsystems of every architecture tell guests and people of the one that they run on: the core says it. */
@ConsumerType
public interface ArchitectureFacts {
  /** Kinds of guests that can run here, each with a blank behind it, as XENVER_capabilities gives them, such as {@code "xen-3.0-x86_64 "}. */
  String capabilities();

  /** Bits {@code 1 << XENFEAT_*} that a domain has by the architecture, beside those that are the same on all. */
  int features(Domain domain);

  /**
   * What a domain is answered that asks for a sub-operation of physdev_op, before anybody looks at it: on some architectures Xen serves few of them, and fewer to domains without hardware.
   *
   * @param number {@code PHYSDEVOP_*}
   * @return 0 if who serves it is asked, or a negative errno
   */
  default int physicalDeviceAnswer(Domain domain, int number) {
    return 0;
  }

  /**
   * What a domain is answered that asks for a sub-operation of vcpu_op that nobody serves: Xen has another answer on each architecture.
   *
   * @param vcpu number of the virtual CPU that was asked for, which may be any
   * @return a negative errno
   */
  default int unknownVcpuOperation(Domain domain, int vcpu) {
    return -XenErrno.XEN_EINVAL;
  }

  /** The first virtual address that a guest's kernel can't have, as XENVER_platform_parameters gives it. */
  long virtualStart();

  /**
   * How a domain was made as far as the architecture has words of its own for it, as tools are told by XEN_DOMCTL_getdomaininfo: {@code struct xen_arch_domainconfig}, up to the end of the structure that
   * it is the last part of. Zeros where nothing is told.
   */
  default byte[] domainConfiguration(Domain domain) {
    return new byte[16];
  }

  /** What tools are told as the frequency of a physical CPU; 0 if that isn't known. */
  long hertz();

  /** What tools are told that a physical CPU can do, in the eight words of XEN_SYSCTL_physinfo; zeros where the architecture has no such words. */
  default int[] cpuCapabilities() {
    return new int[8];
  }

  /** How many physical CPUs, of those that follow one another by number, share a socket; 1 where that isn't known. */
  default int coresPerSocket() {
    return 1;
  }

  /**
   * What a guest trapped for, for people.
   *
   * @param cause  the first number of a {@code TRAP} of {@link HypervisorTracePort}
   * @param detail the second one
   */
  String trap(long cause, long detail);
}
