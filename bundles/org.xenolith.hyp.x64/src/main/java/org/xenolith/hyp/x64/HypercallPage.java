// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.MsrTrap;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.isa.DecodeMode;

/**
 * The register to which a guest writes where it wants its hypercalls: a page with 32 bytes of code for each (Xen public headers {@code arch-x86/cpuid.h} and {@code xen.h}, docs/guest-guide/x86).
 */
final class HypercallPage implements MsrTrap {
  /** Its number, which CPUID tells. */
  static final int MSR = 0x4000_0000;
  private static final int ENTRIES = 128;
  private static final int ENTRY = 32;
  private static final int PAGE = 4096;
  /** MOV EAX, number; VMCALL; RET. */
  private static final int MOV_EAX = 0xB8;
  private static final byte[] CALL = {0x0F, 0x01, (byte) 0xC1, (byte) 0xC3};
  /** UD2, for iret, which is no hypercall of guests that have page tables of their own. */
  private static final byte[] UNDEFINED = {0x0F, 0x0B};
  private static final int IRET = 23;
  private static final byte INT3 = (byte) 0xCC;

  private final X64Hypervisor hypervisor;

  HypercallPage(X64Hypervisor hypervisor) {
    this.hypervisor = hypervisor;
  }

  @Override
  public long read(Vcpu vcpu, int msr) throws MsrFault {
    throw MsrFault.INSTANCE;
  }

  /** @throws MsrFault if it names another page than the first, or there is no memory */
  @Override
  public void write(Vcpu vcpu, int msr, long value) throws MsrFault {
    if ((value & PAGE - 1) != 0 || !vcpu.domain().memory().write(value, page(), 0, PAGE)) {
      throw MsrFault.INSTANCE;
    }
    // Its kernel is one of the mode that it is in.
    vcpu.domain().latch(((Core) vcpu.loaded()).mode == DecodeMode.LONG_64 ? 8 : 4);
    hypervisor.ports.log().add("d%d: hypercall page at 0x%x".formatted(vcpu.domain().id(), value));
  }

  static byte[] page() {
    byte[] page = new byte[PAGE];
    java.util.Arrays.fill(page, INT3);
    for (int number = 0; number < ENTRIES; number++) {
      int at = number * ENTRY;
      if (number == IRET) {
        System.arraycopy(UNDEFINED, 0, page, at, UNDEFINED.length);
        continue;
      }
      page[at] = (byte) MOV_EAX;
      page[at + 1] = (byte) number;
      page[at + 2] = 0;
      page[at + 3] = 0;
      page[at + 4] = 0;
      System.arraycopy(CALL, 0, page, at + 5, CALL.length);
    }
    return page;
  }
}
