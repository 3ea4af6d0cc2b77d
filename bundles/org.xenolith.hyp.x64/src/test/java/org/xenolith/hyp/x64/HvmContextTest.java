// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypercall;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.x64.arch.GuestRegisters;
import org.xenolith.xen.abi.DomctlHvmContext;
import org.xenolith.xen.abi.HvmHwCpu;
import org.xenolith.xen.abi.HvmHwMtrr;
import org.xenolith.xen.abi.HvmSave;
import org.xenolith.xen.abi.HvmSaveDescriptor;
import org.xenolith.xen.abi.HvmSaveHeader;
import org.xenolith.xen.abi.XenErrno;

/** What tools read and give of an HVM context, and what is refused: then nothing of it counts. */
class HvmContextTest {
  private static final int EINVAL = -XenErrno.XEN_EINVAL;
  private static final int CPU = HvmSaveDescriptor.SIZE + HvmSaveHeader.SIZE;
  private static final int MTRR = CPU + HvmSaveDescriptor.SIZE + HvmHwCpu.SIZE;

  /** A virtual CPU that is up or not. */
  private static final class Processor implements ContextVcpu {
    private final int id;
    private final long[] types = new long[MemoryTypes.WORDS];
    private GuestRegisters registers;

    Processor(int id) {
      this.id = id;
      MemoryTypes.reset(types);
    }

    @Override
    public int id() {
      return id;
    }

    @Override
    public boolean online() {
      return registers != null;
    }

    @Override
    public GuestRegisters copy() {
      return registers;
    }

    @Override
    public long[] memoryTypes() {
      return types;
    }

    @Override
    public void begin(GuestRegisters made) {
      registers = made;
    }
  }

  private final FakeHypervisor hypervisor = new FakeHypervisor(1);
  private final FakeDomain dom0 = hypervisor.dom0(1);
  private final FakeDomain guest = hypervisor.domU(5, 2);
  private final Map<Object, Processor> processors = Map.of(guest.vcpu(0), new Processor(0), guest.vcpu(1), new Processor(1));
  private final Processor first = processors.get(guest.vcpu(0));
  private final Processor second = processors.get(guest.vcpu(1));
  private final long at = dom0.page(1);
  private final long buffer = dom0.page(2);
  private final DomctlHvmContext argument = new DomctlHvmContext();
  private final List<SubOperation<?>> operations = new HvmContext(new HvmContext.Machine(0x306C3, () -> 1_000_000_000L, () -> 77, 0x6F8),
      processors::get).operations();

  HvmContextTest() {
    argument.at(dom0.memory(), at);
    operations.forEach(operation -> operation.argument().at(dom0.memory(), at));
  }

  private long call(int which, FakeDomain target) {
    return operations.get(which).serve(new FakeHypercall(dom0.vcpu(0), 36), target);
  }

  private long get() {
    return call(0, guest);
  }

  private long set(int size) {
    argument.buffer(buffer);
    argument.bufferSize(size);
    return call(1, guest);
  }

  private HvmSaveDescriptor descriptor(int offset) {
    HvmSaveDescriptor descriptor = new HvmSaveDescriptor();
    descriptor.at(dom0.memory(), buffer + offset);
    return descriptor;
  }

  private HvmHwCpu cpu() {
    HvmHwCpu cpu = new HvmHwCpu();
    cpu.at(dom0.memory(), buffer + CPU + HvmSaveDescriptor.SIZE);
    return cpu;
  }

  private void describe(int offset, int code, int instance, int length) {
    HvmSaveDescriptor descriptor = descriptor(offset);
    descriptor.typecode(code);
    descriptor.instance(instance);
    descriptor.length(length);
  }

  /** A context that gives one virtual CPU registers, as libxenguest makes it. @return its bytes */
  private int begin(int vcpu) {
    argument.buffer(0);
    assertEquals(0, get());
    argument.buffer(buffer);
    assertEquals(0, get());
    describe(CPU, HvmSave.HVM_SAVE_CODE_CPU, vcpu, HvmHwCpu.SIZE);
    cpu().zero();
    cpu().cr0(0x11);
    cpu().rip(0x1234);
    describe(MTRR, HvmSave.HVM_SAVE_CODE_END, 0, 0);
    return MTRR + HvmSaveDescriptor.SIZE;
  }

  @Test
  void aNewDomainsContextHasMemoryTypesAndNoRegisters() {
    assertEquals(0, get());
    int size = CPU + 2 * (HvmSaveDescriptor.SIZE + HvmHwMtrr.SIZE) + HvmSaveDescriptor.SIZE;
    assertEquals(size, argument.bufferSize(), "how large it must be");
    argument.buffer(buffer);
    argument.bufferSize(size - 1);
    assertEquals(-XenErrno.XEN_ENOSPC, get());
    argument.bufferSize(size);
    assertEquals(0, get());
    HvmSaveHeader header = new HvmSaveHeader();
    header.at(dom0.memory(), buffer + HvmSaveDescriptor.SIZE);
    assertEquals(HvmSave.HVM_FILE_MAGIC, header.magic());
    assertEquals(0x306C3, header.cpuid());
    assertEquals(1_000_000, header.gtscKhz());
    assertEquals(HvmSave.HVM_SAVE_CODE_MTRR, descriptor(CPU).typecode());
    assertEquals(1, descriptor(CPU + HvmSaveDescriptor.SIZE + HvmHwMtrr.SIZE).instance());
    assertEquals(HvmSave.HVM_SAVE_CODE_END, descriptor(size - HvmSaveDescriptor.SIZE).typecode());
    argument.buffer(0x10);
    assertEquals(-XenErrno.XEN_EFAULT, get());
    assertEquals(EINVAL, call(0, dom0), "its own");
  }

  @Test
  void aVirtualCpuIsUpWithTheRegistersThatItIsGiven() {
    assertEquals(0, set(begin(1)));
    assertEquals(0x1234, second.registers.pc());
    assertNull(first.registers);
    argument.buffer(0);
    assertEquals(0, get());
    argument.buffer(buffer);
    assertEquals(0, get());
    assertEquals(HvmSave.HVM_SAVE_CODE_CPU, descriptor(CPU).typecode());
    assertEquals(1, descriptor(CPU).instance());
    assertEquals(0x1234, cpu().rip());
    assertEquals(77, cpu().tsc());
  }

  @Test
  void memoryTypesAreTaken() {
    int size = begin(0);
    describe(CPU, HvmSave.HVM_SAVE_CODE_MTRR, 1, HvmHwMtrr.SIZE);
    HvmHwMtrr mtrr = new HvmHwMtrr();
    mtrr.at(dom0.memory(), buffer + CPU + HvmSaveDescriptor.SIZE);
    mtrr.zero();
    mtrr.msrMtrrDefType(0x806);
    int end = CPU + HvmSaveDescriptor.SIZE + HvmHwMtrr.SIZE;
    describe(end, HvmSave.HVM_SAVE_CODE_END, 0, 0);
    assertEquals(0, set(Math.min(size, end + HvmSaveDescriptor.SIZE)));
    assertEquals(0x806, second.types[1]);
    assertNull(second.registers);
  }

  @Test
  void whatIsWrongIsRefusedAndNothingCounts() {
    int size = begin(0);
    cpu().flags(1);
    assertEquals(-XenErrno.XEN_EOPNOTSUPP, set(size), "with x87 and SSE registers");
    cpu().flags(0);
    assertEquals(EINVAL, set(size - HvmSaveDescriptor.SIZE), "without an end");
    assertEquals(EINVAL, set(4));
    assertEquals(EINVAL, set(-1));
    describe(MTRR, HvmSave.HVM_SAVE_CODE_LAPIC, 0, 0);
    assertEquals(EINVAL, set(size), "a record that there isn't here, behind one that is right");
    describe(MTRR, HvmSave.HVM_SAVE_CODE_END, 0, 0);
    describe(CPU, HvmSave.HVM_SAVE_CODE_CPU, 2, HvmHwCpu.SIZE);
    assertEquals(EINVAL, set(size), "no such virtual CPU");
    describe(CPU, HvmSave.HVM_SAVE_CODE_CPU, 0, HvmHwCpu.SIZE - 8);
    assertEquals(EINVAL, set(size));
    describe(CPU, HvmSave.HVM_SAVE_CODE_CPU, 0, -8);
    assertEquals(EINVAL, set(size));
    describe(CPU, HvmSave.HVM_SAVE_CODE_CPU, 0, HvmHwCpu.SIZE);
    dom0.memory().write32(buffer + HvmSaveDescriptor.SIZE, 1);
    assertEquals(EINVAL, set(size), "not its magic number");
    describe(0, HvmSave.HVM_SAVE_CODE_CPU, 0, HvmSaveHeader.SIZE);
    assertEquals(EINVAL, set(size), "the header isn't first");
    assertNull(first.registers);
    assertEquals(EINVAL, call(1, dom0), "its own");
    begin(0);
    assertEquals(0, set(size));
    assertEquals(0x1234, first.registers.pc());
  }
}
