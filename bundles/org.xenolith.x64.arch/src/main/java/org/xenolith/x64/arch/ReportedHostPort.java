// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.x64.api.MsrFault;

/** Software of a host each call of which is reported as an exit from guest code, while somebody wants to know of those. */
final class ReportedHostPort implements HostPort {
  private final HostPort host;
  private final Exits exits;

  ReportedHostPort(HostPort host, Exits exits) {
    this.host = host;
    this.exits = exits;
  }

  private boolean begins(String place) {
    if (!exits.wanted()) {
      return false;
    }
    exits.begin(ExitKind.HYPERVISOR, place);
    return true;
  }

  private void ends(boolean begun) {
    if (begun) {
      exits.end();
    }
  }

  @Override
  public void start(Core cpu) {
    boolean begun = begins("start");
    try {
      host.start(cpu);
    } finally {
      ends(begun);
    }
  }

  @Override
  public void interrupt(Core cpu) {
    boolean begun = begins("interrupt");
    try {
      host.interrupt(cpu);
    } finally {
      ends(begun);
    }
  }

  @Override
  public void halted(Core cpu) {
    boolean begun = begins("HLT");
    try {
      host.halted(cpu);
    } finally {
      ends(begun);
    }
  }

  @Override
  public void hypercall(Core cpu) {
    boolean begun = begins("VMCALL");
    try {
      host.hypercall(cpu);
    } finally {
      ends(begun);
    }
  }

  @Override
  public void nestedFault(Core cpu, long address, boolean write, boolean fetch) {
    boolean begun = begins("nested page fault");
    try {
      host.nestedFault(cpu, address, write, fetch);
    } finally {
      ends(begun);
    }
  }

  @Override
  public void shutdown(Core cpu) {
    boolean begun = begins("shutdown");
    try {
      host.shutdown(cpu);
    } finally {
      ends(begun);
    }
  }

  @Override
  public int acknowledge(Core cpu) {
    boolean begun = begins("virtual interrupt");
    try {
      return host.acknowledge(cpu);
    } finally {
      ends(begun);
    }
  }

  @Override
  public void cpuid(Core cpu, int leaf, int subleaf) {
    boolean begun = begins("CPUID");
    try {
      host.cpuid(cpu, leaf, subleaf);
    } finally {
      ends(begun);
    }
  }

  @Override
  public long in(Core cpu, int port, int size) {
    boolean begun = begins("IN");
    try {
      return host.in(cpu, port, size);
    } finally {
      ends(begun);
    }
  }

  @Override
  public void out(Core cpu, int port, int size, long value) {
    boolean begun = begins("OUT");
    try {
      host.out(cpu, port, size, value);
    } finally {
      ends(begun);
    }
  }

  @Override
  public long readMsr(Core cpu, int msr) throws MsrFault {
    boolean begun = begins("RDMSR");
    try {
      return host.readMsr(cpu, msr);
    } finally {
      ends(begun);
    }
  }

  @Override
  public void writeMsr(Core cpu, int msr, long value) throws MsrFault {
    boolean begun = begins("WRMSR");
    try {
      host.writeMsr(cpu, msr, value);
    } finally {
      ends(begun);
    }
  }

  @Override
  public int taskPriority(Core cpu) {
    boolean begun = begins("MOV from CR8");
    try {
      return host.taskPriority(cpu);
    } finally {
      ends(begun);
    }
  }

  @Override
  public void taskPriority(Core cpu, int priority) {
    boolean begun = begins("MOV to CR8");
    try {
      host.taskPriority(cpu, priority);
    } finally {
      ends(begun);
    }
  }

  @Override
  public long read(Core cpu, long address, int size) {
    boolean begun = begins("emulated read");
    try {
      return host.read(cpu, address, size);
    } finally {
      ends(begun);
    }
  }

  @Override
  public void write(Core cpu, long address, int size, long value) {
    boolean begun = begins("emulated write");
    try {
      host.write(cpu, address, size, value);
    } finally {
      ends(begun);
    }
  }

  /** A question, and no exit. */
  @Override
  public boolean emulates(Core cpu, long address) {
    return host.emulates(cpu, address);
  }
}
