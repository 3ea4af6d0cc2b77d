// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;
import org.xenolith.x64.api.MsrFault;

/**
 * Where subsystems claim what guests' processors ask for. Whoever throws, other than {@link MsrFault}, is taken out and its owner told; then, and where nobody answers, a register is a general
 * protection and a port reads all ones.
 */
public final class GuestProcessorsPort {
  private static final int PORTS = 0x10000;

  /** Registers that somebody answers, ascending as unsigned numbers, and who does. */
  private int[] msrs = {};
  private final List<MsrClaim> answers = new ArrayList<>();
  private final List<PortClaim> ports = new ArrayList<>();
  private CpuidClaim[] leaves = {};

  private record MsrClaim(MsrTrap trap, DeviceContext owner) {}

  private record PortClaim(PortTrap trap, DeviceContext owner, int first, int last) {}

  private record CpuidClaim(CpuidTrap trap, DeviceContext owner) {}

  /** Answers model-specific registers, in the place of who answered them before. */
  public void claim(MsrTrap trap, DeviceContext owner, int... registers) {
    MsrClaim claim = new MsrClaim(trap, owner);
    for (int register : registers) {
      int at = place(register);
      if (at >= 0) {
        answers.set(at, claim);
      } else {
        int insert = -1 - at;
        answers.add(insert, claim);
        int[] more = new int[msrs.length + 1];
        System.arraycopy(msrs, 0, more, 0, insert);
        more[insert] = register;
        System.arraycopy(msrs, insert, more, insert + 1, msrs.length - insert);
        msrs = more;
      }
    }
  }

  /**
   * Answers I/O ports. Of two claims of a port that of fewer ports counts; of two of as many, that of the subsystem that comes first by name.
   *
   * @throws IllegalArgumentException if there are no such ports
   */
  public void claim(PortTrap trap, DeviceContext owner, int first, int last) {
    if (first < 0 || last >= PORTS || first > last) {
      throw new IllegalArgumentException("ports 0x%x to 0x%x: expected 0 to 0xffff, ascending".formatted(first, last));
    }
    ports.removeIf(claim -> claim.first == first && claim.last == last && claim.owner.instance().equals(owner.instance()));
    ports.add(new PortClaim(trap, owner, first, last));
    ports.sort(Comparator.comparingInt((PortClaim claim) -> claim.last - claim.first).thenComparing(claim -> claim.owner.instance()));
  }

  /** Has a say in CPUID, in the place of what the same subsystem said before. */
  public void claim(CpuidTrap trap, DeviceContext owner) {
    List<CpuidClaim> all = new ArrayList<>(List.of(leaves));
    all.removeIf(claim -> claim.owner.instance().equals(owner.instance()));
    all.add(new CpuidClaim(trap, owner));
    all.sort((a, b) -> a.owner.instance().compareTo(b.owner.instance()));
    leaves = all.toArray(CpuidClaim[]::new);
  }

  /** Takes back all that a trap claimed. */
  public void release(Object trap) {
    int[] left = Arrays.stream(msrs).filter(register -> answers.get(place(register)).trap != trap).toArray();
    answers.removeIf(claim -> claim.trap == trap);
    msrs = left;
    ports.removeIf(claim -> claim.trap == trap);
    leaves = Arrays.stream(leaves).filter(claim -> claim.trap != trap).toArray(CpuidClaim[]::new);
  }

  private int place(int register) {
    int low = 0;
    int high = msrs.length - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      int order = Integer.compareUnsigned(msrs[middle], register);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1 - low;
  }

  // ---- For the core

  /** RDMSR. @throws MsrFault if nobody answers, or who does refuses */
  public long readMsr(Vcpu vcpu, int msr) throws MsrFault {
    int at = place(msr);
    if (at >= 0) {
      MsrClaim claim = answers.get(at);
      try {
        return claim.trap.read(vcpu, msr);
      } catch (MsrFault refused) {
        throw refused;
      } catch (Throwable bug) {
        failed(claim.trap, claim.owner, bug);
      }
    }
    throw MsrFault.INSTANCE;
  }

  /** WRMSR. @throws MsrFault if nobody answers, or who does refuses */
  public void writeMsr(Vcpu vcpu, int msr, long value) throws MsrFault {
    int at = place(msr);
    if (at >= 0) {
      MsrClaim claim = answers.get(at);
      try {
        claim.trap.write(vcpu, msr, value);
        return;
      } catch (MsrFault refused) {
        throw refused;
      } catch (Throwable bug) {
        failed(claim.trap, claim.owner, bug);
      }
    }
    throw MsrFault.INSTANCE;
  }

  /** IN: all ones where nobody answers. */
  public long in(Vcpu vcpu, int port, int size) {
    PortClaim claim = port(port);
    if (claim != null) {
      try {
        return claim.trap.read(vcpu, port, size);
      } catch (Throwable bug) {
        failed(claim.trap, claim.owner, bug);
      }
    }
    return -1L >>> 64 - 8 * size;
  }

  /** OUT: lost where nobody answers. */
  public void out(Vcpu vcpu, int port, int size, long value) {
    PortClaim claim = port(port);
    if (claim != null) {
      try {
        claim.trap.write(vcpu, port, size, value);
      } catch (Throwable bug) {
        failed(claim.trap, claim.owner, bug);
      }
    }
  }

  private @Nullable PortClaim port(int port) {
    for (int i = 0; i < ports.size(); i++) {
      PortClaim claim = ports.get(i);
      if (port >= claim.first && port <= claim.last) {
        return claim;
      }
    }
    return null;
  }

  /** CPUID: everybody has a say. */
  public void cpuid(Vcpu vcpu, int leaf, int subleaf, CpuidAnswer answer) {
    for (CpuidClaim claim : leaves) {
      try {
        claim.trap.answer(vcpu, leaf, subleaf, answer);
      } catch (Throwable bug) {
        failed(claim.trap, claim.owner, bug);
      }
    }
  }

  private void failed(Object trap, DeviceContext owner, Throwable bug) {
    RolePort.rethrowMemory(bug);
    release(trap);
    owner.failed(bug);
  }
}
