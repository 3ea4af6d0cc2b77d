// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.hyp.api.ArchitectureFacts;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.kit.GuestFeatures;
import org.xenolith.hyp.x64.kit.EmulationFlags;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.Cpuid;
import org.xenolith.xen.abi.XenErrno;

/** What guests and tools are told of x86-64 (Xen public headers {@code version.h}, {@code features.h}). */
final class X64Facts implements ArchitectureFacts {
  /** Guests that have page tables of their own, of 32 bits, PAE and 64 bits. */
  private static final String CAPABILITIES = "hvm-3.0-x86_32 hvm-3.0-x86_32p hvm-3.0-x86_64 ";
  /** Where the hypervisor's own addresses begin in guests that share theirs with it. */
  private static final long VIRTUAL_START = 0xFFFF_8000_0000_0000L;

  private static final int EXTENDED = 0x8000_0000;
  private static final int OSXSAVE = 1 << 27;
  private static final int OSPKE = 1 << 4;

  private final Core cpu;

  /** @param cpu as which all are */
  X64Facts(Core cpu) {
    this.cpu = cpu;
  }

  @Override
  public String capabilities() {
    return CAPABILITIES;
  }

  @Override
  public int features(Domain domain) {
    return GuestFeatures.PVH;
  }

  @Override
  public int physicalDeviceAnswer(Domain domain, int number) {
    return PhysicalDeviceCalls.answer(domain.kind() == DomainSpec.Kind.DOM0, EmulationFlags.of(domain), number);
  }

  @Override
  public int unknownVcpuOperation(Domain domain, int vcpu) {
    return domain.vcpu(vcpu) == null ? -XenErrno.XEN_ENOENT : -XenErrno.XEN_ENOSYS;
  }

  /** {@code struct xen_arch_domainconfig} of {@code arch-x86/xen.h}: the devices that are emulated, and flags of which none is set. */
  @Override
  public byte[] domainConfiguration(Domain domain) {
    return ByteBuffer.allocate(2 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(EmulationFlags.of(domain)).array();
  }

  @Override
  public long virtualStart() {
    return VIRTUAL_START;
  }

  @Override
  public long hertz() {
    return cpu.clock.hertz();
  }

  /** Features of leaves 1 and 0x80000001, of 0xd.1, of 7, and of 0x80000007, in Xen's order ({@code arch-x86/cpufeatureset.h}). */
  @Override
  public int[] cpuCapabilities() {
    Cpuid cpuid = cpu.cpuid;
    cpuid.own(1, 0);
    int basic = cpuid.edx;
    // It is the system's to say whether it uses XSAVE.
    int more = cpuid.ecx & ~OSXSAVE;
    cpuid.own(EXTENDED + 1, 0);
    int extended = cpuid.edx;
    int extendedMore = cpuid.ecx;
    cpuid.own(0xD, 1);
    int states = cpuid.eax;
    cpuid.own(7, 0);
    int structured = cpuid.ebx;
    int structuredMore = cpuid.ecx & ~OSPKE;
    cpuid.own(EXTENDED + 7, 0);
    return new int[] {basic, more, extended, extendedMore, states, structured, structuredMore, cpuid.edx};
  }

  /** All of a machine's CPUs are in one socket, as CPUID says. */
  @Override
  public int coresPerSocket() {
    return cpu.threads();
  }

  @Override
  public String trap(long cause, long detail) {
    return "0x%x, 0x%x".formatted(cause, detail);
  }
}
