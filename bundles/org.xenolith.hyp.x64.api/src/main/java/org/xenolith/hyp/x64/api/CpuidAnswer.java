// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import org.osgi.annotation.versioning.ProviderType;

/** The four registers that CPUID gives. */
@ProviderType
public interface CpuidAnswer {
  /** EAX. */
  int eax();

  /** EBX. */
  int ebx();

  /** ECX. */
  int ecx();

  /** EDX. */
  int edx();

  /** Sets all four. */
  void set(int eax, int ebx, int ecx, int edx);
}
