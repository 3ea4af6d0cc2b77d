// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainMemory;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.kit.MachineMemory;

/** A domain's memory through the port of stage 2. */
final class FakeDomainMemory implements DomainMemory {
  private final P2mPort p2m;
  private final MachineMemory memory;
  private final Domain domain;

  FakeDomainMemory(FakeHypervisor hypervisor, Domain domain) {
    p2m = hypervisor.port(P2mPort.class);
    memory = hypervisor.memory();
    this.domain = domain;
  }

  @Override
  public boolean read(long ipa, byte[] to, int offset, int length) {
    for (int done = 0; done < length;) {
      long from = p2m.translate(domain, ipa + done, false);
      if (from < 0) {
        return false;
      }
      int part = Math.min(length - done, 4096 - (int) (from & 0xFFF));
      memory.read(from, to, offset + done, part);
      done += part;
    }
    return true;
  }

  @Override
  public boolean write(long ipa, byte[] from, int offset, int length) {
    for (int done = 0; done < length;) {
      long to = p2m.translate(domain, ipa + done, true);
      if (to < 0) {
        return false;
      }
      int part = Math.min(length - done, 4096 - (int) (to & 0xFFF));
      memory.write(to, from, offset + done, part);
      done += part;
    }
    return true;
  }

  private long readable(long address) {
    return p2m.translate(domain, address, false);
  }

  private long writable(long address) {
    return p2m.translate(domain, address, true);
  }

  @Override
  public byte read8(long address) {
    long at = readable(address);
    return at < 0 ? 0 : memory.read8(at);
  }

  @Override
  public short read16(long address) {
    long at = readable(address);
    return at < 0 ? 0 : memory.read16(at);
  }

  @Override
  public int read32(long address) {
    long at = readable(address);
    return at < 0 ? 0 : memory.read32(at);
  }

  @Override
  public long read64(long address) {
    long at = readable(address);
    return at < 0 ? 0 : memory.read64(at);
  }

  @Override
  public void write8(long address, byte value) {
    long at = writable(address);
    if (at >= 0) {
      memory.write8(at, value);
    }
  }

  @Override
  public void write16(long address, short value) {
    long at = writable(address);
    if (at >= 0) {
      memory.write16(at, value);
    }
  }

  @Override
  public void write32(long address, int value) {
    long at = writable(address);
    if (at >= 0) {
      memory.write32(at, value);
    }
  }

  @Override
  public void write64(long address, long value) {
    long at = writable(address);
    if (at >= 0) {
      memory.write64(at, value);
    }
  }
}
