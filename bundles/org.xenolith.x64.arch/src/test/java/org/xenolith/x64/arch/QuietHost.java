// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/** A host's software that notes exits and does nothing about them. */
class QuietHost implements HostPort {
  /** The last exit. */
  String exit = "";

  @Override
  public void start(X64Core cpu) {
    exit = "start";
  }

  @Override
  public void interrupt(X64Core cpu) {
    exit = "interrupt";
    cpu.inputs.interrupt(false);
  }

  @Override
  public void halted(X64Core cpu) {
    exit = "halted";
  }

  @Override
  public void hypercall(X64Core cpu) {
    exit = "hypercall";
    cpu.pc += 3;
  }

  @Override
  public void nestedFault(X64Core cpu, long address, boolean write, boolean fetch) {
    exit = "exit " + Long.toHexString(address & -4096) + (write ? " write" : "") + (fetch ? " fetch" : "");
  }

  @Override
  public void shutdown(X64Core cpu) {
    exit = "shutdown";
  }

  @Override
  public int acknowledge(X64Core cpu) {
    cpu.host.request(false);
    return 0x30;
  }

  @Override
  public void cpuid(X64Core cpu, int leaf, int subleaf) {
    cpu.cpuid.ebx = leaf;
  }

  @Override
  public long in(X64Core cpu, int port, int size) {
    return port;
  }

  @Override
  public void out(X64Core cpu, int port, int size, long value) {
    exit = "out";
  }

  @Override
  public long readMsr(X64Core cpu, int msr) {
    return msr;
  }

  @Override
  public void writeMsr(X64Core cpu, int msr, long value) {
    exit = "wrmsr";
  }

  @Override
  public int taskPriority(X64Core cpu) {
    return 0;
  }

  @Override
  public void taskPriority(X64Core cpu, int priority) {
    exit = "cr8";
  }

  @Override
  public boolean emulates(X64Core cpu, long address) {
    return false;
  }

  @Override
  public long read(X64Core cpu, long address, int size) {
    return 0;
  }

  @Override
  public void write(X64Core cpu, long address, int size, long value) {
    exit = "write";
  }
}
