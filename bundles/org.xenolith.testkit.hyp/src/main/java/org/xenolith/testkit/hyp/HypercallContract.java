// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.xen.abi.AbiStruct;
import org.xenolith.xen.abi.XenErrno;

/**
 * What each hypercall with declared sub-operations must answer, whatever they do. A test of one extends this and gives the hypercall and
 * the subsystem that serves it.
 */
public abstract class HypercallContract {
  /** No domain has memory there. */
  private static final long NOWHERE = 0x10;
  /** Pages of the guest's that arguments are in. */
  private static final int ARGUMENT = 0;
  private static final int CALLS = 5_000;

  /** The hypervisor that the subsystem is in. */
  protected final FakeHypervisor hyp = new FakeHypervisor();
  /** The hardware domain, domid 0. */
  protected final FakeDomain dom0 = hyp.dom0(1);
  /** A domain without any privilege. */
  protected final FakeDomain guest = hyp.domU(2, 1);

  /** The hypercall. */
  protected abstract int number();

  /** The role of the subsystem that serves it. */
  protected abstract String role();

  /** The subsystem. */
  protected abstract DeviceModelFactory factory();

  /** What the subsystem finds when it comes; nothing, if a test doesn't say. */
  protected void prepare() {}

  /** What comes after the subsystem; nothing, if a test doesn't say. */
  protected void complete() {}

  /** Makes the call for a sub-operation with the address of its argument; by registers 0 and 1, if a test doesn't say. */
  protected long call(FakeDomain caller, int operation, long address) {
    return caller.vcpu(0).call(number(), operation, address);
  }

  /** Writes what a frame around the argument needs; nothing, if a test doesn't say. @return the address of the argument */
  protected long frame(FakeDomain caller, int operation, long address) {
    return address;
  }

  /** What a number gets that isn't declared. */
  protected int unknown() {
    return -XenErrno.XEN_ENOSYS;
  }

  @BeforeEach
  final void install() {
    prepare();
    hyp.install(role(), factory());
    complete();
  }

  private List<SubOperation<?>> operations() {
    List<SubOperation<?>> operations = new ArrayList<>();
    hyp.port(HypercallsPort.class).operations(number()).forEach(operation -> operations.add((SubOperation<?>) operation));
    assertFalse(operations.isEmpty(), "nothing is declared");
    return operations;
  }

  private long zeros(FakeDomain caller, int operation) {
    long address = caller.page(ARGUMENT);
    caller.memory().write(address, new byte[4096], 0, 4096);
    frame(caller, operation, address);
    return address;
  }

  @Test
  final void onlyDeclaredNumbersAreServed() {
    List<Integer> declared = operations().stream().map(SubOperation::number).toList();
    for (int operation = 0; operation <= declared.getLast() + 1 && operation < 128; operation++) {
      if (!declared.contains(operation)) {
        assertEquals(unknown(), call(dom0, operation, zeros(dom0, operation)), "operation " + operation);
      }
    }
  }

  @Test
  final void anArgumentThatCannotBeReadIsAFault() {
    for (SubOperation<?> operation : operations()) {
      if (operation.reads()) {
        assertEquals(-XenErrno.XEN_EFAULT, call(dom0, operation.number(), NOWHERE), operation.name());
      }
    }
  }

  @Test
  final void whatNeedsAPrivilegeIsRefusedToAGuest() {
    for (SubOperation<?> operation : operations()) {
      if (operation.privilege() != Privilege.ANY && !operation.privilegeInItsTurn()) {
        // a domid of zero is Dom0's
        long own = operation.privilege() == Privilege.SELF && !operation.named() ? 0 : -XenErrno.XEN_EPERM;
        if (own != 0) {
          assertEquals(own, call(guest, operation.number(), zeros(guest, operation.number())), operation.name());
        }
      }
    }
  }

  @Test
  final void eachHasANameANumberAndAStructureOfItsOwn() {
    List<SubOperation<?>> operations = operations();
    assertEquals(operations.size(), operations.stream().map(SubOperation::number).distinct().count());
    assertEquals(operations.size(), operations.stream().map(SubOperation::name).distinct().count());
    List<AbiStruct> arguments = operations.stream().<AbiStruct>map(SubOperation::argument).filter(view -> view != null).toList();
    assertEquals(arguments.size(), arguments.stream().map(System::identityHashCode).distinct().count());
    for (SubOperation<?> operation : operations) {
      int size = operation.argument() == null ? 0 : operation.argument().sizeOf();
      assertTrue(operation.answerFrom() + operation.answerBytes() <= size, operation.name() + " answers more than its structure has");
    }
  }

  @Test
  final void nonsenseBringsNothingDown() {
    SplittableRandom random = new SplittableRandom(0x5EED);
    List<SubOperation<?>> operations = operations();
    for (int i = 0; i < CALLS; i++) {
      SubOperation<?> operation = operations.get(random.nextInt(operations.size()));
      FakeDomain caller = random.nextBoolean() ? guest : dom0;
      long address = zeros(caller, operation.number());
      long argument = frame(caller, operation.number(), address);
      int size = operation.argument() == null ? 8 : operation.argument().sizeOf();
      for (int at = 0; at + 4 <= size; at += 4) {
        int value = random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(3);
        caller.memory().write32(argument + at, value);
      }
      call(caller, operation.number(), address);
      assertTrue(hyp.port(HypercallsPort.class).served(number()), operation.name() + " brought it down");
    }
  }
}
