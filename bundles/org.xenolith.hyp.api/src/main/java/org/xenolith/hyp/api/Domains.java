// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.api.CpuEntry;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.platform.api.Platform;

/** The core: domains and what they run on. */
@ProviderType
public interface Domains {
  /** Live domains by ascending domid. */
  List<? extends Domain> all();

  /** The live domain of that domid, or null. */
  Domain byId(int id);

  /**
   * Creates a domain, paused, without memory.
   *
   * @param id the domid wanted, or -1 for the next free one
   * @throws HypervisorException if the domid or name is taken, or there is no room
   */
  Domain create(int id, DomainSpec spec);

  /** Destroys a domain, whatever it does. */
  void destroy(Domain domain);

  /** The virtual CPU whose trap or interrupt is being served; null outside. */
  @Nullable
  Vcpu current();

  /** How the machine's boot CPU is entered so that the core begins. */
  CpuEntry entry();

  /** The hardware. */
  Platform platform();

  /** Physical CPUs. */
  List<? extends CpuPort> processors();

  /** Virtual nanoseconds since power-on. */
  long now();
}
