// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Firmware with boot services of its own, which knows whether they are over. */
@ConsumerType
public interface BootPhase {
  /** Whether boot services are there: firmware was entered, and no operating system has left them (UEFI 2.10, 7.4.6). */
  boolean hasBootServices();
}
