// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import java.util.Arrays;
import org.xenolith.hyp.api.Hypercall;

/** A hypercall in progress; a virtual address is the intermediate physical one, as with the MMU off. */
public final class FakeHypercall implements Hypercall {
  private final FakeVcpu vcpu;
  private final int number;
  private final long[] arguments = new long[5];
  private boolean again;
  private int wordSize = 8;

  /** A call that nobody serves yet. */
  public FakeHypercall(FakeVcpu vcpu, int number, long... arguments) {
    this.vcpu = vcpu;
    this.number = number;
    System.arraycopy(arguments, 0, this.arguments, 0, Math.min(arguments.length, 5));
  }

  /** Its caller's words have so many bytes. @return this */
  public FakeHypercall wordSize(int bytes) {
    wordSize = bytes;
    return this;
  }

  @Override
  public int wordSize() {
    return wordSize;
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
  public FakeVcpu vcpu() {
    return vcpu;
  }

  @Override
  public FakeDomain domain() {
    return vcpu.domain();
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
    again = true;
  }

  /** Whether it is to be made again, asked once. */
  public boolean tookAgain() {
    boolean took = again;
    again = false;
    return took;
  }

  @Override
  public void argument(int index, long value) {
    arguments[index] = value;
  }

  @Override
  public String toString() {
    return "hypercall " + number + " " + Arrays.toString(arguments);
  }
}
