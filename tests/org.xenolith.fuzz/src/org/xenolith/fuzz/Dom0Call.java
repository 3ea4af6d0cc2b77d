// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.HexFormat;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.Vcpu;

/** A hypercall in Dom0's name with two arguments, of which the second is an address; the only memory is there. */
final class Dom0Call implements Hypercall {
  private final World world;
  private final int number;
  private final long[] arguments;
  private final byte[] memory;

  private Dom0Call(World world, int number, byte[] memory, long... arguments) {
    this.world = world;
    this.number = number;
    this.memory = memory;
    this.arguments = arguments;
  }

  /** Makes a call. @param structure what the argument at address 0 points to; shorter than what is read is a fault */
  static long make(World world, int number, int operation, byte[] structure) {
    long answer = world.port(HypercallsPort.class).dispatch(new Dom0Call(world, number, structure, operation, 0, 0, 0, 0));
    if (Boolean.getBoolean("xenolith.fuzz.trace")) {
      System.out.printf("Dom0: physdev_op %x %s: %d%n", operation, HexFormat.of().formatHex(structure), answer);
    }
    return answer;
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public long argument(int index) {
    return arguments[index];
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
    if (va < 0 || va + length > memory.length) {
      return false;
    }
    System.arraycopy(memory, (int) va, to, offset, length);
    return true;
  }

  @Override
  public boolean write(long va, byte[] from, int offset, int length) {
    if (va < 0 || va + length > memory.length) {
      return false;
    }
    System.arraycopy(from, offset, memory, (int) va, length);
    return true;
  }

  @Override
  public void again() {}

  @Override
  public void argument(int index, long value) {
    arguments[index] = value;
  }
}
