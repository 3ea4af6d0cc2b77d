// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The CPUs of the machine as a device meets them. */
@ProviderType
public interface DeviceProcessors {
  /** All of them, in the order of their nodes. */
  List<? extends CpuPort> cpus();

  /** Answers SMC and HVC firmware calls. */
  void firmware(SmcccHandler handler);
}
