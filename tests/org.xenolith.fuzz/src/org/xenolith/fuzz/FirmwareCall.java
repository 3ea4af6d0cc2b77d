// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.Vcpu;

/** A hypercall in Dom0's name, whose pointers lead to Dom0's memory as with the MMU off. */
record FirmwareCall(FirmwareWorld world, int number, long first, long second) implements Hypercall {
  @Override
  public long argument(int index) {
    return index == 0 ? first : index == 1 ? second : 0;
  }

  @Override
  public Vcpu vcpu() {
    return world.dom0.vcpu(0);
  }

  @Override
  public Domain domain() {
    return world.dom0;
  }

  @Override
  public boolean read(long va, byte[] to, int offset, int length) {
    return domain().memory().read(va, to, offset, length);
  }

  @Override
  public boolean write(long va, byte[] from, int offset, int length) {
    return domain().memory().write(va, from, offset, length);
  }

  @Override
  public void again() {
    throw new IllegalStateException("hypercall " + number + " wants to be made again");
  }

  @Override
  public void argument(int index, long value) {
    throw new IllegalStateException("hypercall " + number + " changes its arguments");
  }
}
