// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.CpuPort;

/** Looks into the processors of an architecture; a service, one for each. */
@ConsumerType
public interface ProcessorInspector {
  /**
   * A processor as it can be looked into.
   *
   * @param physical RAM by physical address, into which its memories lead in the end
   * @return empty if it is of another architecture
   */
  Optional<InspectedProcessor> inspect(CpuPort processor, InspectedMemory physical);
}
