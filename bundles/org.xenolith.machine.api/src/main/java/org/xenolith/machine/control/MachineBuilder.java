// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.api.EventLog;
import org.xenolith.platform.api.Platform;

/** Builds machines from platforms and the models that are installed; the service of the machine core. */
@ProviderType
public interface MachineBuilder {
  /**
   * Builds a machine, powered off, memory zero. Nodes that no model serves are listed by {@link Machine#unmodelled()}.
   *
   * @throws org.xenolith.machine.api.ModelException if a model refuses its node or no engine is installed
   */
  Machine build(MachineRequest request);

  /**
   * Builds it and tells a listener, who also hears what comes later ({@link Machine#eventListener}): of models that could not be made,
   * {@code model-refused}, whose nodes are then without one.
   *
   * @throws org.xenolith.machine.api.ModelException if a model refuses its node or no engine is installed
   */
  Machine build(MachineRequest request, EventLog events);

  /**
   * What to build.
   *
   * @param platform  the hardware
   * @param engine    name of the CPU engine ({@code xenolith.engine} of its service), or empty for the highest ranking
   * @param functions node path to function id plugged behind that transport, for example {@code virtio:2}
   */
  record MachineRequest(Platform platform, String engine, java.util.Map<String, String> functions) {}
}
