// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.xen.abi.XenErrno;

/**
 * Firmware that a domain may start with in the place of a kernel, asked for by its name; an OSGi service. It looks to the hypervisor like a
 * kernel, such as an arm64 Image, and finds what it boots on the domain's own devices.
 */
@ConsumerType
public interface DomainFirmwareKind {
  /** What a domain's file asks for it by: {@code armvirtxen}. No other one that is installed has it. */
  String name();

  /** What it is, for a person who chooses: "edk2's UEFI for guests of Xen". */
  String description();

  /**
   * Its file on the host. Asked each time that a domain is made, so that it may come later.
   *
   * @throws HypervisorException if it isn't there; the message says how it is got
   */
  default Path file() {
    throw new HypervisorException(-XenErrno.XEN_ENOENT, "firmware " + name() + ": it is no file of the host");
  }

  /** Its bytes, if it is made when it is asked for; then no file is. */
  default Optional<byte[]> image() {
    return Optional.empty();
  }

  /** The same where processors of several kinds have it: the domain is given the first that a builder takes. */
  default List<byte[]> images() {
    return image().stream().toList();
  }

  /** Most bytes that the device tree may have which such a domain is given. */
  default int mostTree() {
    return Integer.MAX_VALUE;
  }
}
