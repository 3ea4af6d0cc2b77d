// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.GuestRegisters;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlHvmContext;
import org.xenolith.xen.abi.HvmHwCpu;
import org.xenolith.xen.abi.HvmHwMtrr;
import org.xenolith.xen.abi.HvmSave;
import org.xenolith.xen.abi.HvmSaveDescriptor;
import org.xenolith.xen.abi.HvmSaveHeader;
import org.xenolith.xen.abi.XenErrno;

/**
 * A domain's HVM context (Xen public header {@code hvm/save.h}): records, each behind a descriptor, of what its virtual CPUs have here: registers and memory types. libxenguest gives a new domain its first
 * registers by it. Of other subsystems' state there are no records.
 */
final class HvmContext {
  private static final int EINVAL = -XenErrno.XEN_EINVAL;
  private static final int DESCRIPTOR = HvmSaveDescriptor.SIZE;
  /** Bytes of a context that are taken: more than all records of 128 virtual CPUs have. */
  private static final int MOST = 1 << 20;
  private static final int X87_AND_SSE = 1;

  private final Machine machine;
  private final Function<Vcpu, ContextVcpu> vcpus;

  /**
   * What the machine's processors have, which are all alike.
   *
   * @param signature what CPUID says in EAX of leaf 1
   * @param hertz     frequency of the time-stamp counter
   * @param tsc       what it reads now
   * @param cr4Bits   bits of CR4 that there are
   */
  record Machine(int signature, LongSupplier hertz, LongSupplier tsc, long cr4Bits) {
    static Machine of(Core cpu) {
      return new Machine(cpu.model.signature(), cpu.clock::hertz, cpu.clock::read, cpu.controls.cr4Bits());
    }
  }

  /** @param vcpus a virtual CPU as contexts see it */
  HvmContext(Machine machine, Function<Vcpu, ContextVcpu> vcpus) {
    this.machine = machine;
    this.vcpus = vcpus;
  }

  List<SubOperation<?>> operations() {
    return List.of(SubOperation.of(ControlOp.XEN_DOMCTL_gethvmcontext, "gethvmcontext", new DomctlHvmContext(), this::get).answers(),
        SubOperation.of(ControlOp.XEN_DOMCTL_sethvmcontext, "sethvmcontext", new DomctlHvmContext(), this::set));
  }

  // ---- To the caller

  /** Without a buffer the answer is how large it must be. */
  private long get(Hypercall call, DomctlHvmContext argument, Domain target) {
    if (target == call.domain()) {
      return EINVAL;
    }
    byte[] context = context(target);
    if (argument.buffer() == 0) {
      argument.bufferSize(context.length);
      return 0;
    }
    if (Integer.compareUnsigned(argument.bufferSize(), context.length) < 0) {
      return -XenErrno.XEN_ENOSPC;
    }
    argument.bufferSize(context.length);
    return call.write(argument.buffer(), context, 0, context.length) ? 0 : -XenErrno.XEN_EFAULT;
  }

  private byte[] context(Domain domain) {
    List<ContextVcpu> all = domain.vcpus().stream().map(vcpus::apply).toList();
    List<ContextVcpu> up = all.stream().filter(ContextVcpu::online).toList();
    int size = DESCRIPTOR + HvmSaveHeader.SIZE + up.size() * (DESCRIPTOR + HvmHwCpu.SIZE) + all.size() * (DESCRIPTOR + HvmHwMtrr.SIZE)
        + DESCRIPTOR;
    byte[] bytes = new byte[size];
    AbiBytes to = new AbiBytes(bytes);
    int at = descriptor(to, 0, HvmSave.HVM_SAVE_CODE_HEADER, 0, HvmSaveHeader.SIZE);
    HvmSaveHeader header = new HvmSaveHeader();
    header.at(to, at);
    header.magic(HvmSave.HVM_FILE_MAGIC);
    header.version(HvmSave.HVM_FILE_VERSION);
    header.changeset(-1);
    header.cpuid(machine.signature);
    header.gtscKhz((int) (machine.hertz.getAsLong() / 1000));
    at += HvmSaveHeader.SIZE;
    for (ContextVcpu vcpu : up) {
      at = descriptor(to, at, HvmSave.HVM_SAVE_CODE_CPU, vcpu.id(), HvmHwCpu.SIZE);
      HvmCpuRecord.write(vcpu.copy(), machine.tsc.getAsLong(), to, at);
      at += HvmHwCpu.SIZE;
    }
    for (ContextVcpu vcpu : all) {
      at = descriptor(to, at, HvmSave.HVM_SAVE_CODE_MTRR, vcpu.id(), HvmHwMtrr.SIZE);
      MemoryTypes.write(vcpu.memoryTypes(), to, at);
      at += HvmHwMtrr.SIZE;
    }
    descriptor(to, at, HvmSave.HVM_SAVE_CODE_END, 0, 0);
    return bytes;
  }

  private static int descriptor(AbiBytes to, int at, int code, int instance, int length) {
    HvmSaveDescriptor descriptor = new HvmSaveDescriptor();
    descriptor.at(to, at);
    descriptor.typecode(code);
    descriptor.instance(instance);
    descriptor.length(length);
    return at + DESCRIPTOR;
  }

  // ---- From the caller

  /** All records are looked at before the first one counts. */
  private long set(Hypercall call, DomctlHvmContext argument, Domain target) {
    int size = argument.bufferSize();
    if (target == call.domain() || size < DESCRIPTOR || size > MOST) {
      return EINVAL;
    }
    byte[] bytes = new byte[size];
    if (!call.read(argument.buffer(), bytes, 0, size)) {
      return -XenErrno.XEN_EFAULT;
    }
    List<Runnable> changes = new ArrayList<>();
    int wrong = read(new AbiBytes(bytes), size, target, changes);
    if (wrong == 0) {
      changes.forEach(Runnable::run);
    }
    return wrong;
  }

  private int read(AbiBytes from, int size, Domain target, List<Runnable> changes) {
    HvmSaveDescriptor descriptor = new HvmSaveDescriptor();
    int at = 0;
    for (boolean first = true;; first = false) {
      if (size - at < DESCRIPTOR) {
        return EINVAL;
      }
      descriptor.at(from, at);
      int code = descriptor.typecode();
      int length = descriptor.length();
      at += DESCRIPTOR;
      if (first != (code == HvmSave.HVM_SAVE_CODE_HEADER) || length < 0 || length > size - at) {
        return EINVAL;
      }
      if (code == HvmSave.HVM_SAVE_CODE_END) {
        return 0;
      }
      int wrong = record(from, at, code, length, vcpu(target, descriptor.instance()), changes);
      if (wrong != 0) {
        return wrong;
      }
      at += length;
    }
  }

  private ContextVcpu vcpu(Domain domain, int id) {
    Vcpu vcpu = domain.vcpu(id);
    return vcpu == null ? null : vcpus.apply(vcpu);
  }

  private int record(AbiBytes from, int at, int code, int length, ContextVcpu vcpu, List<Runnable> changes) {
    return switch (code) {
      case HvmSave.HVM_SAVE_CODE_HEADER -> {
        HvmSaveHeader header = new HvmSaveHeader();
        header.at(from, at);
        yield length == HvmSaveHeader.SIZE && header.magic() == HvmSave.HVM_FILE_MAGIC && header.version() == HvmSave.HVM_FILE_VERSION ? 0
            : EINVAL;
      }
      case HvmSave.HVM_SAVE_CODE_CPU -> length == HvmHwCpu.SIZE && vcpu != null ? registers(from, at, vcpu, changes) : EINVAL;
      case HvmSave.HVM_SAVE_CODE_MTRR -> {
        long[] words = length == HvmHwMtrr.SIZE && vcpu != null ? MemoryTypes.read(from, at) : null;
        if (words != null) {
          changes.add(() -> System.arraycopy(words, 0, vcpu.memoryTypes(), 0, words.length));
        }
        yield words == null ? EINVAL : 0;
      }
      default -> EINVAL;
    };
  }

  /** The virtual CPU is up with them. */
  private int registers(AbiBytes from, int at, ContextVcpu vcpu, List<Runnable> changes) {
    HvmHwCpu record = new HvmHwCpu();
    record.at(from, at);
    if ((record.flags() & X87_AND_SSE) != 0) {
      return -XenErrno.XEN_EOPNOTSUPP;
    }
    GuestRegisters made = HvmCpuRecord.read(from, at, machine.cr4Bits);
    if (made == null) {
      return EINVAL;
    }
    changes.add(() -> vcpu.begin(made));
    return 0;
  }
}
