// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.hyp.x64.api.CpuidAnswer;
import org.xenolith.x64.arch.Cpuid;

/** The registers that a CPU's CPUID gives. */
final class Answer implements CpuidAnswer {
  private final Cpuid cpuid;

  Answer(Cpuid cpuid) {
    this.cpuid = cpuid;
  }

  @Override
  public int eax() {
    return cpuid.eax;
  }

  @Override
  public int ebx() {
    return cpuid.ebx;
  }

  @Override
  public int ecx() {
    return cpuid.ecx;
  }

  @Override
  public int edx() {
    return cpuid.edx;
  }

  @Override
  public void set(int eax, int ebx, int ecx, int edx) {
    cpuid.eax = eax;
    cpuid.ebx = ebx;
    cpuid.ecx = ecx;
    cpuid.edx = edx;
  }
}
