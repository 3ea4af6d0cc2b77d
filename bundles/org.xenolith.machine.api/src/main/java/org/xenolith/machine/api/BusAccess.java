// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Who makes the access of a window that is being answered, as a bus carries it beside address and data (AMBA: AxPROT, AxUSER; IHI 0022, A4.7): {@link DeviceBus#access}. It
 * is asked while an {@link MmioHandler} or a {@link MessageInput} answers, and says that nobody asks in an alarm, a reset or when a model is made. What a CPU calls
 * otherwise, a system register or a firmware call, has the CPU as an argument.
 */
@ProviderType
public interface BusAccess {
  /** No CPU: a bus master asks, or nobody. */
  int NO_CPU = -1;

  /** Index of the CPU whose access is being answered, for registers that are banked by CPU; {@link #NO_CPU} if there is none. */
  int cpu();

  /**
   * Whether the access was made in the secure physical address space (AxPROT[1] = 0). It is the address's property, not the CPU's: in Secure state a CPU makes accesses
   * of both kinds. CPUs without a Secure state and bus masters make non-secure ones.
   */
  boolean secure();

  /**
   * Whether the access is privileged (AxPROT[0] = 1): the CPU's level at that moment is above that of applications, and the instruction doesn't
   * ask for an unprivileged one, as some architectures have it. A walk of translation tables counts as the level for which it is made. Bus masters are unprivileged.
   */
  boolean privileged();

  /**
   * The bus master whose message is being answered, as {@link MessageInput} has it; {@link MessageInput#NO_ID} if the fabric gives it no id, if a CPU asks, or nobody
   * does. Messages are all that bus masters reach of windows.
   */
  long requester();
}
