// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/** A host's software that notes exits and does nothing about them. */
class QuietHost implements HostPort {
  /** The last exit. */
  String exit = "";

  @Override
  public void start(Core cpu) {
    exit = "start";
  }

  @Override
  public void interrupt(Core cpu) {
    exit = "interrupt";
    cpu.inputs.interrupt(false);
  }

  @Override
  public void halted(Core cpu) {
    exit = "halted";
  }

  @Override
  public void hypercall(Core cpu) {
    exit = "hypercall";
    cpu.pc += 3;
  }

  @Override
  public void nestedFault(Core cpu, long address, boolean write, boolean fetch) {
    exit = "exit " + Long.toHexString(address & -4096) + (write ? " write" : "") + (fetch ? " fetch" : "");
  }

  @Override
  public void shutdown(Core cpu) {
    exit = "shutdown";
  }

  @Override
  public int acknowledge(Core cpu) {
    cpu.host.request(false);
    return 0x30;
  }

  @Override
  public void cpuid(Core cpu, int leaf, int subleaf) {
    cpu.cpuid.ebx = leaf;
  }

  @Override
  public long in(Core cpu, int port, int size) {
    return port;
  }

  @Override
  public void out(Core cpu, int port, int size, long value) {
    exit = "out";
  }

  @Override
  public long readMsr(Core cpu, int msr) {
    return msr;
  }

  @Override
  public void writeMsr(Core cpu, int msr, long value) {
    exit = "wrmsr";
  }

  @Override
  public int taskPriority(Core cpu) {
    return 0;
  }

  @Override
  public void taskPriority(Core cpu, int priority) {
    exit = "cr8";
  }

  @Override
  public boolean emulates(Core cpu, long address) {
    return false;
  }

  @Override
  public long read(Core cpu, long address, int size) {
    return 0;
  }

  @Override
  public void write(Core cpu, long address, int size, long value) {
    exit = "write";
  }
}
