// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.core;

import org.xenolith.hyp.api.DomainMemory;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.kit.MachineMemory;

/** A domain's RAM by its own physical addresses, through what maps them to the machine's. */
final class GuestRam implements DomainMemory {
  private final GuestDomain domain;
  private final P2mPort p2m;
  private final MachineMemory memory;

  GuestRam(GuestDomain domain, P2mPort p2m, MachineMemory memory) {
    this.domain = domain;
    this.p2m = p2m;
    this.memory = memory;
  }

  @Override
  public boolean read(long ipa, byte[] to, int offset, int length) {
    for (int done = 0; done < length;) {
      int part = (int) Math.min(length - done, 4096 - (ipa + done & 0xFFF));
      long machine = p2m.translate(domain, ipa + done, false);
      if (machine == -1) {
        return false;
      }
      memory.read(machine, to, offset + done, part);
      done += part;
    }
    return true;
  }

  @Override
  public boolean write(long ipa, byte[] from, int offset, int length) {
    for (int done = 0; done < length;) {
      int part = (int) Math.min(length - done, 4096 - (ipa + done & 0xFFF));
      long machine = p2m.translate(domain, ipa + done, true);
      if (machine == -1) {
        return false;
      }
      memory.write(machine, from, offset + done, part);
      done += part;
    }
    return true;
  }

  private long readable(long ipa) {
    return p2m.translate(domain, ipa, false);
  }

  private long writable(long ipa) {
    return p2m.translate(domain, ipa, true);
  }

  @Override
  public byte read8(long address) {
    long machine = readable(address);
    return machine == -1 ? 0 : memory.read8(machine);
  }

  @Override
  public short read16(long address) {
    long machine = readable(address);
    return machine == -1 ? 0 : memory.read16(machine);
  }

  @Override
  public int read32(long address) {
    long machine = readable(address);
    return machine == -1 ? 0 : memory.read32(machine);
  }

  @Override
  public long read64(long address) {
    long machine = readable(address);
    return machine == -1 ? 0 : memory.read64(machine);
  }

  @Override
  public void write8(long address, byte value) {
    long machine = writable(address);
    if (machine != -1) {
      memory.write8(machine, value);
    }
  }

  @Override
  public void write16(long address, short value) {
    long machine = writable(address);
    if (machine != -1) {
      memory.write16(machine, value);
    }
  }

  @Override
  public void write32(long address, int value) {
    long machine = writable(address);
    if (machine != -1) {
      memory.write32(machine, value);
    }
  }

  @Override
  public void write64(long address, long value) {
    long machine = writable(address);
    if (machine != -1) {
      memory.write64(machine, value);
    }
  }
}
