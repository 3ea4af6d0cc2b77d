// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.its;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.DomainParts;

/** The control frame that domains see (Arm IHI 0069H, 12.19). The translation frame is the machine's own, mapped. */
final class GuestFrame implements GuestMmio {
  static final long SIZE = 0x1_0000;
  private static final int CTLR = 0x00;
  private static final int TYPER = 0x08;
  private static final int CBASER = 0x80;
  private static final int CWRITER = 0x88;
  private static final int CREADR = 0x90;
  private static final int BASER0 = 0x100;
  private static final int BASER1 = 0x108;
  private static final int PIDR2 = 0xFFE8;
  private static final long QUIESCENT = 1L << 31;
  private static final long ARM = 0x43B;
  /**
   * Physical LPIs; entries of 8 bytes in an ITT; EventIDs of 11 bits, DeviceIDs of 16, collections of 8; redistributors by
   * processor number.
   */
  private static final long TYPER_VALUE = 0x17_0001_E071L | HostDevice.MOST_BITS - 1 << 8;
  private static final long CBASER_BITS = 0xB8EF_FFFF_FFFF_FCFFL;
  private static final long OFFSET = 0xF_FFE0;
  private static final long RETRY = 1;
  private static final long[] BASER_BITS = {0xF8E0_FFFF_FFFF_FFFFL, 0xB8E0_FFFF_FFFF_FFFFL};
  /** Devices and collections, entries of 8 bytes. */
  private static final long[] BASER_FIXED = {0x0107_0000_0000_0000L, 0x0407_0000_0000_0000L};

  private final DomainParts<DomainIts> domains;
  private final GuestCommands commands;

  GuestFrame(DomainParts<DomainIts> domains, GuestCommands commands) {
    this.domains = domains;
    this.commands = commands;
  }

  @Override
  public boolean covers(Domain domain, long ipa) {
    DomainIts its = domains.of(domain);
    return its != null && Long.compareUnsigned(ipa - its.base.value, SIZE) < 0;
  }

  @Override
  public long read(Vcpu vcpu, long ipa, int size) {
    DomainIts its = domains.of(vcpu.domain());
    if (its == null || size < 4) {
      return 0;
    }
    int offset = (int) (ipa - its.base.value);
    long value = register(its, offset & ~7);
    return size == 8 ? value : value >>> (offset & 4) * 8 & 0xFFFF_FFFFL;
  }

  /** Both words at an offset that is a multiple of 8, as a guest reads them; a read changes nothing. */
  static long register(DomainIts its, int at) {
    return switch (at) {
      case CTLR -> its.control.value | (its.isBusy() ? 0 : QUIESCENT) | ARM << 32;
      case TYPER -> TYPER_VALUE;
      case CBASER -> its.commands.value;
      case CWRITER -> its.writer.value;
      case CREADR -> its.reader.value;
      case BASER0, BASER1 -> its.tables[at - BASER0 >> 3] | BASER_FIXED[at - BASER0 >> 3];
      case PIDR2 -> 0x30;
      default -> 0;
    };
  }

  @Override
  public void write(Vcpu vcpu, long ipa, int size, long value) {
    DomainIts its = domains.of(vcpu.domain());
    if (its == null || size < 4) {
      return;
    }
    int offset = (int) (ipa - its.base.value);
    int shift = size == 8 ? 0 : (offset & 4) * 8;
    long lanes = size == 8 ? -1 : 0xFFFF_FFFFL << shift;
    write(its, offset & ~7, value << shift & lanes, lanes);
  }

  private void write(DomainIts its, int at, long value, long lanes) {
    switch (at) {
      case CTLR -> {
        if ((lanes & DomainIts.ENABLED) != 0) {
          its.control.value = value & DomainIts.ENABLED;
          commands.run(its);
        }
      }
      case CBASER -> {
        // The manual leaves it open what a write does while the ITS is enabled.
        if (!its.isEnabled()) {
          its.commands.value = (its.commands.value & ~lanes | value) & CBASER_BITS;
          its.writer.value = 0;
          its.reader.value = 0;
        }
      }
      case CWRITER -> {
        long announced = its.writer.value & ~lanes | value;
        if ((announced & OFFSET) < its.queueBytes()) {
          its.writer.value = announced & OFFSET;
          if ((announced & RETRY) != 0) {
            its.reader.value &= ~DomainIts.STALLED;
          }
          commands.run(its);
        }
      }
      case BASER0, BASER1 -> {
        int i = at - BASER0 >> 3;
        if (!its.isEnabled()) {
          its.tables[i] = (its.tables[i] & ~lanes | value) & BASER_BITS[i];
        }
      }
      default -> {
      }
    }
  }
}
