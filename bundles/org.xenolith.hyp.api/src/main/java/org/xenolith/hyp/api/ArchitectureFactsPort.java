// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.xenolith.machine.api.RolePort;
import org.xenolith.xen.abi.XenErrno;

/** Port of what the core says of its architecture. Without one nothing is known: no kind of guest, zeros. */
public final class ArchitectureFactsPort extends RolePort<ArchitectureFacts> implements ArchitectureFacts {
  @Override
  public String capabilities() {
    return ask("", ArchitectureFacts::capabilities);
  }

  @Override
  public int features(Domain domain) {
    return ask(0, facts -> facts.features(domain));
  }

  @Override
  public int physicalDeviceAnswer(Domain domain, int number) {
    return ask(0, facts -> facts.physicalDeviceAnswer(domain, number));
  }

  @Override
  public int unknownVcpuOperation(Domain domain, int vcpu) {
    return ask(-XenErrno.XEN_EINVAL, facts -> facts.unknownVcpuOperation(domain, vcpu));
  }

  @Override
  public long virtualStart() {
    return askLong(0, ArchitectureFacts::virtualStart);
  }

  @Override
  public byte[] domainConfiguration(Domain domain) {
    return ask(new byte[16], facts -> facts.domainConfiguration(domain));
  }

  @Override
  public long hertz() {
    return askLong(0, ArchitectureFacts::hertz);
  }

  @Override
  public int[] cpuCapabilities() {
    return ask(new int[8], ArchitectureFacts::cpuCapabilities);
  }

  @Override
  public int coresPerSocket() {
    return ask(1, ArchitectureFacts::coresPerSocket);
  }

  @Override
  public String trap(long cause, long detail) {
    return ask("0x%x, 0x%x".formatted(cause, detail), facts -> facts.trap(cause, detail));
  }
}
