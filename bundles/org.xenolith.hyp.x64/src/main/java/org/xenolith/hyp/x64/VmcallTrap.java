// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.hyp.api.GuestFirmware;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypervisorTracePort.Kind;
import org.xenolith.hyp.core.GuestDomain;
import org.xenolith.hyp.core.GuestVcpu;
import org.xenolith.hyp.core.HypervisorCore;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.xen.abi.XenErrno;

/** A hypercall of one physical CPU's guest: number in RAX, arguments in RDI, RSI, RDX, R10, R8; of 32-bit code in EBX, ECX, EDX, ESI, EDI (Xen public headers {@code arch-x86/xen-x86_64.h}, {@code xen-x86_32.h}). */
final class VmcallTrap implements Hypercall {
  private static final int LENGTH = 3;
  private static final int[] WIDE = {CpuState.RDI, CpuState.RSI, CpuState.RDX, 10, 8};
  private static final int[] NARROW = {CpuState.RBX, CpuState.RCX, CpuState.RDX, CpuState.RSI, CpuState.RDI};
  private static final int[] WIDE_VALUES = {CpuState.RAX, CpuState.RDI, CpuState.RSI, CpuState.RDX, 10, 8, 9};
  private static final int[] NARROW_VALUES = {CpuState.RAX, CpuState.RBX, CpuState.RCX, CpuState.RDX, CpuState.RSI, CpuState.RDI,
      CpuState.RBP};
  private static final long LOW = 0xFFFF_FFFFL;

  private final HypervisorCore core;
  private final Core cpu;
  private GuestVcpu vcpu;
  private int number;
  /** Of a call of firmware's code, as {@link GuestFirmware} has them. */
  private final long[] values = new long[8];
  private boolean again;
  private boolean wide;

  VmcallTrap(HypervisorCore core, Core cpu) {
    this.core = core;
    this.cpu = cpu;
  }

  void serve(GuestVcpu caller) {
    vcpu = caller;
    wide = cpu.mode == DecodeMode.LONG_64;
    again = false;
    if (caller == null || cpu.cpl != 0) {
      answer(-XenErrno.XEN_EPERM);
      return;
    }
    number = (int) cpu.r[CpuState.RAX];
    if (core.ports.trace().on()) {
      core.ports.trace().happened(Kind.HYPERCALL, caller, number, argument(0), argument(1));
    }
    GuestTrapsPort.Claim<GuestFirmware> firmware = number < 0 ? core.ports.traps().firmware(number) : null;
    if (firmware != null) {
      called(firmware);
      return;
    }
    long result = core.ports.hypercalls().dispatch(this);
    if (caller.loaded() != cpu) {
      // It is gone, or began anew: there is nobody to answer.
      return;
    }
    if (!again) {
      answer(result);
    }
    if (core.ports.trace().on()) {
      core.ports.trace().happened(Kind.RESULT, caller, number, result, again ? 1 : 0);
    }
  }

  /** Code of firmware calls with seven values, and finds as many: those of a hypercall, and one more. */
  private void called(GuestTrapsPort.Claim<GuestFirmware> claim) {
    int[] places = wide ? WIDE_VALUES : NARROW_VALUES;
    for (int i = 0; i < places.length; i++) {
      values[i] = wide ? cpu.r[places[i]] : cpu.r[places[i]] & LOW;
    }
    if (!core.ports.traps().call(claim, vcpu, values)) {
      values[0] = -XenErrno.XEN_ENOSYS;
    }
    if (vcpu.loaded() == cpu) {
      answer(values[0]);
      for (int i = 1; i < places.length; i++) {
        cpu.r[places[i]] = wide ? values[i] : values[i] & LOW;
      }
    }
  }

  private void answer(long result) {
    cpu.r[CpuState.RAX] = wide ? result : result & LOW;
    cpu.pc = wide ? cpu.pc + LENGTH : cpu.pc + LENGTH & LOW;
  }

  private int register(int index) {
    return (wide ? WIDE : NARROW)[index];
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public long argument(int index) {
    if (index < 0 || index >= WIDE.length) {
      return 0;
    }
    long value = cpu.r[register(index)];
    return wide ? value : value & LOW;
  }

  @Override
  public void argument(int index, long value) {
    if (index >= 0 && index < WIDE.length) {
      cpu.r[register(index)] = wide ? value : value & LOW;
    }
  }

  @Override
  public int wordSize() {
    return wide ? 8 : 4;
  }

  @Override
  public GuestVcpu vcpu() {
    return vcpu;
  }

  @Override
  public GuestDomain domain() {
    return vcpu.domain();
  }

  @Override
  public boolean read(long va, byte[] to, int offset, int length) {
    return cpu.host.read(va, to, offset, length);
  }

  @Override
  public boolean write(long va, byte[] from, int offset, int length) {
    return cpu.host.write(va, from, offset, length);
  }

  @Override
  public void again() {
    again = true;
  }
}
