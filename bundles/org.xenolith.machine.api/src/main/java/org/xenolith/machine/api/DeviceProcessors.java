// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The CPUs of the machine as a device meets them. */
@ProviderType
public interface DeviceProcessors {
  /** All of them, in the order of their nodes. What a device claims of one ({@link CpuPort#as}) is undone when its context closes. */
  List<? extends CpuPort> cpus();
}
